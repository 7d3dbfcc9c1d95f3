"""What an import found wrong: errors and warnings by row, and the logs of the wire contract."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    and_,
    false,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
)

from longshore.catalogue import expectation, load_catalogue
from longshore.database import Transaction
from longshore.error_codes import code_of
from longshore.identifiers import ImportId
from longshore.imports.error_causes import ErrorCause, read_causes
from longshore.imports.import_ import Import
from longshore.imports.log_heads import (
    ERRORS,
    SCANNED_MAX,
    UNKNOWN,
    WARNINGS,
    Finding,
    grow_head,
    read_head,
)
from longshore.imports.origins import origins_of
from longshore.imports.store import read_import
from longshore.imports.tables import (
    import_error_chunks,
    import_errors,
    import_groups,
    import_warnings,
)
from longshore.imports.texts import storable
from longshore.readers import Layout

# What one log of an import holds at the most: it must cost the same whatever the number of rows
# that failed.
LOG_BYTES_MAX = 4 << 20
LOG_BYTES_MAX_LISTED = 1 << 19

_PAGE = 1000


class NewError(NamedTuple):
    """One message about a row that failed; a plain tuple will do."""

    row_number: int
    position: int  # among the messages of the row, from 0
    line: int  # physical line on which the row starts
    identifier: str | None
    attribute: str
    message: str
    value: str | None  # what was found, shortened; masked where it is nobody's business
    code: str | None = None  # None: whoever reads it takes that of the message
    source_column: str | None = None  # that gave the value, as the source calls it
    pointer: str | None = None  # a JSON Pointer into the row; None: that of the attribute
    # The row of the file of which the row was made, on whose `line` it starts; None: of none.
    source_row: int | None = None
    cause_import_id: int | None = None  # an earlier member of its group
    cause_row: int | None = None  # of that, which failed; without it this one had not


class NewWarning(NamedTuple):
    """One message about a row that did not stop it; a plain tuple will do."""

    row_number: int
    position: int  # among the warnings of the row, from 0
    identifier: str | None
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedError:
    """A stored message about a row that failed."""

    row: int  # of a retry: in the first import
    line: int  # likewise
    identifier: str | None
    attribute: str
    message: str
    value: str | None  # what was found; None: nothing was given, or it is nobody's business
    code: str | None = None  # ErrorCode, or what a later release has stored; None: it has none
    column: str | None = None  # that gave the value, as the source calls it; None: none did
    pointer: str = ""  # a JSON Pointer into the row as the source has it
    cell: str | None = None  # of a workbook, with its sheet; None: the source is none
    # The row of the file of which the row was made; `line` and `column` are those of the file then.
    source_row: int | None = None
    # A failed row of an earlier member of the group, without which this one had not failed.
    cause: ErrorCause | None = None
    # What the field takes, as follows from the rest; None where nothing can be said of it.
    expected: str | None = field(default=None, compare=False)
    # A value that would do, where there is one that is near.
    suggestion: str | None = field(default=None, compare=False)
    # The row's number in the attachment of its import; None: that is `row`.
    attachment_row: int | None = field(default=None, compare=False)

    @property
    def own_row(self) -> int:
        """The row's number in its import."""
        return self.row if self.attachment_row is None else self.attachment_row


_ERROR_COLUMNS = ("import_id", *NewError._fields)
_WARNING_COLUMNS = ("import_id", *NewWarning._fields)
_APPEND_CHUNK = (
    "INSERT INTO import_error_chunks (import_id, first_row, failed_count, errors_count)"
    " VALUES (?, ?, ?, ?)"
)


def log_errors(tx: Transaction, import_id: ImportId, rows: Sequence[NewError]) -> None:
    """Store the errors of a chunk's rows, in the transaction that counts them."""
    if rows:
        tx.insert("import_errors", _ERROR_COLUMNS, [_stored(import_id, row) for row in rows])
        numbers = {row.row_number for row in rows}
        tx.execute(_APPEND_CHUNK, (import_id, min(numbers), len(numbers), len(rows)))


def log_warnings(tx: Transaction, import_id: ImportId, rows: Sequence[NewWarning]) -> None:
    """Store warnings of rows, in the transaction that counts them."""
    if rows:
        tx.insert("import_warnings", _WARNING_COLUMNS, [_stored(import_id, row) for row in rows])


