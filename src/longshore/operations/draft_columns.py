"""What a mapping would make of the file of a draft, told before it is saved: the first rows go
through the same conversion as those of an import."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Any

from sqlalchemy import select

from longshore.access import Environment
from longshore.catalogue import (
    EXPONENTS,
    Catalogue,
    ResourceType,
    money_text,
    naming_keys,
    parent_relationship,
    parent_targets,
)
from longshore.database import Database
from longshore.engine import FieldNames, Prepared, is_of_cents
from longshore.errors import RequestRefused
from longshore.identifiers import environment_range
from longshore.imports import ImportRequest
from longshore.json_text import encode_json
from longshore.mapping import (
    Drift,
    MappingDocument,
    drift_of,
    missing_fields,
    shape_of,
)
from longshore.notices import APOSTROPHE_CODES, Notice
from longshore.operations.asker import Asker
from longshore.operations.column_spellings import DecidedColumns, decide_columns
from longshore.operations.currencies import Currencies
from longshore.operations.inspections import Inspection
from longshore.operations.preparation import Preparation
from longshore.operations.saved_mappings import SavedMappings
from longshore.operations.suggested_mappings import field_to_give
from longshore.readers import Format, Rows
from longshore.records import record_tables
from longshore.saved_mappings import MappingSummary, SavedMapping
from longshore.spellings import Amount, ValueRefused

_EXAMPLES_MAX = 3  # of a field
_PARENTS_MAX = 50
_SAVED_MAX = 50  # that are compared with a file
_CHARACTERS_MAX = 200
_MASKED = "•••"


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetField:
    """What a column may be mapped to."""

    name: str
    group: str
    is_required: bool
    is_amount: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldExample:
    """What a field gets in one of the first rows."""

    row: int
    before: str  # the cells that it is made of; "" for a constant
    after: str  # as it is stored; amounts as money
    problem: str | None = None  # why the row would fail


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingField:
    """A field that records need and nothing gives."""

    name: str
    give: str  # the field by which people give it
    is_parent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnsLook:
    """What would become of the columns."""

    refusal: RequestRefused | None = None
    missing: Sequence[MissingField] = ()
    examples: Mapping[str, Sequence[FieldExample]] = field(default_factory=dict)  # by field
    notices: Sequence[Notice] = ()
    left_out: Sequence[str] = ()  # columns that would have no effect


@dataclass(frozen=True, slots=True, kw_only=True)
class FittingMapping:
    """A saved mapping of the type, and what of it does not fit the file."""

    summary: MappingSummary
    drift: Drift
    has_same_columns: bool  # as the file that it was made for


class DraftColumns:
    """Looks at columns in one installation."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        preparation: Preparation,
        saved_mappings: SavedMappings,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._preparation = preparation
        self._saved_mappings = saved_mappings

    def targets(self, resource_type: str) -> list[TargetField]:
        """All fields that columns of a table may be, those that are required first."""
        type_ = self._catalogue.types[resource_type]
        missing = missing_fields(type_, ())
        required = {*missing, *map(self._giving(type_), missing)} | {
            attribute.name
            for attribute in type_.attributes
            if attribute.names is not None and attribute.names.relationship in missing
        }
        relationships = {each.name for each in type_.relationships}
        found = [
            TargetField(
                name=name,
                group=_group(name, name in required, relationships),
                is_required=name in required,
                is_amount=is_of_cents(name),
            )
            for name in FieldNames(self._catalogue, type_).names
        ]
        return sorted(found, key=lambda each: not each.is_required)

    def look(
        self,
        asker: Asker,
        found: Inspection,
        document: MappingDocument,
        *,
        parent: str | None,
    ) -> ColumnsLook:
        """What a mapping would make of a file of rows of one type."""
        assert found.resource_type is not None
        type_ = self._catalogue.types[found.resource_type]
        environment = asker.environment
        request = ImportRequest(resource_type=type_.name, mapping=document, parent=parent)
        refusal: RequestRefused | None = None
        parent_id = None
        try:
            parent_id = self._preparation.parent(environment, type_, parent)
        except RequestRefused as refused:
            refusal = refused.with_traceback(None)
        decided = DecidedColumns(column_map={}, mapping=document)
        try:
            layout = found.stored.layout
            try:
                decided = decide_columns(
                    self._catalogue, type_, layout, request, lambda: [_of_values(found)]
                )
            except RequestRefused as refused:
                refusal = refusal or refused.with_traceback(None)
            prepared = self._preparation.of_request(
                environment, type_, layout, request, decided, parent=parent_id
            )
        except RequestRefused as refused:
            return ColumnsLook(
                refusal=refusal or refused.with_traceback(None),
                missing=self._missing(type_, found, document.fields, parent),
            )
        of_cells = (each for each in found.stored.notices if each.code in APOSTROPHE_CODES)
        given = [*document.fields, *self._own(type_, found, document)]
        return ColumnsLook(
            refusal=refusal,
            missing=self._missing(type_, found, given, parent),
            examples=self._examples(environment, type_, found, document, prepared, parent_id),
            notices=(*of_cells, *decided.notices, *prepared.notices),
            left_out=prepared.ignored_columns,
        )

    def parents(self, environment: Environment, resource_type: str) -> list[tuple[str, str]]:
        """The records that rows may belong to, the first of very many: what names each, and a
        word about it."""
        type_ = self._catalogue.types[resource_type]
        if type_.parent is None:
            return []
        tables = record_tables(self._catalogue)
        within = environment_range(environment.number)
        found: list[tuple[str, str]] = []
        with self._database.read() as tx:
            for target in parent_targets(self._catalogue, parent_relationship(type_)):
                columns = tables[target.table].c
                names = [each.name for _, each in naming_keys(self._catalogue, target)]
                shown = [columns[name] for name in (*names, "name") if name in columns]
                if not shown:
                    continue
                query = (
                    select(columns.id, *shown)
                    .where(columns.id.between(*within))
                    .order_by(columns.id)
                    .limit(_PARENTS_MAX)
                )
                for row in tx.connection.execute(query):
                    texts = [str(each) for each in row[1:] if each not in (None, "")]
                    name = texts[0] if texts else tx.public_ids.encode(row[0])
                    others = [each for each in dict.fromkeys(texts[1:]) if each != name]
                    found.append((name, ", ".join(others)))
        return found

    def fitting(self, asker: Asker, found: Inspection) -> list[FittingMapping]:
        """The saved mappings of the type, those that were made for the same columns first."""
        names = {each.name for each in shape_of(found.columns).columns}
        fitting = []
        summaries = [
            each
            for each in self._saved_mappings.list(asker)
            if each.resource_type in (None, found.resource_type)
        ]
        for summary in summaries[:_SAVED_MAX]:
            saved = self._saved_mappings.find(asker, summary.name)
            shape = saved.shape
            same = shape is not None and {each.name for each in shape.columns} == names
            fitting.append(
                FittingMapping(
                    summary=summary, drift=self.drift(found, saved), has_same_columns=same
                )
            )
        return sorted(fitting, key=lambda each: (not each.has_same_columns, bool(each.drift.gone)))

    def made_for(self, asker: Asker, found: Inspection) -> list[MappingSummary]:
        """The saved mappings, of whichever type, that were made for a file with these columns: they
        say what the rows are where nothing in the file does."""
        names = {each.name for each in shape_of(found.columns).columns}
        made = []
        for summary in self._saved_mappings.list(asker)[:_SAVED_MAX]:
            shape = self._saved_mappings.find(asker, summary.name).shape
            if shape is not None and {each.name for each in shape.columns} == names:
                made.append(summary)
        return [each for each in made if each.resource_type is not None]

    def drift(self, found: Inspection, saved: SavedMapping) -> Drift:
        """What has changed since a mapping was saved."""
        columns = found.stored.layout.columns
        return drift_of(saved.document, saved.shape, columns, found.columns)

    def save(
        self, asker: Asker, name: str, document: MappingDocument, found: Inspection
    ) -> SavedMapping:
        """Save a mapping with what the file looks like. Raises RequestRefused."""
        document = replace(document, resource_type=found.resource_type)
        return self._saved_mappings.save(asker, name, document, shape_of(found.columns))[0]

    def _giving(self, type_: ResourceType) -> Callable[[str], str]:
        names = FieldNames(self._catalogue, type_).names

        def giving(name: str) -> str:
            choices = (name, f"{name}.name", f"{name}.code", f"{name}_id")
            return next((each for each in choices if each in names), name)

        return giving

    def _own(
        self, type_: ResourceType, found: Inspection, document: MappingDocument
    ) -> Iterator[str]:
        """The fields that columns are by their own names, where the mapping says nothing."""
        names = FieldNames(self._catalogue, type_)
        said = {column for each in document.fields.values() for column in each.columns}
        said |= set(document.ignore)
        is_table = found.stored.layout.format is Format.CSV
        for column in found.columns:
            if column.name and column.name not in said:
                own = names.of(column.name) if is_table else column.name
                if own is not None:
                    yield own

    def _missing(
        self,
        type_: ResourceType,
        found: Inspection,
        given: Iterable[str],
        parent: str | None,
    ) -> list[MissingField]:
        named = [] if type_.parent is None or parent is None else [type_.parent]
        return [
            MissingField(
                name=name,
                give=field_to_give(self._catalogue, found, name),
                is_parent=name == type_.parent,
            )
            for name in missing_fields(type_, (*given, *named))
        ]

    def _examples(
        self,
        environment: Environment,
        type_: ResourceType,
        found: Inspection,
        document: MappingDocument,
        prepared: Prepared,
        parent: int | None,
    ) -> dict[str, list[FieldExample]]:
        rows = [each for each in found.first_rows if each.cells]
        if not rows:
            return {}
        is_table = found.stored.layout.format is Format.CSV
        candidates = prepared.convert(
            [list(each.cells) if is_table else each.cells[0] for each in rows]
        )
        root = prepared.plan.root
        wrong: dict[tuple[int, str], str] = {}
        for index, (_, findings) in enumerate(candidates.rows()):
            for name, message, *_ in findings:
                wrong.setdefault((index, name), str(message))
        names = found.stored.layout.columns
        positions = {name: index for index, name in reversed(list(enumerate(names)))}
        examples: dict[str, list[FieldExample]] = {}
        currencies = Currencies(
            self._catalogue,
            type_,
            environment=environment.number,
            parent=parent,
            given=document.fields,
        )
        with self._database.read() as tx:
            for name, mapped in document.fields.items():
                slot = root.slots.get(name)
                values = None if slot is None else candidates.column(slot)
                currency = currencies.of(tx, name) if is_of_cents(name) else None
                shown: dict[str, FieldExample] = {}
                for index, row in enumerate(rows):
                    before = " | ".join(
                        _cell(row.cells, positions, column, is_table=is_table)
                        for column in mapped.columns
                    )
                    problem = wrong.get((index, name))
                    if before in shown and (problem is None or shown[before].problem):
                        continue
                    if len(shown) >= _EXAMPLES_MAX and problem is None:
                        continue
                    after = ""
                    if problem is None and values is not None:
                        if slot in root.masked:
                            after = _MASKED
                        else:
                            after, problem = _shown(values[index], name, currency)
                    shown[before] = FieldExample(
                        row=row.number,
                        before=before[:_CHARACTERS_MAX],
                        after=after[:_CHARACTERS_MAX],
                        problem=problem,
                    )
                examples[name] = list(shown.values())[-_EXAMPLES_MAX:]
        return examples


