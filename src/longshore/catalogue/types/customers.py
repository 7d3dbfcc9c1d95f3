"""Who buys: customers and what is kept of them."""

from longshore.catalogue.declarations import (
    Constant,
    Count,
    Form,
    Key,
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    NOTHING,
    boolean,
    common,
    derived,
    email_of,
    integer,
    mapping,
    string,
)
from longshore.catalogue.links import (
    attachments,
    by_code_or_name,
    claims,
    event_stores,
    events,
    tagging,
    tags,
    to_many,
    to_one,
    unsupported,
)
from longshore.catalogue.types.addresses import ADDRESS_PARTS, NAME_PARTS

CUSTOMER_GROUPS = ResourceType(
    name="customer_groups",
    singular="customer_group",
    topic=Topic.CUSTOMERS,
    attributes=(
        string("name", required=True),
        string("code"),
        *common(),
    ),
    relationships=(
        to_many("customers", filterable=False, inverse="customer_group"),
        to_many("markets", filterable=False, inverse="customer_group"),
        attachments(),
        event_stores(),
    ),
    keys=by_code_or_name(),
)

CUSTOMERS = ResourceType(
    name="customers",
    singular="customer",
    topic=Topic.CUSTOMERS,
    about="who buys, by e-mail address",
    common_rank=4,
    attributes=(
        string("email", required=True, form=Form.EMAIL),
        string("password", write_only=True, discarded=True, marks="has_password"),
        string(
            "status", enum=("prospect", "acquired", "repeat"), computed=Constant(value="prospect")
        ),
        boolean("has_password", read_only=True, queryable=False, default=False),
        integer("total_orders_count", computed=Count(relationship="orders")),
        string("shopper_reference", queryable=False),
        string("profile_id", queryable=False),
        string("tax_exemption_code", queryable=False),
        mapping("jwt_custom_claim", queryable=False, computed=NOTHING),
        mapping("anonymization_info", queryable=False, computed=NOTHING),
        string(
            "anonymization_status",
            enum=("requested", "started", "completed", "failed", "cancelled"),
            computed=NOTHING,
        ),
        *common(),
    ),
    relationships=(
        to_one("customer_group", "customer_groups"),
        to_many("customer_addresses", inverse="customer"),
        to_many("customer_payment_sources", inverse="customer"),
        to_many("customer_subscriptions", inverse="customer"),
        to_many("orders", filterable=False, inverse="customer"),
        to_many("order_subscriptions", empty=True),
        to_many("returns", empty=True),
        to_many("sku_lists", inverse="customer"),
        attachments(),
        events(),
        tags(),
        *claims(),
        event_stores(),
    ),
    triggers=(
        *tagging(),
        unsupported("_request_anonymization"),
        unsupported("_cancel_anonymization"),
    ),
    keys=(Key(parts=("email",)),),
    parent="customer_group",
    nested=("tags",),
    importable=True,
)

CUSTOMER_ADDRESSES = ResourceType(
    name="customer_addresses",
    singular="customer_address",
    topic=Topic.CUSTOMERS,
    about="which addresses a customer has",
    attributes=(
        string(
            "name",
            queryable=False,
            computed=derived(
                "address_name", *(f"address.{part}" for part in (*NAME_PARTS, *ADDRESS_PARTS))
            ),
        ),
        email_of(
            "customer_email", "customer", "customers", required="customer == null", updatable=False
        ),
        *common(),
    ),
    relationships=(
        to_one("customer", "customers", required="customer_email == null"),
        to_one("address", "addresses", required=True),
        events(),
        event_stores(),
    ),
    keys=(Key(parts=("customer", "address")),),
    parent="customer",
    nested=("customer", "address"),
    importable=True,
    plain_filters={"country_code": "address_country_code"},
)

CUSTOMER_PAYMENT_SOURCES = ResourceType(
    name="customer_payment_sources",
    singular="customer_payment_source",
    topic=Topic.CUSTOMERS,
    attributes=(
        string("name", sortable=False, computed=NOTHING),
        string("customer_token", queryable=False),
        string("payment_source_token", sortable=False),
        *common(),
    ),
    relationships=(
        to_one("customer", "customers", required=True),
        to_one("payment_method", "payment_methods"),
        to_one(
            "payment_source",
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
            filterable=False,
            polymorphic=True,
        ),
        event_stores(),
    ),
    keys=(Key(parts=("customer", "payment_method", "payment_source_token")),),
    parent="customer",
    importable=True,
)

CUSTOMER_SUBSCRIPTIONS = ResourceType(
    name="customer_subscriptions",
    singular="customer_subscription",
    topic=Topic.CUSTOMERS,
    attributes=(
        email_of(
            "customer_email", "customer", "customers", required="customer == null", updatable=False
        ),
        *common(reference_required=True),
    ),
    relationships=(
        to_one("customer", "customers", updatable=False),
        events(),
        event_stores(),
    ),
    keys=(Key(parts=("customer", "reference")),),
    parent="customer",
    importable=True,
)
