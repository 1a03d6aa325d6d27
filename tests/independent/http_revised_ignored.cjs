// Keeps the first end of a run for ever: a revised end is ignored (trap 19 of 7.4).
'use strict'
const { serve, Webhook } = require('./http_base.cjs')
const { Store } = require('./node_common/store.cjs')

class FirstEnd extends Store {
  isNewer (run) {
    return !this.runs.get(run.id)?.final && super.isNewer(run)
  }
}

serve({ webhook: new Webhook({ StoreClass: FirstEnd }) })
