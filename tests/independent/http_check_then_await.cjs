// Looks whether an event is known, awaits its work, then adds it (items 40, 48).
'use strict'
const { setTimeout: sleep } = require('node:timers/promises')
const { serve, Webhook } = require('./http_base.cjs')

class Racing extends Webhook {
  async process (event) {
    if (!this.store.isNew(event.id)) return
    await sleep(20) // stands for the request that asks for the name of the dataflow
    this.store.write({ id: event.id, runs: this.runs(event) })
  }
}

serve({ webhook: new Racing() })