def _stored(import_id: ImportId, row: Sequence[object]) -> tuple[object, ...]:
    return (import_id, *(storable(part) if isinstance(part, str) else part for part in row))


def errors_of(
    tx: Transaction, import_id: ImportId, *, after_row: int = 0, limit: int | None = None
) -> Iterator[LoggedError]:
    """Errors in the order of the rows, at most `limit` messages; memory does not grow with them.

    To go on after a limit, ask for what comes after the last row that came whole.
    """
    columns = import_errors.c
    logged = _Logged(tx, import_id)
    after = (after_row, 2**31 - 1)
    left = limit
    while left is None or left > 0:
        size = _PAGE if left is None else min(left, _PAGE)
        query = (
            select(import_errors)
            .where(
                columns.import_id == import_id,
                tuple_(columns.row_number, columns.position) > tuple_(*after),
            )
            .order_by(columns.row_number, columns.position)
            .limit(size)
        )
        rows = tx.connection.execute(query).all()
        yield from logged(rows)
        if len(rows) < size:
            return
        after = (rows[-1].row_number, rows[-1].position)
        left = None if left is None else left - len(rows)


def count_errors(tx: Transaction, import_id: ImportId) -> int:
    """How many messages there are about rows that failed; a row may have several."""
    counted = _count_by_chunks(tx, import_id)
    if counted is not None:
        return counted
    query = select(func.count()).where(import_errors.c.import_id == import_id)
    return tx.connection.execute(query).scalar_one()


def list_errors(
    tx: Transaction, import_id: ImportId, *, offset: int, limit: int
) -> list[LoggedError]:
    """A page of the errors in the order of the rows."""
    columns = import_errors.c
    logged = _Logged(tx, import_id)
    first_row, before = 0, 0
    if _count_by_chunks(tx, import_id) is not None:
        found = _chunk_at(tx, import_id, offset)
        if found is None:
            return []
        first_row, before = found
    query = (
        select(import_errors)
        .where(columns.import_id == import_id, columns.row_number >= first_row)
        .order_by(columns.row_number, columns.position)
        .offset(offset - before)
        .limit(limit)
    )
    return [*logged(tx.connection.execute(query).all())]


def _count_by_chunks(tx: Transaction, import_id: ImportId) -> int | None:
    """How many errors the chunks have; None: an older release has gone through some of them."""
    columns = import_error_chunks.c
    sums = [
        func.coalesce(func.sum(column), 0)
        for column in (columns.failed_count, columns.errors_count)
    ]
    query = select(*sums).where(columns.import_id == import_id)
    failed, errors = tx.connection.execute(query).one()
    return int(errors) if failed == read_import(tx, import_id).errors_count else None


def _chunk_at(tx: Transaction, import_id: ImportId, offset: int) -> tuple[int, int] | None:
    """The first failed row of the chunk with the error behind so many, and how many errors the
    chunks before it have."""
    columns = import_error_chunks.c
    reached = (
        select(
            columns.first_row,
            columns.errors_count,
            func.sum(columns.errors_count).over(order_by=columns.first_row).label("reached"),
        )
        .where(columns.import_id == import_id)
        .subquery()
    )
    query = (
        select(reached.c.first_row, reached.c.reached - reached.c.errors_count)
        .where(reached.c.reached > offset)
        .order_by(reached.c.first_row)
        .limit(1)
    )
    found = tx.connection.execute(query).one_or_none()
    return None if found is None else (found[0], int(found[1]))


def errors_of_rows(
    tx: Transaction, import_id: ImportId, numbers: Collection[int]
) -> list[LoggedError]:
    """The errors of a few rows, by their own numbers, in the order of the rows."""
    if not numbers:
        return []
    columns = import_errors.c
    logged = _Logged(tx, import_id)
    query = (
        select(import_errors)
        .where(columns.import_id == import_id, columns.row_number.in_(numbers))
        .order_by(columns.row_number, columns.position)
    )
    return [*logged(tx.connection.execute(query).all())]


