"""Every deliberate difference between the facts and the declarations, with its reason.

The left side is a pattern of departures as `facts.departures` names them.
"""

from collections.abc import Mapping

_WRITTEN_FROM_THE_CHILD = (
    "the child requires its parent, so linking from the parent could only move it; "
    "rows and requests name the parent in the child, or nest the child where that is offered"
)
_NEVER_EXISTS = "its target is outside longshore's scope, so there is nothing to link"
_DAYS = "days are filtered and sorted by wherever there are hours, as those are"

DIFFERENCES: Mapping[str, str] = {
    "line_items.keys.order+reference": "without a key: `reference` within the parent (decided)",
    "line_item_options.keys.line_item+reference": "without a key: `reference` within the parent",
    "bundles.keys.code": "a code identifies a bundle within its market (importing.md, section 5)",
    "bundles.keys.code+market": "a code identifies a bundle within its market",
    "tax_categories.keys.code+tax_calculator": "contradicts the documented example with two SKUs",
    "tax_categories.keys.sku+tax_calculator": "the practical key of importing.md, section 5",
    "customer_subscriptions.keys.customer_email+reference": "the e-mail address fills `customer`",
    "customer_subscriptions.customer_email.required": "a parent gives the customer as well",
    "customer_subscriptions.customer.creatable": "a parent or `customer_id` gives the customer",
    "customers.has_password.default": "false until a row gives a password",
    "gift_cards.status.*": "rows may carry a status (importing.md, section 6)",
    "line_items.nested.line_item_options": "options are only found through their line item",
    "orders.status.enum": "longshore neither edits orders nor places them in the background",
    "orders.gift_card_or_coupon_code.*": "deprecated: rows name one of the two codes",
    "price_tiers.up_to.type": "all concrete tiers have integers, and they share a table",
    "payment_methods.price_amount_cents.default": "the official seeder leaves it out",
    "webhooks.circuit_state.enum": "the circuit is declared alike in all types",
    "prices.price_tiers.*atable": _WRITTEN_FROM_THE_CHILD,
    "manual_tax_calculators.tax_rules.*atable": _WRITTEN_FROM_THE_CHILD,
    "*_accounts.tax_categories.*atable": _WRITTEN_FROM_THE_CHILD,
    "coupon_codes_promotion_rules.coupons.*atable": _WRITTEN_FROM_THE_CHILD,
    "shipping_methods.shipping_method_tiers.*atable": _WRITTEN_FROM_THE_CHILD,
    "stock_transfers.shipment.*atable": _NEVER_EXISTS,
    "markets.discount_engine.*atable": _NEVER_EXISTS,
    "shipping_weight_tiers.relationships.events": "clients ask for `events`, as of price tiers",
    "stock_transfers.attributes.archived_at": "never shown, but filtered by",
    "line_item_options.delay_days.sortable": _DAYS,
    "imports.attributes.once": "longshore's own: whether the same file may be imported twice",
    "imports.triggers._undo": "longshore's own: takes back what an import has done",
    "imports.attributes.part_of": "longshore's own: the parts of one file that is sent in parts",
    "imports.attributes.all_or_nothing": "longshore's own: whether one failed row keeps all out",
    "delivery_lead_times.max_days.sortable": _DAYS,
}
