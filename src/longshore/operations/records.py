"""Records looked at in numbers: listed for people, exported, and drawn upon for example files."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.errors import RequestRefused
from longshore.identifiers import environment_of
from longshore.operations.foreign_exports import foreign_export
from longshore.operations.key_meetings import KeyMeeting, find_meetings
from longshore.records import (
    ExportColumn,
    ExportFormat,
    RecordReader,
    RecordView,
    export_cells,
    export_columns,
    export_records,
    record_tables,
    table_of,
)
from longshore.templates import Template, template_row
from longshore.workbooks import RECORDS_MAX, DoesNotFit, SheetColumn, WorkbookWriter

_OTHER_FORMATS = "export them as csv or ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsFound:
    """Records, to be read within the block that has found them."""

    views: Iterator[RecordView]
    count: Callable[[], int]  # of all, also beyond the limit


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """The lines of an export, to be read within the block that has begun it."""

    lines: Iterator[str]  # each with its line end
    count: int  # of the records


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportSheet:
    """An export as a sheet, to be written within the block that has begun it."""

    resource_type: str
    columns: Sequence[ExportColumn]
    rows: Iterator[list[str | int | float | bool | None]]
    count: int  # of the records

    def write(
        self, workbook: WorkbookWriter, *, on_row: Callable[[int], object] = lambda _: None
    ) -> None:
        """Write the sheet, once; `on_row` hears the index of each row that was written. Raises
        RequestRefused for what a sheet cannot hold."""
        columns = [SheetColumn(name=each.name, is_text=each.is_text) for each in self.columns]
        sheet = workbook.sheet(self.resource_type, columns)
        try:
            for number, row in enumerate(self.rows):
                sheet.write(row)
                on_row(number)
        except DoesNotFit as error:
            raise RequestRefused(error.message, hint=_OTHER_FORMATS) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsQuery:
    """Which page of the records of a type is wanted.

    Without filters pages have numbers, the newest record comes first, and it is known how many
    there are. With filters nothing is counted, because that would read all of them: the oldest
    comes first, and the next page is behind the last record of this one.
    """

    filters: Sequence[tuple[str, str]] = ()
    number: int = 1  # without filters
    after: str | None = None  # with filters: a public id
    size: int = 50
    fields: Sequence[str] | None = None  # None: all


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordsPage:
    """A page of the records of a type."""

    views: Sequence[RecordView]
    count: int | None  # of all; None: nobody has counted those that pass the filters
    has_more: bool


class Records:
    """The records of one installation; what a block reads is one snapshot."""

    def __init__(
        self, database: Database, catalogue: Catalogue, *, read_seconds: float | None = None
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._read_seconds = read_seconds  # of what is read for a page

    def page(
        self, environment: Environment, resource_type: str, query: RecordsQuery
    ) -> RecordsPage:
        """A page of the records of a type. Raises FilterRefused, and ReadTooLong where filters have
        to go through too many records."""
        reader = self._reader(environment)
        wanted = query.size + 1  # one more tells whether there is another page
        with self._database.read(seconds=self._read_seconds) as tx:
            if query.filters:
                found = reader.find(
                    tx,
                    resource_type,
                    filters=query.filters,
                    limit=wanted,
                    after_id=self._key(environment, query.after or ""),
                    fields=query.fields,
                )
                views, count = list(found), None
            else:
                found = reader.find(
                    tx,
                    resource_type,
                    sort=("-created_at",),
                    offset=(query.number - 1) * query.size,
                    limit=wanted,
                    fields=query.fields,
                )
                views, count = list(found), reader.count(tx, resource_type)
        return RecordsPage(views=views[: query.size], count=count, has_more=len(views) > query.size)

    def counts(self, environment: Environment, resource_types: Sequence[str]) -> dict[str, int]:
        """How many records of these types there are; zones tell, so it is cheap."""
        reader = self._reader(environment)
        with self._database.read(seconds=self._read_seconds) as tx:
            return {name: reader.count(tx, name) for name in resource_types}

    def one(
        self, environment: Environment, resource_type: str, public_id: str
    ) -> RecordView | None:
        """The record of a type with this id; None: the environment has none."""
        if self._key(environment, public_id) is None:
            return None
        with self._database.read(seconds=self._read_seconds) as tx:
            return self._reader(environment).get(tx, resource_type, public_id)

    def type_of(self, environment: Environment, public_id: str) -> str | None:
        """A type of which the record with this id is; None: the environment has no such record."""
        key = self._key(environment, public_id)
        if key is None:
            return None
        with self._database.read(seconds=self._read_seconds) as tx:
            return table_of(tx, self._catalogue.tables, key)

    def _key(self, environment: Environment, public_id: str) -> int | None:
        """The id that a public one stands for, if it can be of the environment."""
        key = self._database.public_ids.decode(public_id)
        if key is None or environment_of(key) != environment.number:
            return None
        return key

    @contextmanager
    def found(
        self,
        environment: Environment,
        resource_type: str,
        *,
        filters: Sequence[tuple[str, str]] = (),
        limit: int | None = None,
        fields: Sequence[str] | None = None,
    ) -> Iterator[RecordsFound]:
        """The records of a type that pass filters, in the order of their creation.

        Raises FilterRefused.
        """
        reader = self._reader(environment)
        with self._database.read() as tx:
            yield RecordsFound(
                views=reader.find(tx, resource_type, filters=filters, limit=limit, fields=fields),
                count=lambda: reader.count(tx, resource_type, filters=filters),
            )

    @contextmanager
    def export(
        self,
        environment: Environment,
        resource_type: str,
        format_: ExportFormat,
        *,
        filters: Sequence[tuple[str, str]] = (),
        is_guarded: bool = False,
    ) -> Iterator[Export]:
        """The records of a type that pass filters, as a file that an import takes back;
        `export_records` says how. Raises FilterRefused."""
        reader = self._reader(environment)
        with self._database.read() as tx:
            yield Export(
                lines=export_records(
                    reader, tx, resource_type, format_, filters=filters, is_guarded=is_guarded
                ),
                count=reader.count(tx, resource_type, filters=filters),
            )

    @contextmanager
    def export_as(
        self,
        environment: Environment,
        dialect: str,
        *,
        price_list: str | None = None,
        stock_location: str | None = None,
    ) -> Iterator[Export]:
        """What can be bought as a file of another system; `foreign_export` says how."""
        with self._database.read() as tx:
            lines, count = foreign_export(
                tx,
                self._catalogue,
                environment,
                dialect,
                price_list=price_list,
                stock_location=stock_location,
            )
            yield Export(lines=lines, count=count)

    @contextmanager
    def export_sheet(
        self,
        environment: Environment,
        resource_type: str,
        *,
        filters: Sequence[tuple[str, str]] = (),
    ) -> Iterator[ExportSheet]:
        """The records of a type that pass filters, as a sheet that an import takes back. Raises
        FilterRefused, and RequestRefused for more than a sheet holds."""
        reader = self._reader(environment)
        with self._database.read() as tx:
            columns = export_columns(self._catalogue, resource_type)
            count = reader.count(tx, resource_type, filters=filters)
            if count > RECORDS_MAX:
                raise RequestRefused(
                    f"there are {count:,} records, and a sheet holds {RECORDS_MAX:,}",
                    hint=_OTHER_FORMATS,
                )
            yield ExportSheet(
                resource_type=resource_type,
                columns=columns,
                rows=export_cells(reader, tx, resource_type, filters=filters),
                count=count,
            )

    def template(self, environment: Environment, resource_type: str) -> Template:
        """One row of a type that imports as it stands, with relationships to records that exist."""
        reader = self._reader(environment)
        with self._database.read() as tx:
            return template_row(self._catalogue, resource_type, reader, tx, environment)

    def key_meetings(self) -> Iterator[KeyMeeting]:
        """The records of all organizations that would have one key, if both were spelled so."""
        return find_meetings(self._database, self._catalogue)

    def _reader(self, environment: Environment) -> RecordReader:
        return RecordReader(
            self._catalogue,
            record_tables(self._catalogue),
            environment.number,
            self._database.public_ids,
            self._database.record_secrets,
        )
