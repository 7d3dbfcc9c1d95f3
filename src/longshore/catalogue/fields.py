"""Short constructors, so that the declaration of a resource type reads in a screen.

An attribute may be written, read, filtered and sorted unless its declaration says otherwise;
a computed one may only be read. `queryable=False` stands for neither filterable nor sortable.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypedDict, Unpack

from longshore.catalogue.aliases import FIELD_ALIASES, FIELD_SPARE_ALIASES
from longshore.catalogue.declarations import (
    Attribute,
    Bound,
    Computed,
    Constant,
    Days,
    Derived,
    Form,
    Later,
    MoneyFloat,
    MoneyText,
    Naming,
    Through,
    ValueType,
    required_when,
)

NOTHING = Constant(value=None)
ZERO = Constant(value=0)


class Traits(TypedDict, total=False):
    """What a declaration may say of an attribute beyond its name and type."""

    required: bool | str
    read_only: bool
    write_only: bool
    queryable: bool
    creatable: bool
    updatable: bool
    fetchable: bool
    filterable: bool
    sortable: bool
    default: object
    generated: str
    enum: tuple[str, ...]
    spellings: Mapping[str, str]
    minimum: Bound
    above: Bound
    maximum: Bound
    nonzero: bool
    length_min: Bound
    length_max: Bound
    form: Form
    lower: bool
    computed: Computed
    fallback: Through | Later | Constant
    names: Naming
    is_code: bool
    unit: str
    marks: str
    accepted_with: str
    discarded: bool
    confidential: bool
    only_on: tuple[str, ...]
    aliases: tuple[str, ...]
    spare_aliases: tuple[str, ...]


def string(name: str, **traits: Unpack[Traits]) -> Attribute:
    return attribute(name, ValueType.STRING, **traits)


def integer(name: str, **traits: Unpack[Traits]) -> Attribute:
    return attribute(name, ValueType.INTEGER, **traits)


def number(name: str, **traits: Unpack[Traits]) -> Attribute:
    return attribute(name, ValueType.FLOAT, **traits)


def boolean(name: str, **traits: Unpack[Traits]) -> Attribute:
    return attribute(name, ValueType.BOOLEAN, **traits)


def datetime(name: str, **traits: Unpack[Traits]) -> Attribute:
    return attribute(name, ValueType.DATETIME, **traits)


def mapping(name: str, **traits: Unpack[Traits]) -> Attribute:
    """A JSON object; it is never sorted by."""
    traits.setdefault("sortable", False)
    return attribute(name, ValueType.OBJECT, **traits)


def array(name: str, **traits: Unpack[Traits]) -> Attribute:
    """A JSON array; it is neither filtered nor sorted by."""
    traits.setdefault("queryable", False)
    return attribute(name, ValueType.ARRAY, **traits)


def regex(name: str, *, required: bool | str = False) -> Attribute:
    """A regular expression that texts of other records are compared with."""
    return string(
        name,
        required=required,
        queryable=False,
        form=Form.REGEX,
        length_max="api_max_regex_length",
    )


def attribute(name: str, type_: ValueType, **traits: Unpack[Traits]) -> Attribute:
    """The attribute with these traits, the shorthands among them spelled out."""
    said: dict[str, Any] = dict(traits)
    computed_only = "computed" in said and "names" not in said
    written = not said.pop("read_only", computed_only)
    shown = not said.pop("write_only", False)
    queryable = said.pop("queryable", shown)
    implied = {
        "creatable": written,
        "updatable": written,
        "fetchable": shown,
        "filterable": queryable,
        "sortable": queryable,
        "required": required_when(said.pop("required", False)),
        "aliases": FIELD_ALIASES.get(name, ()),
        "spare_aliases": FIELD_SPARE_ALIASES.get(name, ()),
    }
    return Attribute(name=name, type=type_, **(implied | said))


def money(
    name: str,
    *,
    currency: tuple[str, ...] = ("currency_code",),
    with_float: bool = True,
    **traits: Unpack[Traits],
) -> Iterable[Attribute]:
    """An amount in cents with its two computed companions; `currency` as a path of `Through`."""
    cents = f"{name}_cents"
    as_float = MoneyFloat(cents=cents, currency=currency)
    as_text = MoneyText(cents=cents, currency=currency)
    yield integer(cents, **traits)
    if with_float:
        yield number(f"{name}_float", computed=as_float, queryable=False)
    yield string(f"formatted_{name}", computed=as_text, queryable=False)


def through(*path: str) -> Through:
    """Read behind to-one relationships: their names, then the attribute."""
    return Through(path=path)


def derived(function: str, *inputs: str) -> Derived:
    """Computed by a function of `derivations` from these inputs."""
    return Derived(function=function, inputs=inputs)


def currency_of_market(*, required: bool | str = False) -> Attribute:
    """A currency that is that of the market's price list unless given."""
    inherited = through("market", "price_list", "currency_code")
    return string("currency_code", required=required, form=Form.CURRENCY, fallback=inherited)


