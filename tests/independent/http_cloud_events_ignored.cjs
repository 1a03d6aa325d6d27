// Acknowledges CloudEvents, but processes the old envelope only (item 52).
'use strict'
const { serve, Webhook } = require('./http_base.cjs')

class OldEnvelope extends Webhook {
  async process (event) {
    if (event.content.specversion) return console.log('not for us')
    return super.process(event)
  }
}

serve({ webhook: new OldEnvelope() })
