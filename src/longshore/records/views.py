"""From a row of the database to a record as clients see it.

Which columns are selected and what each attribute is made of is decided once per type and
selection of fields; a row then passes through a list of small functions.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, FromClause

from longshore.catalogue import (
    Attribute,
    Constant,
    Derived,
    MoneyFloat,
    MoneyText,
    ResourceType,
    ValueType,
    derive,
    money_float,
    money_text,
)
from longshore.clock import format_datetime
from longshore.identifiers import PublicIds, RecordId, RecordSecrets
from longshore.json_text import decode_stored
from longshore.records.expressions import Expressions

# A selected row, and the time of reading in milliseconds, to the value of one attribute.
Maker = Callable[[Sequence[Any], int], object]

# Inputs of derived attributes that are not stored.
NOW = "now"
SECRET = "secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordView:
    """A record as it was read, its values as on the wire."""

    record_id: RecordId
    type: str  # the concrete one
    id: str  # public
    # Datetimes are ISO 8601 texts, objects and arrays decoded.
    attributes: Mapping[str, object]
    to_one: Mapping[str, str | None]  # public ids, of the relationships that the record keeps
    # Key values of the records in the tables of links, by relationship: the names of tags.
    linked: Mapping[str, Sequence[str]] = field(default_factory=dict)


class SelectedColumns:
    """The columns that a statement selects, each once however many attributes need it."""

    def __init__(self, expressions: Expressions, source: FromClause) -> None:
        self.source = source
        self.columns: list[ColumnElement[Any]] = []
        self._expressions = expressions
        self._known: dict[object, int] = {}

    def path(self, declared: ResourceType, path: tuple[str, ...], *, bare: bool = False) -> int:
        """Where the value at the end of a path of names stands; `bare` without its fallback."""
        return self._index(
            (self._origin(declared, path), bare),
            lambda: (
                self._expressions.path(declared, path, self.source)
                if not bare
                else self.source.c[path[-1]]
            ),
        )

    def add(self, key: str, expression: ColumnElement[Any]) -> int:
        """Where an expression stands; `key` tells it from all others."""
        return self._index(key, lambda: expression)

    def to_one(self, declared: ResourceType, name: str) -> int | None:
        """Where the id of a to-one relationship stands; None when the record does not keep it."""
        (relationship,) = (each for each in declared.relationships if each.name == name)
        column = self._expressions.to_one(declared, relationship, self.source)
        return None if column is None else self._index((str(column), name), lambda: column)

    def _origin(self, declared: ResourceType, path: tuple[str, ...]) -> object:
        """What tells a value apart: types of a family share columns, and computations alike."""
        if len(path) > 1:
            return path
        attribute = next((each for each in declared.attributes if each.name == path[0]), None)
        return path if attribute is None else (attribute.computed or path)

    def _index(self, key: object, make: Callable[[], ColumnElement[Any]]) -> int:
        at = self._known.get(key)
        if at is None:
            at = self._known[key] = len(self.columns)
            # Nameless, because attributes and relationships of several types may share a name.
            self.columns.append(make().label(f"c{at}"))
        return at


@dataclass(frozen=True, slots=True)
class Fields:
    """What a view shows; None: everything that the action shows."""

    names: frozenset[str] | None  # attributes and to-one relationships
    action: str  # of the wire: some attributes are shown by some actions only
    as_stored: bool = False  # null stays null where reading would fall back on another record


class ViewMaker:
    """Makes the views of one concrete resource type."""

    def __init__(
        self,
        declared: ResourceType,
        fields: Fields,
        selection: SelectedColumns,
        secrets: RecordSecrets | None,
    ) -> None:
        self._name = declared.name
        self._id = selection.path(declared, ("id",))
        self._attributes = [
            (attribute.name, _maker(declared, attribute, selection, secrets, fields.as_stored))
            for attribute in declared.attributes
            if _is_shown(attribute, fields)
        ]
        self._to_one = [
            (relationship.name, at)
            for relationship in declared.relationships
            if fields.names is None or relationship.name in fields.names
            if (at := selection.to_one(declared, relationship.name)) is not None
        ]

    def view(
        self,
        row: Sequence[Any],
        now: int,
        public_ids: PublicIds,
        linked: Mapping[str, Sequence[str]],
    ) -> RecordView:
        """The view of a selected row."""
        record_id = row[self._id]
        encode = public_ids.encode
        return RecordView(
            record_id=record_id,
            type=self._name,
            id=encode(record_id),
            attributes={name: make(row, now) for name, make in self._attributes},
            to_one={
                name: None if row[at] is None else encode(row[at]) for name, at in self._to_one
            },
            linked=linked,
        )


def _is_shown(attribute: Attribute, fields: Fields) -> bool:
    # The type of a record stands beside its attributes, not among them.
    if not attribute.fetchable or attribute.name == "type":
        return False
    if fields.names is not None:
        return attribute.name in fields.names
    return not attribute.only_on or fields.action in attribute.only_on


def _maker(
    declared: ResourceType,
    attribute: Attribute,
    selection: SelectedColumns,
    secrets: RecordSecrets | None,
    as_stored: bool,
) -> Maker:
    match attribute.computed:
        case Constant(value=value):
            return lambda row, now: value
        case MoneyFloat(cents=cents, currency=currency):
            return _money(declared, selection, cents, currency, money_float)
        case MoneyText(cents=cents, currency=currency):
            return _money(declared, selection, cents, currency, money_text)
        case Derived() as derived:
            return _derived(declared, selection, derived, secrets)
        case _:
            bare = as_stored and attribute.stored
            at = selection.path(declared, (attribute.name,), bare=bare)
            return _shown(attribute.type, at)


def _shown(type_: ValueType, at: int) -> Maker:
    match type_:
        case ValueType.DATETIME:
            return lambda row, now: None if row[at] is None else format_datetime(row[at])
        case ValueType.OBJECT | ValueType.ARRAY:
            return lambda row, now: None if row[at] is None else decode_stored(row[at])
        case ValueType.BOOLEAN:
            return lambda row, now: None if row[at] is None else bool(row[at])
        case _:
            return lambda row, now: row[at]


def _money(
    declared: ResourceType,
    selection: SelectedColumns,
    cents: str,
    currency: tuple[str, ...],
    convert: Callable[[int | None, str | None], object],
) -> Maker:
    amount = selection.path(declared, (cents,))
    unit = selection.path(declared, currency)
    return lambda row, now: convert(row[amount], row[unit])


def _derived(
    declared: ResourceType,
    selection: SelectedColumns,
    derived: Derived,
    secrets: RecordSecrets | None,
) -> Maker:
    places = {
        name: selection.path(declared, tuple(name.split(".")))
        for name in derived.inputs
        if name not in (NOW, SECRET)
    }
    id_at = selection.path(declared, ("id",))
    assert secrets is not None or SECRET not in derived.inputs, f"no secrets for {declared.name}"

    def make(row: Sequence[Any], now: int) -> object:
        def value_of(name: str) -> object:
            if name == NOW:
                return now
            if name == SECRET and secrets is not None:
                return secrets.of(row[id_at])
            return row[places[name]]

        return derive(derived, value_of)

    return make
