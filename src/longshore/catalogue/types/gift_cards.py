"""Gift cards and who received them."""

from longshore.catalogue.declarations import (
    Constant,
    Form,
    Key,
    ResourceType,
    Topic,
    Trigger,
    ValueType,
)
from longshore.catalogue.fields import (
    array,
    boolean,
    common,
    currency_of_market,
    datetime,
    email_of,
    mapping,
    money,
    string,
)
from longshore.catalogue.links import (
    attachments,
    becomes,
    event_stores,
    events,
    tagging,
    tags,
    to_one,
)

GIFT_CARDS = ResourceType(
    name="gift_cards",
    singular="gift_card",
    topic=Topic.ORDERS,
    about="codes with a balance",
    attributes=(
        string("status", enum=("draft", "inactive", "active", "redeemed"), default="draft"),
        string(
            "code",
            updatable=False,
            sortable=False,
            generated="uuid",
            length_min="gift_cards_min_code_length",
            length_max="gift_cards_max_code_length",
        ),
        currency_of_market(required="market == null"),
        *money("initial_balance", read_only=True, queryable=False, generated="initial_balance"),
        *money("balance", required=True, minimum=0),
        *money("balance_max", minimum=0),
        array("balance_log", computed=Constant(value=[])),
        mapping("usage_log", queryable=False, computed=Constant(value={})),
        boolean("single_use", default=False, sortable=False),
        boolean("rechargeable", default=True, sortable=False),
        boolean("distribute_discount", default=True, queryable=False),
        string("image_url", queryable=False),
        datetime("expires_at"),
        email_of("recipient_email", "gift_card_recipient", "gift_card_recipients"),
        *common(),
    ),
    relationships=(
        to_one("market", "markets"),
        to_one("gift_card_recipient", "gift_card_recipients"),
        attachments(),
        events(),
        tags(),
        event_stores(),
    ),
    triggers=(
        becomes("_purchase", "inactive"),
        becomes("_activate", "active"),
        becomes("_deactivate", "inactive"),
        Trigger(
            name="_balance_change_cents",
            type=ValueType.INTEGER,
            creatable=False,
            rule="balance_change",
            adds_up=True,
        ),
        *tagging(),
    ),
    keys=(Key(parts=("code",)),),
    parent="market",
    nested=("tags",),
    filter_scopes=("with_status",),
    importable=True,
)

GIFT_CARD_RECIPIENTS = ResourceType(
    name="gift_card_recipients",
    singular="gift_card_recipient",
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
