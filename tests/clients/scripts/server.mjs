// The server under test and the official SDK in front of it.
import assert from 'node:assert/strict'

import { CommerceLayer } from '@commercelayer/sdk/bundle'

export const server = {
  url: process.env.LONGSHORE_TEST_URL,
  readUrl: process.env.LONGSHORE_TEST_READ_URL,
  domain: process.env.LONGSHORE_TEST_DOMAIN,
  organization: process.env.LONGSHORE_TEST_ORGANIZATION,
  clientId: process.env.LONGSHORE_TEST_CLIENT_ID,
  clientSecret: process.env.LONGSHORE_TEST_CLIENT_SECRET,
  token: process.env.LONGSHORE_TEST_TOKEN
}

// The clients speak https to SLUG.DOMAIN and know no other way. This takes what they send to the
// server, and tells it as a proxy does where they believe it to be. Where there are two servers, one
// reads what the other wrote.
export const toServer = (url, options = {}) => {
  const address = new URL(url)
  const headers = new Headers(options.headers)
  headers.set('X-Forwarded-Proto', 'https')
  headers.set('X-Forwarded-Host', address.host)
  const base = (options.method ?? 'GET') === 'GET' ? server.readUrl : server.url
  return fetch(`${base}${address.pathname}${address.search}`, { ...options, headers })
}

export const connect = (options = {}) => CommerceLayer({
  organization: server.organization,
  domain: server.domain,
  accessToken: server.token,
  fetch: toServer,
  ...options
})

// As clients wait for an import. Imports of these tests take a second or two, on a busy machine more.
export const finished = async (client, id, params) => {
  const until = Date.now() + 120_000
  for (;;) {
    const import_ = await client.imports.retrieve(id, params)
    assert.ok(['pending', 'in_progress', 'completed', 'interrupted'].includes(import_.status))
    if (import_.status === 'completed' || import_.status === 'interrupted') return import_
    assert.ok(Date.now() < until, `the import ${id} is still ${import_.status}`)
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

// The error of a call that is refused, its form checked as the SDK reads it.
export const refused = async (call, status, code) => {
  const error = await call.then(() => assert.fail(`expected ${status} ${code}`), error => error)
  if (error instanceof assert.AssertionError) throw error
  assert.equal(error.name, 'ApiError', error.stack)
  assert.equal(error.status, status, JSON.stringify(error.errors))
  assert.equal(error.code, String(status))
  const first = error.first()
  assert.equal(first.status, String(status))
  assert.equal(first.code, code)
  for (const each of error.errors) {
    assert.equal(typeof each.title, 'string')
    assert.equal(typeof each.detail, 'string')
  }
  return first
}

export const everything = async (resource, params = {}) => {
  const found = []
  for (let page = 1, pages = 1; page <= pages; page++) {
    const list = await resource.list({ ...params, pageNumber: page, pageSize: 25 })
    found.push(...list)
    pages = list.meta.pageCount
  }
  return found
}
