// What the tests do with Adobe's client of Asset Compute, as it comes from the registry: one action
// a run. The action is the first argument, what it needs is JSON on standard input, and what came
// of it is JSON on the last line of standard output.
'use strict'
const fs = require('node:fs')
const { AssetComputeEventEmitter } = require('@adobe/asset-compute-client')
const { AdobeIOEvents, AdobeIOEventEmitter } = require('@adobe/asset-compute-events-client')

const own = process.env
const credentials = { accessToken: own.FLOWSIM_TOKEN, orgId: own.FLOWSIM_IMS_ORG }

async function trigger (text) {
  const answer = await fetch(`${own.FLOWSIM_SERVICE}/_flowsim/trigger`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${own.FLOWSIM_TOKEN}` },
    body: JSON.stringify({ text })
  })
  if (!answer.ok) throw Error(await answer.text())
}

// The client asks for what comes after its first look, so the events are published behind that.
async function listen ({ journal, story, count }) {
  const emitter = new AssetComputeEventEmitter({
    accessToken: own.FLOWSIM_TOKEN, org: own.FLOWSIM_IMS_ORG, journal, interval: 20
  })
  const seen = []
  let looks = 0
  return new Promise((resolve, reject) => {
    const take = (name) => (event) => {
      seen.push([name, event])
      if (seen.length === count) emitter.close().then(() => resolve(seen))
    }
    for (const name of ['rendition_created', 'rendition_failed']) emitter.on(name, take(name))
    emitter.on('error', reject)
    emitter.ioEventsEmitter.on('poll', () => {
      looks += 1
      if (looks === 2) trigger(story).catch(reject)
    })
  })
}

async function find ({ journal, type }) {
  const client = new AdobeIOEvents(credentials)
  const has = ({ event }) => event.type === type
  return AdobeIOEventEmitter.findEventInJournal(client, journal, 30_000, has)
}

async function main () {
  const input = JSON.parse(fs.readFileSync(0, 'utf8'))
  const result = await { listen, find }[process.argv[2]](input)
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
}

main()
