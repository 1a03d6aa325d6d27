// The events of a delivery, and the flow runs in them, in all published shapes.
'use strict'
const crypto = require('node:crypto')

const FIRST_MILLISECONDS = 100_000_000_000 // a smaller number is a time in seconds
const UNFINISHED = ['inProgress', 'scheduled', 'pending', 'queued', 'unknown']

const isObject = value => typeof value === 'object' && value !== null && !Array.isArray(value)

function eventsIn (content, headers) {
  const items = Array.isArray(content) ? content : [content]
  const objects = items.filter(isObject)
  if (items.length && !objects.length) throw new SyntaxError('no JSON object')
  return objects.map(item => event(item, items.length === 1 ? headers['x-adobe-event-id'] : ''))
}

function event (item, headerId) {
  const id = String(item.eventid || item.event_id || headerId || digest(item))
  const recipients = [item.recipientclientid, item.recipient_client_id].filter(r => r != null)
  return { id, recipients, content: item }
}

function digest (item) {
  return crypto.createHash('sha256').update(JSON.stringify(item)).digest('hex')
}

// The run entities under event, data, messages/value, or the object itself.
function entities (content) {
  if (Array.isArray(content)) return content.flatMap(entities)
  if (!isObject(content)) return []
  if (isObject(content.metrics) && content.id) return [content]
  return ['event', 'data', 'messages', 'value'].flatMap(name => entities(content[name]))
}

function run (entity) {
  const status = String(entity.metrics.statusSummary?.status || 'unknown')
  const records = entity.metrics.recordSummary || {}
  const final = !UNFINISHED.includes(status)
  return {
    id: String(entity.id),
    status,
    records: count(records.inputRecordCount),
    failed: count(records.failedRecordCount),
    ...duration(entity, final),
    updated: time(entity.updatedAt) || time(entity.createdAt) || 0,
    final
  }
}

function duration (entity, final) {
  const whole = entity.metrics.durationSummary || {}
  const activities = Array.isArray(entity.activities) ? entity.activities : []
  const times = name => activities.map(a => time(a?.durationSummary?.[name])).filter(Boolean)
  const starts = times('startedAtUTC')
  const ends = times('completedAtUTC')
  const started = time(whole.startedAtUTC) || (starts.length ? Math.min(...starts) : null)
  const ended = time(whole.completedAtUTC) || (ends.length ? Math.max(...ends) : null)
  return { started, ended: final ? ended : null }
}

function number (value) {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : null
}

// A number of records; -1 stands for unknown.
function count (value) {
  const found = number(value)
  return found !== null && found >= 0 ? Math.trunc(found) : null
}

// A time in seconds, milliseconds or ISO text as milliseconds since 1970.
function time (value) {
  const found = number(value)
  if (found !== null) {
    if (found <= 0) return null
    return Math.trunc(found >= FIRST_MILLISECONDS ? found : found * 1000)
  }
  const moment = typeof value === 'string' ? Date.parse(value) : NaN
  return Number.isNaN(moment) ? null : moment
}

module.exports = { eventsIn, event, entities, run, isObject }
