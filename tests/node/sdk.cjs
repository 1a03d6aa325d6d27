// What the tests do with Adobe's Node SDK, as it comes from the registry: one action a run.
// The action is the first argument, what it needs is JSON on standard input, and what came of
// it is JSON on the last line of standard output; the SDK's own words come before.
'use strict'
const fs = require('node:fs')
const events = require('@adobe/aio-lib-events')

const own = process.env
const place = [own.FLOWSIM_ORG, own.FLOWSIM_PROJECT, own.FLOWSIM_WORKSPACE]

async function verify (client, { body, headers, recipient }) {
  return client.verifyDigitalSignatureForEvent(body, recipient, {
    digiSignature1: headers['x-adobe-digital-signature-1'],
    digiSignature2: headers['x-adobe-digital-signature-2'],
    publicKeyPath1: headers['x-adobe-public-key1-path'],
    publicKeyPath2: headers['x-adobe-public-key2-path']
  })
}

async function walk (client, { journal, options }) {
  const pages = []
  let page = await client.getEventsFromJournal(journal, options)
  for (; page.events; page = await client.getEventsFromJournal(page.link.next)) {
    pages.push(page.events.map((each) => each.event.eventid))
  }
  return { pages, retryAfter: page.retryAfter, links: Object.keys(page.link).sort() }
}

async function observe (client, { journal, count }) {
  const seen = []
  return new Promise((resolve, reject) => {
    const subscription = client
      .getEventsObservableFromJournal(journal, { limit: 2 }, { interval: 50 })
      .subscribe({
        next: ({ event }) => {
          seen.push(event.eventid)
          if (seen.length < count) return
          subscription.unsubscribe()
          resolve(seen)
        },
        error: reject
      })
  })
}

async function register (client, { body }) {
  const made = await client.createRegistration(...place, body)
  const listed = await client.getAllRegistrationsForWorkspace(...place)
  const read = await client.getRegistration(...place, made.registration_id)
  await client.deleteRegistration(...place, made.registration_id)
  const left = await client.getAllRegistrationsForWorkspace(...place)
  const gone = await client.getRegistration(...place, made.registration_id)
    .catch((error) => error.code)
  const ids = (found) => found._embedded.registrations.map((each) => each.registration_id)
  return { made, read, listed: ids(listed), left: ids(left), gone }
}

async function publish (client, { data }) {
  const provider = await client.createProvider(...place, { label: `SDK ${process.pid}` })
  const kind = { event_code: 'io.example.done', label: 'Done', description: 'It is done.' }
  await client.createEventMetadataForProvider(...place, provider.id, kind)
  const source = `urn:uuid:${provider.id}`
  const event = { id: '1', source, type: kind.event_code, specversion: '1.0', data }
  const unheard = await client.publishEvent({ ...event, id: '0' })
  const registration = await client.createRegistration(...place, {
    client_id: own.FLOWSIM_CLIENT_ID,
    name: `SDK ${process.pid}`,
    delivery_type: 'journal',
    events_of_interest: [{ provider_id: provider.id, event_code: kind.event_code }]
  })
  const heard = await client.publishEvent(event)
  const { events: read } = await client.getEventsFromJournal(registration._links['rel:events'].href)
  return { unheard: unheard ?? null, heard, source, read: read.map((each) => each.event) }
}

async function main () {
  const input = JSON.parse(fs.readFileSync(0, 'utf8'))
  const client = await events.init(
    own.FLOWSIM_IMS_ORG, own.FLOWSIM_CLIENT_ID, own.FLOWSIM_TOKEN, input.urls
  )
  const actions = { verify, walk, observe, register, publish }
  const result = await actions[process.argv[2]](client, input)
  process.stdout.write(`${JSON.stringify(result ?? null)}\n`, () => process.exit(0))
}

main()
