// One import from its creation to its deletion, with all that a client may ask about it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gunzipSync } from 'node:zlib'

import { connect, everything, finished, refused, toServer } from './server.mjs'
import { makeWorld } from './world.mjs'

const client = connect()
const world = await makeWorld(client)

const skus = (prefix, count) => Array.from({ length: count }, (_, index) => ({
  code: `${prefix}-${index + 1}`, name: `Name ${index + 1}`, do_not_ship: true
}))

const csv = rows => [
  Object.keys(rows[0]).join(','), ...rows.map(row => Object.values(row).join(','))
].join('\n')

const create = (inputs, options = {}) =>
  client.imports.create({ resource_type: 'skus', inputs, ...options })

// Many rows with rows inside them: enough work that an import of them is seen while it runs.
const manyOrders = prefix => ({
  resource_type: 'orders',
  parent_resource_id: world.market.id,
  inputs: Array.from({ length: 10_000 }, (_, index) => ({
    number: `${prefix}-${index + 1}`,
    customer_email: `customer-${index}@example.com`,
    line_items: Array.from({ length: 8 }, (_, line) => (
      { sku_code: 'SKU-1', name: `Line ${line}`, quantity: 1, unit_amount_cents: 100 }
    ))
  }))
})

const download = async import_ => {
  // As a browser follows a link: nobody shows a token.
  const response = await toServer(import_.attachment_url)
  assert.equal(response.status, 200)
  assert.equal(response.headers.get('content-encoding'), null)
  return gunzipSync(Buffer.from(await response.arrayBuffer())).toString('utf-8')
}

test('CSV is one string, and its rows are shown as objects', async () => {
  const rows = skus('CSV', 3)
  const created = await create(csv(rows), { format: 'csv' })
  assert.equal(created.format, 'csv')
  assert.equal(created.inputs_size, 3)
  assert.deepEqual(created.inputs.map(row => row.code), rows.map(row => row.code))
  const done = await finished(client, created.id)
  assert.equal(done.processed_count, 3)
  assert.equal(await download(done), csv(rows))
  const [sku] = await client.skus.list({ filters: { code_eq: 'CSV-2' } })
  assert.equal(sku.name, 'Name 2')
  assert.equal(sku.do_not_ship, true)
})

test('ten thousand rows are accepted at once, and their file can be had from then on', async () => {
  const rows = skus('MANY', 10_000)
  const created = await create(rows)
  assert.equal(created.status, 'pending')
  assert.equal(created.inputs_size, 10_000)
  assert.equal(created.inputs, null)
  assert.deepEqual(JSON.parse(await download(created)), rows)
  const done = await finished(client, created.id)
  assert.equal(done.processed_count, 10_000)
  assert.match(done.attachment_url, /\?expires=\d+&signature=[0-9a-f]{64}$/)
  assert.equal(await client.skus.count({ filters: { code_start: 'MANY-' } }), 10_000)
})

test('progress is seen while it runs, and an interruption is final at once', async () => {
  const { id } = await client.imports.create(manyOrders('RUN'))
  let seen
  do { seen = await client.imports.retrieve(id) } while (seen.status === 'pending')
  assert.equal(seen.status, 'in_progress')
  assert.ok(seen.started_at)
  while (seen.processed_count === 0) seen = await client.imports.retrieve(id)
  assert.ok(seen.processed_count < 10_000)

  const stopped = await client.imports._interrupt(id)
  assert.equal(stopped.status, 'interrupted')
  assert.ok(stopped.interrupted_at)
  assert.equal(stopped.completed_at, null)
  const later = await client.imports.retrieve(id)
  assert.equal(later.processed_count, stopped.processed_count)
  const orders = await client.orders.count({ filters: { number_start: 'RUN-' } })
  assert.equal(orders, stopped.processed_count)

  await refused(client.imports._interrupt(id), 422, 'VALIDATION_ERROR')
  assert.equal((await client.imports.retrieve(id)).interrupted_at, stopped.interrupted_at)
})

