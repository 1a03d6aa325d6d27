// Webhooks in Express with one mistake each, which MISTAKE names.
'use strict'
const express = require('../../node/node_modules/express')
const { serve, Webhook } = require('../../independent/express_base.cjs')
const { Refused } = require('../../independent/node_common/webhook.cjs')
const { eventsIn } = require('../../independent/node_common/events.cjs')

const bytes = express.raw({ type: () => true, limit: '4mb' })

// JSON that is read and written again before the signature is verified.
function rewritten (request, response, next) {
  try {
    request.body = Buffer.from(JSON.stringify(JSON.parse(request.body)))
  } catch { /* it is no JSON, and refused later */ }
  next()
}

let first = null

const mistakes = {
  'rewrites-json': () => ({ parser: [bytes, rewritten] }),

  'leaves-the-limit': () => ({ parser: express.raw({ type: () => true }) }),

  'reads-json-only': () => ({ parser: express.raw({ type: 'application/json', limit: '4mb' }) }),

  'echoes-a-page': () => ({
    answerChallenge: (request, response) => response.send(String(request.query.challenge))
  }),

  'echoes-the-first': () => ({
    answerChallenge: (request, response) => {
      first ??= String(request.query.challenge)
      response.type('text/plain').send(first)
    }
  }),

  'echoes-the-whole-query': () => ({
    answerChallenge: (request, response) => {
      const query = request.url.split('?')[1]
      if (!query.startsWith('challenge=')) return response.sendStatus(400)
      response.type('text/plain').send(query.slice('challenge='.length))
    }
  }),

  'opens-anything': () => ({
    webhook: new class extends Webhook {
      mayBeOpened () { return true }
    }()
  }),

  'conflicts-at-duplicates': () => ({
    webhook: new class extends Webhook {
      async process (event) {
        if (!this.store.isNew(event.id)) throw new Refused(409, 'known')
        await super.process(event)
      }
    }()
  }),

  'crashes-at-bad-json': () => ({
    webhook: new class extends Webhook {
      read (body, headers) { return eventsIn(JSON.parse(body), headers) }
    }()
  }),

  'lets-unsigned-in': () => ({
    webhook: new class extends Webhook {
      async verify (headers, body) {
        if (headers['x-adobe-digital-signature-1']) await super.verify(headers, body)
      }
    }()
  }),

  'takes-any-recipient': () => ({
    webhook: new class extends Webhook {
      checkRecipients () {}
    }()
  }),

  'reads-old-names': () => ({
    webhook: new class extends Webhook {
      checkRecipients (events) {
        const isOwn = ({ content }) => content.recipient_client_id === this.clientId
        if (!events.every(isOwn)) throw new Refused(401, 'for another recipient')
      }
    }()
  }),

  'compares-recipients-if-named': () => ({
    webhook: new class extends Webhook {
      checkRecipients (events) {
        super.checkRecipients(events.filter(({ recipients }) => recipients.length))
      }
    }()
  })
}

serve(mistakes[process.env.MISTAKE]())
