// Joins the pieces of a body as text, which breaks letters between two pieces (item 9).
'use strict'
const { serve } = require('./http_base.cjs')

async function text (request) {
  let body = ''
  for await (const chunk of request) body += chunk
  return Buffer.from(body)
}

serve({ read: text })
