"""All that an import and a dry run tell, in a form in which two of them can be compared.

Ids of the records that an import makes depend on nothing that is promised, so each is "an id".
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.engine import DryRun
from longshore.imports import Import, LoggedError, StoppedBy, errors_of, ledger_rows
from longshore.journal import created_by_import, entries_of_import
from longshore.notices import Notice
from tests.property.snapshot import Naming

IsId = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """What a dry run tells, and an import too."""

    status: str
    stopped_by: StoppedBy | None
    counts: dict[str, int]  # created, updated, unchanged, skipped, failed, warned
    errors: list[tuple[object, ...]]  # row, line, identifier, attribute, message, value, expected
    notices: list[str]  # as JSON
    first_amounts: list[Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class ToldWhole:
    """What an import tells."""

    dry: Told  # the part that a dry run tells
    warnings: list[tuple[object, ...]]  # row, identifier, message
    entries: list[str]  # row, record and changes, as JSON
    created: list[tuple[str, int]]  # the records of any type
    ledger: list[tuple[object, ...]]  # row, line, outcome, record, records created besides


def differing(found: object, expected: object, path: str = "") -> Iterator[str]:
    """Where two values differ that are made of mappings, lists and dataclasses, and how."""
    if is_dataclass(found) and is_dataclass(expected):
        names = [each.name for each in fields(found)]
        found, expected = (
            {name: getattr(each, name) for name in names} for each in (found, expected)
        )
    if isinstance(found, Mapping) and isinstance(expected, Mapping):
        for name in {**expected, **found}:
            yield from differing(found.get(name), expected.get(name), f"{path}.{name}")
    elif isinstance(found, list) and isinstance(expected, list) and len(found) == len(expected):
        for index, pair in enumerate(zip(found, expected, strict=True)):
            yield from differing(*pair, f"{path}[{index}]")
    elif found != expected:
        yield f"{path}: {found!r} is not {expected!r}"


def told_of_dry_run(dry_run: DryRun, *, is_id: IsId) -> Told:
    return Told(
        "interrupted" if dry_run.interrupted else "completed",
        dry_run.stopped_by,
        {
            "created": dry_run.created,
            "updated": dry_run.updated,
            "unchanged": dry_run.unchanged,
            "skipped": dry_run.skipped,
            "failed": dry_run.failed,
            "warned": dry_run.warned,
        },
        _errors(dry_run.errors, is_id),
        _notices(dry_run.notices),
        list(dry_run.first_amounts),
    )


def told_of_import(
    tx: Transaction, import_: Import, naming: Naming, catalogue: Catalogue, *, is_id: IsId
) -> ToldWhole:
    """All that is told of a finished import; `naming` knows the records that it has left."""
    warnings = tx.fetch(
        "SELECT row_number, identifier, message FROM import_warnings"
        " WHERE import_id = ? ORDER BY row_number, position",
        (import_.id,),
    )
    entries = (
        naming.entry(each.row_number, each.record_id, each.changes)
        for each in entries_of_import(tx, import_.id)
    )
    return ToldWhole(
        Told(
            import_.status.value,
            import_.stopped_by,
            {
                "created": import_.created_count,
                "updated": import_.updated_count,
                "unchanged": import_.unchanged_count,
                "skipped": import_.skipped_count,
                "failed": import_.errors_count,
                "warned": import_.warnings_count,
            },
            _errors(errors_of(tx, import_.id), is_id),
            _notices(import_.notices),
            list(import_.first_amounts),
        ),
        [(row, _shown(identifier, is_id), message) for row, identifier, message in warnings],
        sorted(entries),
        sorted(naming.places[record_id] for record_id in created_ids(tx, catalogue, import_)),
        [
            (
                row.number,
                row.line,
                row.outcome.word,
                naming.place(row.record_id or None),
                sorted(naming.places[record_id] for _, record_id in row.further),
            )
            for row in ledger_rows(tx, import_.id)
        ],
    )


def _errors(errors: Iterable[LoggedError], is_id: IsId) -> list[tuple[object, ...]]:
    return [
        (
            each.row,
            each.line,
            _shown(each.identifier, is_id),
            each.attribute,
            each.message,
            _shown(each.value, is_id),
            each.expected,
        )
        for each in errors
    ]


def _shown(text: str | None, is_id: IsId) -> str | None:
    return "an id" if text is not None and is_id(text) else text


def _notices(notices: Iterable[Notice]) -> list[str]:
    return sorted(json.dumps(each.to_dict(), sort_keys=True) for each in notices)


def created_ids(tx: Transaction, catalogue: Catalogue, import_: Import) -> Iterator[int]:
    """Records that say the import made them; the journal must say the same."""
    ranges = list(created_by_import(tx, import_.id))
    for table in catalogue.tables:
        rows = tx.fetch(f'SELECT id FROM "{table}" WHERE creator_id = ?', (import_.id,))
        for (record_id,) in rows:
            assert any(
                each.table_name == table and each.first_id <= record_id <= each.last_id
                for each in ranges
            ), "the journal knows the creation"
            yield record_id
    for each in ranges:
        ends = tx.fetch(
            f'SELECT count(*) FROM "{each.table_name}" WHERE creator_id = ? AND id IN (?, ?)',
            (import_.id, each.first_id, each.last_id),
        )
        assert ends[0][0] == len({each.first_id, each.last_id}), "ranges end at created records"
