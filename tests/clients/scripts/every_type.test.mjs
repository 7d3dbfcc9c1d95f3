// The life of an import for each type that the SDK imports: created with what the type needs,
// watched until it is done, its records read back, imported again, and once with a row that fails.
import assert from 'node:assert/strict'
import { test } from 'node:test'

import { connect, everything, finished, refused } from './server.mjs'
import { address, makeWorld } from './world.mjs'

const client = connect()
const world = await makeWorld(client)

// Of each type: its rows; the parent of those rows; a row that fails with what is said about it;
// whether the same rows mean the same records when they come again.
const TYPES = {
  addresses: () => ({
    rows: [address('a-1'), address('a-2')],
    bad: [{ ...address('a-3'), line_1: null }, { line_1: ["can't be blank"] }],
    is_keyed: false
  }),
  bundles: () => ({
    parent: world.market,
    rows: ['B-1', 'B-2'].map(code => ({
      code, name: code, currency_code: 'EUR', price_amount_cents: 900, sku_list_id: world.sku_list.id,
      reference: code
    })),
    bad: [
      { code: 'B-3', name: 'B-3', currency_code: 'EUR', price_amount_cents: 900 },
      { sku_list: ['must exist'] }
    ]
  }),
  coupons: () => ({
    parent: world.promotion_rule,
    rows: ['COUPON-0001', 'COUPON-0002'].map(code => ({ code, usage_limit: 3, reference: code })),
    bad: [{ code: 'SHORT' }, { code: ['is too short (minimum is 8 characters)'] }]
  }),
  customer_addresses: () => ({
    parent: world.customer,
    rows: [{ address_id: world.home.id, reference: 'ca-1' }],
    bad: [{ reference: 'ca-2' }, { address: ['must exist'] }]
  }),
  customer_payment_sources: () => ({
    parent: world.customer,
    rows: ['t-1', 't-2'].map(token => ({
      payment_method_id: world.payment_method.id, payment_source_token: token, reference: token
    })),
    bad: [
      { payment_method_id: 'nosuchid00', payment_source_token: 't-3' },
      { payment_method: ['must exist'] }
    ]
  }),
  customer_subscriptions: () => ({
    rows: ['s-1', 's-2'].map(reference => ({ customer_email: 'new@example.com', reference })),
    bad: [{ customer_email: 'not an address', reference: 's-3' }, { customer_email: ['is invalid'] }]
  }),
  customers: () => ({
    rows: ['c-1', 'c-2'].map(name => ({ email: `${name}@example.com`, reference: name })),
    bad: [{ email: 'not an address' }, { email: ['is invalid'] }]
  }),
  gift_cards: () => ({
    parent: world.market,
    rows: ['GIFT-0001', 'GIFT-0002'].map(code => ({
      code, currency_code: 'EUR', balance_cents: 5000, reference: code
    })),
    bad: [{ code: 'GIFT-0003', currency_code: 'EUR' }, { balance_cents: ["can't be blank"] }]
  }),
  line_item_options: () => ({
    parent: world.line_item,
    rows: ['o-1', 'o-2'].map(reference => ({
      sku_option_id: world.sku_option.id, quantity: 1, options: { text: 'Ada' },
      unit_amount_cents: 100, name: 'Engraving', reference
    })),
    bad: [
      { sku_option_id: world.sku_option.id, options: { text: 'Ada' }, quantity: 'one' },
      { quantity: ['is not a number'] }
    ]
  }),
  line_items: () => ({
    parent: world.order,
    rows: ['l-1', 'l-2'].map(reference => ({
      item_type: 'skus', sku_code: 'SKU-1', name: 'First', quantity: 2, unit_amount_cents: 1000,
      reference
    })),
    bad: [
      { name: 'First', sku_code: 'SKU-1', unit_amount_cents: 1000 },
      { quantity: ["can't be blank"] }
    ]
  }),
  orders: () => ({
    parent: world.market,
    rows: ['1001', '1002'].map(number => ({
      number, customer_email: 'ada@example.com', _archive: 1, reference: number,
      line_items: [{
        item_type: 'sku', sku_code: 'SKU-2', name: 'Second', quantity: 3, unit_amount_cents: 700
      }]
    })),
    bad: [
      { number: '1003', line_items: [{ name: 'X', unit_amount_cents: 1, quantity: 0 }] },
      { 'line_items.quantity': ['must be other than 0'] }
    ]
  }),
  price_lists: () => ({
    rows: ['EUR', 'USD'].map(code => ({ code, name: code, currency_code: code, reference: code })),
    bad: [
      { code: 'XXX', name: 'X', currency_code: 'XXY' },
      { currency_code: ['is not included in the list'] }
    ]
  }),
  price_tiers: () => ({
    parent: world.price,
    rows: [
      { type: 'price_volume_tiers', name: 'ten', up_to: 10, price_amount_cents: 900, reference: 'p1' },
      { type: 'PriceVolumeTier', name: 'rest', price_amount_cents: 800, reference: 'p2' }
    ],
    bad: [
      { type: 'price_volume_tiers', name: 'some', up_to: 20 },
      { price_amount_cents: ["can't be blank"] }
    ]
  }),
  prices: () => ({
    parent: world.price_list,
    rows: ['SKU-2', 'SKU-3'].map(sku_code => ({
      sku_code, amount_cents: 1200, compare_at_amount_cents: 1500, reference: sku_code,
      price_tiers: [{ type: 'price_volume_tiers', name: 'ten', up_to: 10, price_amount_cents: 900 }]
    })),
    bad: [{ sku_code: 'NONE', amount_cents: 1 }, { sku: ['must exist'] }]
  }),
  shipping_categories: () => ({
    rows: ['LIGHT', 'HEAVY'].map(code => ({ code, name: code, reference: code })),
    bad: [{ code: 'NOTHING' }, { name: ["can't be blank"] }]
  }),
  sku_list_items: () => ({
    parent: world.sku_list,
    rows: ['SKU-1', 'SKU-2'].map(sku_code => ({ sku_code, quantity: 2, reference: sku_code })),
    bad: [{ sku_code: 'NONE' }, { sku: ['must exist'] }]
  }),
  sku_lists: () => ({
    rows: ['Winter', 'Autumn'].map(name => ({
      name, sku_list_items: [{ sku_code: 'SKU-1' }], reference: name
    })),
    bad: [{ name: 'All', manual: false }, { sku_code_regex: ["can't be blank"] }]
  }),
  sku_options: () => ({
    parent: world.market,
    rows: ['Wrapping', 'Card'].map(name => ({
      name, currency_code: 'EUR', price_amount_cents: 250, reference: name
    })),
    bad: [{ currency_code: 'EUR' }, { name: ["can't be blank"] }]
  }),
  skus: () => ({
    parent: world.shipping_category,
    rows: ['IMP-1', 'IMP-2'].map(code => ({
      code, name: `Name of ${code}`, tags: [{ name: 'imported' }], reference: code
    })),
    bad: [
      { code: 'IMP-3', name: '', weight: 'heavy' },
      { name: ["can't be blank"], weight: ['is not a number'] }
    ]
  }),
  stock_items: () => ({
    parent: world.stock_location,
    rows: ['SKU-1', 'SKU-2'].map(sku_code => ({ sku_code, quantity: 7, reference: sku_code })),
    bad: [
      { sku_code: 'SKU-3', quantity: -1 },
      { quantity: ['must be greater than or equal to 0'] }
    ]
  }),
  stock_locations: () => ({
    rows: ['EAST', 'WEST'].map(code => ({
      code, name: code, address_id: world.home.id, reference: code
    })),
    bad: [{ code: 'NORTH', name: 'North' }, { address: ['must exist'] }]
  }),
  stock_transfers: () => ({
    rows: ['T-1', 'T-2'].map(number => ({
      number, sku_code: 'SKU-1', quantity: 1, reference: number,
      origin_stock_location_id: world.stock_location.id,
      destination_stock_location_id: world.other_stock_location.id
    })),
    bad: [
      {
        number: 'T-3', sku_code: 'SKU-1', quantity: 1,
        origin_stock_location_id: world.stock_location.id
      },
      { destination_stock_location: ['must exist'] }
    ]
  }),
  tags: () => ({
    rows: ['sale', 'clearance'].map(name => ({ name })),
    bad: [{ name: '' }, { name: ["can't be blank"] }],
    read_by: 'name'
  }),
  tax_categories: () => ({
    parent: world.tax_calculator,
    rows: ['SKU-1', 'SKU-2'].map(sku_code => ({ code: '31000', sku_code, reference: sku_code })),
    bad: [{ sku_code: 'SKU-3' }, { code: ["can't be blank"] }]
  })
}

