"""The rows of a plan that change records, those that change the most first."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Any

from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.identifiers import is_planned
from longshore.imports import (
    AMOUNT_CHANGE,
    LARGE_CHANGE,
    LARGE_PERCENT,
    ChangeSizes,
    Import,
    all_differences,
    ledger_rows_at,
    percent_changed,
    read_change_sizes,
    read_import,
)
from longshore.operations.import_rows import SHOWN_ROWS_MAX, row_attributes
from longshore.operations.record_fields import NAMING_FIELDS, record_name
from longshore.operations.suggestions import MayRead, everything, suggestions_of
from longshore.records import Ids, RecordReader, record_tables


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedChangesPage:
    """Some of the rows of a plan that change records, as they are shown."""

    rows: Sequence[Mapping[str, Any]]  # each with the `name` of its record; None: it has none
    count: int  # of all that were asked for
    amounts_count: int  # of rows that change an amount of money
    large_count: int  # of rows that change one by more than `LARGE_PERCENT`


class PlannedChanges:
    """What the plans of one installation would change."""

    def __init__(
        self, database: Database, catalogue: Catalogue, *, read_seconds: float, cell_bytes_max: int
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._read_seconds = read_seconds
        self._cell_bytes_max = cell_bytes_max

    def page(
        self,
        plan: Import,
        *,
        only_large: bool,
        number: int,  # of the page, from 1; one behind the last means the last
        limit: int,
        may_read: MayRead = everything,
    ) -> PlannedChangesPage | None:
        """A page of the rows that change a record, or of those that change an amount by more than
        `LARGE_PERCENT`; None: an older release has made the plan, and nobody knows.

        At most `SHOWN_ROWS_MAX` rows.
        """
        with self._database.read(seconds=self._read_seconds) as tx:
            sizes = read_change_sizes(tx, plan.id)
            # Where the plan still runs, both are of one moment.
            if not _are_whole(sizes, read_import(tx, plan.id)):
                return None
            at_least = LARGE_CHANGE if only_large else 1
            found = sizes.count(at_least=at_least)
            page = min(number, max(-(-found // limit), 1)) - 1
            rows = sizes.largest(at_least=at_least, offset=page * limit, limit=limit)
            return PlannedChangesPage(
                rows=self._shown(tx, plan, rows, may_read),
                count=found,
                amounts_count=sizes.count(at_least=AMOUNT_CHANGE),
                large_count=sizes.count(at_least=LARGE_CHANGE),
            )

    def all(self, plan: Import, *, only_large: bool) -> Iterator[Mapping[str, Any]]:
        """All rows of `page`, one after another.

        Raises RequestRefused where nobody knows how much they change.
        """
        for number in count(1):
            page = self.page(plan, only_large=only_large, number=number, limit=SHOWN_ROWS_MAX)
            if page is None:
                raise RequestRefused(
                    "how much the rows of this plan change is not known: an earlier release has "
                    "made it, or it is not kept any more",
                    hint="plan the file again",
                )
            yield from page.rows
            if number * SHOWN_ROWS_MAX >= page.count:
                return

    def _shown(
        self, tx: Transaction, plan: Import, numbers: Sequence[int], may_read: MayRead
    ) -> list[dict[str, Any]]:
        found = ledger_rows_at(tx, plan.id, numbers)
        suggestions = suggestions_of(
            tx, self._catalogue, plan, cell_bytes_max=self._cell_bytes_max, may_read=may_read
        )
        rows = [found[number] for number in numbers]
        names = self._names(tx, plan, [row.record_id for row in rows])
        shown = row_attributes(tx, self._catalogue, plan, rows, suggestions)
        return [
            {**told, "name": names.get(row.record_id)}
            for row, told in zip(rows, shown, strict=True)
        ]

    def _names(self, tx: Transaction, plan: Import, ids: Sequence[int]) -> dict[int, str | None]:
        """What people call the records that are there, by their ids."""
        reader = RecordReader(
            self._catalogue, record_tables(self._catalogue), plan.environment, tx.public_ids
        )
        stored = [id for id in ids if id and not is_planned(id)]
        found = reader.find(tx, plan.resource_type, within=Ids(ids=stored), fields=NAMING_FIELDS)
        return {view.record_id: record_name(view) for view in found}


def lowered_amounts(tx: Transaction, catalogue: Catalogue, plan: Import) -> int:
    """How many changes of a plan lower an amount of money by more than `LARGE_PERCENT`."""
    return sum(
        any(
            _is_lowered(*pair)
            for name, pair in each.changes.items()
            if name in catalogue.tables[each.table_name].amounts
        )
        for each in all_differences(tx, plan.id)
    )


def _is_lowered(before: Any, after: Any) -> bool:
    return (percent_changed(before, after) or 0) > LARGE_PERCENT and after < before


def _are_whole(sizes: ChangeSizes, plan: Import) -> bool:
    """Whether all rows that update a record are known by their sizes."""
    return sizes.count() == plan.updated_count
