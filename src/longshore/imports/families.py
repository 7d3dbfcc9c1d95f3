"""A first import and its retries: which rows still fail, and where each stands as it is now."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports.import_ import Import
from longshore.imports.logs import failed_row_numbers
from longshore.imports.origins import read_origins
from longshore.imports.store import hold_import, read_import, retries_of
from longshore.imports.tables import imports


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A first import and its retries, as they were at one moment; also deleted ones."""

    first: Import
    retries: Sequence[Import]  # oldest first

    @property
    def members(self) -> Sequence[Import]:
        return (self.first, *self.retries)

    @property
    def latest(self) -> Import:
        """The member that was created last; its source has all columns of the others."""
        return self.members[-1]

    @property
    def unfinished(self) -> Import | None:
        """A member that has not ended."""
        return next((each for each in self.members if not each.is_finished), None)


class StillFailing:
    """The rows of a first import that failed and that no retry has mended.

    Holds a few bytes for each row of the first import, whatever failed.
    """

    def __init__(self, members: "array[int]") -> None:
        self._members = members
        self.count = len(members) - members.count(0)
        self.size = len(members)  # greater than the number of any row

    def __contains__(self, number: object) -> bool:
        """Whether the row with this number in the first import still fails."""
        return isinstance(number, int) and self.member_of(number) is not None

    def member_of(self, number: int) -> int | None:
        """The index of the member whose source has the row as it is now; None: it does not fail."""
        member = self._members[number] if 0 < number < len(self._members) else 0
        return member - 1 if member else None

    def of_member(self, index: int) -> bool:
        """Whether there is any row that is read from the source of this member."""
        return index + 1 in self._members


def read_family(tx: Transaction, import_: Import) -> Family:
    """The family that an import belongs to."""
    first = import_ if import_.retry_of is None else read_import(tx, import_.retry_of)
    return Family(first=first, retries=retries_of(tx, first.id))


def other_members(tx: Transaction, retry: Import) -> list[ImportId]:
    """The first import of a retry, and its other retries; also deleted ones."""
    columns = imports.c
    is_member = (columns.id == retry.retry_of) | (columns.retry_of == retry.retry_of)
    query = select(columns.id).where(is_member, columns.id != retry.id).order_by(columns.id)
    return [ImportId(id) for id in tx.connection.execute(query).scalars()]


def has_grown(tx: Transaction, family: Family) -> bool:
    """Whether a retry was created since; none can be until the transaction ends."""
    hold_import(tx, family.first.id)
    return [each.id for each in retries_of(tx, family.first.id)] != [
        each.id for each in family.retries
    ]


def still_failing(tx: Transaction, family: Family) -> StillFailing:
    """Which rows still fail: those that a retry took and that succeeded do not."""
    members = array("H", bytes(2 * (family.first.inputs_size + 1)))
    for number in failed_row_numbers(tx, family.first.id):
        members[number] = 1
    for index, retry in enumerate(family.retries, 2):
        numbers = read_origins(tx, retry.id).numbers()
        for number in numbers:
            members[number] = index
        for row in _succeeded(tx, retry.id, retry.consumed_count):
            members[numbers[row - 1]] = 0
    return StillFailing(members)


def _succeeded(tx: Transaction, import_id: ImportId, consumed: int) -> Iterator[int]:
    """The own numbers of rows that were gone through and did not fail."""
    row = 1
    for failed in failed_row_numbers(tx, import_id):
        yield from range(row, failed)
        row = failed + 1
    yield from range(row, consumed + 1)
