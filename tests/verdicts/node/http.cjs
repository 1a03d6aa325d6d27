// Webhooks in plain Node with one mistake each, which MISTAKE names.
'use strict'
const { setTimeout: sleep } = require('node:timers/promises')
const { serve, Webhook } = require('../../independent/http_base.cjs')
const { Refused } = require('../../independent/node_common/webhook.cjs')
const { Keys } = require('../../independent/node_common/signatures.cjs')
const { Store } = require('../../independent/node_common/store.cjs')

const HOUR = 60 * 60 * 1000
const STATUSES = ['success', 'failed', 'inProgress']
const PATHS = ['x-adobe-public-key1-path', 'x-adobe-public-key2-path']

const withKeys = KeysClass => ({ webhook: new Webhook({ KeysClass }) })
const withStore = StoreClass => ({ webhook: new Webhook({ StoreClass }) })

const mistakes = {
  nothing: () => ({}),

  'joins-the-key-path': () => withKeys(class extends Keys {
    mayBeAPath () { return true }
  }),

  'keeps-no-keys': () => withKeys(class extends Keys {
    async key (path) {
      this.kept.clear()
      return super.key(path)
    }
  }),

  'keeps-error-pages': () => withKeys(class extends Keys {
    pages = new Map()

    async fetched (path) {
      if (!this.pages.has(path)) {
        this.pages.set(path, await (await fetch(this.host + path, { redirect: 'error' })).text())
      }
      return this.pages.get(path)
    }
  }),

  'keeps-the-first-keys': () => ({
    webhook: new class extends Webhook {
      paths = {}

      async verify (headers, body) {
        for (const name of PATHS) {
          if (this.keys.mayBeAPath(headers[name])) this.paths[name] ??= headers[name]
        }
        await super.verify({ ...headers, ...this.paths }, body)
      }
    }()
  }),

  'reads-the-first-signature': () => ({
    webhook: new class extends Webhook {
      async verify (headers, body) {
        const { 'x-adobe-digital-signature-2': _, ...others } = headers
        await super.verify(others, body)
      }
    }()
  }),

  'refuses-without-keys': () => withKeys(class extends Keys {
    async fetched (path) {
      const answer = await fetch(this.host + path, { redirect: 'error' })
      if (!answer.ok) throw new Refused(401, 'no key')
      return answer.text()
    }
  }),

  'takes-the-first-of-a-batch': () => ({
    webhook: new class extends Webhook {
      async take (events) { await super.take(events.slice(0, 1)) }
    }()
  }),

  'wants-a-first-event': () => ({
    webhook: new class extends Webhook {
      checkRecipients (events) {
        super.checkRecipients([events[0]])
        super.checkRecipients(events)
      }
    }()
  }),

  'looks-then-writes': () => ({
    webhook: new class extends Webhook {
      async process (event) {
        if (!this.store.isNew(event.id)) return
        await sleep(20) // stands for the request that asks for the name of the dataflow
        this.store.write({ id: event.id, runs: this.runs(event) })
      }
    }()
  }),

  'forgets-at-a-restart': () => withStore(class extends Store {
    write (line) {
      super.write(line)
      this.seen().add(line.id)
    }

    isNew (id) { return !this.seen().has(id) }

    seen () { return (this.ids ??= new Set()) }
  }),

  'remembers-few-ids': () => withStore(class extends Store {
    isNew (id) { return ![...this.processed.keys()].slice(-50).includes(id) }
  }),

  'knows-three-statuses': () => ({
    webhook: new class extends Webhook {
      run (entity) {
        const run = super.run(entity)
        if (!STATUSES.includes(run.status)) throw new Error(`status ${run.status}`)
        return run
      }
    }()
  }),

  'wants-numbers-for-counts': () => ({
    webhook: new class extends Webhook {
      run (entity) {
        const count = entity.metrics.recordSummary?.inputRecordCount ?? 0
        if (typeof count !== 'number') throw new TypeError('a count is no number')
        return super.run(entity)
      }
    }()
  }),

  'refuses-old-events': () => ({
    webhook: new class extends Webhook {
      run (entity) {
        const run = super.run(entity)
        const isOld = run.updated && run.updated < Date.now() - HOUR
        if (isOld) throw new Refused(400, 'too old')
        return run
      }
    }()
  }),

  'refuses-second-ends': () => ({
    webhook: new class extends Webhook {
      run (entity) {
        const run = super.run(entity)
        const kept = this.store.run(run.id)
        const isRevised = run.final && kept?.ended && kept.status !== run.status
        if (isRevised) throw new Refused(409, 'it has ended')
        return run
      }
    }()
  }),

  'keeps-short-texts': () => ({
    webhook: new class extends Webhook {
      run (entity) {
        const errors = entity.metrics.statusSummary?.errors || []
        const isLong = errors.some(({ message }) => message.length > 4000)
        if (isLong) throw new RangeError('the text is too long for the column')
        return super.run(entity)
      }
    }()
  })
}

serve(mistakes[process.env.MISTAKE]())
