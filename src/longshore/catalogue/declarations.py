"""The vocabulary in which a resource type is declared.

A declaration is data: what it holds is read by everything else (tables, validation, matching,
documents, templates, reference), and nothing outside the catalogue asks for a type by its name.
Behaviour that is special to a type is a small named function that its declaration refers to
(`rules`, `Trigger.rule`, `Derived.function`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from longshore.catalogue.conditions import ALWAYS, Condition, parse_condition
from longshore.error_codes import ErrorCode, Message, message


class ValueType(StrEnum):
    """Types of attribute values; datetimes are milliseconds since 1970 inside, ISO 8601 outside."""

    STRING = "string"
    INTEGER = "integer"  # 64 bits, signed
    FLOAT = "float"  # finite
    BOOLEAN = "boolean"
    DATETIME = "datetime"
    OBJECT = "object"
    ARRAY = "array"


class Form(StrEnum):
    """What a text must look like beyond its length."""

    EMAIL = "email"
    COUNTRY = "country"  # ISO 3166-1 alpha-2
    CURRENCY = "currency"  # ISO 4217
    REGEX = "regex"  # a regular expression that compiles
    TAG_NAME = "tag_name"


_MUST_EXIST = message(ErrorCode.MUST_EXIST)

# A bound is a number, or the name of the organization's flag that holds it.
Bound = int | float | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Through:
    """Read from a record that a chain of to-one relationships leads to.

    The attribute at the end is stored; where it has a fallback, that is honoured.
    """

    path: tuple[str, ...]  # relationship names, then one attribute


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyFloat:
    """Cents divided by 10^exponent of the record's currency."""

    cents: str
    currency: tuple[str, ...] = ("currency_code",)  # as the path of `Through`


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyText:
    """Cents as text for people, in the record's currency."""

    cents: str
    currency: tuple[str, ...] = ("currency_code",)  # as the path of `Through`


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """The product of two integer attributes of the same record, null when one of them is."""

    factors: tuple[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Hours as whole days, the last one begun counting in full."""

    hours: tuple[str, ...]  # as the path of `Through`


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A time so many seconds after another datetime attribute of the same record."""

    than: str
    seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """Stored, recomputed set-based after each chunk for the records whose children it touched.

    The sum over the children of `relationship` of the attribute (or Product) `of`; only over
    children whose attribute `where[0]` equals `where[1]`, when given; 0 without children.
    """

    relationship: str
    of: str
    where: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many records a to-many relationship leads to, counted when read (a subquery)."""

    relationship: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """The sum of other attributes of the same record, nulls counting as 0."""

    of: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """Always the same, because what would change it is outside longshore's scope."""

    value: object = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Derived:
    """Computed in Python when read, by a named function (`derivations.DERIVATIONS`).

    An input is a stored attribute, a to-one relationship (its id or null), such a name behind
    to-one relationships and dots (`address.city`), `id`, `now` (the time of reading), or `secret`
    (what nobody can tell of the record without the installation's key: 32 hexadecimal digits).
    """

    function: str
    inputs: tuple[str, ...]  # in the order of the function's parameters


Computed = (
    Through
    | MoneyFloat
    | MoneyText
    | Product
    | Days
    | Later
    | Sum
    | Count
    | Total
    | Constant
    | Derived
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribute:
    """A typed value of a resource."""

    name: str
    type: ValueType
    creatable: bool = True
    updatable: bool = True
    fetchable: bool = True  # False: write-only, validated and never shown
    filterable: bool = True
    sortable: bool = True
    required: Condition | None = None  # None: never
    default: object = None  # given to a created record whose row names no value
    generated: str | None = None  # named function that makes a value where none is given
    enum: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)  # further input spelling -> enum
    minimum: Bound | None = None  # value >= minimum
    above: Bound | None = None  # value > above
    maximum: Bound | None = None  # value <= maximum
    nonzero: bool = False
    length_min: Bound | None = None  # characters
    length_max: Bound | None = None  # characters
    form: Form | None = None
    lower: bool = False  # stored in lower case
    computed: Computed | None = None  # None: stored as given
    fallback: Through | Later | Constant | None = None  # read instead of null
    names: "Naming | None" = None  # the value names another record
    is_code: bool = False  # the key of another record, which a rule may look for
    unit: str | None = None  # attribute that says in which unit this number is
    marks: str | None = None  # boolean attribute that becomes true with a value of this one
    accepted_with: str | None = None  # trigger that a row must fire to set this attribute
    discarded: bool = False  # validated, never stored
    confidential: bool = False  # stored, never journaled, logged, exported or echoed
    only_on: tuple[str, ...] = ()  # shown by these actions only; empty: by all
    aliases: tuple[str, ...] = ()  # what other systems and people call it, for suggestions only
    spare_aliases: tuple[str, ...] = ()  # the same, where no other column can be it

    @property
    def stored(self) -> bool:
        """Whether the attribute has a column."""
        return not self.discarded and (self.computed is None or isinstance(self.computed, Sum))


@dataclass(frozen=True, slots=True, kw_only=True)
class Naming:
    """An attribute whose value names another record by its natural key (`sku_code`)."""

    relationship: str | None  # the to-one that it fills; None: the record must only exist
    target: str  # resource type
    attribute: str  # of the target: a key of one attribute
    create: bool = False  # a target that does not exist is created
    message: Message = _MUST_EXIST  # the error when there is none and `create` is False
    error_field: str | None = None  # field of that error; None: the relationship


class Kind(StrEnum):
    TO_ONE = "to_one"
    TO_MANY = "to_many"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relationship:
    """A typed link from one resource type to another."""

    name: str
    kind: Kind
    targets: tuple[str, ...]  # resource types; an abstract one stands for its concrete types
    creatable: bool = True
    updatable: bool = True
    filterable: bool = True
    includable: bool = True
    required: Condition | None = None
    virtual: bool = False  # a computed set, not a stored link
    empty: bool = False  # always: its targets, or what links them, are outside longshore's scope
    polymorphic: bool = False  # the type must be sent with the linkage
    # polymorphic: the attribute that holds the target's type; None: a column of its own
    type_attribute: str | None = None
    deferred: bool = False  # its foreign key does not order the tables (it would close a circle)
    # the target's to-one that points back; of a to-many, or of a to-one kept on the other side
    inverse: str | None = None
    path: tuple[str, ...] = ()  # relationships that lead to its records, instead of an inverse
    linked: bool = False  # to-many kept in a table of links (tags)
    # to-one read from a polymorphic one of the same record when its type fits (sku of item)
    view_of: str | None = None

    @property
    def has_column(self) -> bool:
        """Whether the record's table has a column for it."""
        return (
            self.kind is Kind.TO_ONE
            and not self.virtual
            and not self.empty
            and not self.path
            and self.inverse is None
            and self.view_of is None
        )

    @property
    def moves_target(self) -> bool:
        """Whether writing it makes the target refer to the record, which it does not keep."""
        return self.inverse is not None and (self.creatable or self.updatable)


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """Fields that identify a record without its id, in the order in which they are compared."""

    parts: tuple[str, ...]  # attributes and to-one relationships; `type` in a family
    unique: bool = True
    matches: bool = True  # False: only a constraint or an index, rows are not matched by it
    nullable: tuple[str, ...] = ()  # parts for which null is a value

    @property
    def column(self) -> str:
        return "_".join(self.parts) + "_key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A write-only attribute that makes something happen when its value is truthy."""

    name: str
    type: ValueType = ValueType.BOOLEAN
    creatable: bool = True
    updatable: bool = True
    sets: Mapping[str, object] = field(default_factory=dict)  # attribute -> value
    stamps: str | None = None  # datetime attribute that takes the chunk's time
    clears: tuple[str, ...] = ()  # attributes set to null
    rule: str | None = None  # named function for what cannot be said with the above
    reads: tuple[str, ...] = ()  # types of whose records the rule computes a value
    accepted: bool = True  # False: a truthy value is a row error, `is not supported`
    adds_up: bool = False  # it acts anew each time that its row is imported


class Topic(StrEnum):
    """What a type is about: people look for it among others of the same topic, in this order."""

    SOLD = "What is sold"
    PRICES = "Prices"
    STOCK = "Stock"
    CUSTOMERS = "Customers"
    ORDERS = "Orders"
    SHIPPING_AND_TAXES = "Shipping and taxes"
    MARKETS = "Markets"
    MORE = "More"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResourceType:
    """One kind of resource, declared once.

    The types of a family (an abstract one and its concrete ones) have an attribute `type`,
    which a document shows as the resource's type and not among its attributes.
    """

    name: str  # plural, snake case
    singular: str
    topic: Topic = Topic.MORE
    about: str | None = None  # in half a sentence, for whoever chooses a type
    common_rank: int | None = None  # among the types that most files are of; None: few are
    attributes: tuple[Attribute, ...]
    relationships: tuple[Relationship, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    keys: tuple[Key, ...] = ()  # alternatives for matching, first one whose parts a row gives
    parent: str | None = None  # to-one relationship that `parent_resource_id` fills
    nested: tuple[str, ...] = ()  # relationships whose records a row may hold inside itself
    # Elements without a key: the k-th one that is alike in these matches the k-th such child. Alike
    # means: equal in the first field, where named, and in the first named one of the others.
    nested_signature: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()  # named functions run on a row's record before validation
    rules_read: tuple[str, ...] = ()  # types of whose records they compute a value
    importable: bool = False  # one of the 24 of the wire contract
    actions: tuple[str, ...] = ("list", "retrieve", "create", "update", "delete")
    base: str | None = None  # abstract type of a concrete one
    concrete: tuple[str, ...] = ()  # concrete types of an abstract one
    singleton: bool = False
    routed: bool = True  # False: known, but not served until it works
    kept_by: str = "records"  # the package whose store keeps them; only `records` have tables here
    filter_scopes: tuple[str, ...] = ()  # named filters of the wire beyond those of fields
    # Filters outside `q` that are called otherwise than the field that they ask; None: one that no
    # record has.
    plain_filters: Mapping[str, str | None] = field(default_factory=dict)

    @property
    def is_abstract(self) -> bool:
        return bool(self.concrete)

    @property
    def matching_keys(self) -> tuple[Key, ...]:
        """The keys by which rows find their records."""
        return tuple(key for key in self.keys if key.matches)

    @property
    def computes_from(self) -> tuple[str, ...]:
        """The types of whose records its rules and triggers compute values."""
        of_triggers = (name for trigger in self.triggers for name in trigger.reads)
        return tuple(dict.fromkeys((*self.rules_read, *of_triggers)))

    def always_names(self, key: Key) -> bool:
        """Whether no record can be created by a row that leaves a part of the key open."""
        return all(
            part in key.nullable or part == "type" or self._is_always_given(part)
            for part in key.parts
        )

    def _is_always_given(self, part: str) -> bool:
        """Whether a field is always required, itself or where a shortcut does not name it."""
        shortcuts = {
            each.name: each.required
            for each in self.attributes
            if each.names is not None and each.names.relationship == part
        }
        fields: tuple[Attribute | Relationship, ...] = (*self.attributes, *self.relationships)
        required = next(each.required for each in fields if each.name == part)
        ways = [(required, {*shortcuts}), *((way, {part}) for way in shortcuts.values())]
        return any(way is not None and set(way.inputs) <= others for way, others in ways)

    def is_key_text(self, attribute: Attribute) -> bool:
        """Whether a value of an attribute is spelled as keys are: it is part of one, or names one.

        Types are not among them: they are spelled as they are declared.
        """
        if attribute.type is not ValueType.STRING or attribute.enum:
            return False
        if attribute.names is not None or attribute.is_code:
            return True
        return any(attribute.name in key.parts for key in self.keys)

    @property
    def table(self) -> str:
        """Name of the table: concrete types live in that of their abstract type."""
        return self.base or self.name


def required_when(condition: bool | str) -> Condition | None:
    """The declaration form of `required`: False, True or the text of a condition."""
    if condition is False:
        return None
    return ALWAYS if condition is True else parse_condition(condition)
