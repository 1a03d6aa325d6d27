'use strict'
// Lets Node programs reach flowsim under Adobe's host names, and nothing else, with any client
// they use: a TCP connection to port 443 of one of them goes to the TLS port of the service.
// Names are left as they are, so that certificates are checked as ever. A connection to any
// other host fails before its name is looked up, as the proxy would refuse it, unless it is
// this machine or NO_PROXY names it.
// FLOWSIM_TLS_ADDRESS, FLOWSIM_TLS_PORT and FLOWSIM_TLS_HOSTS say where, and for which names.
const net = require('node:net')

const { FLOWSIM_TLS_ADDRESS: address, NO_PROXY, no_proxy: noProxy } = process.env
const port = Number(process.env.FLOWSIM_TLS_PORT)
const hosts = new Set((process.env.FLOWSIM_TLS_HOSTS || '').split(',').filter(Boolean))

const HERE = ['127.0.0.0/8', '::1', '0.0.0.0', '::', 'localhost']

// Returns what tells whether an entry of NO_PROXY names a host. An entry is a range of addresses,
// or a name that stands for those below it too, with a port or without; or a star.
function reading (entry) {
  const [, range, bits] = /^(.+)\/(\d+)$/.exec(entry) || []
  if (range) return inRange(range, Number(bits))
  const [, host, only] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) || ['', entry]
  const name = host.replace(/^\[(.+)\]$/, '$1').replace(/^\*?\.?/, '').replace(/\.$/, '')
  const escaped = name.replace(/[\\^$.+?()[\]{}|]/g, '\\$&').replace(/\*/g, '.*')
  const named = name ? new RegExp(`^(.*\\.)?${escaped}$`) : /^/
  return (host, port) => named.test(host) && (!only || only === String(port))
}

function inRange (range, bits) {
  const kind = net.isIP(range)
  if (!kind || bits > (kind === 4 ? 32 : 128)) return () => false
  const block = new net.BlockList()
  block.addSubnet(range, bits, `ipv${kind}`)
  return (host) => Boolean(net.isIP(host)) && block.check(host, `ipv${net.isIP(host)}`)
}

const exempt = [...HERE, address, ...(noProxy || NO_PROXY || '').split(/[,\s]+/)]
  .filter(Boolean)
  .map((entry) => reading(entry.toLowerCase()))

// net.connect() hands over its arguments as one list, [options, callback].
function listed (given) {
  return Array.isArray(given[0]) ? given[0] : given
}

function optionsOf ([first, second]) {
  if (typeof first === 'object' && first !== null) return first
  if (typeof first === 'string' && !(Number(first) >= 0)) return { path: first }
  return { port: first, host: typeof second === 'string' ? second : undefined }
}

// Returns the options of a connection that is to be made instead; none, if it may be as it is.
function instead (options) {
  if (options.path) return undefined // a socket of this machine
  const host = String(options.host || 'localhost').toLowerCase().replace(/\.$/, '')
  if (hosts.has(host) && Number(options.port) === 443) return { ...options, host: address, port }
  if (exempt.some((names) => names(host, options.port))) return undefined
  const place = `${net.isIPv6(host) ? `[${host}]` : host}:${options.port}`
  const error = Object.assign(new Error(
    `${place} cannot be reached: no connection leaves this machine, and flowsim serves only port ` +
    `443 of ${[...hosts].join(', ')}; add hosts of your own to NO_PROXY`
  ), { code: 'ERR_FLOWSIM_REFUSED', syscall: 'connect', host, port: options.port })
  // Node does the rest as for any name that it cannot look up.
  return { ...options, host: 'refused.invalid', lookup: (name, how, done) => done(error) }
}

if (address && port && hosts.size) {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...given) {
    const list = listed(given)
    const options = instead(optionsOf(list))
    if (!options) return connect.apply(this, given)
    const callback = list.find((each) => typeof each === 'function')
    return callback ? connect.call(this, options, callback) : connect.call(this, options)
  }
}
