// A webhook in Express that leaves the judging of signatures to Adobe's SDK, and does all else
// right: it acknowledges what it took, once for each event, and tells what it processed.
// PORT, CLIENT_ID and VALIDATION_HOST say where it listens, for whom, and whom it lets verify it.
'use strict'
const express = require('express')
const events = require('@adobe/aio-lib-events')

const { PORT, CLIENT_ID, VALIDATION_HOST } = process.env
const processed = new Map()

async function judge (sdk, text, headers) {
  const signatures = {
    digiSignature1: headers['x-adobe-digital-signature-1'],
    digiSignature2: headers['x-adobe-digital-signature-2'],
    publicKeyPath1: headers['x-adobe-public-key1-path'],
    publicKeyPath2: headers['x-adobe-public-key2-path']
  }
  if (Object.values(signatures).includes(undefined)) return [401, 'not signed']
  try {
    const verdict = await sdk.verifyDigitalSignatureForEvent(text, CLIENT_ID, signatures)
    return verdict === true ? [200, 'taken'] : [401, 'not verified']
  } catch (error) {
    return error instanceof SyntaxError ? [400, 'no JSON'] : [503, 'no keys now']
  }
}

function take (text, headers) {
  const content = JSON.parse(text)
  for (const each of Array.isArray(content) ? content : [content]) {
    const id = each.eventid ?? each.event_id ?? headers['x-adobe-event-id']
    if (!processed.has(id)) processed.set(id, 1)
  }
}

function validate (text) {
  const { validationUrl } = JSON.parse(text)
  if (!validationUrl.startsWith(`${VALIDATION_HOST}/csm/registrations/validate?`)) return
  fetch(validationUrl).catch(() => {})
}

async function main () {
  const sdk = await events.init('an organisation', CLIENT_ID, 'a token')
  const app = express().disable('x-powered-by')
  app.get('/hook', (request, response) => {
    response.type('text/plain').send(request.query.challenge ?? '')
  })
  app.post('/hook', express.raw({ type: () => true, limit: '3mb' }), async (request, response) => {
    const { headers } = request
    const text = request.body?.toString() ?? ''
    if (headers['x-adobe-event-code'] === 'challenge') {
      validate(text)
      return response.type('text/plain').send('asked')
    }
    const [status, words] = await judge(sdk, text, headers)
    if (status === 200) take(text, headers)
    return response.status(status).type('text/plain').send(words)
  })
  app.get('/processed/:id', (request, response) => {
    response.type('text/plain').send(String(processed.get(request.params.id) ?? 0))
  })
  app.use((error, request, response, next) => {
    response.status(error.status ?? 500).type('text/plain').send(error.message)
  })
  app.listen(Number(PORT), '127.0.0.1')
}

main()
