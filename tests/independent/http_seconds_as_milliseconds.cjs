// Takes start and end for milliseconds, though some are seconds (trap 5 of 7.4).
'use strict'
const { serve, Webhook } = require('./http_base.cjs')

class Milliseconds extends Webhook {
  run (entity) {
    const found = super.run(entity)
    const { startedAtUTC, completedAtUTC } = entity.metrics.durationSummary || {}
    return { ...found, started: +startedAtUTC || found.started, ended: +completedAtUTC || found.ended }
  }
}

serve({ webhook: new Milliseconds() })
