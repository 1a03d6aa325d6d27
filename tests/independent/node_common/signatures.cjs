// The digital signatures of a delivery, and the public keys that judge them.
'use strict'
const crypto = require('node:crypto')

const KEY_PATH = /^\/prod\/keys\/pub-key-[A-Za-z0-9-]+\.pem$/
const ONE_DAY = 24 * 60 * 60 * 1000
const MILLISECONDS_FOR_A_KEY = Number(process.env.KEY_SECONDS || 2) * 1000
const TRIES_FOR_A_KEY = 2

class KeyUnavailable extends Error {}

class Keys {
  constructor (host) {
    this.host = host
    this.kept = new Map()
  }

  mayBeAPath (path) {
    return KEY_PATH.test(path)
  }

  async key (path) {
    const kept = this.kept.get(path)
    if (kept && Date.now() - kept.at < ONE_DAY) return kept.key
    const key = asKey(await this.fetched(path))
    this.kept.set(path, { key, at: Date.now() })
    return key
  }

  async fetched (path) {
    let reason = ''
    for (let i = 0; i < TRIES_FOR_A_KEY; i++) {
      try {
        const signal = AbortSignal.timeout(MILLISECONDS_FOR_A_KEY)
        const answer = await fetch(this.host + path, { redirect: 'error', signal })
        if (answer.status === 200) return await answer.text()
        reason = `status ${answer.status}`
      } catch (error) {
        reason = String(error)
      }
    }
    throw new KeyUnavailable(`${path}: ${reason}`)
  }

  async fits (path, signature, body) {
    const key = await this.key(path)
    if (!/^[A-Za-z0-9+/]+={0,2}$/.test(signature)) return false
    return crypto.verify('RSA-SHA256', body, key, Buffer.from(signature, 'base64'))
  }
}

function asKey (pem) {
  try {
    return crypto.createPublicKey(pem)
  } catch (error) {
    throw new KeyUnavailable(`not a key: ${error}`)
  }
}

function signatures (headers) {
  return [1, 2]
    .map(n => [headers[`x-adobe-digital-signature-${n}`], headers[`x-adobe-public-key${n}-path`]])
    .filter(([signature, path]) => signature && path)
}

module.exports = { Keys, KeyUnavailable, signatures }
