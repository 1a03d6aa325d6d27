// What a webhook does with a request, in Express or without.
'use strict'
const { setTimeout: sleep } = require('node:timers/promises')
const { Keys, KeyUnavailable, signatures } = require('./signatures.cjs')
const { eventsIn, event, entities, run, isObject } = require('./events.cjs')
const { Store } = require('./store.cjs')

const VALIDATION_PATH = '/csm/registrations/validate'

class Refused extends Error {
  constructor (status, reason) {
    super(reason)
    this.status = status // 4xx is final, 503 asks for another try
  }
}

// A correct webhook. The mistaken ones change one of its methods.
class Webhook {
  constructor ({ KeysClass = Keys, StoreClass = Store } = {}) {
    this.clientId = process.env.CLIENT_ID
    this.keyHost = process.env.KEY_HOST.replace(/\/$/, '')
    this.delay = Number(process.env.DELAY || 0) * 1000
    this.queue = Number(process.env.QUEUE || 0) * 1000
    this.oneAtATime = process.env.THREADS === '1'
    this.last = Promise.resolve()
    this.keys = new KeysClass(this.keyHost)
    this.store = new StoreClass(process.env.STORE)
    if (this.queue) setInterval(() => this.processTheQueue(), 50)
  }

  // Returns status and text for a POST.
  async handle (headers, body) {
    const turn = this.oneAtATime ? this.last : Promise.resolve()
    const answer = turn.then(() => this.answer(headers, body))
    this.last = answer
    return answer
  }

  async answer (headers, body) {
    try {
      if (this.isValidation(headers, body)) return [200, 'validating']
      await this.verify(headers, body)
      const events = this.read(body, headers)
      this.checkRecipients(events)
      await this.take(events, headers)
      return [200, 'ok']
    } catch (error) {
      console.error(error.status || 503, error.message)
      return [error.status || 503, error.message]
    }
  }

  // Opens the validation URL if the unsigned POST of a registration names one.
  isValidation (headers, body) {
    if (signatures(headers).length || !body.includes('validationUrl')) return false
    const url = validationUrl(body)
    if (!url || !this.mayBeOpened(url)) return false
    setTimeout(() => fetch(url).catch(error => console.error(String(error))), 100)
    return true
  }

  mayBeOpened (url) {
    return url.startsWith(this.keyHost + VALIDATION_PATH) &&
      URL.canParse(url) && new URL(url).pathname === VALIDATION_PATH
  }

  async verify (headers, body) {
    let unavailable = null
    for (const [signature, path] of signatures(headers)) {
      if (!this.keys.mayBeAPath(path)) continue
      try {
        if (await this.keys.fits(path, signature, body)) return
      } catch (error) {
        if (!(error instanceof KeyUnavailable)) throw error
        unavailable = error
      }
    }
    if (unavailable) throw new Refused(503, `no key: ${unavailable.message}`)
    throw new Refused(401, 'no signature fits')
  }

  read (body, headers) {
    try {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(body)
      return eventsIn(JSON.parse(text), headers)
    } catch (error) {
      throw new Refused(400, error.message)
    }
  }

  checkRecipients (events) {
    const own = recipients => recipients.length && recipients.every(r => r === this.clientId)
    if (!events.every(({ recipients }) => own(recipients))) {
      throw new Refused(401, 'for another recipient')
    }
  }

  // Processes the events, or keeps them for the queue, before the answer.
  async take (events) {
    await sleep(this.delay)
    for (const event of events) {
      if (this.queue) this.store.wait(event.id, event.content, Date.now() + this.queue)
      else await this.process(event)
    }
  }

  async process (event) {
    this.store.process(event.id, this.runs(event))
  }

  runs (event) {
    return entities(event.content).map(entity => this.run(entity))
  }

  run (entity) {
    return run(entity)
  }

  processTheQueue () {
    for (const [id, { content, due }] of this.store.waiting) {
      if (due <= Date.now()) this.process({ ...event(content, id), id }).catch(console.error)
    }
  }
}

function validationUrl (body) {
  try {
    const content = JSON.parse(body.toString())
    return isObject(content) && typeof content.validationUrl === 'string' && content.validationUrl
  } catch {
    return ''
  }
}

module.exports = { Webhook, Refused }
