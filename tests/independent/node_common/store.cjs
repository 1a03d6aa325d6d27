// A file to which lines are only added: events that wait, and events that are processed with the
// states of their runs. One line is one transaction; a torn last line did not happen.
'use strict'
const fs = require('node:fs')

class Store {
  constructor (path) {
    this.processed = new Map() // event id: how often
    this.runs = new Map()
    this.waiting = new Map() // event id: { content, due }
    const text = fs.existsSync(path) ? fs.readFileSync(path, 'utf8') : ''
    const whole = text.slice(0, text.lastIndexOf('\n') + 1)
    for (const line of whole.split('\n').filter(Boolean)) this.apply(JSON.parse(line))
    fs.writeFileSync(path, whole)
    this.file = fs.openSync(path, 'a')
  }

  write (line) {
    fs.writeSync(this.file, JSON.stringify(line) + '\n')
    fs.fsyncSync(this.file)
    this.apply(line)
  }

  apply (line) {
    if (line.waiting) return this.waiting.set(line.id, line.waiting)
    this.waiting.delete(line.id)
    this.processed.set(line.id, this.timesProcessed(line.id) + 1)
    for (const run of line.runs) if (this.isNewer(run)) this.runs.set(run.id, run)
  }

  isNew (id) {
    return !this.processed.has(id)
  }

  process (id, runs) {
    if (this.isNew(id)) this.write({ id, runs })
  }

  wait (id, content, due) {
    if (this.isNew(id) && !this.waiting.has(id)) this.write({ id, waiting: { content, due } })
  }

  // A later state replaces an earlier one; at the same time an end wins.
  isNewer (run) {
    const kept = this.runs.get(run.id)
    if (!kept || run.updated > kept.updated) return true
    return run.updated === kept.updated && Number(run.final) >= Number(kept.final)
  }

  timesProcessed (id) {
    return this.processed.get(id) || 0
  }

  run (id) {
    const kept = this.runs.get(id)
    if (!kept) return null
    const { status, records, failed, started, ended } = kept
    return { status, records, failed, started, ended }
  }
}

module.exports = { Store }
