"""From the layout of a source to all that its rows go through."""

from collections.abc import Callable, Mapping, Sequence

from longshore.catalogue import Catalogue, ResourceType
from longshore.engine.chunk.candidates import row_converter
from longshore.engine.chunk.causes import single_keys
from longshore.engine.chunk.error_places import ErrorPlaces
from longshore.engine.chunk.made_rows import MadeRows, UnmadeValues
from longshore.engine.chunk.prepared import Prepared
from longshore.engine.chunk.row_names import row_identifier, row_keys
from longshore.engine.plan.field_names import FieldNames, input_names, nested_paths
from longshore.engine.plan.nodes import Plan
from longshore.engine.plan.plan_request import PlanRequest
from longshore.engine.plan.planner import make_plan
from longshore.engine.plan.source_columns import SourceColumns, source_columns
from longshore.engine.plan.suggestions import Suggestions, map_option
from longshore.engine.sheet_errors import SheetErrors
from longshore.engine.type_checker import TypeChecker
from longshore.engine.weight_units import WeightUnits, weight_units
from longshore.errors import RequestRefused
from longshore.identifiers import PublicIds
from longshore.imports import Only
from longshore.mapping import MappingDocument, MappingLayer
from longshore.notices import Notice, NoticeCode
from longshore.readers import CELLS_COLUMN, REPORT_COLUMNS, SOURCE_COLUMN, Format, Layout

_COLUMNS_MAX = 30  # columns for which the nearest field is looked for
_OWN_COLUMNS = (*REPORT_COLUMNS, SOURCE_COLUMN, CELLS_COLUMN)  # which longshore has written


def prepare(
    type_: ResourceType,
    layout: Layout,
    column_map: Mapping[str, str],
    *,
    catalogue: Catalogue,
    public_ids: PublicIds,
    parent: int | None,
    environment: int,
    flags: Mapping[str, object],
    cell_bytes_max: int,
    elements_max: int,
    only: Only | None = None,
    mapping: MappingDocument | None = None,
    made_of: Mapping[str, str] | None = None,
) -> Prepared:
    """Plan for a source laid out like this, its columns renamed by `column_map`, which is laid over
    the `mapping`.

    `parent` is an id, `flags` are those of the organization. With `made_of` the rows were made of
    those of another file: it says of fields which column of that they are. Raises RequestRefused
    for columns that cannot be meant, and for a source of which no column or key is a field of the
    type.
    """
    is_tabular = layout.format is Format.CSV
    columns = source_columns(catalogue, type_, layout, column_map, mapping)
    weights = weight_units(type_, columns)
    plan = make_plan(
        PlanRequest(
            resource_type=type_.name,
            columns=[*columns.fields, *(set(weights.values()) - set(columns.fields))],
            is_tabular=is_tabular,
            parent=parent,
            environment=environment,
            flags=flags,
            cell_bytes_max=cell_bytes_max,
            # Keys of nested records: those of the row itself have no field in `columns`.
            ignored=(*_OWN_COLUMNS, *(name for name in columns.asked if "." in name)),
            column_names=columns.own_names(),
            units=columns.units,
            only=only,
        ),
        catalogue=catalogue,
        public_ids=public_ids,
    )
    # Elements of JSON that are no objects have no keys: each of them is an error of its row.
    if layout.columns and not plan.root.slots:
        what = "columns" if is_tabular else "keys"
        if layout.sheet:
            what = f"columns of the sheet {layout.sheet!r}"
        raise RequestRefused(
            f"none of the {what} is a field of {type_.name}: {', '.join(layout.columns[:10])}",
            hint=_hint_of_unknown(catalogue, type_, layout.columns),
        )
    # The keys of an object keep their own names; a table's columns were renamed above.
    renamed = {} if is_tabular else columns.renamed
    layer = _layer(catalogue, type_, plan, columns, mapping)
    convert = row_converter(
        plan,
        columns.fields,
        is_tabular=is_tabular,
        elements_max=elements_max,
        renamed=renamed,
        layer=layer,
    )
    if weights:
        convert = WeightUnits(convert, plan.root, columns.units, weights)
    if layout.sheet:
        unread = {*plan.unknown_columns, *plan.read_only_columns}
        fed = columns.fields_by_column()
        fields = [
            [each for each in fed.get(name, ()) if each not in unread] for name in columns.names
        ]
        null = None if mapping is None else mapping.null
        convert = SheetErrors(convert, fields, null=null)
    made_rows = None
    if made_of is not None and is_tabular:
        made_rows = MadeRows(layout.columns, made_of)
        convert = UnmadeValues(convert, made_rows, plan.root, columns.fields)
    if layout.has_resources:
        convert = TypeChecker(convert, catalogue, type_)
    naming = renamed if is_tabular else columns.naming()
    return Prepared(
        plan=plan,
        layout=layout,
        convert=convert,
        identify=row_identifier(plan, _identifying(columns), is_tabular=is_tabular, renamed=naming),
        keys=row_keys(
            single_keys(catalogue, type_.name),
            _identifying(columns),
            is_tabular=is_tabular,
            renamed=naming,
        ),
        places=ErrorPlaces(catalogue, type_, columns, is_tabular=is_tabular, made_rows=made_rows),
        ignored_columns=columns.left_out(plan.unknown_columns),
        notices=_notices(columns),
    )