def period(*further_statuses: str) -> Iterable[Attribute]:
    """Whether a record with `starts_at`, `expires_at` and `disabled_at` is in force."""
    inputs = ("disabled_at", "starts_at", "expires_at", "now")
    statuses = ("disabled", "expired", "pending", "active", *further_statuses)
    yield boolean("active", queryable=False, computed=derived("is_in_period", *inputs))
    yield string(
        "status", queryable=False, enum=statuses, computed=derived("status_of_period", *inputs)
    )


def days_of(name: str, *hours: str) -> Attribute:
    """A time given in hours, in days; the hours are an attribute, or one behind relationships."""
    return integer(name, computed=Days(hours=hours))


def later(than: str, *, days: int = 0, hours: int = 0) -> Later:
    """So long after another time of the record."""
    return Later(than=than, seconds=(days * 24 + hours) * 3600)


def shared_secret() -> Attribute:
    """What signs calls to an outside service: every record has one from its beginning."""
    return string(
        "shared_secret",
        queryable=False,
        confidential=True,
        computed=derived("secret_of_record", "secret"),
    )


def code_of(
    name: str, relationship: str, target: str, *, key: str = "code", **traits: Unpack[Traits]
) -> Attribute:
    """A shortcut such as `sku_code`: the key of a target, which fills the relationship."""
    traits["names"] = Naming(relationship=relationship, target=target, attribute=key)
    traits["computed"] = Through(path=(relationship, key))
    traits.setdefault("queryable", False)
    return string(name, **traits)


def email_of(name: str, relationship: str, target: str, **traits: Unpack[Traits]) -> Attribute:
    """A shortcut such as `customer_email`: its target is created when there is none."""
    traits["names"] = Naming(
        relationship=relationship, target=target, attribute="email", create=True
    )
    traits["computed"] = Through(path=(relationship, "email"))
    traits["form"] = Form.EMAIL
    traits.setdefault("queryable", False)
    return string(name, **traits)


def common(
    *, reference_required: bool = False, reference_aliases: tuple[str, ...] = ()
) -> Iterable[Attribute]:
    """The attributes at the end of every resource type."""
    yield datetime("created_at", read_only=True)
    yield datetime("updated_at", read_only=True)
    yield string(
        "reference",
        required=reference_required,
        aliases=(*reference_aliases, *FIELD_ALIASES["reference"]),
    )
    yield string("reference_origin")
    yield mapping("metadata", default={})


def circuit() -> Iterable[Attribute]:
    """The state of calls to an outside service: longshore makes none, so it stays closed."""
    yield string("circuit_state", computed=Constant(value="closed"))
    yield integer("circuit_failure_count", computed=ZERO)


def type_of(concrete: tuple[str, ...], *, default: object = None) -> Attribute:
    """The type of a record of a family, as a row of the abstract type names it."""
    return string(
        "type",
        required=True,
        updatable=False,
        default=default,
        enum=concrete,
        spellings=spellings_of(concrete),
    )


def concrete_type(name: str) -> Attribute:
    """The type of a record whose type is known from the start."""
    return type_of((name,), default=name)


def spellings_of(names: Iterable[str]) -> dict[str, str]:
    """Singular and class-like spellings of resource types: sku, Sku, PriceVolumeTier."""
    spellings: dict[str, str] = {}
    for name in names:
        singular = name.removesuffix("s")
        spellings[singular] = name
        spellings["".join(part.capitalize() for part in singular.split("_"))] = name
    return spellings
