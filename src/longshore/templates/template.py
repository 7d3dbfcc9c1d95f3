"""What a file for an import looks like: its columns, and one row that imports.

Everything is read off the catalogue. The row fills what is required under the conditions that the
row itself makes true or false, and what tells most about a record; relationships lead to records
that exist. So it imports as it stands, unless something must exist first, which it then names.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from longshore.access import Environment
from longshore.catalogue import (
    PREDICATES,
    Attribute,
    Catalogue,
    Condition,
    Kind,
    Relationship,
    ResourceType,
    holds,
)
from longshore.database import Transaction
from longshore.records import RecordReader
from longshore.templates.examples import cell, example_value, is_telling

# At the end of every declaration; in a nested collection they would hide what it is about.
_COMMON = frozenset(("reference", "reference_origin", "metadata"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One row of a type, and what its import waits for."""

    row: Mapping[str, Any]  # as a JSON element: nested collections are arrays of objects
    nested: frozenset[str]  # names in the row that hold nested records
    missing: tuple[str, ...]  # resource types of which a record must exist first

    @property
    def cells(self) -> dict[str, str]:
        """The row by the columns of a CSV file, without its empty cells."""
        return {name: cell(value) for name, value in self.values.items()}

    @property
    def values(self) -> dict[str, Any]:
        """The values of these cells, as decoded JSON."""
        values: dict[str, Any] = {}
        for name, value in self.row.items():
            if name not in self.nested:
                values[name] = value
                continue
            (element,) = value if isinstance(value, list) else [value]
            values |= {f"{name}.{part}": inner for part, inner in element.items()}
        return values


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateColumn:
    """One column of a template."""

    name: str
    field: Attribute | Relationship
    is_nested: bool  # its field is one of nested records, of which a row needs none


def template_columns(catalogue: Catalogue, resource_type: str) -> list[str]:
    """The names of the columns of a CSV file for a type, in their order."""
    return [column.name for column in template_fields(catalogue, resource_type)]


def template_fields(catalogue: Catalogue, resource_type: str) -> list[TemplateColumn]:
    """The columns of a table for a type: what is required first, nested collections last."""
    declared = catalogue.types[resource_type]
    columns = [
        TemplateColumn(name=name, field=field, is_nested=False)
        for name, field in _own_fields(declared)
    ]
    fields: list[tuple[str, Attribute | Relationship]]
    for relationship in _nested(declared):
        child = catalogue.types[relationship.targets[0]]
        if relationship.linked:
            parts = child.keys[0].parts
            fields = [(each.name, each) for each in child.attributes if each.name in parts]
        else:
            left_out = {f"{relationship.inverse}_id", *_COMMON}
            fields = [each for each in _own_fields(child) if each[0] not in left_out]
        columns += [
            TemplateColumn(name=f"{relationship.name}.{name}", field=field, is_nested=True)
            for name, field in fields
        ]
    return columns


def template_row(
    catalogue: Catalogue,
    resource_type: str,
    reader: RecordReader,
    tx: Transaction,
    environment: Environment,
) -> Template:
    """One plausible row of a type; `reader` reads the environment."""
    example = _Example(catalogue, reader, tx, environment.flags)
    declared = catalogue.types[resource_type]
    row, missing = example.row(declared, without=None)
    nested = frozenset(declared.nested).intersection(row)
    return Template(row=row, nested=nested, missing=tuple(dict.fromkeys(missing)))


def _own_fields(declared: ResourceType) -> list[tuple[str, Attribute | Relationship]]:
    """The columns of a type without its nested collections, with their fields."""
    named: list[tuple[str, Attribute | Relationship]] = [
        (each.name, each) for each in _attributes(declared)
    ]
    named += [(f"{each.name}_id", each) for each in _targets(declared)]
    return sorted(named, key=lambda each: _rank(each[1].required))


def _rank(required: Condition | None) -> int:
    """Always required, sometimes, never."""
    if required is None:
        return 2
    return 1 if required.terms or required.alternatives else 0


def _attributes(declared: ResourceType) -> Iterator[Attribute]:
    """The attributes that a row of a new record can give."""
    for attribute in declared.attributes:
        # A concrete type is told by the type of the import.
        if attribute.name == "type" and not declared.is_abstract:
            continue
        given = attribute.stored or attribute.discarded or attribute.names is not None
        if attribute.creatable and given and attribute.accepted_with is None:
            yield attribute


def _targets(declared: ResourceType) -> Iterator[Relationship]:
    """The to-one relationships that a row of a new record can give."""
    for relationship in declared.relationships:
        if relationship.creatable and relationship.has_column:
            yield relationship


def _nested(declared: ResourceType) -> Iterator[Relationship]:
    for name in declared.nested:
        yield next(each for each in declared.relationships if each.name == name)


