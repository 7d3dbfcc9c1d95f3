"""Coupons and who received them."""

from longshore.catalogue.declarations import (
    Form,
    Key,
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    ZERO,
    boolean,
    common,
    datetime,
    email_of,
    integer,
    string,
)
from longshore.catalogue.links import (
    attachments,
    event_stores,
    events,
    tagging,
    tags,
    to_one,
)

COUPONS = ResourceType(
    name="coupons",
    singular="coupon",
    topic=Topic.ORDERS,
    about="codes of a promotion",
    attributes=(
        string(
            "code",
            required=True,
            length_min="coupons_min_code_length",
            length_max="coupons_max_code_length",
        ),
        boolean("customer_single_use", default=False),
        integer("usage_limit", minimum=0),
        integer("usage_count", computed=ZERO),
        email_of("recipient_email", "coupon_recipient", "coupon_recipients"),
        datetime("expires_at"),
        *common(),
    ),
    relationships=(
        to_one("promotion_rule", "coupon_codes_promotion_rules", required=True),
        to_one("coupon_recipient", "coupon_recipients"),
        events(),
        tags(),
        event_stores(),
    ),
    triggers=tuple(tagging()),
    keys=(Key(parts=("promotion_rule", "code")), Key(parts=("code",), unique=False, matches=False)),
    parent="promotion_rule",
    nested=("tags",),
    importable=True,
)

COUPON_RECIPIENTS = ResourceType(
    name="coupon_recipients",
    singular="coupon_recipient",
    attributes=(
        string("email", required=True, form=Form.EMAIL),
        string("first_name", sortable=False),
        string("last_name", sortable=False),
        *common(),
    ),
    relationships=(
        to_one("customer", "customers"),
        event_stores(),
        attachments(),
    ),
    keys=(Key(parts=("email",)),),
)
