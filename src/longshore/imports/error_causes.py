"""Failed rows of earlier members of a group that are the cause of errors in later ones."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from sqlalchemy import select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.origins import read_origins
from longshore.imports.tables import import_errors, imports

_PAGE = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorCause:
    """A row that failed, without which another one had not failed."""

    import_id: str | None  # public; None: of a dry run
    resource_type: str
    row: int  # of a retry: in the first import
    source_row: int | None  # of the file of which the row was made; None: it was made of none


class FailedKey(NamedTuple):
    """A row that failed, by what its record is called."""

    row: int
    identifier: str | None


def read_causes(tx: Transaction, errors: Iterable[Any]) -> Mapping[tuple[int, int], ErrorCause]:
    """What is said of the causes of stored errors, by import and own row."""
    wanted: dict[int, set[int]] = {}
    for each in errors:
        if each.cause_import_id is not None and each.cause_row is not None:
            wanted.setdefault(each.cause_import_id, set()).add(each.cause_row)
    found: dict[tuple[int, int], ErrorCause] = {}
    for id_, numbers in wanted.items():
        query = select(imports.c.resource_type).where(imports.c.id == id_)
        type_ = tx.connection.execute(query).scalar_one_or_none()
        if type_ is None:
            continue
        origins = read_origins(tx, ImportId(id_))
        made_of = source_rows(tx, id_, numbers)
        for number in numbers:
            row, _ = origins.place(number, 0)
            found[id_, number] = ErrorCause(
                import_id=tx.public_ids.encode(id_),
                resource_type=type_,
                row=row,
                source_row=made_of.get(number),
            )
    return found


def failed_keys(tx: Transaction, import_id: int) -> Iterator[FailedKey]:
    """The rows of an import that failed, in their order; memory does not grow with them."""
    columns = import_errors.c
    after = 0
    while True:
        query = (
            select(columns.row_number, columns.identifier)
            .where(
                columns.import_id == import_id, columns.row_number > after, columns.position == 0
            )
            .order_by(columns.row_number)
            .limit(_PAGE)
        )
        page = [FailedKey(*row) for row in tx.connection.execute(query)]
        yield from page
        if len(page) < _PAGE:
            return
        after = page[-1].row


def source_rows(tx: Transaction, import_id: int, numbers: Collection[int]) -> dict[int, int]:
    """The rows of a file of which failed rows were made, by their own numbers; those that were made
    of none are left out."""
    columns = import_errors.c
    found: dict[int, int] = {}
    wanted = sorted(numbers)
    for start in range(0, len(wanted), _PAGE):
        some = wanted[start : start + _PAGE]
        query = select(columns.row_number, columns.source_row).where(
            columns.import_id == import_id, columns.row_number.in_(some), columns.position == 0
        )
        rows = tx.connection.execute(query)
        found.update((number, source) for number, source in rows if source is not None)
    return found