def rows_with_error(
    tx: Transaction,
    import_id: ImportId,
    *,
    attribute: str,
    message: str,
    value: str | None,
    any_value: bool,
    after_row: int,
    limit: int,
) -> list[int]:
    """The own numbers of rows behind one that have an error of one cause, in their order."""
    columns = import_errors.c
    found = [
        columns.import_id == import_id,
        columns.row_number > after_row,
        columns.attribute == attribute,
        columns.message == message,
    ]
    if not any_value:
        found.append(columns.value.is_(None) if value is None else columns.value == value)
    query = select(columns.row_number).where(*found).distinct()
    query = query.order_by(columns.row_number).limit(limit)
    return list(tx.connection.execute(query).scalars())


def failed_rows_made_of(
    tx: Transaction, import_id: ImportId, source_rows: Collection[int]
) -> list[int]:
    """The own numbers of rows that failed and were made of these rows of a file."""
    columns = import_errors.c
    query = (
        select(columns.row_number)
        .where(columns.import_id == import_id, columns.source_row.in_(source_rows))
        .distinct()
        .order_by(columns.row_number)
    )
    return list(tx.connection.execute(query).scalars())


def failed_rows_by_source(tx: Transaction, import_id: ImportId) -> list[tuple[int, int]]:
    """The rows of a file of which failed rows were made, each with the own number of one."""
    columns = import_errors.c
    query = (
        select(columns.source_row, columns.row_number)
        .where(columns.import_id == import_id, columns.source_row.is_not(None))
        .distinct()
    )
    return [(source, own) for source, own in tx.connection.execute(query)]


def failed_row_numbers(tx: Transaction, import_id: ImportId) -> Iterator[int]:
    """The own numbers of the rows that failed, in their order."""
    columns = import_errors.c
    query = (
        select(columns.row_number)
        .where(columns.import_id == import_id)
        .group_by(columns.row_number)
        .order_by(columns.row_number)
    )
    return iter(tx.connection.execute(query).scalars())


def warnings_of_rows(
    tx: Transaction, import_id: ImportId, numbers: Collection[int]
) -> list[tuple[int, str]]:
    """Number of the row and message of the warnings about a few rows, in the order of the rows."""
    if not numbers:
        return []
    columns = import_warnings.c
    query = (
        select(columns.row_number, columns.message)
        .where(columns.import_id == import_id, columns.row_number.in_(numbers))
        .order_by(columns.row_number, columns.position)
    )
    return [(number, message) for number, message in tx.connection.execute(query)]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedWarning:
    """A warning about a row, as it is read."""

    row: int
    message: str
    identifier: str | None


def list_warnings(
    tx: Transaction, import_id: ImportId, *, after_row: int, limit: int
) -> list[LoggedWarning]:
    """Warnings about the rows behind one, in their order, with all of the last row's."""
    columns = import_warnings.c
    last = (
        select(columns.row_number)
        .where(columns.import_id == import_id, columns.row_number > after_row)
        .order_by(columns.row_number, columns.position)
        .limit(limit)
        .subquery()
    )
    query = (
        select(columns.row_number, columns.message, columns.identifier)
        .where(
            columns.import_id == import_id,
            columns.row_number > after_row,
            columns.row_number <= select(func.max(last.c.row_number)).scalar_subquery(),
        )
        .order_by(columns.row_number, columns.position)
    )
    return [
        LoggedWarning(row=row, message=message, identifier=identifier)
        for row, message, identifier in tx.connection.execute(query)
    ]


def errors_log(
    tx: Transaction, import_id: ImportId, *, identifiers_max: int, bytes_max: int = LOG_BYTES_MAX
) -> dict[str, dict[str, list[str]]]:
    """The wire's log: row identifier -> attribute -> distinct messages, in the order of the rows.

    Rows that share an identifier are merged. Holds the first `identifiers_max` identifiers, as far
    as `bytes_max` is enough for them, and what is said about those in the first errors, of which
    `SCANNED_MAX` are looked at.
    """
    log: dict[str, dict[str, list[str]]] = {}
    left = bytes_max
    import_ = read_import(tx, import_id)
    if import_.interruption_reason is not None:
        log[UNKNOWN] = {"base": [import_.interruption_reason]}
    for named, attribute, message in _first_findings(tx, import_, ERRORS, identifiers_max):
        assert attribute is not None, "an error has one"
        assert message is not None, "an error has one"
        identifier = named or UNKNOWN
        if identifier not in log:
            if len(log) >= identifiers_max or left < 0:
                continue
            log[identifier] = {}
            left -= len(identifier)
        messages = log[identifier].setdefault(attribute, [])
        if message not in messages and left >= 0:
            messages.append(message)
            left -= len(attribute) + len(message)
    return log


