// What the SDK of the CloudEvents project says about events. JSON on standard input holds a content
// type, and the bodies of requests as texts; for each, what the SDK complains of is written, or null
// if it reads the event and finds it valid.
'use strict'
const fs = require('node:fs')
const { CloudEvent, HTTP } = require('cloudevents')

const { contentType, bodies } = JSON.parse(fs.readFileSync(0, 'utf8'))

function complaint (body) {
  try {
    const read = HTTP.toEvent({ headers: { 'content-type': contentType }, body })
    const checked = new CloudEvent({ ...read }) // what is read is checked only here
    return checked.validate() ? null : `specversion ${checked.specversion}`
  } catch (error) {
    const details = Array.isArray(error.errors) ? error.errors : []
    const [first] = error.message.split('\n')
    return [first, ...details.map((each) => `${each.instancePath} ${each.message}`)].join('; ')
  }
}

process.stdout.write(JSON.stringify(bodies.map(complaint)))
