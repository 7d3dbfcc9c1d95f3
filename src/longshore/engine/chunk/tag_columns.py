"""The tags that many rows ask for at once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from longshore.database import Transaction
from longshore.engine.chunk.sheet import Sheet
from longshore.engine.chunk.target_columns import Newcomers, Sources, holders_of_texts
from longshore.engine.plan.nodes import Node, TagSlots
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.tag_lists import WantedTag, names_in

Tags = tuple[int, ...]  # ids, ascending


@dataclass(frozen=True, slots=True)
class _Wish:
    """What a row asks for."""

    replaced: Sequence[WantedTag] | None  # the whole set; None: it stays
    added: Sequence[str]
    removed: Sequence[str]


class TagFinder:
    """Finds the tags of one node's rows."""

    def __init__(self, node: Node, slots: TagSlots, sources: Sources) -> None:
        self._slots = slots
        self._records = sources[node.table.name]
        self._source = sources[slots.table.name]
        self._key_index = slots.node.match_keys[0]
        self._key = slots.table.keys[self._key_index]

    def find(
        self,
        tx: Transaction,
        sheet: Sheet,
        records: Mapping[int, int],
        newcomers: Newcomers,
    ) -> dict[int, tuple[Tags, Tags]]:
        """The tags before and after of each flat row that names any.

        `records` are the ids of the stored records that rows mean. Rows whose tags cannot be, or
        of which there is something to tell, become odd.
        """
        wishes = self._wishes(sheet)
        if not wishes:
            return {}
        by_id, by_name = self._ids(tx, list(wishes.values()), newcomers)
        stored = [records[row] for row in wishes if row in records]
        held = self._records.tags(tx, stored) if stored else {}
        found: dict[int, tuple[Tags, Tags]] = {}
        for row, wish in wishes.items():
            before = held.get(records[row], ()) if row in records else ()
            tags = set(before)
            if wish.replaced is not None:
                tags = {
                    (by_name if part == "name" else by_id)[value] for part, value in wish.replaced
                }
            named = [by_name[name] for name in (*wish.added, *wish.removed)]
            if 0 in tags or any(id < 0 for id in named):
                sheet.odd[row] = 1  # there is no such tag: an error, or a warning
                continue
            tags.update(named[: len(wish.added)])
            tags.difference_update(named[len(wish.added) :])
            if len(tags) > self._slots.count_max:
                sheet.odd[row] = 1
                continue
            found[row] = (before, tuple(sorted(tags)))
            for part, value in wish.replaced or ():
                if part == "name" and by_name[value] < 0:
                    newcomer = newcomers.by_stand_in[by_name[value]]
                    newcomers.behind.setdefault(row, []).append((newcomer, value))
        return found

    def _wishes(self, sheet: Sheet) -> dict[int, _Wish]:
        """What each flat row that names tags asks for."""
        slots = self._slots
        columns = [
            sheet.fields[slot]
            for slot in (*slots.set_slots, slots.add_slot, slots.remove_slot)
            if slot is not None
        ]
        if all(column.count(ABSENT) == sheet.count for column in columns):
            return {}
        sets = [sheet.fields[slot] for slot in slots.set_slots]
        adding = None if slots.add_slot is None else sheet.fields[slots.add_slot]
        removing = None if slots.remove_slot is None else sheet.fields[slots.remove_slot]
        wishes: dict[int, _Wish] = {}
        for row in sheet.flat:
            given = [column[row] for column in sets if column[row] is not ABSENT]
            added = names_in(adding[row]) if adding is not None else ()
            removed = names_in(removing[row]) if removing is not None else ()
            replaced = (given[0] or ()) if given else None
            if len(given) > 1 or (
                replaced and any(part == "refused" or not value for part, value in replaced)
            ):
                sheet.odd[row] = 1
            elif given or added or removed:
                wishes[row] = _Wish(replaced, added, removed)
        return wishes

    def _ids(
        self, tx: Transaction, wishes: Sequence[_Wish], newcomers: Newcomers
    ) -> tuple[dict[int, int], dict[str, int]]:
        """The ids of all tags asked for, by id (0: it is none) and by name (stand-ins of those
        that are not there)."""
        given: set[int] = set()
        names: set[str] = set()
        for wish in wishes:
            for part, value in wish.replaced or ():
                (names if part == "name" else given).add(value)
            names.update(wish.added)
            names.update(wish.removed)
        there = {record[0] for record in self._source.by_id(tx, given)} if given else set()
        by_id = {id: id if id in there else 0 for id in given}
        slots = self._slots
        texts = list(names)
        found = holders_of_texts(tx, self._source, slots.table, self._key, texts, folds=False)
        by_name: dict[str, int] = {}
        for name, id in zip(texts, found, strict=True):
            if not id:
                key = self._key.of_text(name)
                assert key is not None, "a name that is not blank has a key"
                id = newcomers.of(slots.table, self._key_index, key, slots.node).stand_in
            by_name[name] = id
        return by_id, by_name
