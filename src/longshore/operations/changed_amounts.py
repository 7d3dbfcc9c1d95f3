"""Amounts of changes as money: cents, with the currency of the record that has them."""

from collections.abc import Iterable, Mapping
from typing import Any

from longshore.catalogue import Catalogue, money_plain
from longshore.database import Transaction
from longshore.engine import CurrencyWay, currency_ways, is_of_cents
from longshore.identifiers import is_planned
from longshore.imports import Difference
from longshore.journal import Entry
from longshore.records import TableReader


class ChangedAmounts:
    """Shows the amounts of changes; the records that have them are looked at together."""

    def __init__(self, tx: Transaction, catalogue: Catalogue) -> None:
        self._tx = tx
        self._catalogue = catalogue
        self._codes: dict[tuple[str, str, int], str] = {}  # type, field, record

    def look(self, changes: Iterable[Entry | Difference]) -> None:
        """Find the currencies of the records of these changes."""
        wanted: dict[tuple[str, str], set[int]] = {}
        for each in changes:
            for field in filter(is_of_cents, each.changes):
                # What a plan would create has a currency only there.
                if not is_planned(each.record_id):
                    wanted.setdefault((each.record_type, field), set()).add(each.record_id)
        for (type_, field), ids in wanted.items():
            declared = self._catalogue.types.get(type_)
            if declared is not None:
                for way in currency_ways(self._catalogue, declared, field):
                    for id, code in self._follow(way, ids).items():
                        self._codes.setdefault((type_, field, id), code)

    def of(self, change: Entry | Difference) -> dict[str, list[str | None]]:
        """By field of cents: the amount before, and after."""
        return {
            field: [self._shown(change, field, cents) for cents in pair]
            for field, pair in change.changes.items()
            if is_of_cents(field)
        }

    def _shown(self, change: Entry | Difference, field: str, cents: Any) -> str | None:
        if not isinstance(cents, int):
            return None
        return money_plain(cents, self._codes.get((change.record_type, field, change.record_id)))

    def _follow(self, way: CurrencyWay, ids: Iterable[int]) -> Mapping[int, str]:
        """The codes to which a way leads from records."""
        reached: dict[int, Any] = {id: id for id in ids}  # record -> where the way is by now
        for table, column in way.columns:
            found = dict(TableReader(table, [column]).by_id(self._tx, set(reached.values())))
            reached = {id: found[at] for id, at in reached.items() if found.get(at) is not None}
        return reached
