"""Shipping prices that depend on what is sent."""

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
    money,
    number,
    string,
    type_of,
)
from longshore.catalogue.links import (
    attachments,
    event_stores,
    events,
    to_one,
)

_CONCRETE = ("shipping_weight_tiers",)

_ATTRIBUTES = (
    string("name", required=True),
    number("up_to", above=0),
    *money("price_amount", currency=("shipping_method", "currency_code"), required=True, minimum=0),
)

_RELATIONSHIPS = (
    to_one("shipping_method", "shipping_methods", required=True),
    attachments(),
    event_stores(),
)


def _shipping_method_tier(
    name: str, *attributes: Attribute, relationships: Iterable[Relationship] = ()
) -> ResourceType:
    """A concrete type: what all have in common, and its own."""
    return ResourceType(
        name=name,
        singular=name.removesuffix("s"),
        base="shipping_method_tiers",
        attributes=(concrete_type(name), *_ATTRIBUTES, *attributes, *common()),
        relationships=(*_RELATIONSHIPS, *relationships),
        keys=(Key(parts=("shipping_method", "type", "up_to"), nullable=("up_to",)),),
        parent="shipping_method",
    )


SHIPPING_WEIGHT_TIERS = _shipping_method_tier(
    "shipping_weight_tiers",
    relationships=(events(),),
)

SHIPPING_METHOD_TIERS = ResourceType(
    name="shipping_method_tiers",
    singular="shipping_method_tier",
    topic=Topic.SHIPPING_AND_TAXES,
    concrete=_CONCRETE,
    attributes=(
        type_of(_CONCRETE),
        *_ATTRIBUTES,
        *common(),
    ),
    relationships=(*_RELATIONSHIPS,),
    keys=(Key(parts=("shipping_method", "type", "up_to"), nullable=("up_to",)),),
    parent="shipping_method",
    actions=("list", "retrieve"),
)
