"""Everything about an import that is decided before its first row.

A plan is a tree of nodes: the imported type at its root, and one node for every nested collection
or record that rows hold, and for every target that they may create. A node turns raw values into
typed fields (`slots`), and says into which columns the fields go.
"""

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Collection as Collection_
from dataclasses import dataclass
from typing import Any

from longshore.catalogue import ResourceType
from longshore.engine.plan.generators import Generator
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.values.converters import Converter
from longshore.engine.values.whole_columns import WholeColumn
from longshore.error_codes import Message
from longshore.imports import Only


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetName:
    """A field that names a target by its key, such as `sku_code`."""

    slot: int
    name: str  # of the field itself
    field: str  # under which a target that is missing is reported
    message: Message
    table: TablePlan
    key: int  # index in table.keys
    folds: bool
    updatable: bool  # False: it means nothing for a record that is there
    creates: "Node | None"  # node of one slot, when a target that does not exist is created


@dataclass(frozen=True, slots=True, kw_only=True)
class LookupKey:
    """A key by which a table is searched for a target, and the fields of which it is made."""

    table: TablePlan
    types: frozenset[str] | None  # that the target may have; None: all of the table
    type_: str  # that the table stands for when it holds one
    key: int  # index in table.keys
    fields: frozenset[str]  # of the target, without its type
    nullable: frozenset[str]  # those of them for which null is a value


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class KeyedTarget:
    """How rows name a target by fields of its own, such as `price_list.name`."""

    name: str  # under which it is reported; dotted inside of another one
    texts: tuple[tuple[str, int], ...]  # (field of the target, slot)
    inner: tuple[tuple[str, "KeyedTarget"], ...]  # (relationship of the target, what names it)
    id_slot: int | None
    type_slot: int | None
    slots: tuple[int, ...]  # all of these, and those inside
    lookups: tuple[LookupKey, ...]
    ways: tuple[tuple[str, ...], ...]  # sets of fields, of which one has to be given
    encode_id: Callable[[int], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetStep:
    """How a row's to-one relationship gets its target."""

    name: str
    column: int | None  # None: only checked, not stored
    type_column: int | None  # for targets that live in more than one table
    id_slot: int | None
    type_slot: int | None
    # Where ids may point: tables, with the types allowed there (None: all of the table) and the
    # type that the table stands for when it holds one.
    tables: tuple[tuple[TablePlan, frozenset[str] | None, str], ...]
    namings: tuple[TargetName, ...]
    keyed: KeyedTarget | None
    nested_slot: int | None
    nested: "Node | None"
    fill: int | None  # id of the parent named once for all rows
    creatable: bool
    updatable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureStep:
    """A field by which a nested element without a key is known again."""

    slot: int | None  # None: no row names it
    column: int
    is_key_text: bool  # it is compared as keys are


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A nested to-many: rows of another type inside a row."""

    name: str
    slot: int
    node: "Node"
    owner_column: int  # of the child's table: the id of the record that holds it
    # The first is compared when it is named, and the first named one of the others.
    signature: tuple[SignatureStep, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NestedKey:
    """A key that ends in a nested record without a key of its own, such as a customer's address.

    It means the record of the parent whose target equals the nested one.
    """

    step: TargetStep  # of the nested record
    parent_column: int  # by which the candidates are looked up
    others: tuple[tuple[int, bool], ...]  # further parts: column, and whether null is a value


@dataclass(frozen=True, slots=True, kw_only=True)
class TriggerStep:
    """What a truthy trigger does to the record."""

    slot: int
    name: str
    accepted: bool
    sets: tuple[tuple[int, object], ...]  # (column, value)
    stamp: int | None  # column that takes the chunk's time
    clears: tuple[int, ...]  # columns set to null
    rule: str | None  # its name


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredField:
    """A field that must not be blank, always or under a condition."""

    name: str
    column: int | None  # None: judged by its slots alone
    slots: tuple[int, ...]  # that give it a value
    message: Message
    # (values, fields, names of fields with an error) -> whether it is required; None: always
    holds: Callable[[Sequence[Any], Sequence[Any], Collection_[str]], bool] | None
    inputs: tuple[int, ...]  # slots that make an update judge it


@dataclass(frozen=True, slots=True, kw_only=True)
class TagSlots:
    """Where a row says which tags its record has."""

    set_slots: tuple[int, ...]  # replace the set
    whole_slot: int | None  # the one of them that says all, and allows no other beside it
    add_slot: int | None  # names to add
    remove_slot: int | None  # names to take away, after those were added
    table: TablePlan  # of tags
    node: "Node"  # creates a tag
    count_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectKeys:
    """An object of which a row may fill single keys; the other keys stay."""

    name: str
    column: int
    slot: int | None  # of the whole object, where the source has it
    keys: tuple[tuple[int, str], ...]  # (slot, key)
    all_keys_slot: int | None  # of an object whose keys are filled
    bytes_max: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrencyPath:
    """Where the currency of an amount stands: behind to-one relationships, in a column."""

    hops: tuple[tuple[int, str], ...]  # column of an id, table that it leads to
    column: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyStep:
    """A field of cents that rows give."""

    slot: int
    name: str
    column: int | None  # None: it is not stored
    convert: Converter  # cents once more, within their bounds
    currencies: tuple[CurrencyPath, ...]  # the first that has one counts
    depends_on: frozenset[str]  # fields without which the currency is not known


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """What a plan knows of one resource type at one place of a row."""

    resource_type: ResourceType
    path: str  # "" at the root, "line_items." in a collection
    table: TablePlan
    slots: Mapping[str, int]  # name in the row -> slot
    template: tuple[Any, ...]  # fields of a row that names nothing
    converters: tuple[Converter | None, ...]  # by slot; None: values pass as they are
    whole_columns: tuple[WholeColumn | None, ...]  # by slot
    nested: Mapping[int, "Node"]  # slot -> node of its elements
    nulls: Mapping[int, Any]  # slot -> what null means there
    masked: frozenset[int]  # slots whose values are never logged

    id_slot: int | None
    type_slot: int | None
    type_column: int | None
    types: frozenset[str] | None  # concrete types this node may match, None: any
    blank: tuple[Any, ...]  # values of a record about to be created
    create_assigns: tuple[tuple[int, int], ...]  # (slot, column)
    update_assigns: tuple[tuple[int, int], ...]
    objects: tuple[ObjectKeys, ...]
    money: tuple[MoneyStep, ...]
    accepted_with: tuple[tuple[int, int, int], ...]  # (slot, column, slot of the trigger)
    marks: tuple[tuple[int, int], ...]  # (slot, column set to true when it is given)
    targets: tuple[TargetStep, ...]
    checks: tuple[TargetName, ...]  # records that must exist but are not linked
    generated: tuple[tuple[int, Generator], ...]  # (column, what makes its value)
    triggers: tuple[TriggerStep, ...]
    rules: tuple[str, ...]  # their names
    required: tuple[RequiredField, ...]
    match_keys: tuple[int, ...]  # indexes in table.keys
    key_slots: tuple[int, ...]  # of texts that are part of a key, or name a record by one
    deferred: tuple[TargetStep, ...]  # targets found only once the record is matched
    nested_keys: tuple[NestedKey, ...]
    collections: tuple[Collection, ...]
    collection_slots: frozenset[int]
    tags: TagSlots | None
    # Relationships whose targets rows name by keys -> the dotted names of what they give -> slots.
    keyed: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """All that is decided before the first row of an import."""

    root: Node
    tables: Mapping[str, TablePlan]  # targets before those who point at them
    environment: int
    flags: Mapping[str, object]  # of the organization
    unknown_columns: tuple[str, ...]  # named in the source, unknown to the resource type
    read_only_columns: tuple[str, ...]  # known, but never taken from a row
    # The source's own names of fields that it calls otherwise.
    column_names: Mapping[str, str]
    identifier_names: tuple[str, ...]  # fields that name a row in the logs, first present first
    only: Only | None  # which rows are to have an effect; None: all
