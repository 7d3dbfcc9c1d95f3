// What is refused, and how the SDK tells it: status, code, and where in the request it is.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { connect, refused, server, toServer } from './server.mjs'
import { makeWorld } from './world.mjs'

const client = connect()
const world = await makeWorld(client)
const NOWHERE = 'nosuchid00'

const rows = count => Array.from({ length: count }, (_, index) => ({ code: `R${index}`, name: 'R' }))

const IMPORTS = [
  ['an unknown resource type', { resource_type: 'nothing', inputs: rows(1) },
    'resource_type', 'is not included in the list', 'inclusion'],
  ['no resource type', { inputs: rows(1) }, 'resource_type', "can't be blank", 'blank'],
  ['no rows', { resource_type: 'skus' }, 'inputs', "can't be blank", 'blank'],
  ['empty rows', { resource_type: 'skus', inputs: [] }, 'inputs', "can't be blank", 'blank'],
  ['a text in place of an array', { resource_type: 'skus', inputs: 'code,name\nA,B' },
    'inputs', 'is invalid', 'invalid'],
  ['an object in place of an array', { resource_type: 'skus', inputs: { code: 'A' } },
    'inputs', 'is invalid', 'invalid'],
  ['an array in place of CSV', { resource_type: 'skus', format: 'csv', inputs: rows(1) },
    'inputs', 'is invalid', 'invalid'],
  ['an unknown format', { resource_type: 'skus', format: 'xml', inputs: rows(1) },
    'format', 'is not included in the list', 'inclusion'],
  ['CSV with an open quote in its header', {
    resource_type: 'skus', format: 'csv', inputs: 'code,"name\nA,B'
  },
    'inputs', 'is invalid', 'invalid'],
  ['CSV without rows', { resource_type: 'skus', format: 'csv', inputs: 'code,name\n' },
    'inputs', "can't be blank", 'blank'],
  ['too many rows', { resource_type: 'skus', inputs: rows(10_001) },
    'inputs', 'is too long (maximum is 10000 items)', 'too_long'],
  ['an unknown parent', {
    resource_type: 'prices', parent_resource_id: NOWHERE, inputs: [{ sku_code: 'R', amount_cents: 1 }]
  }, 'parent_resource_id', 'must exist', 'blank']
]

for (const [name, submitted, attribute, message, key] of IMPORTS) {
  test(`an import with ${name} is refused`, async () => {
    const before = await client.imports.count()
    const error = await refused(client.imports.create(submitted), 422, 'VALIDATION_ERROR')
    assert.equal(error.title, message)
    assert.ok(error.detail.startsWith(`${attribute} - ${message}`), error.detail)
    assert.equal(error.source.pointer, `/data/attributes/${attribute}`)
    assert.equal(error.meta.error, key)
    assert.equal(await client.imports.count(), before)
  })
}

test('all that is wrong with a record is told together', async () => {
  const call = client.skus.create({ code: 'SKU-1', weight: 'heavy' })
  await refused(call, 422, 'VALIDATION_ERROR')
  const { errors } = await call.catch(error => error)
  const found = Object.fromEntries(errors.map(error => [error.source.pointer, error]))
  assert.equal(found['/data/attributes/name'].title, "can't be blank")
  assert.equal(found['/data/attributes/weight'].title, 'is not a number')
  assert.equal(found['/data/attributes/weight'].meta.value, 'heavy')
  assert.equal(found['/data/relationships/shipping_category'].meta.error, 'blank')
})

test('a taken key is refused', async () => {
  const error = await refused(
    client.skus.create({ code: 'SKU-1', name: 'Again', do_not_ship: true }), 422, 'VALIDATION_ERROR'
  )
  assert.deepEqual(
    [error.title, error.source.pointer, error.meta.error],
    ['has already been taken', '/data/attributes/code', 'taken']
  )
})