test('ten imports may be unfinished, and one that waits can be interrupted', async () => {
  // They run one after the other, longer than it takes to ask for the others.
  const long = await Promise.all([1, 2, 3, 4].map((number) => client.imports.create(manyOrders(`QUEUE${number}`))))
  const waiting = []
  let error
  while (error === undefined) {
    await create(skus('WAIT', 1)).then((made) => waiting.push(made), (refusal) => { error = refusal })
    assert.ok(waiting.length <= 10, 'more than ten are unfinished')
  }
  const refusal = await refused(Promise.reject(error), 422, 'VALIDATION_ERROR')
  assert.equal(refusal.source.pointer, '/data')

  const last = await client.imports._interrupt(waiting.at(-1).id)
  assert.equal(last.status, 'interrupted')
  assert.equal(last.started_at, null)
  for (const { id } of long.reverse()) {
    // The first of them may be done by now.
    await client.imports._interrupt(id).catch((done) => assert.equal(done.status, 422))
  }
  for (const { id } of waiting.slice(0, -1)) {
    assert.equal((await finished(client, id)).status, 'completed')
  }
  await create(skus('WAIT', 1))
})

test('rows that hold an id and a type of resource are rows', async () => {
  // The SDK takes such an array for the linkage of a relationship.
  const tier = await client.price_volume_tiers.create({
    name: 'ten', up_to: 10, price_amount_cents: 900, price: world.price
  })
  const created = await client.imports.create({
    resource_type: 'price_tiers',
    parent_resource_id: world.price.id,
    inputs: [{ type: 'price_volume_tiers', id: tier.id, name: 'dozen', up_to: 12 }]
  })
  const done = await finished(client, created.id)
  assert.deepEqual(done.errors_log, {})
  assert.equal(done.processed_count, 1)
  assert.equal((await client.price_volume_tiers.retrieve(tier.id)).up_to, 12)
})

test('logs name rows, attributes and messages', async () => {
  const rows = skus('LOG', 20)
  rows[4] = { code: 'LOG-5', name: '', weight: 'heavy' }
  rows[9] = { name: 'without a code' }
  const { id } = await create(rows)
  const done = await finished(client, id)
  assert.equal(done.status, 'completed')
  assert.deepEqual([done.processed_count, done.errors_count], [18, 2])
  assert.deepEqual(done.errors_log['LOG-5'].name, ["can't be blank"])
  assert.deepEqual(done.errors_log['LOG-5'].weight, ['is not a number'])
  assert.equal(Object.keys(done.errors_log).length, 2)
  assert.deepEqual(done.warnings_log, {})
})

test('the row that crosses the threshold is the last one that was looked at', async () => {
  const rows = skus('OVER', 20)
  for (const index of [1, 3, 5, 7]) rows[index].name = null
  const { id } = await create(rows)
  const done = await finished(client, id)
  assert.equal(done.status, 'interrupted')
  assert.deepEqual([done.processed_count, done.errors_count], [3, 3])
  const skipped = await finished(client, (await create(rows, { skip_errors: true })).id)
  assert.equal(skipped.status, 'completed')
  assert.deepEqual([skipped.processed_count, skipped.errors_count], [16, 4])
})

test('reference and metadata can be changed, and nothing else', async () => {
  const { id } = await create(skus('META', 1), {
    reference: 'before', reference_origin: 'here', metadata: { kept: false }
  })
  const changed = await client.imports.update({ id, reference: 'after', metadata: { by: 'me' } })
  assert.deepEqual(
    [changed.reference, changed.reference_origin, changed.metadata],
    ['after', 'here', { by: 'me' }]
  )
  await refused(
    client.imports.update({ id, resource_type: 'prices' }), 400, 'PARAM_NOT_ALLOWED'
  )
  const only = await client.imports.retrieve(id, { fields: ['metadata'] })
  assert.deepEqual(only, { id, type: 'imports', metadata: { by: 'me' } })
})

