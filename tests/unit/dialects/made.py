"""Takes a sample through its dialect, without any database, and reads what became of it."""

import csv
import io
import json
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from longshore.catalogue import load_catalogue
from longshore.dialects import (
    NO_RECORDS,
    Converted,
    DialectOptions,
    NamedRecord,
    Recognised,
    StoreNames,
    StoreRecords,
    asked_dialect,
    converted,
    dialects,
    is_header_name,
    reading_of,
    recognise,
)
from longshore.notices import Notice
from longshore.readers import CELLS_COLUMN, HEAD_BYTES, SOURCE_COLUMN, CsvOptions, Rows
from longshore.sources import AttachmentStore, Source, StoredAttachment

SAMPLES = Path(__file__).parent / "samples"
WAREHOUSE = StoreNames(stock_locations=(NamedRecord(code="warehouse", name="Warehouse"),))
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """What a dialect has made of a file."""

    recognised: Recognised
    records: dict[str, list[dict[str, Any]]]  # by type: fields that say anything, JSON read
    notices: tuple[Notice, ...]
    source_columns: dict[str, dict[str, str]]
    source_size: int
    examples: Mapping[str, Sequence[Mapping[str, Any]]]

    def by_code(self, resource_type: str = "skus") -> dict[str, dict[str, Any]]:
        """The records of a type by the code of their SKU."""
        return {
            each.get("sku_code") or each.get("code", ""): each
            for each in self.records.get(resource_type, [])
        }

    def of(self, resource_type: str) -> list[dict[str, Any]]:
        """The records of a type."""
        return self.records.get(resource_type, [])

    def by(self, resource_type: str, field: str) -> dict[str, dict[str, Any]]:
        """The records of a type by the value of a field, of which each has another one."""
        found = {record[field]: record for record in self.of(resource_type)}
        assert len(found) == len(self.of(resource_type))
        return found

    def sum(self, resource_type: str, field: str) -> int:
        """The sum of the numbers in a field."""
        return sum(int(record.get(field, 0)) for record in self.of(resource_type))

    def failures_of(self, resource_type: str) -> list[tuple[str, ...]]:
        """Those of one type: (source row, field, column, cell, code)."""
        return [
            (record[SOURCE_COLUMN].partition(":")[0], field, *told[:3])
            for record in self.of(resource_type)
            for field, told in record.get(CELLS_COLUMN, {}).items()
            if len(told) > 2
        ]

    def failures(self) -> list[tuple[str, str, str, str, str]]:
        """What cannot be imported: (type, field, column, cell, code), in the order of the types."""
        return [
            (name, field, told[0], told[1], told[2])
            for name, records in self.records.items()
            for each in records
            for field, told in each.get(CELLS_COLUMN, {}).items()
            if len(told) > 2
        ]

    def told(self) -> list[str]:
        """The messages of all notices."""
        return [each.message for each in self.notices]


def made_of_sample(name: str, **options: Any) -> Made:
    """What becomes of one of our samples."""
    return made_of(SAMPLES / name, **options)


def made_of_text(folder: Path, text: str, *, encoding: str = "utf-8", **options: Any) -> Made:
    """What becomes of a file with such a text."""
    path = folder / "source.csv"
    path.write_bytes(text.encode(encoding))
    return made_of(path, **options)


def made_of(
    path: Path,
    *,
    store: StoreNames = WAREHOUSE,
    now: datetime = NOW,
    dialect: str | None = None,
    records: StoreRecords = NO_RECORDS,
    **options: Any,
) -> Made:
    """What becomes of a file, read as its first bytes or its dialect ask for."""
    with tempfile.TemporaryDirectory() as folder:
        attachments = AttachmentStore(Path(folder))

        def write(source: Source) -> StoredAttachment:
            return attachments.write(source, is_field=is_header_name, allows_twins=True)

        how = reading_of(path.read_bytes()[:HEAD_BYTES], dialect)
        source = Source.from_path(path)
        stored = write(
            source if how is None else replace(source, csv=how.csv, encoding=how.encoding)
        )
        columns = stored.layout.columns
        found = recognise(columns) if dialect is None else [asked_dialect(dialect, columns)]
        assert len(found) == 1, [each.dialect.name for each in found] or columns
        declared = found[0].dialect
        if how is None and declared.reading != CsvOptions():
            stored = write(replace(source, csv=declared.reading, encoding=declared.encoding))
        with converted(
            declared,
            stored.layout.columns,
            lambda: attachments.open(stored.name, stored.layout),
            options=DialectOptions(**options),
            store=store,
            order=load_catalogue().dependency_order,
            now=int(now.timestamp() * 1000),
            first_line=0 if how is None else how.first_line,
            records=records,
        ) as made:
            return _read(found[0], made)


def made_of_rows(
    dialect: str,
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    store: StoreNames = WAREHOUSE,
    **options: Any,
) -> Made:
    """What becomes of rows that are in no file; each is one line."""
    lines = range(2, len(rows) + 2)
    read = Rows(
        first=1,
        lines=lines,
        offsets=lines,
        values=list(rows),
        end_line=len(rows) + 2,
        end_offset=0,
    )
    declared = dialects()[dialect]
    with converted(
        declared,
        header,
        lambda: [read],
        options=DialectOptions(**options),
        store=store,
        order=load_catalogue().dependency_order,
        now=int(NOW.timestamp() * 1000),
    ) as made:
        return _read(Recognised(declared, ()), made)


def without_places(records: Sequence[Mapping[str, Any]]) -> list[str]:
    """Records to compare, in whatever order and of whatever rows they were made."""
    return sorted(
        json.dumps({name: cell for name, cell in record.items() if name != SOURCE_COLUMN})
        for record in records
    )


def _read(recognised: Recognised, made: Converted) -> Made:
    return Made(
        recognised=recognised,
        records=_records(made),
        notices=made.notices,
        source_columns={name: dict(each) for name, each in made.source_columns.items()},
        source_size=made.source_size,
        examples=made.examples,
    )


def _records(made: Converted) -> dict[str, list[dict[str, Any]]]:
    found = {}
    for member in made.members:
        rows = csv.DictReader(io.StringIO(member.file.read().decode(), newline=""))
        found[member.resource_type] = [_record(row) for row in rows]
        assert len(found[member.resource_type]) == member.rows_count
    return found


def _record(row: dict[str, str]) -> dict[str, Any]:
    named = {name.removesuffix(".*"): cell for name, cell in row.items() if cell}
    return {name: json.loads(cell) if name in _JSON else cell for name, cell in named.items()}


_JSON = ("metadata", CELLS_COLUMN)
