"""Where in its source an error stands: the column that gave the value, and a pointer into the row.

An error names a field; what the source calls it depends on its header, on the map of its columns,
and on the way in which a row names a target (`sku`, `sku_id` or `sku_code`). The pointer is a JSON
Pointer (RFC 6901) into the row: an element of a JSON source as it stands, and a row of a table as
the object that has a member for each column. It leads to what is there, or to a member that is
missing from an object that is there; "" is the row as a whole.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from longshore.catalogue import Catalogue, Kind, ResourceType, all_names
from longshore.engine.chunk.made_rows import MadeRows
from longshore.engine.plan.source_columns import SourceColumns
from longshore.engine.values.candidate import FieldAt


class ErrorPlace(NamedTuple):
    """Where an error stands."""

    column: str | None  # as the source calls it; None: no column feeds the field
    pointer: str
    # What stands there, where a mapping makes another value of it; None: the value itself.
    text: object = None


_WHOLE_ROW = ErrorPlace(None, "")


class ErrorPlaces:
    """Finds the places of the errors of one source."""

    def __init__(
        self,
        catalogue: Catalogue,
        resource_type: ResourceType,
        columns: SourceColumns,
        *,
        is_tabular: bool,
        made_rows: MadeRows | None = None,
    ) -> None:
        """Of rows that were made of those of a file, with `made_rows`, the places in that file."""
        self._catalogue = catalogue
        self._type = resource_type
        self._is_tabular = is_tabular
        self._made_rows = made_rows
        pairs = zip(columns.fields, columns.names, strict=False)
        self._positions: dict[str, tuple[int, ...]] = {
            field: (position,) for position, (field, name) in enumerate(pairs) if field and name
        }
        for made in columns.made:
            self._positions[made.field] = tuple(
                columns.names.index(name) for name in made.columns if name in columns.names
            )
        # Whose values are not what stands in the one column that they come from.
        self._changed = {
            made.field for made in columns.made if made.is_changed and made.template is None
        }
        self._columns = columns.names
        self._own = columns.own_names()
        self._names_of = cache(self._all_names)
        self._target_types = cache(self._types_named)

    def find(self, row: Any, field: str) -> ErrorPlace:
        """The place of an error about a field of a row, which has the form that its reader gives
        it."""
        if self._made_rows is not None:
            return self._in_file(self._made_rows, row, field)
        if field == "base":
            return _WHOLE_ROW
        return self._in_cells(row, field) if self._is_tabular else self._in_object(row, field)

    def target_types(self, field: str) -> Sequence[str]:
        """The types of which a field names a record; none where it names none."""
        return self._target_types(str(field))

    @property
    def are_of_a_file(self) -> bool:
        """Whether rows were made of those of another file."""
        return self._made_rows is not None

    def source_row(self, row: Any) -> tuple[int, int] | None:
        """The row of the file of which a row was made, and its line; None: it was made of none."""
        return None if self._made_rows is None else self._made_rows.place(row)

    def _in_file(self, made_rows: MadeRows, row: Any, field: str) -> ErrorPlace:
        names = self._names_of(str(field))
        cells, columns = made_rows.cells(row), made_rows.source_columns
        for name in names:
            if name in cells and cells[name].column:
                return ErrorPlace(
                    cells[name].column, _pointer([cells[name].column]), cells[name].text
                )
        if field == "base":
            return _WHOLE_ROW
        known = [name for name in names if name in columns]
        if not known:
            return ErrorPlace(None, _pointer([str(field)]))
        given = (name for name in known if self._is_given(row, name))
        column = columns[next(given, known[0])]
        return ErrorPlace(column, _pointer([column]))

    def _is_given(self, row: Any, name: str) -> bool:
        positions = self._positions.get(name, ())
        return any(at < len(row) and row[at].strip() for at in positions)

    def _in_cells(self, row: Any, field: str) -> ErrorPlace:
        positions = [
            (each, name)
            for name in self._names_of(str(field))
            for each in self._positions.get(name, ())
        ]
        if not positions:
            return ErrorPlace(None, _pointer([str(field)]))
        given = (each for each in positions if each[0] < len(row) and row[each[0]].strip())
        position, name = next(given, positions[0])
        column = self._columns[position]
        is_changed = name in self._changed and position < len(row)
        return ErrorPlace(column, _pointer([column]), row[position] if is_changed else None)

    def _in_object(self, row: Any, field: str) -> ErrorPlace:
        if not isinstance(row, Mapping):
            return _WHOLE_ROW
        names = self._names_of(str(field))
        for name in names:
            key = self._own.get(name, name)
            if key in row and not (key in names and isinstance(row[key], Mapping)):
                return ErrorPlace(key, _pointer([key]), row[key] if name in self._changed else None)
        for name in names:
            inside = _path_to(row, name) if name.count(".") > field.count(".") else None
            if inside is not None and name in self._positions:
                return ErrorPlace(name, _pointer(inside))
        steps = list(field.steps if isinstance(field, FieldAt) else field.split("."))
        if steps[-1] == "base":
            steps.pop()  # the element as a whole
        steps[0] = self._own.get(str(steps[0]), steps[0])
        holders = len(field.split(".")) - 1
        last = [".".join(name.split(".")[holders:]) for name in names]
        found = _followed(row, steps, last)
        column = ".".join(each for each in found if isinstance(each, str))
        if column in self._columns:
            return ErrorPlace(column, _pointer(found))
        known = (each for name in names for each in self._positions.get(name, ()))
        position = next(known, None)
        return ErrorPlace(None if position is None else self._columns[position], _pointer(found))

    def _types_named(self, field: str) -> Sequence[str]:
        *holders, name = field.split(".")
        declared: ResourceType | None = self._type
        for holder in holders:
            declared = self._inside(declared, holder)
        for relationship in declared.relationships if declared is not None else ():
            if relationship.name == name:
                return self._catalogue.targets_of(relationship)
        return ()

    def _all_names(self, field: str) -> Sequence[str]:
        """The fields whose values may be what an error about one of them is about."""
        *holders, name = field.split(".")
        declared: ResourceType | None = self._type
        for holder in holders:
            declared = self._inside(declared, holder)
        names = [name, f"{name}_id"]
        if declared is not None:
            names += _namings(declared, name)
            names += self._key_names(declared, name)
        return [".".join([*holders, each]) for each in dict.fromkeys(names)]

    def _key_names(self, declared: ResourceType, name: str) -> Iterator[str]:
        """The fields by which the keys of a target are named, such as `price_list.code`."""
        for relationship in declared.relationships:
            if relationship.name == name and relationship.kind is Kind.TO_ONE:
                inside = all_names(self._catalogue, relationship)
                yield from (f"{name}.{each}" for each in inside)

    def _inside(self, declared: ResourceType | None, name: str) -> ResourceType | None:
        for relationship in declared.relationships if declared is not None else ():
            if relationship.name == name:
                return self._catalogue.types.get(relationship.targets[0])
        return None


def _namings(declared: ResourceType, relationship: str) -> Iterator[str]:
    """The attributes that name a target by its key, such as `sku_code`."""
    for attribute in declared.attributes:
        naming = attribute.names
        is_of_key = naming is not None and naming.relationship == relationship
        # That of a line item is looked up by a rule.
        if is_of_key or attribute.name == f"{relationship}_code":
            yield attribute.name


def _path_to(row: Mapping[str, Any], name: str) -> list[str] | None:
    """The keys that lead to a dotted name in objects of a row; None: it is not there."""
    found = name.split(".")
    value: Any = row
    for key in found:
        if not isinstance(value, Mapping) or key not in value:
            return None
        value = value[key]
    return found


def _followed(row: Any, steps: Sequence[str | int], last: Sequence[str]) -> list[str | int]:
    """How far steps lead in a row; the last of them may be called in one of several ways."""
    found: list[str | int] = []
    for number, step in enumerate(steps, 1):
        if isinstance(step, int):
            if isinstance(row, Mapping):
                continue  # a collection of one element, given without its list
            if not isinstance(row, Sequence) or isinstance(row, str) or step >= len(row):
                break
            row = row[step]
            found.append(step)
            continue
        if not isinstance(row, Mapping):
            break
        names = last if number == len(steps) else [step]
        key = next((each for each in names if each in row), step)
        found.append(key)
        if key not in row:
            break
        row = row[key]
    return found


def _pointer(steps: Sequence[str | int]) -> str:
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)
