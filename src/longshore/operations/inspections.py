"""What a source is, and how it would be imported: found without any installation.

The source is read as an import reads it, into a folder that is gone afterwards, so all that is
told here holds for the import as well.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory

from longshore.catalogue import (
    ORGANIZATION_FLAGS,
    Attribute,
    Catalogue,
    ResourceType,
    importable_type,
)
from longshore.dialects import Recognised, recognise
from longshore.engine import (
    CENTS,
    DECIMAL,
    IGNORED,
    FieldNames,
    ValueRefused,
    converter,
    field_test,
    input_names,
    is_of_cents,
    nested_paths,
    says_cents,
    source_columns,
)
from longshore.errors import RequestRefused
from longshore.mapping import (
    ColumnLook,
    ColumnLooker,
    FieldSuggestion,
    SourceMeaning,
    TypeSuggestion,
    is_alias,
    missing_fields,
    suggest_fields,
    suggest_types,
    type_of_name,
)
from longshore.readers import REPORT_COLUMNS, Format, Layout, Rows, Unreadable
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source, StoredAttachment

# What is looked at of a source for each type, to find out of which one it is.
_COLUMNS_OF_TYPES = 200
_VALUES_OF_TYPES = 20
_NAMES_REMEMBERED = 10_000
_SCORE_MIN = 0.4
_TYPES_TOLD = 4
FIRST_ROWS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A column that would have no effect."""

    column: int  # its number, from 1
    reason: str
    is_asked: bool = False  # it would have one, so it has to be left out by name
    choices: tuple[str, ...] = ()  # meanings, of which somebody has to say the right one
    field: str | None = None  # that it perhaps is


@dataclass(frozen=True, slots=True, kw_only=True)
class FirstRow:
    """A row as it stands in the source."""

    number: int
    line: int
    cells: Sequence[object]  # of a table; of JSON the one value; none of an unreadable row
    refusal: str | None = None  # why it cannot be cut into cells; None: it can


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """All that was found."""

    stored: StoredAttachment  # what the source is; the attachment itself is gone
    columns: Sequence[ColumnLook]
    unreadable_count: int  # rows that could not be cut into cells
    types: Sequence[TypeSuggestion]  # the best first; none where somebody named the type
    resource_type: str | None  # the one that fits best, or that was named
    fields: Sequence[FieldSuggestion]  # those that a command takes
    left_out: Sequence[LeftOut]
    missing: Sequence[str]  # required fields that no column fills
    parent: str | None  # the relationship that --parent fills
    column_map: Mapping[str, str]  # of the command
    refusal: RequestRefused | None  # why an import would refuse that map
    dialects: Sequence[Recognised] = ()  # of which other system's the file may be
    first_rows: Sequence[FirstRow] = ()


