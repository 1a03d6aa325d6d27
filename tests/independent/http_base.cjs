// A correct webhook in plain Node, with its http module.
'use strict'
const http = require('node:http')
const { Webhook } = require('./node_common/webhook.cjs')

const LIMIT = 4_000_000

// Returns the raw bytes of a request, null if they are too many.
async function bytes (request) {
  const chunks = []
  let size = 0
  for await (const chunk of request) {
    size += chunk.length
    if (size <= LIMIT) chunks.push(chunk)
  }
  return size <= LIMIT ? Buffer.concat(chunks) : null
}

async function answer (webhook, request, read) {
  const url = new URL(request.url, 'http://127.0.0.1')
  const [, route, id = ''] = url.pathname.split('/').map(decodeURIComponent)
  if (route === 'hook' && request.method === 'GET') return [200, url.searchParams.get('challenge')]
  if (route === 'hook' && request.method === 'POST') {
    const body = await read(request)
    return body === null ? [413, 'too long'] : webhook.handle(request.headers, body)
  }
  if (route === 'processed') return [200, webhook.store.timesProcessed(id)]
  const run = route === 'runs' && webhook.store.run(id)
  return run ? [200, JSON.stringify(run), 'application/json'] : [404, 'not found']
}

function serve ({ webhook = new Webhook(), read = bytes } = {}) {
  const server = http.createServer(async (request, response) => {
    try {
      const [status, text, type = 'text/plain'] = await answer(webhook, request, read)
      response.writeHead(status, { 'content-type': type }).end(String(text))
    } catch (error) {
      response.writeHead(400).end(String(error))
    }
  })
  server.listen(Number(process.env.PORT), '127.0.0.1')
}

module.exports = { serve, Webhook }
if (require.main === module) serve()
