// Records through the SDK: made, found, read with what they refer to, changed, deleted.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { connect, everything, refused, server } from './server.mjs'
import { address, makeWorld } from './world.mjs'

const client = connect()
const world = await makeWorld(client)

test('organization and application tell who is asking', async () => {
  const organization = await client.organization.retrieve()
  assert.equal(organization.type, 'organizations')
  assert.equal(organization.slug, server.organization)
  assert.equal(organization.imports_max_concurrent_count, 10)
  assert.deepEqual(
    Object.keys(await client.organization.retrieve({ fields: ['name', 'slug'] })).sort(),
    ['id', 'name', 'slug', 'type']
  )
  const application = await client.application.retrieve()
  assert.equal(application.type, 'applications')
  assert.equal(application.kind, 'integration')
})

test('the organization can be taken from the token', async () => {
  const unnamed = connect({ organization: undefined, domain: undefined })
  assert.equal(unnamed.currentOrganization, server.organization)
  assert.equal((await unnamed.organization.retrieve()).slug, server.organization)
})

test('a record is made with its relationships, and read with them', async () => {
  const market = await client.markets.retrieve(world.market.id, {
    include: ['price_list', 'merchant.address', 'inventory_model']
  })
  assert.equal(market.price_list.currency_code, 'EUR')
  assert.equal(market.merchant.address.city, 'Bologna')
  assert.equal(market.inventory_model.name, 'Warehouses')
  assert.equal('customer_group' in market, false)

  const price = await client.prices.retrieve(world.price.id, {
    include: ['sku', 'price_list'],
    fields: { prices: ['amount_cents', 'formatted_amount', 'sku'], skus: ['code'] }
  })
  assert.deepEqual(price.sku, { id: world.skus[0].id, type: 'skus', code: 'SKU-1' })
  assert.equal(price.amount_cents, 1000)
  assert.equal('currency_code' in price, false)
})

test('a relationship without a record is null', async () => {
  const sku = await client.skus.create({ code: 'ALONE', name: 'Alone', do_not_ship: true })
  const read = await client.skus.retrieve(sku.id, { include: ['shipping_category', 'tags'] })
  assert.equal(read.shipping_category, null)
  assert.deepEqual(read.tags, [])
})