const REQUESTS = [
  ['an unknown id', c => c.skus.retrieve(NOWHERE), 404, 'RECORD_NOT_FOUND'],
  ['an id of another type', c => c.skus.retrieve(world.price.id), 404, 'RECORD_NOT_FOUND'],
  ['an update of an unknown id', c => c.skus.update({ id: NOWHERE, name: 'X' }),
    404, 'RECORD_NOT_FOUND'],
  ['a deletion of an unknown id', c => c.skus.delete(NOWHERE), 404, 'RECORD_NOT_FOUND'],
  ['relatives of an unknown id', c => c.skus.prices(NOWHERE), 404, 'RECORD_NOT_FOUND'],
  ['an attribute that is computed', c => c.prices.update({ id: world.price.id, amount_float: 1 }),
    400, 'PARAM_NOT_ALLOWED'],
  ['an unknown attribute', c => c.skus.update({ id: world.skus[0].id, colour: 'red' }),
    400, 'PARAM_NOT_ALLOWED'],
  ['a target of the wrong type', c => c.prices.update({
    id: world.price.id, price_list: { type: 'skus', id: world.skus[0].id }
  }), 400, 'TYPE_MISMATCH'],
  ['a filter by what cannot be filtered', c => c.skus.list({ filters: { colour_eq: 'red' } }),
    400, 'FILTER_NOT_ALLOWED'],
  ['a filter with an unfit value', c => c.prices.list({ filters: { amount_cents_gt: 'much' } }),
    400, 'INVALID_FILTER_VALUE'],
  ['an unknown order', c => c.skus.list({ sort: ['colour'] }), 400, 'INVALID_SORT_CRITERIA'],
  ['an unknown relationship', c => c.skus.list({ include: ['colours'] }), 400, 'INVALID_INCLUDE'],
  ['an unknown field', c => c.skus.list({ fields: ['colour'] }), 400, 'INVALID_FIELD'],
  ['a page that is too long', c => c.skus.list({ pageSize: 26 }), 400, 'INVALID_PAGE_VALUE'],
  ['a record that others need', c => c.price_lists.delete(world.price_list.id), 423, 'LOCKED'],
  ['a trigger that is not supported', c => c.orders._refund(world.order.id),
    422, 'VALIDATION_ERROR']
]

for (const [name, call, status, code] of REQUESTS) {
  test(`${name} is ${status} ${code}`, () => refused(call(client), status, code))
}

test('a token that is none is INVALID_TOKEN', () =>
  refused(connect({ accessToken: 'none' }).skus.list(), 401, 'INVALID_TOKEN'))

test('a token of another organization opens nothing at this address', async () => {
  const foreign = process.env.LONGSHORE_TEST_TOKEN_FOREIGN
  await refused(connect({ accessToken: foreign }).skus.list(), 401, 'INVALID_TOKEN')
  const others = connect({ accessToken: foreign, organization: 'others' })
  assert.equal(await others.skus.count(), 0)
  await refused(others.skus.retrieve(world.skus[0].id), 404, 'RECORD_NOT_FOUND')
})

test('a sales channel reads what it may and nothing else', async () => {
  const shop = connect({ accessToken: process.env.LONGSHORE_TEST_TOKEN_SALES_CHANNEL })
  assert.equal(await shop.skus.count(), 3)
  const FORBIDDEN = [
    () => shop.imports.list(),
    () => shop.imports.create({ resource_type: 'skus', inputs: rows(1) }),
    () => shop.customers.list(),
    () => shop.skus.create({ code: 'X', name: 'X' })
  ]
  for (const call of FORBIDDEN) {
    assert.equal((await refused(call(), 401, 'UNAUTHORIZED')).title, 'Access denied')
  }
})

test('an expired token is refreshed once, and the call is repeated', async () => {
  const expired = process.env.LONGSHORE_TEST_TOKEN_EXPIRED
  await refused(connect({ accessToken: expired }).skus.list(), 401, 'INVALID_TOKEN')
  const asked = []
  const refreshing = connect({
    accessToken: expired,
    refreshToken: async old => { asked.push(old); return server.token }
  })
  assert.equal(await refreshing.skus.count(), 3)
  assert.deepEqual(asked, [expired])
})

test('no permission is no reason to refresh a token', async () => {
  const shop = connect({
    accessToken: process.env.LONGSHORE_TEST_TOKEN_SALES_CHANNEL,
    refreshToken: () => assert.fail('asked for another token')
  })
  await refused(shop.imports.list(), 401, 'UNAUTHORIZED')
})

test('every response says how many requests are left, as tools of the SDK read it', async () => {
  const headers = []
  const watched = connect({
    fetch: async (...request) => {
      const response = await toServer(...request)
      headers.push(response.headers)
      return response
    }
  })
  await watched.skus.list()
  await refused(watched.skus.retrieve(NOWHERE), 404, 'RECORD_NOT_FOUND')
  for (const each of headers) {
    for (const name of ['limit', 'interval', 'remaining']) {
      assert.ok(Number(each.get(`x-ratelimit-${name}`)) > 0, name)
    }
  }
})