def _layer(
    catalogue: Catalogue,
    type_: ResourceType,
    plan: Plan,
    columns: SourceColumns,
    mapping: MappingDocument | None,
) -> MappingLayer | None:
    """What rows go through before they are converted; None: nothing."""
    if mapping is None or not (columns.made or mapping.blank or mapping.null):
        return None
    unread = {*plan.unknown_columns, *plan.read_only_columns}
    return MappingLayer(
        columns.made,
        names=columns.names,
        fields=["" if name in unread else name for name in columns.fields],
        dropped={*columns.taken, *columns.overridden},
        nested=nested_paths(catalogue, type_),
        blank=mapping.blank,
        null=mapping.null,
    )


def _identifying(columns: SourceColumns) -> Sequence[str]:
    """The fields by which rows are named: one that is made of a column stands in its place."""
    fields = list(columns.fields)
    for each in columns.made:
        if each.template is None and each.columns and each.columns[0] in columns.names:
            at = columns.names.index(each.columns[0])
            fields[at] = fields[at] or each.field
    return fields


def _notices(columns: SourceColumns) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            code=NoticeCode.COLUMN_OVERRIDDEN,
            message=f"the column {column!r} is left out: {field} is a constant",
            hint=f"without the constant, {field} comes from the column",
        )
        for column, field in columns.overridden.items()
    )


def field_test(
    catalogue: Catalogue,
    type_: ResourceType,
    column_map: Mapping[str, str],
    mapping: MappingDocument | None = None,
) -> Callable[[str], bool]:
    """Says of a column or key whether it is, spells, or is mapped to a field of the type."""
    names = FieldNames(catalogue, type_)
    exact = {*input_names(catalogue, type_), *(name for name, to in column_map.items() if to)}
    if mapping is not None:
        exact |= {column for each in mapping.fields.values() for column in each.columns}
    return lambda name: name in exact or names.of(name) is not None


def _hint_of_unknown(catalogue: Catalogue, type_: ResourceType, columns: Sequence[str]) -> str:
    """What to do about a source of which no column is a field."""
    suggestions = Suggestions(catalogue, type_)
    options = (
        map_option(column, field)
        for column in columns[:_COLUMNS_MAX]
        if (field := suggestions.field(column)) is not None
    )
    nearest = next(options, None)
    told = f"perhaps {nearest}; " if nearest is not None else ""
    return (
        f"{told}`longshore inspect` tells what the columns may be, `longshore template "
        f"{type_.name}` shows the fields, --map gives columns their meaning"
    )
