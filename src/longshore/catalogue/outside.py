"""Resource types of the wire contract that are outside longshore's scope.

Relationships to them are present in documents and always empty.
"""

_NAMES = """
adyen_gateways adyen_payments authorizations axerve_gateways axerve_payments
braintree_gateways braintree_payments captures carrier_accounts checkout_com_gateways
checkout_com_payments discount_engine_items discount_engines klarna_gateways klarna_payments
notifications order_copies order_factories order_subscriptions order_validation_rules
packages parcels payment_options paypal_gateways paypal_payments recurring_order_copies
refunds resource_errors return_line_items returns satispay_gateways satispay_payments
shipment_line_items shipments stock_line_items stripe_gateways stripe_payments transactions
voids
"""
OUTSIDE_TYPES = frozenset(_NAMES.split())