test('events tell what happened to an import, event stores what was changed', async () => {
  const { id } = await create(skus('EVENT', 1))
  await finished(client, id)
  await client.imports.update({ id, reference: 'changed' })
  const names = (await everything({ list: params => client.imports.events(id, params) }))
    .map(event => event.name)
  assert.deepEqual([...names].sort(), ['imports.complete', 'imports.create', 'imports.start'])
  const included = await client.imports.retrieve(id, { include: ['events'] })
  assert.deepEqual(included.events.map(event => event.name).sort(), [...names].sort())

  const stores = await client.imports.event_stores(id)
  assert.equal(stores[0].event, 'create')
  const update = stores.find(store => store.payload.reference?.to === 'changed')
  assert.equal(update.event, 'update')
  assert.equal(update.payload.reference.from, null)
  assert.equal(update.resource_type, 'imports')
  assert.equal(update.resource_id, id)
  assert.equal(update.who.application.kind, 'integration')
})

test('lists filter, sort and page as the terminal client and the dashboard ask', async () => {
  const group = 'abc123'
  for (let number = 1; number <= 30; number++) {
    const { id } = await create(skus('PAGE', 1), {
      reference: `${group}-${String(number).padStart(4, '0')}`, metadata: { group_id: group }
    })
    await finished(client, id)
  }
  const ours = { reference_start: `${group}-` }

  const page = await client.imports.list({
    pageSize: 25, pageNumber: 1, sort: ['reference', '-completed_at'], filters: ours
  })
  assert.deepEqual(
    [page.length, page.meta.recordCount, page.meta.pageCount, page.meta.currentPage],
    [25, 30, 2, 1]
  )
  assert.equal(page[0].reference, `${group}-0001`)
  assert.equal(page.hasNextPage(), true)
  const rest = await client.imports.list({
    pageSize: 25, pageNumber: 2, sort: ['reference', '-completed_at'], filters: ours
  })
  assert.deepEqual([rest.length, rest.hasNextPage()], [5, false])
  assert.equal(rest.last().reference, `${group}-0030`)
  assert.deepEqual(rest[0].inputs, skus('PAGE', 1))

  const newest = await client.imports.list({ sort: { started_at: 'desc' }, filters: ours })
  assert.equal(newest[0].reference, `${group}-0030`)
  assert.equal(newest.meta.recordsPerPage, 10)

  assert.equal(await client.imports.count({ filters: ours }), 30)
  assert.equal(await client.imports.count({ filters: { ...ours, status_eq: 'completed' } }), 30)
  assert.equal(await client.imports.count({ filters: { ...ours, errors_count_gt: 0 } }), 0)
  assert.equal(await client.imports.count({ filters: { ...ours, resource_type_cont: 'sku' } }), 30)
  assert.equal(await client.imports.count({ filters: { ...ours, metadata_jcont: { group_id: group } } }), 30)
  const statuses = ['pending', 'in_progress', 'interrupted', 'completed']
  const since = page[0].created_at
  assert.equal(await client.imports.count({
    filters: { status_in: statuses, created_at_gteq: since, ...ours }
  }), 30)
  const beyond = await client.imports.list({ pageNumber: 9, pageSize: 25, filters: ours })
  assert.equal(beyond.length, 0)
  const ids = page.map(import_ => import_.id)
  const after = await client.imports.list({
    sort: ['id'], pageSize: 25, filters: { ...ours, id_gt: ids[19] }
  })
  assert.equal(after.length, 10)
})

test('a deleted import is gone, and what it imported stays', async () => {
  const { id } = await create(skus('GONE', 2))
  await finished(client, id)
  await client.imports.delete(id)
  await refused(client.imports.retrieve(id), 404, 'RECORD_NOT_FOUND')
  await refused(client.imports.delete(id), 404, 'RECORD_NOT_FOUND')
  assert.equal(await client.skus.count({ filters: { code_start: 'GONE-' } }), 2)
})
