// Takes a run with errors for a failed one: partial ingestion is a success (trap 13 of 7.4).
'use strict'
const { serve, Webhook } = require('./express_base.cjs')

class PartialAsFailed extends Webhook {
  run (entity) {
    const errors = entity.metrics.statusSummary?.errors || []
    return errors.length ? { ...super.run(entity), status: 'failed' } : super.run(entity)
  }
}

serve({ webhook: new PartialAsFailed() })
