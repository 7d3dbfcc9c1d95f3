// What imports need to exist first, made through the SDK as an integration makes it.
export const address = reference => ({
  first_name: 'Ada', last_name: 'Lovelace', line_1: '1 Example Street', city: 'Bologna',
  zip_code: '40100', state_code: 'BO', country_code: 'IT', phone: '+39 051 000000', reference
})

export const makeWorld = async client => {
  const home = await client.addresses.create(address('home'))
  const price_list = await client.price_lists.create({ name: 'Europe', currency_code: 'EUR' })
  const shipping_category = await client.shipping_categories.create({ name: 'Merchandise' })
  const market = await client.markets.create({
    name: 'Europe',
    merchant: await client.merchants.create({ name: 'Merchant', address: home }),
    price_list,
    inventory_model: await client.inventory_models.create({ name: 'Warehouses' })
  })
  const warehouses = []
  for (const name of ['North', 'South']) {
    const its = await client.addresses.create(address(name))
    warehouses.push(await client.stock_locations.create({ name, address: its }))
  }
  const skus = []
  for (const code of ['SKU-1', 'SKU-2', 'SKU-3']) {
    skus.push(await client.skus.create({ code, name: `Name of ${code}`, shipping_category }))
  }
  const customer = await client.customers.create({ email: 'ada@example.com' })
  const order = await client.orders.create({ market, customer_email: 'grace@example.com' })
  const promotion = await client.percentage_discount_promotions.create({
    name: 'Ten', percentage: 10,
    starts_at: '2026-01-01T00:00:00Z', expires_at: '2036-01-01T00:00:00Z'
  })
  const gateway = await client.manual_gateways.create({ name: 'By hand' })
  return {
    home, price_list, shipping_category, market, skus, customer, order, promotion,
    stock_location: warehouses[0],
    other_stock_location: warehouses[1],
    sku_list: await client.sku_lists.create({ name: 'Summer' }),
    sku_option: await client.sku_options.create({ name: 'Engraving', currency_code: 'EUR' }),
    price: await client.prices.create({ price_list, sku: skus[0], amount_cents: 1000 }),
    line_item: await client.line_items.create({
      order, sku_code: 'SKU-3', name: 'Third', quantity: 1, unit_amount_cents: 500
    }),
    tax_calculator: await client.manual_tax_calculators.create({ name: 'Manual' }),
    promotion_rule: await client.coupon_codes_promotion_rules.create({ promotion }),
    payment_method: await client.payment_methods.create({
      payment_source_type: 'wire_transfers', currency_code: 'EUR', price_amount_cents: 0,
      payment_gateway: gateway
    })
  }
}
