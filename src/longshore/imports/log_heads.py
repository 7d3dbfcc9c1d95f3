"""What the logs of the wire contract are made from, kept with the checkpoint.

The wire shows of an import's errors those of its first row identifiers. They would have to be
sought among all errors at every look, so the *head* of a log holds them: its findings in the order
of the rows, each once. It grows in the transaction that counts the rows it is about, and says how
many rows with findings the import had then. Where the import counts others, an older release has
gone through some of them: then the head is made anew, or the findings are read as if there were
none. A head is whole, and grows no more, once so many findings were looked at.
"""

import json
from collections.abc import Iterable, Sequence
from typing import NamedTuple, TypeAlias

from sqlalchemy import insert, select, update

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.import_ import Import
from longshore.imports.tables import import_log_heads

UNKNOWN = "unknown"  # stands in the logs for what no row identifier belongs to

ERRORS = "errors"
WARNINGS = "warnings"

# What a log is made from: so many findings, and of those the ones about so many identifiers.
SCANNED_MAX = 20_000
IDENTIFIERS_MAX = 1_000
_CHARACTERS_MAX = 4 << 20  # as long as a log may become

# Identifier of the row, the attribute of an error, message; as many as the log shows.
Finding: TypeAlias = Sequence[str | None]


class LogHead(NamedTuple):
    """The first findings of one log."""

    findings: Sequence[Finding]
    scanned_count: int  # findings that were looked at, `SCANNED_MAX` at the most
    rows_count: int  # rows with findings that the import had then

    def holds_all_of(self, import_: Import, log: str, *, identifiers_max: int) -> bool:
        """Whether it tells what reading the findings of an import would."""
        is_of_now = self.rows_count == _rows_count(import_, log)
        is_wide_enough = (
            identifiers_max <= IDENTIFIERS_MAX
            or len({_key(finding)[0] for finding in self.findings}) < IDENTIFIERS_MAX
        )
        return (is_of_now or self.is_whole) and is_wide_enough

    @property
    def is_whole(self) -> bool:
        """Whether further findings change nothing."""
        return self.scanned_count >= SCANNED_MAX


def read_head(tx: Transaction, import_id: ImportId, log: str) -> LogHead | None:
    """The head of a log; None: there is none."""
    columns = import_log_heads.c
    query = select(columns.findings, columns.scanned_count, columns.rows_count).where(
        columns.import_id == import_id, columns.log == log
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else LogHead(json.loads(row[0]), row[1], row[2])


def grow_head(
    tx: Transaction,
    import_: Import,
    log: str,
    added: Sequence[Finding],
    *,
    rows_added: int,
    stored: Iterable[Finding],
) -> None:
    """Add the findings of a chunk to the head of a log, in the transaction that counts its rows.

    `import_` has these counts already. `stored` are all findings of the import, read only where
    the head does not tell of those before the chunk.
    """
    rows_count = _rows_count(import_, log)
    rows_before = rows_count - rows_added
    if not rows_added or rows_before >= SCANNED_MAX:
        return  # each row has a finding at least
    head = read_head(tx, import_.id, log)
    if head is not None and head.is_whole:
        return
    is_known = rows_before == (0 if head is None else head.rows_count)
    before = head if head is not None and is_known else LogHead((), 0, 0)
    grown = _grown(before, added if is_known else stored, rows_count)
    columns = import_log_heads.c
    values = {
        "findings": json.dumps(grown.findings),
        "scanned_count": grown.scanned_count,
        "rows_count": grown.rows_count,
    }
    if head is None:
        statement = insert(import_log_heads).values(import_id=import_.id, log=log, **values)
        tx.connection.execute(statement)
    else:
        tx.connection.execute(
            update(import_log_heads)
            .where(columns.import_id == import_.id, columns.log == log)
            .values(values)
        )


def _grown(head: LogHead, findings: Iterable[Finding], rows_count: int) -> LogHead:
    held = list(head.findings)
    known = {_key(finding) for finding in held}
    identifiers = {key[0] for key in known}
    left = _CHARACTERS_MAX - sum(map(_characters, held))
    scanned = head.scanned_count
    for finding in findings:
        if scanned >= SCANNED_MAX:
            break
        scanned += 1
        key = _key(finding)
        is_new = key not in known
        if not is_new or (key[0] not in identifiers and len(identifiers) >= IDENTIFIERS_MAX):
            continue
        if left < 0:
            continue
        held.append(finding)
        known.add(key)
        identifiers.add(key[0])
        left -= _characters(finding)
    return LogHead(held, scanned, rows_count)


def _key(finding: Finding) -> tuple[str | None, ...]:
    identifier, *rest = finding
    return (identifier or UNKNOWN, *rest)


def _characters(finding: Finding) -> int:
    """What a finding takes of its log at the least: an identifier may be there already."""
    return sum(len(part or "") for part in finding[1:])


def _rows_count(import_: Import, log: str) -> int:
    return import_.errors_count if log == ERRORS else import_.warnings_count
