// Remembers the ids of the last 1000 events only (items 29, 48).
'use strict'
const { serve, Webhook } = require('./express_base.cjs')
const { Store } = require('./node_common/store.cjs')

class Limited extends Store {
  isNew (id) {
    const lately = [...this.processed.keys()].slice(-1000)
    return !lately.includes(id)
  }
}

serve({ webhook: new Webhook({ StoreClass: Limited }) })