def _group(name: str, is_required: bool, relationships: set[str]) -> str:
    if is_required:
        return "Required"
    if name.startswith("_"):
        return "Makes something happen"
    holder = name.partition(".")[0] if "." in name else name.removesuffix("_id")
    return "Belongs to" if holder in relationships else "Fields"


def _of_values(found: Inspection) -> Rows:
    """The values that were looked at, as rows; which stand beside each other says nothing."""
    if found.stored.layout.format is not Format.CSV:
        values: list[Any] = [row.cells[0] for row in found.first_rows if row.cells]
    else:
        columns = [each.values for each in found.columns]
        values = [
            [cell if isinstance(cell, str) else "" for cell in row]
            for row in zip_longest(*columns, fillvalue="")
        ]
    count = len(values)
    return Rows(
        first=1,
        lines=range(2, count + 2),
        offsets=range(count),
        values=values,
        end_line=count + 2,
        end_offset=count,
    )


def _cell(
    cells: Sequence[object], positions: Mapping[str, int], column: str, *, is_table: bool
) -> str:
    if not is_table:
        value = cells[0].get(column) if isinstance(cells[0], dict) else None
        return "" if value is None else str(value)
    at = positions.get(column, len(cells))
    return str(cells[at]) if at < len(cells) else ""


def _shown(value: object, name: str, currency: str | None) -> tuple[str, str | None]:
    """A value as it is stored, for people; and why it cannot be."""
    if isinstance(value, Amount):
        if currency is None:  # the record says it, and with it how many decimals there are
            return " ".join([f"{value.value:,.2f}", *value.marks]), None
        try:
            return money_text(value.cents(currency), currency) or "", None
        except ValueRefused as refused:
            return "", str(refused.message)
    if is_of_cents(name) and isinstance(value, int) and not isinstance(value, bool):
        code = currency if currency in EXPONENTS else None
        return money_text(value, code) or "", None
    if value is None:
        return "null", None
    if isinstance(value, bool):
        return ("true" if value else "false"), None
    if isinstance(value, float):
        return f"{value:.15g}", None
    if isinstance(value, str | int):
        return str(value), None
    if isinstance(value, list | dict):
        return encode_json(value).decode(), None
    return "", None
