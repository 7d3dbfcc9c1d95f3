"""How orders are paid."""

from collections.abc import Iterable

from longshore.catalogue.declarations import (
    Attribute,
    Key,
    Relationship,
    ResourceType,
    Trigger,
)
from longshore.catalogue.fields import (
    NOTHING,
    array,
    boolean,
    circuit,
    common,
    concrete_type,
    currency_of_market,
    datetime,
    mapping,
    money,
    shared_secret,
    spellings_of,
    string,
    type_of,
)
from longshore.catalogue.links import (
    attachments,
    by_name,
    event_stores,
    found_one,
    outside_calls,
    switching,
    to_many,
    to_one,
)

_SOURCE_TYPES = (
    "adyen_payments",
    "axerve_payments",
    "braintree_payments",
    "checkout_com_payments",
    "external_payments",
    "klarna_payments",
    "paypal_payments",
    "satispay_payments",
    "stripe_payments",
    "wire_transfers",
)

PAYMENT_METHODS = ResourceType(
    name="payment_methods",
    singular="payment_method",
    attributes=(
        string("name", generated="name_of_source_type"),
        string(
            "payment_source_type",
            required=True,
            enum=_SOURCE_TYPES,
            spellings=spellings_of(_SOURCE_TYPES),
        ),
        currency_of_market(required="market == null"),
        boolean("moto", default=False, queryable=False),
        boolean("require_capture", default=True, queryable=False),
        boolean("auto_place", default=False, queryable=False),
        boolean("auto_capture", default=False, queryable=False),
        *money("price_amount", required=True, default=0, minimum=0),
        *money("auto_capture_max_amount", queryable=False, minimum=0),
        datetime("disabled_at", read_only=True),
        *common(),
    ),
    relationships=(
        to_one("market", "markets"),
        to_one("payment_gateway", "payment_gateways", required=True),
        to_one("store", "stores"),
        attachments(),
        event_stores(),
    ),
    triggers=tuple(switching()),
    keys=(by_name("market", nullable=("market",)),),
)

_CONCRETE = (
    "manual_gateways",
    "external_gateways",
)

_ATTRIBUTES = (
    string("name", required=True),
    boolean("force_payments", default=False, queryable=False),
    mapping("credential_keys", queryable=False, computed=NOTHING),
    datetime("disabled_at", read_only=True),
)

_RELATIONSHIPS = (
    to_many("payment_methods", inverse="payment_gateway"),
    event_stores(),
)

_TRIGGERS = (*switching(),)


def _payment_gateway(
    name: str,
    *attributes: Attribute,
    relationships: Iterable[Relationship] = (),
    triggers: Iterable[Trigger] = (),
) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="payment_gateways",
        attributes=(concrete_type(name), *_ATTRIBUTES, *attributes, *common()),
        relationships=(*_RELATIONSHIPS, *relationships),
        triggers=(*_TRIGGERS, *triggers),
        keys=(by_name("type"),),
    )


MANUAL_GATEWAYS = _payment_gateway(
    "manual_gateways",
)

EXTERNAL_GATEWAYS = _payment_gateway(
    "external_gateways",
    string("authorize_url", queryable=False),
    string("capture_url", queryable=False),
    string("void_url", queryable=False),
    string("refund_url", queryable=False),
    string("token_url", queryable=False),
    *circuit(),
    shared_secret(),
    array("external_includes"),
    relationships=(to_many("external_payments", empty=True),),
    triggers=tuple(outside_calls()),
)

PAYMENT_GATEWAYS = ResourceType(
    name="payment_gateways",
    singular="payment_gateway",
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE),
        *_ATTRIBUTES,
        *common(),
    ),
    relationships=(*_RELATIONSHIPS,),
    triggers=_TRIGGERS,
    keys=(by_name("type"),),
    actions=("list", "retrieve"),
)

EXTERNAL_PAYMENTS = ResourceType(
    name="external_payments",
    singular="external_payment",
    attributes=(
        string("payment_source_token", required=True, updatable=False, sortable=False),
        mapping("options", queryable=False),
        mapping("payment_instrument", queryable=False, computed=NOTHING),
        *common(),
    ),
    relationships=(
        to_one("order", "orders", required=True),
        found_one("payment_gateway", "payment_gateways", filterable=False, empty=True),
        found_one("wallet", "customer_payment_sources", virtual=True, empty=True),
        event_stores(),
    ),
    keys=(Key(parts=("order", "payment_source_token"), unique=False),),
)

WIRE_TRANSFERS = ResourceType(
    name="wire_transfers",
    singular="wire_transfer",
    attributes=(
        mapping("payment_instrument", queryable=False, computed=NOTHING),
        *common(),
    ),
    relationships=(
        to_one("order", "orders", required=True, filterable=False),
        event_stores(),
    ),
    keys=(Key(parts=("order",), unique=False),),
)