class _Example:
    """Makes rows out of the catalogue and the records of one environment."""

    def __init__(
        self,
        catalogue: Catalogue,
        reader: RecordReader,
        tx: Transaction,
        flags: Mapping[str, object],
    ) -> None:
        self._catalogue = catalogue
        self._reader = reader
        self._tx = tx
        self._flags = flags

    def row(
        self, declared: ResourceType, *, without: str | None
    ) -> tuple[dict[str, Any], list[str]]:
        """A row and the types that it misses; `without` names the parent of a nested element.

        What is always required comes before what is required only sometimes, because the latter
        depends on it; names of records to be created before the relationships that they fill.
        """
        row: dict[str, Any] = {}
        missing: list[str] = []
        for attribute in _attributes(declared):
            creates = attribute.names is not None and attribute.names.create
            if creates or self._is_shown(attribute):
                row[attribute.name] = example_value(attribute, self._flags)
        for relationship in _targets(declared):
            if relationship.name != without and self._is_required(
                declared, row, relationship.required
            ):
                missing += self._fill(declared, row, relationship, nests=without is None)
        for attribute in _attributes(declared):
            # Whatever names a record is left to the relationship that it would fill.
            is_open = attribute.name not in row and attribute.names is None
            if is_open and self._is_required(declared, row, attribute.required):
                row[attribute.name] = example_value(attribute, self._flags)
        if without is None:
            missing += self._complete_key(declared, row)
            self._nest(declared, row)
        return _ordered(declared, row), missing

    def _complete_key(self, declared: ResourceType, row: dict[str, Any]) -> list[str]:
        """Let the row name a key in full, so that its file can be imported again."""
        keys = declared.matching_keys
        if not keys or any(declared.always_names(key) for key in keys):
            return []
        missing: list[str] = []
        attributes = {each.name: each for each in declared.attributes}
        targets = {each.name: each for each in _targets(declared)}
        for part in keys[0].parts:
            if part in attributes:
                row.setdefault(part, example_value(attributes[part], self._flags))
            elif f"{part}_id" not in row and part not in row:
                missing += self._fill(declared, row, targets[part], nests=False)
        return missing

    def _is_shown(self, attribute: Attribute) -> bool:
        is_named = attribute.names is not None
        return _rank(attribute.required) == 0 or (is_telling(attribute) and not is_named)

    def _is_required(
        self, declared: ResourceType, row: Mapping[str, Any], required: Condition | None
    ) -> bool:
        """Whether a condition holds for the record that the row would make."""
        if required is None:
            return False
        defaults = {each.name: each.default for each in declared.attributes}

        def value_of(name: str) -> object:
            scope, dot, flag = name.partition(".")
            if dot:
                return self._flags.get(flag) if scope == "organization" else None
            return row.get(name, row.get(f"{name}_id", defaults.get(name)))

        return holds(required, value_of, PREDICATES)

    def _fill(
        self,
        declared: ResourceType,
        row: dict[str, Any],
        relationship: Relationship,
        *,
        nests: bool,
    ) -> list[str]:
        """Lead a relationship to a record that exists, else to one that the row makes itself."""
        targets = self._catalogue.targets_of(relationship)
        for target in targets:
            for view in self._reader.find(self._tx, target, limit=1, fields=()):
                row[f"{relationship.name}_id"] = view.id
                return []
        if nests and relationship.name in declared.nested:
            child, missing = self.row(
                self._catalogue.types[targets[0]], without=relationship.inverse or ""
            )
            if not missing:
                row[relationship.name] = child
                return []
        creatable = [target for target in targets if target in self._catalogue.creatable]
        # Of several types, the one that asks for least.
        return [min(creatable, key=lambda name: _demands(self._catalogue.types[name]))]

    def _nest(self, declared: ResourceType, row: dict[str, Any]) -> None:
        """One element in each nested collection, where nothing is missing for it."""
        for relationship in _nested(declared):
            child = self._catalogue.types[relationship.targets[0]]
            if relationship.kind is Kind.TO_ONE:
                continue
            if relationship.linked:
                (part,) = (each for each in child.attributes if each.name in child.keys[0].parts)
                row[relationship.name] = [{part.name: example_value(part, self._flags)}]
                continue
            element, missing = self.row(child, without=relationship.inverse)
            if not missing:
                row[relationship.name] = [element]


def _demands(declared: ResourceType) -> int:
    """How many fields a record cannot be without."""
    required = [each.required for each in _attributes(declared)]
    required += [each.required for each in _targets(declared)]
    return sum(_rank(condition) == 0 for condition in required)


def _ordered(declared: ResourceType, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row in the order of the columns."""
    names = [*(name for name, _field in _own_fields(declared)), *declared.nested]
    return {name: row[name] for name in names if name in row}