for (const [type, describe] of Object.entries(TYPES)) {
  test(`an import of ${type} lives`, async () => {
    const { parent, rows, bad, is_keyed = true, read_by = 'reference' } = describe()
    const submitted = { resource_type: type, parent_resource_id: parent?.id, inputs: rows }
    const mine = { filters: { [`${read_by}_in`]: rows.map(row => row[read_by]) } }

    const created = await client.imports.create({ ...submitted, metadata: { of: type } })
    assert.match(created.id, /^[A-Za-z0-9]{10}$/)
    assert.equal(created.status, 'pending')
    assert.equal(created.format, 'json')
    assert.equal(created.inputs_size, rows.length)
    assert.deepEqual(created.inputs, rows)
    assert.equal(created.parent_resource_id, parent?.id ?? null)
    assert.deepEqual(
      [created.started_at, created.completed_at, created.interrupted_at], [null, null, null]
    )

    const done = await finished(client, created.id)
    assert.deepEqual(done.errors_log, {})
    assert.equal(done.status, 'completed')
    assert.equal(done.processed_count, rows.length)
    assert.equal(done.errors_count, 0)
    assert.deepEqual(done.metadata, { of: type })
    assert.ok(done.started_at <= done.completed_at)
    assert.equal(done.interrupted_at, null)

    const records = await everything(client[type], mine)
    assert.equal(records.length, rows.length)
    for (const row of rows) {
      const record = records.find(record => record[read_by] === row[read_by])
      for (const [name, value] of Object.entries(row)) {
        // What a record has under the same name is what the row said.
        if (name in record && name !== 'type') assert.deepEqual(record[name], value, name)
      }
    }

    // A record has the history of its import.
    const history = await client[type].event_stores(records[0].id)
    assert.equal(history[0].event, 'create')

    const again = await finished(client, (await client.imports.create(submitted)).id)
    assert.equal(again.processed_count, rows.length)
    const expected = is_keyed ? rows.length : rows.length * 2
    assert.equal(await client[type].count(mine), expected)

    const [row, messages] = bad
    const failed = await finished(client, (await client.imports.create({
      ...submitted, inputs: [...rows, row], skip_errors: true
    })).id)
    assert.equal(failed.status, 'completed')
    assert.equal(failed.errors_count, 1)
    assert.equal(failed.processed_count, rows.length)
    assert.deepEqual(Object.values(failed.errors_log), [messages])

    const over = await finished(client, (await client.imports.create({
      ...submitted, inputs: [row, ...rows]
    })).id)
    assert.equal(over.status, 'interrupted')
    assert.equal(over.errors_count, 1)
    assert.equal(over.processed_count, 0)
    assert.equal(over.completed_at, null)
    assert.ok(over.interrupted_at)

    await client.imports.delete(created.id)
    await refused(client.imports.retrieve(created.id), 404, 'RECORD_NOT_FOUND')
  })
}
