// Fetches a key from any path, so `@host/…` names another host (item 19).
'use strict'
const http = require('node:http')
const { serve, Webhook } = require('./http_base.cjs')
const { Keys, KeyUnavailable } = require('./node_common/signatures.cjs')

class AnyPath extends Keys {
  mayBeAPath () {
    return true
  }

  fetched (path) {
    return new Promise((resolve, reject) => {
      const fail = error => reject(new KeyUnavailable(String(error)))
      http.get(new URL(this.host + path), { timeout: 2000 }, async answer => {
        if (answer.statusCode !== 200) return fail(`status ${answer.statusCode}`)
        answer.setEncoding('utf8')
        resolve((await answer.toArray()).join(''))
      }).on('error', fail).on('timeout', fail)
    }).catch(error => { throw new KeyUnavailable(String(error)) })
  }
}

serve({ webhook: new Webhook({ KeysClass: AnyPath }) })