class Inspections:
    """Inspects sources."""

    def __init__(self, catalogue: Catalogue, settings: Settings) -> None:
        self._catalogue = catalogue
        self._settings = settings
        self._names_field: Callable[[str], bool] | None = None

    def inspect(self, source: Source, resource_type: str | None = None) -> Inspection:
        """Read a source to its end, and say what it is; `resource_type`: of which type its rows
        are, where that is known.

        Raises RequestRefused for a type that cannot be imported, and for what cannot be read.
        """
        named = resource_type and importable_type(self._catalogue, resource_type)
        types = [named] if named else self._importable()
        with TemporaryDirectory(prefix="longshore-inspect-") as folder:
            attachments = AttachmentStore(Path(folder))
            stored = attachments.write(
                source,
                descend=self._nested(types),
                is_field=self._field_test(types),
                # Whether that is wrong, the type says that is found afterwards.
                allows_twins=True,
            )
            return self.inspect_stored(attachments, stored, source.name, resource_type)

    @cached_property
    def nested(self) -> frozenset[str]:
        """What rows of any type may hold inside themselves, for whoever stores a source that is to
        be inspected."""
        return self._nested(self._importable())

    def inspect_stored(
        self,
        attachments: AttachmentStore,
        stored: StoredAttachment,
        name: str,
        resource_type: str | None = None,
    ) -> Inspection:
        """The same of a source of this name that is stored already."""
        named = resource_type and importable_type(self._catalogue, resource_type)
        looker = ColumnLooker(stored.layout)
        first: list[FirstRow] = []
        for rows in attachments.open(stored.name, stored.layout):
            looker.look(rows.values)
            if len(first) < FIRST_ROWS:
                first += _first_rows(rows, FIRST_ROWS - len(first))
        columns = looker.columns()
        suggested: list[TypeSuggestion] = []
        if not named:
            suggested = self._types(self._importable(), name, stored.layout, columns)
            named = self._catalogue.types[suggested[0].name] if suggested else None
        found = self._inspection(named, stored, looker.unreadable_count, columns, suggested)
        found = replace(found, first_rows=first)
        if resource_type is not None or stored.layout.format is not Format.CSV:
            return found
        return replace(found, dialects=recognise(stored.layout.columns))

    def _nested(self, types: Sequence[ResourceType]) -> frozenset[str]:
        return frozenset[str]().union(*(nested_paths(self._catalogue, each) for each in types))

    def _inspection(
        self,
        type_: ResourceType | None,
        stored: StoredAttachment,
        unreadable_count: int,
        columns: Sequence[ColumnLook],
        types: Sequence[TypeSuggestion],
    ) -> Inspection:
        if type_ is None:
            return Inspection(
                stored=stored,
                columns=columns,
                unreadable_count=unreadable_count,
                types=types,
                resource_type=None,
                fields=(),
                left_out=(),
                missing=(),
                parent=None,
                column_map={},
                refusal=None,
            )
        meaning = self._meaning(type_, stored.layout)
        found = suggest_fields(self._catalogue, type_, columns, meaning)
        fields = [each for each in found if each.is_taken]
        left_out = list(_left_out(type_, columns, found, meaning))
        column_map = _column_map(columns, fields, left_out, meaning)
        refusal = None
        try:
            source_columns(self._catalogue, type_, stored.layout, column_map)
        except RequestRefused as refused:
            refusal = refused
        return Inspection(
            stored=stored,
            columns=columns,
            unreadable_count=unreadable_count,
            types=types,
            resource_type=type_.name,
            fields=fields,
            left_out=left_out,
            missing=missing_fields(type_, (each.field for each in fields)),
            parent=type_.parent,
            column_map=column_map,
            refusal=refusal,
        )

    def _types(
        self,
        types: Sequence[ResourceType],
        name: str,
        layout: Layout,
        columns: Sequence[ColumnLook],
    ) -> list[TypeSuggestion]:
        looked_at = columns[:_COLUMNS_OF_TYPES]
        found = {
            each.name: suggest_fields(
                self._catalogue,
                each,
                looked_at,
                self._meaning(each, layout),
                values_max=_VALUES_OF_TYPES,
            )
            for each in types
        }
        suggested = suggest_types(
            self._catalogue,
            found,
            columns_count=len(columns),
            named=type_of_name(self._catalogue, (layout.sheet, name)),
        )
        fitting = [
            each
            for each in suggested
            if each.score >= _SCORE_MIN or each.fields_count == each.columns_count
        ]
        return fitting[:_TYPES_TOLD]

    def is_field_name(self, text: str) -> bool:
        """Whether a text names a field of any type that can be imported, here or elsewhere."""
        if self._names_field is None:
            self._names_field = self._field_test(self._importable())
        return self._names_field(text)

    def _importable(self) -> list[ResourceType]:
        return [self._catalogue.types[name] for name in self._catalogue.importable]

    def _field_test(self, types: Sequence[ResourceType]) -> Callable[[str], bool]:
        """Says of a text whether it is the name of a field, here or elsewhere."""
        tests = [*(field_test(self._catalogue, each, {}) for each in types), is_alias(types)]
        return lru_cache(_NAMES_REMEMBERED)(lambda name: any(test(name) for test in tests))

    def _meaning(self, type_: ResourceType, layout: Layout) -> SourceMeaning:
        names = FieldNames(self._catalogue, type_)
        is_tabular = layout.format is Format.CSV
        fields = names.names if is_tabular else input_names(self._catalogue, type_)
        exact = frozenset(fields)

        def field_of(column: str) -> str | None:
            if column in exact or names.is_exact(column):
                return column
            return names.of(column) if is_tabular else None

        return SourceMeaning(
            field_of=field_of,
            fields=fields,
            is_amount=is_of_cents,
            says_cents=says_cents,
            takes=self._taking(type_),
            maps_dotted=is_tabular,
        )

    def _taking(self, type_: ResourceType) -> Callable[[str, object], bool]:
        """Says whether a field takes a value, as an organization's flags are without a change."""
        settings = self._settings

        @lru_cache(None)
        def convert_of(field: str) -> Callable[[object], object] | None:
            found = _attribute(self._catalogue, type_, field)
            if found is None:
                return None
            declared, attribute = found
            return converter(
                attribute,
                ORGANIZATION_FLAGS,
                settings.cell_bytes_max,
                is_key=declared.is_key_text(attribute),
            )

        def takes(field: str, value: object) -> bool:
            convert = convert_of(field)
            if convert is not None:
                try:
                    convert(value)
                except ValueRefused:
                    return False
            return True

        return takes