test('only what is named changes', async () => {
  const made = await client.skus.create({
    code: 'CHANGE', name: 'Before', weight: 2.5, unit_of_weight: 'gr', metadata: { a: 1 },
    shipping_category: world.shipping_category
  })
  assert.equal(made.reference, null)
  assert.match(made.created_at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const changed = await client.skus.update({ id: made.id, name: 'After' })
  assert.deepEqual(
    [changed.code, changed.name, changed.weight, changed.metadata],
    ['CHANGE', 'After', 2.5, { a: 1 }]
  )
  const emptied = await client.skus.update({
    id: made.id, weight: null, unit_of_weight: null, metadata: { b: 2 }, do_not_ship: true,
    shipping_category: client.shipping_categories.relationship(null)
  }, { include: ['shipping_category'] })
  assert.deepEqual([emptied.weight, emptied.metadata], [null, { b: 2 }])
  assert.equal(emptied.shipping_category, null)

  const stores = await client.skus.event_stores(made.id)
  const renamed = stores.find(store => store.event === 'update' && store.payload.name)
  assert.deepEqual(renamed.payload.name, { from: 'Before', to: 'After' })
})

test('tags are set, added and removed', async () => {
  const tags = []
  for (const name of ['red', 'green', 'blue']) tags.push(await client.tags.create({ name }))
  const names = async id => Array.from(await client.skus.tags(id), tag => tag.name).sort()
  const { id } = await client.skus.create({
    code: 'TAGGED', name: 'Tagged', do_not_ship: true, tags: tags.slice(0, 2)
  })
  assert.deepEqual(await names(id), ['green', 'red'])
  await client.skus._add_tags(id, 'blue')
  await client.skus._remove_tags(id, 'red')
  assert.deepEqual(await names(id), ['blue', 'green'])
  await client.skus.update({ id, tags: [tags[0]] })
  assert.deepEqual(await names(id), ['red'])
  await client.skus.update({ id, tags: [client.tags.relationship(null)] })
  assert.deepEqual(await names(id), [])
})

test('triggers fire', async () => {
  const order = await client.orders.create({ market: world.market, customer_email: 'a@example.com' })
  assert.equal(order.archived_at, null)
  assert.ok((await client.orders._archive(order.id)).archived_at)
  assert.equal((await client.orders._unarchive(order.id)).archived_at, null)
  const promotion = await client.percentage_discount_promotions._disable(world.promotion.id)
  assert.ok(promotion.disabled_at)
})

test('related records are lists and records of their own', async () => {
  const items = await client.orders.line_items(world.order.id, { filters: { quantity_gt: 0 } })
  assert.deepEqual(Array.from(items, item => item.sku_code), ['SKU-3'])
  assert.equal(items.meta.recordCount, 1)
  assert.equal((await client.line_items.order(world.line_item.id)).id, world.order.id)
  assert.equal((await client.orders.market(world.order.id)).name, 'Europe')
  const prices = await client.skus.prices(world.skus[0].id, { include: ['price_list'] })
  assert.equal(prices[0].price_list.name, 'Europe')
})

test('sums of an order follow its line items', async () => {
  const order = await client.orders.create({ market: world.market, customer_email: 'b@example.com' })
  for (const [sku_code, quantity] of [['SKU-1', 2], ['SKU-2', 1]]) {
    await client.line_items.create({
      order, sku_code, quantity, name: sku_code, unit_amount_cents: 300
    })
  }
  const read = await client.orders.retrieve(order.id, { include: ['line_items', 'customer'] })
  assert.deepEqual([read.subtotal_amount_cents, read.skus_count], [900, 3])
  assert.equal(read.currency_code, 'EUR')
  assert.equal(read.customer.email, 'b@example.com')
  assert.equal(read.line_items.length, 2)
})

test('filters reach through relationships and combine', async () => {
  const codes = async filters => (await everything(client.skus, { filters, sort: ['code'] }))
    .map(sku => sku.code)
  assert.deepEqual(await codes({ code_in: ['SKU-1', 'SKU-3'] }), ['SKU-1', 'SKU-3'])
  assert.deepEqual(
    await codes({ code_start: 'SKU-', name_not_eq: 'Name of SKU-2' }), ['SKU-1', 'SKU-3']
  )
  assert.deepEqual(
    await codes({ shipping_category_name_start: 'Merch', code_matches: 'SKU-%' }),
    ['SKU-1', 'SKU-2', 'SKU-3']
  )
  assert.deepEqual(await codes({ code_or_name_eq: 'SKU-2' }), ['SKU-2'])
  assert.deepEqual(await codes({ name_cont: 'of sku-1' }), ['SKU-1'])
  assert.deepEqual(await codes({ code_in: ['SKU-1', 'SKU-2'], prices_amount_cents_gt: 1 }), ['SKU-1'])
  assert.equal(await client.prices.count({ filters: { sku_code_eq: 'SKU-1' } }), 1)
  assert.equal(await client.customers.count({ filters: { email_end: '@example.com' } }), 4)
})

test('abstract types list their concrete records', async () => {
  const found = await client.tax_calculators.list({
    pageNumber: 1, pageSize: 25, sort: ['-created_at'], filters: { name_cont: 'man' }
  })
  assert.deepEqual(Array.from(found, each => each.type), ['manual_tax_calculators'])
  const promotions = await client.promotions.list({ filters: { name_cont: 'ten' } })
  assert.deepEqual(Array.from(promotions, each => each.type), ['percentage_discount_promotions'])
  const promotion = await client.promotions.retrieve(world.promotion.id, {
    include: ['coupon_codes_promotion_rule'],
    fields: {
      promotions: ['id', 'name', 'coupon_codes_promotion_rule'],
      coupon_codes_promotion_rule: ['id']
    }
  })
  assert.equal(promotion.coupon_codes_promotion_rule.id, world.promotion_rule.id)
})

test('the parents that the dashboard looks up are found, and others harmless', async () => {
  const parents = {
    markets: world.market, price_lists: world.price_list, stock_locations: world.stock_location,
    tax_calculators: world.tax_calculator, sku_lists: world.sku_list, promotions: world.promotion
  }
  for (const [type, parent] of Object.entries(parents)) {
    assert.equal((await client[type].retrieve(parent.id)).name, parent.name)
  }
  await refused(client.promotions.retrieve(world.promotion_rule.id), 404, 'RECORD_NOT_FOUND')
})

test('lists are read to their end', async () => {
  for (let number = 1; number <= 27; number++) {
    await client.addresses.create(address(`list-${String(number).padStart(2, '0')}`))
  }
  const filters = { reference_start: 'list-' }
  const found = await everything(client.addresses, { filters, sort: ['-reference'] })
  assert.equal(found.length, 27)
  assert.equal(found[0].reference, 'list-27')
  assert.equal((await client.addresses.list({ filters })).length, 10)
})

test('a record is deleted when nothing needs it', async () => {
  const { id } = await client.skus.create({ code: 'GONE', name: 'Gone', do_not_ship: true })
  await client.skus.delete(id)
  await refused(client.skus.retrieve(id), 404, 'RECORD_NOT_FOUND')
  await refused(client.price_lists.delete(world.price_list.id), 423, 'LOCKED')
})
