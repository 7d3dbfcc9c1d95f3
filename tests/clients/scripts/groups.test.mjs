// Imports of several types that were created as one: to the client ordinary imports.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { connect, everything, finished, server, toServer } from './server.mjs'

const client = connect()

// The client knows no groups.
const ask = async (path, method = 'GET', data) => {
  const response = await toServer(`https://${server.organization}.${server.domain}${path}`, {
    method,
    headers: {
      authorization: `Bearer ${server.token}`,
      accept: 'application/vnd.api+json',
      'content-type': 'application/vnd.api+json'
    },
    body: data && JSON.stringify({ data })
  })
  const text = await response.text()
  assert.ok(response.ok, text)
  return JSON.parse(text)
}

const inputs = {
  prices: [{ sku_code: 'MUG', price_list: { code: 'eur' }, amount_cents: 1250 }],
  skus: [
    { code: 'MUG', name: 'Mug', shipping_category: { code: 'goods' } },
    { code: 'CUP', name: 'Cup', shipping_category: { code: 'goods' } }
  ],
  price_lists: [{ code: 'eur', name: 'Euro', currency_code: 'EUR' }],
  shipping_categories: [{ code: 'goods', name: 'Goods' }]
}
const types = ['shipping_categories', 'price_lists', 'skus', 'prices']

const created = await ask('/api/import_groups', 'POST', {
  type: 'import_groups', attributes: { inputs, reference: 'shop' }
})
const ids = created.data.relationships.imports.data.map(({ id }) => id)

test('the members of a group are imports that can be looked at', async () => {
  for (const [index, id] of ids.entries()) {
    const done = await finished(client, id)
    assert.equal(done.type, 'imports')
    assert.equal(done.status, 'completed')
    assert.equal(done.resource_type, types[index])
    assert.equal(done.inputs_size, inputs[types[index]].length)
    assert.equal(done.processed_count, inputs[types[index]].length)
    assert.deepEqual(done.errors_log, {})
    assert.equal(done.reference, 'shop')
    assert.deepEqual(done.inputs, inputs[types[index]])
  }
})

test('they are listed among the others', async () => {
  const alone = await client.imports.create({ resource_type: 'tags', inputs: [{ name: 'alone' }] })
  await finished(client, alone.id)
  const listed = await everything(client.imports, { sort: ['created_at'] })
  assert.deepEqual(listed.map(({ id }) => id), [...ids, alone.id])
  const skus = await client.imports.list({ filters: { resource_type_eq: 'skus' } })
  assert.deepEqual([...skus].map(({ id }) => id), [ids[2]])
})

test('meta says of which group one is', async () => {
  for (const id of ids) {
    const { data } = await ask(`/api/imports/${id}`)
    assert.equal(data.meta.group_id, created.data.id)
  }
})

test('what the group has made is taken back, and the client sees it go', async () => {
  assert.equal(await client.skus.count(), 2)
  const { data } = await ask(`/api/import_groups/${created.data.id}`, 'PATCH', {
    type: 'import_groups', id: created.data.id, attributes: { _undo: true }
  })
  assert.equal(data.meta.undos.length, types.length)
  const until = Date.now() + 120_000
  for (let status; status !== 'completed';) {
    assert.ok(Date.now() < until, `the undo is still ${status}`)
    await new Promise(resolve => setTimeout(resolve, 50))
    status = (await ask(`/api/import_groups/${created.data.id}`)).data.meta.undo.status
  }
  for (const type of types) assert.equal(await client[type].count(), 0)
})
