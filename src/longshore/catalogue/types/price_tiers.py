"""Prices that depend on the quantity or the frequency of an order."""

from collections.abc import Iterable

from longshore.catalogue.declarations import (
    Attribute,
    Key,
    Relationship,
    ResourceType,
    Topic,
)
from longshore.catalogue.fields import (
    common,
    concrete_type,
    integer,
    money,
    string,
    type_of,
)
from longshore.catalogue.links import (
    attachments,
    event_stores,
    events,
    to_one,
)

_CONCRETE = (
    "price_volume_tiers",
    "price_frequency_tiers",
)

_ATTRIBUTES = (
    string("name", required=True),
    integer("up_to", above=0),
    *money(
        "price_amount", currency=("price", "price_list", "currency_code"), required=True, minimum=0
    ),
)

_RELATIONSHIPS = (
    to_one("price", "prices", required=True),
    attachments(),
    event_stores(),
)


def _price_tier(
    name: str, *attributes: Attribute, relationships: Iterable[Relationship] = ()
) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="price_tiers",
        attributes=(concrete_type(name), *_ATTRIBUTES, *attributes, *common()),
        relationships=(*_RELATIONSHIPS, *relationships),
        keys=(Key(parts=("price", "type", "up_to"), nullable=("up_to",)),),
        parent="price",
    )


PRICE_VOLUME_TIERS = _price_tier(
    "price_volume_tiers",
    relationships=(events(),),
)

PRICE_FREQUENCY_TIERS = _price_tier(
    "price_frequency_tiers",
    relationships=(events(),),
)

PRICE_TIERS = ResourceType(
    name="price_tiers",
    singular="price_tier",
    topic=Topic.PRICES,
    about="other prices for more pieces",
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE, default="price_volume_tiers"),
        *_ATTRIBUTES,
        *common(),
    ),
    relationships=(*_RELATIONSHIPS,),
    keys=(Key(parts=("price", "type", "up_to"), nullable=("up_to",)),),
    parent="price",
    importable=True,
    actions=("list", "retrieve"),
)
