"""A plan before its tables are laid out: what rows name, and what that means.

The tree is that of the nodes to be. Fields of rows have their slots already; columns have only
their names, since which of them a table needs is known only once the whole tree is there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import Attribute, Naming, Relationship, ResourceType
from longshore.engine.plan.currency_ways import CurrencyWay
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import Converter
from longshore.engine.values.whole_columns import WholeColumn

TAGGING = ("add_tags", "remove_tags")  # rules of triggers that change a record's tags


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotDraft:
    """A name that rows hold, and how its values are read."""

    name: str
    convert: Converter | None = None  # None: values pass as they are
    whole: WholeColumn | None = None
    null: Any = ABSENT  # what null means; ABSENT: null
    is_masked: bool = False  # its values are never logged


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyDraft:
    """A field of cents that rows give."""

    name: str
    convert: Converter
    ways: tuple[CurrencyWay, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetNameDraft:
    """A field that names a target by its key."""

    attribute: Attribute
    naming: Naming
    creates: "NodeDraft | None"  # when a target that does not exist is created


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedTargetDraft:
    """The fields by which rows name the target of a relationship."""

    name: str  # in the row: `price_list`, or `price.price_list` inside of another one
    tables: Mapping[str, Sequence[str]]  # where targets may be -> the types allowed there
    texts: tuple[str, ...]  # attributes of the target that rows give
    inner: Mapping[str, "KeyedTargetDraft"]  # relationships of the target whose keys rows give

    @property
    def fields(self) -> frozenset[str]:
        """The fields of the target that rows can give."""
        return frozenset((*self.texts, *self.inner))


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetDraft:
    """A to-one relationship that rows, or the parent of all rows, fill."""

    relationship: Relationship
    type_column: str | None
    tables: Mapping[str, Sequence[str]]  # where ids may point -> the types allowed there
    namings: tuple[TargetNameDraft, ...]
    keyed: KeyedTargetDraft | None
    nested: "NodeDraft | None"
    fill: int | None  # id of the parent named once for all rows


@dataclass(frozen=True, slots=True, kw_only=True)
class CollectionDraft:
    """A nested to-many that rows name."""

    relationship: Relationship
    node: "NodeDraft"

    @property
    def owner_column(self) -> str:
        """The column of the elements' table that refers to the record that holds them."""
        return f"{self.relationship.inverse}_id"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagsDraft:
    """Where rows say which tags their record has."""

    set_slots: tuple[int, ...]
    whole_slot: int | None
    add_slot: int | None
    remove_slot: int | None
    node: "NodeDraft"  # creates a tag
    count_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeDraft:
    """What rows say of one resource type at one place."""

    resource_type: ResourceType
    path: str
    fields: tuple[SlotDraft, ...]  # by slot
    slots: Mapping[str, int]  # name in the row -> slot
    matches_by_key: bool
    objects: tuple[Attribute, ...]  # of which rows fill single keys
    money: tuple[MoneyDraft, ...]
    targets: tuple[TargetDraft, ...]
    checks: tuple[TargetNameDraft, ...]  # names of records that must exist but are not linked
    collections: tuple[CollectionDraft, ...]
    tags: TagsDraft | None
