// What the tests do with the events library of Adobe's Commerce SDK, as it comes from the registry.
// What it needs is JSON on standard input, and what came of it is JSON on the last line of standard
// output. A token is the only thing it is given: it asks for Adobe's hosts.
'use strict'
const fs = require('node:fs')
const { createAdobeIoEventsApiClient } = require('@adobe/aio-commerce-lib-events/io-events')

const own = process.env
const place = {
  consumerOrgId: own.FLOWSIM_ORG,
  projectId: own.FLOWSIM_PROJECT,
  workspaceId: own.FLOWSIM_WORKSPACE
}
const auth = {
  getAccessToken: () => own.FLOWSIM_TOKEN,
  getHeaders: () => ({
    Authorization: `Bearer ${own.FLOWSIM_TOKEN}`, 'x-api-key': own.FLOWSIM_CLIENT_ID
  })
}

// As the installation of a Commerce app does it: a provider for the shop, a code, a registration.
async function install ({ code, label, instance }) {
  const client = createAdobeIoEventsApiClient({ auth })
  const provider = await client.createCommerceEventProvider({
    ...place, label, instanceId: instance
  })
  const providerId = provider.id
  const kind = await client.createEventMetadataForProvider({
    ...place, providerId, eventCode: code, label, description: label,
    sampleEventTemplate: { value: { id: 1 } }
  })
  const registration = await client.createRegistration({
    ...place, clientId: own.FLOWSIM_CLIENT_ID, name: label, description: label,
    deliveryType: 'journal', enabled: true, eventsOfInterest: [{ eventCode: code, providerId }]
  })
  const providers = await client.getAllCommerceEventProviders({
    consumerOrgId: own.FLOWSIM_ORG, withEventMetadata: true
  })
  const kinds = await client.getAllEventMetadataForProvider({ providerId })
  const registrations = await client.getAllRegistrations(place)
  await client.publishEvent({ providerId, eventCode: code, payload: { value: { id: 7 } } })
  const read = await journal(registration._links['rel:events'].href)
  return { provider, kind, registration, providers, kinds, registrations, read }
}

// The library reads no journals.
async function journal (url) {
  const answer = await fetch(url, { headers: { ...auth.getHeaders(), 'x-ims-org-id': own.FLOWSIM_IMS_ORG } })
  const { events } = await answer.json()
  return events.map((each) => each.event)
}

async function main () {
  const result = await install(JSON.parse(fs.readFileSync(0, 'utf8')))
  process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0))
}

main()
