"""What a file looked like when a mapping was made for it: its columns, and what kind of values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from longshore.mapping.column_looks import ColumnLook
from longshore.mapping.mapping_refused import MappingRefused, Path
from longshore.mapping.transform import read_choice, read_text
from longshore.mapping.value_kinds import ValueKind

COLUMNS_MAX: Final = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class ShapeColumn:
    """One column of the file."""

    name: str
    kind: ValueKind = ValueKind.BLANK  # blank: nobody looked at values


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceShape:
    """The columns of the file that have a name."""

    columns: tuple[ShapeColumn, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """The shape as JSON-safe values; `read_shape` reads them."""
        return {"columns": [{"name": each.name, "kind": str(each.kind)} for each in self.columns]}


def shape_of(columns: Sequence[ColumnLook]) -> SourceShape:
    """The shape of a source that was looked at."""
    return SourceShape(
        columns=tuple(ShapeColumn(name=each.name, kind=each.kind) for each in columns if each.name)
    )


def read_shape(values: object, path: Path = ()) -> SourceShape:
    """The shape that JSON-safe values describe, its columns as objects or as names; raises
    MappingRefused."""
    if not isinstance(values, Mapping) or not isinstance(values.get("columns"), list | tuple):
        raise MappingRefused("expected an object with a list 'columns'", path=path)
    columns = values["columns"]
    if len(columns) > COLUMNS_MAX:
        raise MappingRefused(
            f"has {len(columns):,} columns, at most {COLUMNS_MAX:,} are taken",
            path=(*path, "columns"),
        )
    return SourceShape(
        columns=tuple(
            _column(each, (*path, "columns", index)) for index, each in enumerate(columns)
        )
    )


def _column(value: object, path: Path) -> ShapeColumn:
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping) or "name" not in value:
        raise MappingRefused("expected the name of a column, or an object with it", path=path)
    kind = value.get("kind", "blank")
    return ShapeColumn(
        name=read_text(value["name"], (*path, "name")),
        kind=ValueKind(read_choice(kind, tuple(map(str, ValueKind)), (*path, "kind"))),
    )
