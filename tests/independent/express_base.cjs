// A correct webhook in Express 5.
'use strict'
const express = require('../node/node_modules/express')
const { Webhook } = require('./node_common/webhook.cjs')

// The raw bytes of every content type, up to the two megabytes that a batch may have.
const bytes = () => express.raw({ type: () => true, limit: '4mb' })

const challenge = (request, response) => {
  response.type('text/plain').send(String(request.query.challenge))
}

function serve ({ webhook = new Webhook(), parser = bytes(), answerChallenge = challenge } = {}) {
  const app = express()
  app.get('/hook', answerChallenge)
  app.post('/hook', parser, async (request, response) => {
    const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const [status, text] = await webhook.handle(request.headers, body)
    response.status(status).type('text/plain').send(text)
  })
  app.get('/processed/:id', (request, response) => {
    response.type('text/plain').send(String(webhook.store.timesProcessed(request.params.id)))
  })
  app.get('/runs/:id', (request, response) => {
    const run = webhook.store.run(request.params.id)
    if (run) response.json(run)
    else response.sendStatus(404)
  })
  app.listen(Number(process.env.PORT), '127.0.0.1')
}

module.exports = { serve, Webhook }
if (require.main === module) serve()
