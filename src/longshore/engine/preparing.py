"""What the rows of one source go through: its plan, its converter, and how its rows are named."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from longshore.catalogue import Catalogue, ResourceType
from longshore.engine.binding import PlanRequest
from longshore.engine.converting import RowConverter, row_converter
from longshore.engine.findings import Identify, row_identifier
from longshore.engine.inputs import input_names
from longshore.engine.plan import Plan
from longshore.engine.planning import make_plan
from longshore.errors import RequestRefused
from longshore.readers import Format, Layout

# Columns of a file of failed rows that say what was wrong; an import of it ignores them.
REPORT_COLUMNS = ("_row", "_errors")

# So many names of JSON keys are remembered by a survey; with more, all fields are looked for.
_NAMES_MAX = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """What an import's rows go through."""

    plan: Plan
    convert: RowConverter
    identify: Identify


def prepare(
    type_: ResourceType,
    layout: Layout,
    column_map: Mapping[str, str],
    *,
    catalogue: Catalogue,
    decode_id: Callable[[str], int | None],
    parent: int | None,
    environment: int,
    flags: Mapping[str, object],
    cell_bytes_max: int,
) -> Prepared:
    """Plan for a source laid out like this, its columns renamed by `column_map`.

    `parent` is an id, `flags` are those of the organization. Raises RequestRefused for columns
    that cannot be meant, and for a table of which none is a field of the type.
    """
    is_tabular = layout.format is Format.CSV
    columns = mapped_columns(catalogue, type_, layout, column_map)
    plan = make_plan(
        PlanRequest(
            resource_type=type_.name,
            columns=columns,
            is_tabular=is_tabular,
            parent=parent,
            environment=environment,
            flags=flags,
            cell_bytes_max=cell_bytes_max,
            ignored=REPORT_COLUMNS,
        ),
        catalogue=catalogue,
        decode_id=decode_id,
    )
    if is_tabular and not plan.root.slots:
        raise RequestRefused(
            f"none of the columns is a field of {type_.name}: {', '.join(layout.columns[:10])}",
            hint=f"`longshore template {type_.name}` shows the fields, --map gives columns their "
            "meaning",
        )
    # The keys of an object keep their own names; a table's columns were renamed above.
    renamed = {} if is_tabular else column_map
    return Prepared(
        plan=plan,
        convert=row_converter(plan, columns, is_tabular=is_tabular, renamed=renamed),
        identify=row_identifier(plan, columns, is_tabular=is_tabular, renamed=renamed),
    )


def mapped_columns(
    catalogue: Catalogue, type_: ResourceType, layout: Layout, column_map: Mapping[str, str]
) -> list[str]:
    """The source's columns after renaming; raises RequestRefused for what cannot be meant."""
    known = input_names(catalogue, type_)
    for column, name in column_map.items():
        if column not in layout.columns:
            raise RequestRefused(
                f"the source has no column {column!r}",
                hint=f"its columns are {', '.join(layout.columns[:30])}",
            )
        if name not in known:
            nearest = get_close_matches(name, known, n=1)
            raise RequestRefused(
                f"{type_.name} have no field {name!r} that can be imported",
                hint=f"did you mean {nearest[0]}?" if nearest else None,
            )
        if "." in name and layout.format is not Format.CSV:
            raise RequestRefused(f"a key of JSON cannot be mapped to {name!r}, inside a row")
    columns = [column_map.get(column, column) for column in layout.columns]
    meant: dict[str, str] = {}
    for column, name in zip(layout.columns, columns, strict=True):
        if name in meant and name in known and meant[name] != column:
            raise RequestRefused(
                f"the columns {meant[name]!r} and {column!r} both mean {name!r}",
                hint="rename one of them, or map it to another field",
            )
        meant[name] = column
    if layout.format is not Format.CSV and len(columns) >= _NAMES_MAX:
        columns += [name for name in known if name not in meant]
    return columns
