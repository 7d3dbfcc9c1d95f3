"""A file taken through its dialect, from its first row to the members that are made of it."""

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect
from longshore.dialects.grouped_rows import RowsScattered, is_refused_too_early
from longshore.dialects.header import Header
from longshore.dialects.member_files import MemberFile, MemberFiles, Spool
from longshore.dialects.options import DialectOptions, option_of
from longshore.dialects.store_names import StoreNames
from longshore.dialects.store_records import NO_RECORDS, StoreRecords
from longshore.dialects.targets import DialectRefused
from longshore.dialects.working_store import WorkingStore
from longshore.notices import Notice, NoticeCode
from longshore.readers import Rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Converted:
    """What became of a file."""

    members: Sequence[MemberFile]
    source_columns: Mapping[str, Mapping[str, str]]  # by type and field: the column of the file
    notices: tuple[Notice, ...]
    examples: Mapping[str, Sequence[Mapping[str, Any]]]
    source_size: int  # rows


@contextmanager
def converted(
    dialect: Dialect,
    header: Sequence[str],
    read: Callable[[], Iterable[Rows]],
    *,
    options: DialectOptions,
    store: StoreNames,
    order: Callable[[Iterable[str]], Sequence[str]],
    now: int,
    first_line: int = 0,
    records: StoreRecords = NO_RECORDS,
    spool: Spool = tempfile.TemporaryFile,
) -> Iterator[Converted]:
    """Convert all rows; the files of the members are there within the block.

    `read` gives the rows from the first on each time that it is called, `order` puts types in the
    order in which they depend on each other, `now` is the time in milliseconds, against which sales
    are judged, and `records` reads the store for files that only add to what is there. Rows above
    `first_line` are left out. Raises DialectRefused for what the file or the store lacks.
    """
    with ExitStack() as stack:
        work = stack.enter_context(WorkingStore())

        def begun() -> tuple[Conversion, MemberFiles]:
            files = stack.enter_context(MemberFiles(dialect.fields, work, spool))
            conversion = Conversion(
                header,
                read,
                main_type=next(iter(dialect.fields)),
                homes=dialect.homes,
                amounts=dialect.amounts,
                names=dialect.names,
                options=options,
                store=store,
                files=files,
                work=work,
                now=now,
                first_line=first_line,
                records=records,
            )
            return conversion, files

        conversion, files = begun()
        try:
            dialect.convert(conversion)
        except (RowsScattered, DialectRefused) as ended:
            if isinstance(ended, DialectRefused) and not is_refused_too_early(conversion):
                raise
            work.begin_again()
            conversion, files = begun()
            dialect.convert(conversion)
        members = list(files.finished(order(dialect.fields)))
        if not members:
            raise DialectRefused(
                f"no row of the file makes a record, of {conversion.rows_count:,} that it has",
                hint=_nothing_made(conversion.notices()),
            )
        yield Converted(
            members=members,
            source_columns=_source_columns(dialect, conversion.header),
            notices=(
                *_made_on_the_way(conversion),
                *_without_effect(dialect, options),
                *conversion.notices(),
            ),
            examples=_with_cells(conversion.examples, dialect, conversion.header),
            source_size=conversion.rows_count,
        )


def _source_columns(dialect: Dialect, header: Header) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for resource_type, fields in dialect.sources.items():
        columns = {field: header.column_like(*names) for field, names in fields.items()}
        found[resource_type] = {field: column.name for field, column in columns.items() if column}
    return found


def _with_cells(
    examples: Mapping[str, Sequence[Mapping[str, Any]]], dialect: Dialect, header: Header
) -> dict[str, list[dict[str, Any]]]:
    """The first records, each with the cell of its own row that a field is of: the one that its
    conversion has told, else of the columns of the field the one that holds the value, else the
    first that holds anything. A value may also be of another row, or made of several cells."""
    found: dict[str, list[dict[str, Any]]] = {}
    for resource_type, records in examples.items():
        columns = {
            field: [column.name for name in names for column in header.columns_like(name)]
            for field, names in dialect.sources.get(resource_type, {}).items()
        }
        found[resource_type] = [
            {**record, "cells": {**_cells_of(record, columns), **record["cells"]}}
            for record in records
        ]
    return found


def _cells_of(
    record: Mapping[str, Any], columns: Mapping[str, Sequence[str]]
) -> dict[str, list[str]]:
    source = record["source"]
    found = {}
    for field, value in record["fields"].items():
        filled = [name for name in columns.get(field, ()) if name in source]
        if filled:
            column = next((name for name in filled if source[name].strip() == value), filled[0])
            found[field] = [column, source[column].strip()]
    return found


def _made_on_the_way(conversion: Conversion) -> Iterator[Notice]:
    for resource_type, fields in conversion.made:
        noun = {"price_lists": "price list", "shipping_categories": "shipping category"}.get(
            resource_type, resource_type
        )
        currency = fields.get("currency_code")
        told = f" in {currency}" if currency else ""
        yield Notice(
            code=NoticeCode.DIALECT_MADE,
            message=f"the {noun} {fields['code']!r}{told} is made on the way, as there is none",
            first=({"noun": noun, "code": fields["code"]},),
        )


def _without_effect(dialect: Dialect, options: DialectOptions) -> Iterator[Notice]:
    """What was asked for and says nothing of such a file."""
    for name in sorted(options.given() - dialect.options):
        yield Notice(
            code=NoticeCode.DIALECT,
            message=f"{option_of(name)} has no effect on a file of {dialect.title}",
        )


def _nothing_made(notices: Iterable[Notice]) -> str | None:
    told = [each.message for each in notices if each.count]
    return "; ".join(told) or None
