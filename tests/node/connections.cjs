// What the tests ask of Node's own clients under the preload. JSON on standard input holds the
// clients, and the addresses to connect to; what came of each is JSON on standard output: the code of an error,
// or nothing for a connection. Names that are looked up are noted, and are on this machine.
'use strict'
const dns = require('node:dns')
const fs = require('node:fs')
const http = require('node:http')
const http2 = require('node:http2')
const https = require('node:https')
const net = require('node:net')
const tls = require('node:tls')
const { execFileSync } = require('node:child_process')
const { isMainThread, parentPort, Worker } = require('node:worker_threads')

const lookedUp = []
dns.lookup = (name, options, done) => {
  lookedUp.push(name)
  if (options.all) done(null, [{ address: '127.0.0.1', family: 4 }])
  else done(null, '127.0.0.1', 4)
}

const code = (error) => (error.cause ?? error).code ?? error.message
const outcome = (socket) => new Promise((resolve) => {
  socket.once('error', (error) => resolve(code(error)))
  for (const event of ['connect', 'response']) {
    socket.once(event, () => { resolve(null); socket.destroy() })
  }
})

const CLIENTS = {
  fetch: ([host, port]) => fetch(`http://${host}:${port}/`).then(() => null, code),
  'http.get': ([host, port]) => outcome(http.get({ host, port })),
  'http.get without an agent': ([host, port]) => outcome(http.get({ host, port, agent: false })),
  'https.get': ([host, port]) => outcome(https.get({ host, port })),
  'http2.connect': ([host, port]) => outcome(http2.connect(`http://${host}:${port}`)),
  'tls.connect': ([host, port]) => outcome(tls.connect(port, host)),
  'net.connect': ([host, port]) => outcome(net.connect(String(port), host)),
  'net.connect with options': ([host, port]) => outcome(net.connect({ host, port })),
  'net.Socket': ([host, port]) => outcome(new net.Socket().connect(port, host)),
  'a pipe': ([path]) => outcome(net.connect(path)),
  worker: (place) => new Promise((resolve) => {
    const worker = new Worker(__filename)
    worker.once('message', resolve)
    worker.postMessage(place)
  }),
  'child process': (place) => {
    const input = JSON.stringify({ clients: ['net.connect'], places: [place] })
    return JSON.parse(execFileSync(process.execPath, [__filename], { input })).outcomes[0]
  }
}

async function main () {
  const { clients, places } = JSON.parse(fs.readFileSync(0, 'utf8'))
  const outcomes = []
  for (const client of clients) {
    for (const place of places) outcomes.push(await CLIENTS[client](place))
  }
  process.stdout.write(`${JSON.stringify({ outcomes, lookedUp })}\n`, () => process.exit(0))
}

if (isMainThread) main()
else parentPort.once('message', async (place) => parentPort.postMessage(await CLIENTS.fetch(place)))
