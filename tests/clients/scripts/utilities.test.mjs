// The official utilities of the SDK: they split and queue imports by themselves, take their pace
// from the headers of the responses, and page through all records by id.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { CommerceLayerUtils, deleteAll, imports, retrieveAll, updateAll } from '@commercelayer/sdk-utils'

import { connect } from './server.mjs'

const client = connect()
CommerceLayerUtils(client)

// More than 25 requests in a row it spreads over ten seconds, so there are fewer.
const ROWS = 560
const all = () => ({ filters: { code_start: 'UTIL-' } })
const few = () => ({ filters: { code_start: 'UTIL-1', code_lt: 'UTIL-12' } })

test('an import is split into more parts than may be unfinished, and all are done', async () => {
  const inputs = Array.from({ length: ROWS }, (_, index) => ({
    code: `UTIL-${index}`, name: `Name ${index}`, do_not_ship: true
  }))
  const done = await imports.execute({ resource_type: 'skus', inputs }, { size: 50 })
  assert.equal(done.length, 12)
  assert.deepEqual(new Set(done.map(each => each.status)), new Set(['completed']))
  assert.equal(done.reduce((sum, each) => sum + each.processed_count, 0), ROWS)
  const { group_id, progress_number } = done.at(-1).metadata
  assert.equal(progress_number, '12/12')
  assert.equal(done.at(-1).reference, `${group_id}-12`)
})

test('all records are read, each once', async () => {
  const found = await retrieveAll('skus', all())
  assert.equal(new Set(Array.from(found, sku => sku.code)).size, ROWS)
  assert.equal(found.length, ROWS)
})

test('all records of a filter are changed and deleted', async () => {
  const expected = 1 + 2 + 20  // 1, 10, 11, 100 to 119
  const changed = await updateAll('skus', { description: 'changed' }, few())
  assert.deepEqual([changed.total, changed.processed, changed.errors], [expected, expected, 0])
  assert.equal(await client.skus.count({ filters: { description_eq: 'changed' } }), expected)
  const deleted = await deleteAll('skus', few())
  assert.deepEqual([deleted.processed, deleted.errors], [expected, 0])
  assert.equal(await client.skus.count(all()), ROWS - expected)
})
