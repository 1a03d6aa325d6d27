const { AdobeIOEvents } = require('@adobe/asset-compute-events-client')
const { FLOWSIM_IMS_ORG, FLOWSIM_TOKEN, FLOWSIM_JOURNAL } = process.env

async function main () {
  const client = new AdobeIOEvents({ accessToken: FLOWSIM_TOKEN, orgId: FLOWSIM_IMS_ORG })
  const { events } = await client.getEventsFromJournal(FLOWSIM_JOURNAL)
  for (const { event } of events) {
    console.log(event.type, event.rendition.name, event.metadata['repo:size'])
  }
}

main()
