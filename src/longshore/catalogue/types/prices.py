"""What things cost: price lists, prices and their schedules."""

from longshore.catalogue.declarations import (
    Form,
    Key,
    ResourceType,
    Topic,
    Total,
)
from longshore.catalogue.fields import (
    NOTHING,
    boolean,
    code_of,
    common,
    datetime,
    mapping,
    money,
    period,
    string,
    through,
)
from longshore.catalogue.links import (
    attachments,
    by_code_or_name,
    by_name,
    claims,
    event_stores,
    events,
    switching,
    to_many,
    to_one,
)

PRICE_LISTS = ResourceType(
    name="price_lists",
    singular="price_list",
    topic=Topic.PRICES,
    about="prices of one currency",
    common_rank=5,
    attributes=(
        string("name", required=True),
        string("code"),
        string("currency_code", required=True, form=Form.CURRENCY),
        boolean("tax_included", default=True),
        mapping("rule_outcomes", queryable=False, only_on=("retrieve",), computed=NOTHING),
        mapping(
            "rules",
            only_on=("retrieve", "create", "update"),
        ),
        mapping("resource_payload", queryable=False, only_on=("retrieve",), computed=NOTHING),
        *common(),
    ),
    relationships=(
        to_many("prices", inverse="price_list"),
        to_many("price_list_schedulers", inverse="price_list"),
        attachments(),
        event_stores(),
    ),
    keys=by_code_or_name(),
    importable=True,
)

PRICE_LIST_SCHEDULERS = ResourceType(
    name="price_list_schedulers",
    singular="price_list_scheduler",
    topic=Topic.PRICES,
    attributes=(
        string("name", required=True),
        datetime("starts_at", required=True),
        datetime("expires_at", required=True),
        *period(),
        datetime("disabled_at", read_only=True),
        *common(),
    ),
    relationships=(
        to_one("market", "markets", required=True),
        to_one("price_list", "price_lists", required=True),
        events(),
        event_stores(),
    ),
    triggers=tuple(switching()),
    keys=(by_name(),),
)

PRICES = ResourceType(
    name="prices",
    singular="price",
    topic=Topic.PRICES,
    about="what an SKU costs in a price list",
    common_rank=2,
    attributes=(
        string("currency_code", queryable=False, computed=through("price_list", "currency_code")),
        code_of("sku_code", "sku", "skus"),
        *money("amount", required=True, minimum=0),
        *money(
            "original_amount",
            with_float=False,
            queryable=False,
            computed=Total(of=("amount_cents",)),
        ),
        *money("compare_at_amount", minimum=0),
        mapping("rule_outcomes", queryable=False, only_on=("retrieve",), computed=NOTHING),
        datetime("processed_at", creatable=False, queryable=False),
        mapping(
            "rules",
            only_on=("retrieve", "create", "update"),
        ),
        mapping("resource_payload", queryable=False, only_on=("retrieve",), computed=NOTHING),
        mapping("jwt_custom_claim", queryable=False, computed=NOTHING),
        *common(),
    ),
    relationships=(
        to_one("price_list", "price_lists", required=True),
        to_one("sku", "skus", required="sku_code == null"),
        to_many("price_tiers", inverse="price"),
        to_many("price_volume_tiers", inverse="price", virtual=True),
        to_many("price_frequency_tiers", inverse="price", virtual=True),
        attachments(),
        *claims(),
        event_stores(),
    ),
    keys=(Key(parts=("price_list", "sku")),),
    parent="price_list",
    nested=("price_tiers",),
    importable=True,
)
