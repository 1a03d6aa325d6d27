const { init } = require('@adobe/aio-lib-events')
const { FLOWSIM_IMS_ORG, FLOWSIM_CLIENT_ID, FLOWSIM_TOKEN, FLOWSIM_JOURNAL } = process.env

async function main () {
  const client = await init(FLOWSIM_IMS_ORG, FLOWSIM_CLIENT_ID, FLOWSIM_TOKEN)
  const { events } = await client.getEventsFromJournal(FLOWSIM_JOURNAL)
  for (const { event } of events) {
    const { statusSummary, recordSummary } = event.event.metrics
    console.log(statusSummary.status, recordSummary)
  }
}

main()
