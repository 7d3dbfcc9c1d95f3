// Names under localhost mean this machine (RFC 6761, section 6.3). Not every resolver knows it, so
// a node that loads this module does.
import dns from 'node:dns'

const resolve = dns.lookup

dns.lookup = (name, options, callback) => {
  const isLocal = name === 'localhost' || name.endsWith('.localhost')
  return resolve(isLocal ? '127.0.0.1' : name, options, callback)
}