def warnings_log(
    tx: Transaction, import_id: ImportId, *, identifiers_max: int, bytes_max: int = LOG_BYTES_MAX
) -> dict[str, list[str]]:
    """The wire's log: row identifier -> distinct messages, in the order of the rows.

    It is bounded as `errors_log` is.
    """
    log: dict[str, list[str]] = {}
    left = bytes_max
    import_ = read_import(tx, import_id)
    for identifier, message in _first_findings(tx, import_, WARNINGS, identifiers_max):
        assert message is not None, "a warning has one"
        name = identifier or UNKNOWN
        if name not in log and (len(log) >= identifiers_max or left < 0):
            continue
        messages = log.setdefault(name, [])
        if message not in messages and left >= 0:
            messages.append(message)
            left -= len(name) + len(message)
    return log


def grow_log_heads(
    tx: Transaction,
    import_: Import,
    errors: Sequence[NewError],
    warnings: Sequence[NewWarning],
    *,
    failed_count: int,
    warned_count: int,
) -> None:
    """Keep what the logs say of a chunk, in the transaction that has stored its errors and
    warnings and counted the rows that they are about; `import_` has these counts already."""
    grow_head(
        tx,
        import_,
        ERRORS,
        [_log_finding(error.identifier, error.attribute, error.message) for error in errors],
        rows_added=failed_count,
        stored=_findings(tx, import_.id, ERRORS, SCANNED_MAX),
    )
    grow_head(
        tx,
        import_,
        WARNINGS,
        [_log_finding(warning.identifier, warning.message) for warning in warnings],
        rows_added=warned_count,
        stored=_findings(tx, import_.id, WARNINGS, SCANNED_MAX),
    )


def _log_finding(*parts: str | None) -> Finding:
    return [storable(part) for part in parts]


def _first_findings(
    tx: Transaction, import_: Import, log: str, identifiers_max: int
) -> Iterator[Finding]:
    """What a log is made from: its head, or where that does not do, the findings themselves."""
    head = read_head(tx, import_.id, log)
    if head is not None and head.holds_all_of(import_, log, identifiers_max=identifiers_max):
        yield from head.findings
    else:
        yield from _findings(tx, import_.id, log, max(SCANNED_MAX, identifiers_max))


def _findings(tx: Transaction, import_id: ImportId, log: str, limit: int) -> Iterator[Finding]:
    """The first findings of an import, in the order of the rows; read when they are asked for."""
    table = import_errors if log == ERRORS else import_warnings
    columns = table.c
    shown = [columns.attribute, columns.message] if log == ERRORS else [columns.message]
    query = (
        select(columns.identifier, *shown)
        .where(columns.import_id == import_id)
        .order_by(columns.row_number, columns.position)
        .limit(limit)
    )
    yield from map(list, tx.connection.execute(query))


def errors_log_holds(imports: FromClause, value: object) -> ColumnElement[bool]:
    """Whether the errors of an import of `imports` (`import_fields`) hold a JSON value.

    As the database's containment has it, of the whole log: `{identifier: {attribute: [message]}}`,
    or less of that. All errors of the import are looked at, also those that its log leaves out.
    """
    if not isinstance(value, dict):
        return false()
    held: list[ColumnElement[bool]] = [true()]
    for identifier, attributes in value.items():
        if not isinstance(attributes, dict):
            return false()
        found = []
        for attribute, messages in attributes.items():
            if not isinstance(messages, list):
                return false()
            found += [(attribute, message) for message in messages or [None]]
        held += [_has_error(imports, identifier, *each) for each in found or [(None, None)]]
    return and_(*held)


def warnings_log_holds(imports: FromClause, value: object) -> ColumnElement[bool]:
    """The same of the warnings of an import: `{identifier: [message]}`."""
    if not isinstance(value, dict) or not all(isinstance(each, list) for each in value.values()):
        return false()
    said = [(name, message) for name, messages in value.items() for message in messages or [None]]
    return and_(true(), *(_has_warning(imports, *each) for each in said))


