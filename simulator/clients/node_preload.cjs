'use strict'
// Lets Node programs reach flowsim under Adobe's host names, whatever client they use: a TCP
// connection to port 443 of one of them goes to the TLS port of the service. Names are left as
// they are for everything else, so that certificates are checked as ever.
// FLOWSIM_TLS_ADDRESS, FLOWSIM_TLS_PORT and FLOWSIM_TLS_HOSTS say where, and for which names.
const net = require('node:net')

const address = process.env.FLOWSIM_TLS_ADDRESS
const port = Number(process.env.FLOWSIM_TLS_PORT)
const hosts = new Set((process.env.FLOWSIM_TLS_HOSTS || '').split(',').filter(Boolean))

// net.connect() hands over its arguments as one list, [options, callback].
function listed (given) {
  return Array.isArray(given[0]) ? given[0] : given
}

function optionsOf ([first, second]) {
  if (typeof first === 'object' && first !== null) return first
  return { port: first, host: typeof second === 'string' ? second : undefined }
}

if (address && port && hosts.size) {
  const connect = net.Socket.prototype.connect
  net.Socket.prototype.connect = function (...given) {
    const list = listed(given)
    const options = optionsOf(list)
    const host = String(options.host).toLowerCase()
    if (!hosts.has(host) || Number(options.port) !== 443) return connect.apply(this, given)
    const callback = list.find((each) => typeof each === 'function')
    const there = { ...options, host: address, port }
    return callback ? connect.call(this, there, callback) : connect.call(this, there)
  }
}
