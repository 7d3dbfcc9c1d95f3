"""Who computes taxes, by which rules and categories."""

from collections.abc import Iterable

from longshore.catalogue.declarations import (
    Attribute,
    Key,
    Relationship,
    ResourceType,
    Topic,
    Trigger,
)
from longshore.catalogue.fields import (
    NOTHING,
    array,
    boolean,
    circuit,
    code_of,
    common,
    concrete_type,
    datetime,
    mapping,
    number,
    regex,
    shared_secret,
    string,
    type_of,
)
from longshore.catalogue.links import (
    attachments,
    by_name,
    event_stores,
    events,
    outside_calls,
    to_many,
    to_one,
    unsupported,
)

_CONCRETE = (
    "manual_tax_calculators",
    "external_tax_calculators",
    "avalara_accounts",
    "taxjar_accounts",
    "stripe_tax_accounts",
    "vertex_accounts",
)

_RELATIONSHIPS = (
    to_many("markets", filterable=False, inverse="tax_calculator"),
    attachments(),
    events(),
    event_stores(),
)


def _tax_calculator(
    name: str,
    *attributes: Attribute,
    relationships: Iterable[Relationship] = (),
    triggers: Iterable[Trigger] = (),
) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="tax_calculators",
        attributes=(
            concrete_type(name),
            string("name", required=True),
            *attributes,
            *common(),
        ),
        relationships=(*_RELATIONSHIPS, *relationships),
        triggers=(*triggers,),
        keys=(by_name("type"),),
    )


MANUAL_TAX_CALCULATORS = _tax_calculator(
    "manual_tax_calculators",
    relationships=(to_many("tax_rules", inverse="manual_tax_calculator"),),
)

EXTERNAL_TAX_CALCULATORS = _tax_calculator(
    "external_tax_calculators",
    string("tax_calculator_url", required=True, queryable=False),
    *circuit(),
    shared_secret(),
    array("external_includes"),
    triggers=tuple(outside_calls()),
)

AVALARA_ACCOUNTS = _tax_calculator(
    "avalara_accounts",
    string("username", required=True, queryable=False),
    string("password", required=True, write_only=True, confidential=True),
    string("company_code", required=True, queryable=False),
    boolean("commit_invoice", queryable=False),
    boolean("ddp", queryable=False),
    relationships=(to_many("tax_categories", inverse="tax_calculator"),),
)

TAXJAR_ACCOUNTS = _tax_calculator(
    "taxjar_accounts",
    string("api_key", required=True, write_only=True, sortable=True, confidential=True),
    relationships=(to_many("tax_categories", filterable=False, inverse="tax_calculator"),),
)

STRIPE_TAX_ACCOUNTS = _tax_calculator(
    "stripe_tax_accounts",
    string("api_key", required=True, write_only=True, sortable=True, confidential=True),
    boolean("commit_invoice", queryable=False),
    relationships=(to_many("tax_categories", filterable=False, inverse="tax_calculator"),),
)

VERTEX_ACCOUNTS = _tax_calculator(
    "vertex_accounts",
    string("kind", default="cloud", enum=("cloud", "on_demand", "on_premise"), queryable=False),
    string("baseurl", required="kind != 'cloud'", queryable=False),
    string("client_id", required=True, write_only=True, sortable=True, confidential=True),
    string("client_secret", required=True, write_only=True, sortable=True, confidential=True),
    string("api_endpoint", queryable=False, computed=NOTHING),
    boolean("commit_invoice", queryable=False),
    datetime("token_expires_at", queryable=False, computed=NOTHING),
    triggers=(unsupported("_refresh_token"),),
)

TAX_CALCULATORS = ResourceType(
    name="tax_calculators",
    singular="tax_calculator",
    topic=Topic.SHIPPING_AND_TAXES,
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE),
        string("name", required=True),
        *common(),
    ),
    relationships=(*_RELATIONSHIPS,),
    keys=(by_name("type"),),
    actions=("list", "retrieve"),
)

TAX_RULES = ResourceType(
    name="tax_rules",
    singular="tax_rule",
    topic=Topic.SHIPPING_AND_TAXES,
    attributes=(
        string("name", required=True),
        number("tax_rate", default=0.0),
        boolean("freight_taxable", default=False, sortable=False),
        boolean("payment_method_taxable", default=False, sortable=False),
        boolean("gift_card_taxable", default=False, sortable=False),
        boolean("adjustment_taxable", default=False, sortable=False),
        mapping("breakdown", queryable=False, computed=NOTHING),
        regex("country_code_regex"),
        regex("not_country_code_regex"),
        regex("state_code_regex"),
        regex("not_state_code_regex"),
        regex("zip_code_regex"),
        regex("not_zip_code_regex"),
        *common(),
    ),
    relationships=(
        to_one("manual_tax_calculator", "manual_tax_calculators", required=True),
        event_stores(),
    ),
    keys=(by_name("manual_tax_calculator"),),
    parent="manual_tax_calculator",
)

TAX_CATEGORIES = ResourceType(
    name="tax_categories",
    singular="tax_category",
    topic=Topic.SHIPPING_AND_TAXES,
    about="which tax code an SKU has",
    attributes=(
        string("code", required=True),
        code_of("sku_code", "sku", "skus"),
        *common(),
    ),
    relationships=(
        to_one("sku", "skus", required="sku_code == null"),
        to_one(
            "tax_calculator",
            "avalara_accounts",
            "stripe_tax_accounts",
            "vertex_accounts",
            "taxjar_accounts",
            "manual_tax_calculators",
            "external_tax_calculators",
            required=True,
            updatable=False,
            polymorphic=True,
        ),
        attachments(),
        event_stores(),
    ),
    keys=(Key(parts=("tax_calculator", "sku")),),
    parent="tax_calculator",
    importable=True,
)