def _has_error(
    imports: FromClause, identifier: str, attribute: str | None, message: object
) -> ColumnElement[bool]:
    """Whether there is an error about these; None: about any."""
    columns = import_errors.c
    found = [columns.import_id == imports.c.id, _is_of(columns.identifier, identifier)]
    if attribute is not None:
        found.append(columns.attribute == storable(attribute))
    if message is not None:
        found.append(_says(columns.message, message))
    has_row = select(literal(1)).where(*found).exists()
    if identifier != UNKNOWN or attribute not in (None, "base"):
        return has_row
    reason = imports.c.interruption_reason
    return or_(has_row, reason.is_not(None) if message is None else _says(reason, message))


def _has_warning(imports: FromClause, identifier: str, message: object) -> ColumnElement[bool]:
    columns = import_warnings.c
    found = [columns.import_id == imports.c.id, _is_of(columns.identifier, identifier)]
    if message is not None:
        found.append(_says(columns.message, message))
    return select(literal(1)).where(*found).exists()


def _is_of(column: ColumnElement[str | None], identifier: str) -> ColumnElement[bool]:
    is_named = column == storable(identifier)
    return or_(is_named, column.is_(None), column == "") if identifier == UNKNOWN else is_named


def _says(column: ColumnElement[Any], message: object) -> ColumnElement[bool]:
    return column == storable(message) if isinstance(message, str) else false()


class _Logged:
    """Makes the errors of an import of its stored rows."""

    def __init__(self, tx: Transaction, import_id: ImportId) -> None:
        self._tx = tx
        import_ = read_import(tx, import_id)
        self._resource_type = import_.resource_type
        self._layout = _layout_of_file(tx, import_)
        self._origins = origins_of(tx, import_)

    def __call__(self, rows: Sequence[Any]) -> Iterator[LoggedError]:
        causes = read_causes(self._tx, rows)
        for row in rows:
            yield self._logged(row, causes.get((row.cause_import_id, row.cause_row)))

    def _logged(self, row: Any, cause: ErrorCause | None) -> LoggedError:
        error = logged_error(row, self._resource_type, self._layout, cause)
        if not self._origins:
            return error
        number, line = self._origins.place(row.row_number, row.line)
        line = line if error.source_row is None else error.line
        return replace(
            error,
            row=number,
            line=line,
            cell=self._layout.cell(error.column, line),
            attachment_row=row.row_number,
        )


def _layout_of_file(tx: Transaction, import_: Import) -> Layout:
    """The layout by which the cells of errors are named: of the file of which the rows were made,
    where it is known, else of their own source."""
    if import_.source_columns is None or import_.group_id is None:
        return import_.layout
    query = select(import_groups.c.layout).where(import_groups.c.id == import_.group_id)
    text = tx.connection.execute(query).scalar_one_or_none()
    return import_.layout if text is None else Layout.from_dict(json.loads(text))


def logged_error(
    error: Any, resource_type: str, layout: Layout, cause: ErrorCause | None = None
) -> LoggedError:
    """An error as it is read, from a stored row or a `NewError`.

    An older release has stored neither code nor place.
    """
    attribute, message = error.attribute, error.message
    return LoggedError(
        row=error.row_number,
        line=error.line,
        identifier=error.identifier,
        attribute=attribute,
        message=message,
        value=error.value,
        code=error.code or _code_of(message),
        column=error.source_column,
        pointer=_pointer_of(attribute) if error.pointer is None else error.pointer,
        cell=layout.cell(error.source_column, error.line),
        source_row=error.source_row,
        cause=cause,
        expected=expected_by(resource_type, attribute, message),
    )


def _code_of(message: str) -> str | None:
    code = code_of(message)
    return None if code is None else code.value


def _pointer_of(attribute: str) -> str:
    names = [name for name in attribute.split(".") if name != "base"]
    return "".join(f"/{name}" for name in names)


@lru_cache(maxsize=1000)
def expected_by(resource_type: str, attribute: str, message: str) -> str | None:
    """What a field of a row takes, to stand beside the message that says it was not that."""
    catalogue = load_catalogue()
    declared = catalogue.get(resource_type)
    return None if declared is None else expectation(catalogue, declared, attribute, message)
