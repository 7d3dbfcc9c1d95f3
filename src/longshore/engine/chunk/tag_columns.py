"""The tags that many rows ask for at once."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from longshore.database import Transaction
from longshore.engine.chunk.newcomers import Named, Newcomer, Newcomers
from longshore.engine.chunk.sheet import Sheet
from longshore.engine.chunk.target_columns import Sources, holders_of_texts
from longshore.engine.plan.nodes import Node, TagSlots
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.tag_lists import WantedTag, names_in

Tags = tuple[int, ...]  # ids, ascending


class _Wish(NamedTuple):
    """What a row asks for."""

    replaced: "_TagSet | None"  # the whole set; None: it stays
    added: Sequence[str]
    removed: Sequence[str]


class _TagSet:
    """Tags as rows list them; cells that are alike share one."""

    __slots__ = ("ids", "is_sound", "newcomers", "wanted")

    def __init__(self, wanted: Sequence[WantedTag]) -> None:
        self.wanted = wanted
        self.is_sound = all(part != "refused" and value for part, value in wanted)
        self.ids: Tags = ()  # ascending, with stand-ins; 0 for one that is not there
        self.newcomers: Sequence[Named] = ()


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
        by_name = self._settle(tx, list(wishes.values()), newcomers)
        stored = [records[row] for row in wishes if row in records]
        held = self._records.tags(tx, stored) if stored else {}
        found: dict[int, tuple[Tags, Tags]] = {}
        most = self._slots.count_max
        for row, (replaced, added, removed) in wishes.items():
            before = held.get(records[row], ()) if row in records else ()
            tags = before if replaced is None else replaced.ids
            if added or removed:
                named = [by_name[name] for name in (*added, *removed)]
                if min(named) < 0:
                    sheet.odd[row] = 1  # there is no such tag, which is to be told
                    continue
                after = set(tags).union(named[: len(added)]).difference(named[len(added) :])
                tags = tuple(sorted(after))
            if len(tags) > most or 0 in tags:
                sheet.odd[row] = 1
                continue
            found[row] = (before, tags)
            if replaced is not None and replaced.newcomers:
                newcomers.behind.setdefault(row, []).extend(replaced.newcomers)
        return found

    def _wishes(self, sheet: Sheet) -> dict[int, _Wish]:
        """What each flat row that names tags asks for."""
        slots = self._slots
        named = [slot for slot in slots.set_slots if sheet.names(slot)]
        adding = self._texts(sheet, slots.add_slot)
        removing = self._texts(sheet, slots.remove_slot)
        if not named and adding is None and removing is None:
            return {}
        sets = [sheet.fields[slot] for slot in named]
        shared: dict[int, _TagSet] = {}  # by what only the same list has; they live as the sheet
        wishes: dict[int, _Wish] = {}
        for row in sheet.flat:
            replaced, count = None, 0
            for column in sets:
                cell = column[row]
                if cell is not ABSENT:
                    count += 1
                    replaced = shared.get(id(cell))
                    if replaced is None:
                        replaced = shared[id(cell)] = _TagSet(cell or ())
            added = names_in(adding[row]) if adding is not None else ()
            removed = names_in(removing[row]) if removing is not None else ()
            if count > 1 or (replaced is not None and not replaced.is_sound):
                sheet.odd[row] = 1
            elif count or added or removed:
                wishes[row] = _Wish(replaced, added, removed)
        return wishes

    def _texts(self, sheet: Sheet, slot: int | None) -> Sequence[Any] | None:
        return sheet.fields[slot] if slot is not None and sheet.names(slot) else None

    def _settle(
        self, tx: Transaction, wishes: Sequence[_Wish], newcomers: Newcomers
    ) -> dict[str, int]:
        """Find the tags of all sets, and those that are asked for by name; stand-ins of those
        that are not there."""
        sets = {id(wish.replaced): wish.replaced for wish in wishes if wish.replaced is not None}
        given: set[int] = set()
        names: dict[str, None] = {}
        for tag_set in sets.values():
            for part, value in tag_set.wanted:
                if part == "name":
                    names[value] = None
                else:
                    given.add(value)
        for _, added, removed in wishes:
            if added or removed:
                names.update(dict.fromkeys((*added, *removed)))
        there = {record[0] for record in self._source.by_id(tx, given)} if given else set()
        slots, texts = self._slots, list(names)
        found = holders_of_texts(tx, self._source, slots.table, self._key, texts, folds=False)
        by_name: dict[str, int] = {}
        for name, held in zip(texts, found, strict=True):
            by_name[name] = held or self._newcomer(name, newcomers).stand_in
        for tag_set in sets.values():
            ids = {
                by_name[value] if part == "name" else (value if value in there else 0)
                for part, value in tag_set.wanted
            }
            tag_set.ids = tuple(sorted(ids))
            tag_set.newcomers = [
                (newcomers.by_stand_in[by_name[value]], value)
                for part, value in tag_set.wanted
                if part == "name" and by_name[value] < 0
            ]
        return by_name

    def _newcomer(self, name: str, newcomers: Newcomers) -> Newcomer:
        key = self._key.of_text(name)
        assert key is not None, "a name that is not blank has a key"
        slots = self._slots
        return newcomers.of(slots.table, self._key_index, key, slots.node)
