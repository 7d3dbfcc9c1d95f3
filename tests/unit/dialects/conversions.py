"""Files taken through their dialects, without a database."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshore.dialects import (
    Dialect,
    DialectOptions,
    NamedRecord,
    StoreNames,
    asked_dialect,
    converted,
    dialects,
    recognise,
)
from longshore.notices import Notice
from longshore.readers import CELLS_COLUMN, SOURCE_COLUMN, Rows
from longshore.sources import AttachmentStore, Source

SAMPLES = Path(__file__).parent / "samples"
STORE = StoreNames(
    stock_locations=(NamedRecord(code="main", name="Main warehouse"),),
    markets=(NamedRecord(code="eu", name="Europe"),),
)


@dataclass(frozen=True, slots=True)
class Made:
    """What became of a file."""

    dialect: str
    records: Mapping[str, Sequence[Mapping[str, str]]]  # by type, without blank cells
    notices: Sequence[Notice]
    rows_count: int

    def of(self, resource_type: str) -> Sequence[Mapping[str, str]]:
        """The records of a type."""
        return self.records.get(resource_type, ())

    def by(self, resource_type: str, field: str) -> dict[str, Mapping[str, str]]:
        """The records of a type by the value of a field, of which each has another one."""
        found = {record[field]: record for record in self.of(resource_type)}
        assert len(found) == len(self.of(resource_type))
        return found

    def failures(self, resource_type: str) -> list[tuple[str, ...]]:
        """The cells of which no value could be made: (source row, field, column, cell, code)."""
        return [
            (record[SOURCE_COLUMN].partition(":")[0], field, *told[:3])
            for record in self.of(resource_type)
            for field, told in json.loads(record.get(CELLS_COLUMN, "{}")).items()
            if len(told) > 2
        ]

    def sum(self, resource_type: str, field: str) -> int:
        """The sum of the numbers in a field."""
        return sum(int(record.get(field, 0)) for record in self.of(resource_type))

    @property
    def messages(self) -> list[str]:
        """What is told of the file as a whole."""
        return [each.message for each in self.notices]


def convert(
    path: Path,
    folder: Path,
    *,
    dialect: str | None = None,
    options: DialectOptions | None = None,
    store: StoreNames = STORE,
    now: int = 0,
) -> Made:
    """The records that a file makes; `folder` takes copies."""
    attachments = AttachmentStore(folder)
    stored = attachments.write(Source.from_path(path))
    columns = stored.layout.columns
    if dialect is None:
        (found,) = recognise(columns)
    else:
        found = asked_dialect(dialect, columns)
    return _made(
        found.dialect,
        columns,
        lambda: attachments.open(stored.name, stored.layout),
        options=options or DialectOptions(currency="EUR"),
        store=store,
        now=now,
    )


def convert_rows(
    dialect: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    options: DialectOptions | None = None,
    store: StoreNames = STORE,
) -> Made:
    """The same of rows that are in no file; each is one line."""
    lines = range(2, len(rows) + 2)
    read = Rows(
        first=1,
        lines=lines,
        offsets=lines,
        values=list(rows),
        end_line=len(rows) + 2,
        end_offset=0,
    )
    return _made(
        dialects()[dialect],
        header,
        lambda: [read],
        options=options or DialectOptions(currency="EUR"),
        store=store,
        now=0,
    )


def _made(
    dialect: Dialect,
    header: Sequence[str],
    read: Callable[[], Iterable[Rows]],
    *,
    options: DialectOptions,
    store: StoreNames,
    now: int,
) -> Made:
    with converted(
        dialect, header, read, options=options, store=store, order=list, now=now
    ) as made:
        records = {
            member.resource_type: _records(member.file.read().decode()) for member in made.members
        }
        for member in made.members:
            assert member.rows_count == len(records[member.resource_type])
        return Made(dialect.name, records, made.notices, made.source_size)


def metadata_of(record: Mapping[str, str]) -> Any:
    """The metadata of a record."""
    return json.loads(record.get("metadata", "{}"))


def without_places(records: Sequence[Mapping[str, str]]) -> list[tuple[tuple[str, str], ...]]:
    """Records to compare, in whatever order and of whatever rows they were made."""
    return sorted(
        tuple(sorted((name, cell) for name, cell in record.items() if name != SOURCE_COLUMN))
        for record in records
    )


def _records(text: str) -> list[dict[str, str]]:
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return [{name: cell for name, cell in row.items() if cell} for row in rows]