def first_rows(attachments: AttachmentStore, stored: StoredAttachment) -> list[FirstRow]:
    """The first rows of a stored source, as they stand there."""
    first: list[FirstRow] = []
    for rows in attachments.open(stored.name, stored.layout):
        first += _first_rows(rows, FIRST_ROWS - len(first))
        if len(first) >= FIRST_ROWS:
            break
    return first


def _first_rows(rows: Rows, count: int) -> Iterator[FirstRow]:
    for index, value in enumerate(rows.values[:count]):
        number, line = rows.first + index, rows.lines[index]
        if isinstance(value, Unreadable):
            yield FirstRow(number=number, line=line, cells=[], refusal=str(value.message))
        else:
            yield FirstRow(
                number=number, line=line, cells=value if isinstance(value, list) else [value]
            )


def _attribute(
    catalogue: Catalogue, type_: ResourceType, field: str
) -> tuple[ResourceType, Attribute] | None:
    *holders, name = field.split(".")
    for holder in holders:
        targets = [each.targets[0] for each in type_.relationships if each.name == holder]
        if not targets or targets[0] not in catalogue.types:
            return None
        type_ = catalogue.types[targets[0]]
    return next(((type_, each) for each in type_.attributes if each.name == name), None)


def _left_out(
    type_: ResourceType,
    columns: Sequence[ColumnLook],
    found: Sequence[FieldSuggestion],
    meaning: SourceMeaning,
) -> Iterator[LeftOut]:
    suggested = {each.column: each for each in found}
    counts = Counter(each.name for each in columns)
    filled = {each.field: columns[each.column - 1].name for each in found if each.is_taken}
    for column in columns:
        suggestion = suggested.get(column.number)
        if suggestion is not None and suggestion.is_taken:
            continue
        own = meaning.field_of(column.name) if column.name else None
        choices: tuple[str, ...] = ()
        if not column.name:
            reason = "it has no name"
        elif column.name in REPORT_COLUMNS:
            reason = "it is of a file of failed rows"
        elif counts[column.name] > 1:
            reason = f"{counts[column.name]} columns have this name"
        elif suggestion is not None and suggestion.is_unit_open:
            reason = f"perhaps {suggestion.field}: {suggestion.reason}"
            choices = tuple(f"{suggestion.field}:{unit}" for unit in (DECIMAL, CENTS))
        elif suggestion is not None:
            reason = f"perhaps {suggestion.field}: {suggestion.reason}"
        elif own is not None and own in filled:
            reason = f"{filled[own]!r} is {own} already"
        elif own is not None and own.rpartition(".")[2].startswith("_"):
            reason = "it is a trigger, which makes something happen"
        elif own is not None:
            reason = "it is named like an id, and its values are none"
        else:
            reason = f"{type_.name} have no such field"
        yield LeftOut(
            column=column.number,
            reason=reason,
            is_asked=own is not None
            and counts[column.name] == 1
            and column.name not in REPORT_COLUMNS,
            choices=choices,
            field=None if suggestion is None else suggestion.field,
        )


def _column_map(
    columns: Sequence[ColumnLook],
    fields: Sequence[FieldSuggestion],
    left_out: Sequence[LeftOut],
    meaning: SourceMeaning,
) -> dict[str, str]:
    """What a command has to say: of columns that mean what they should by themselves, nothing."""
    column_map = {}
    for each in fields:
        name = columns[each.column - 1].name
        if each.is_decimal:
            column_map[name] = f"{each.field}:{DECIMAL}"
        elif meaning.field_of(name) != each.field:
            column_map[name] = each.field
    for out in left_out:
        if out.is_asked:
            column_map[columns[out.column - 1].name] = IGNORED
    return column_map
