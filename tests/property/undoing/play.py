"""A story played on a real shop, each of its undos compared with what the model foretells."""

from collections.abc import Sequence
from typing import Any

from tests.property.strategies import ImportCall
from tests.property.undoing.history import Author, History, Write
from tests.property.undoing.naive_undo import foretell
from tests.property.undoing.shop import Shop, replayed, without_sums
from tests.property.undoing.steps import Creates, Destroys, Purges, Sets, Step, Undoes
from tests.property.undoing.store import Records


class Play:
    """What has happened so far in a shop."""

    def __init__(self, shop: Shop) -> None:
        self.reasons: set[str] = set()  # that undos gave for what they kept
        self._shop = shop
        self._history = History()
        self._authors: list[Author] = []
        self._flags: dict[str, Any] = {}
        self._records = shop.records()

    def go_on(self, steps: Sequence[Step]) -> None:
        """Play the steps one after another."""
        for step in steps:
            if isinstance(step, Undoes):
                if step.back < len(self._authors):
                    self._undo(self._authors[-1 - step.back], step.kills)
            else:
                self._take(self._write(step), self._shop.records())

    @property
    def deaths(self) -> int:
        """How many processes have died while they undid something."""
        return self._shop.deaths

    def undo_and_redo(self) -> None:
        """Take the last import or undo back, and that as well: all is as it was, keys included."""
        before, keys = self._records, self._shop.keys()
        self._undo(self._authors[-1], ())
        self._undo(self._authors[-1], ())
        assert_alike(self._records, before)
        assert self._shop.keys() == keys

    def _write(self, step: Step) -> list[Write]:
        shop = self._shop
        match step:
            case ImportCall():
                author, writes = shop.carry_out(step)
                self._authors.append(author)
                return writes
            case Creates():
                return shop.create(step.resource_type, step.row)
            case Sets():
                shop.set_flag(step.flag, step.value)
                self._flags[step.flag] = step.value
            case Purges():
                shop.purge(self._authors[-1])
                self._history.purge(self._authors[-1])
            case Undoes():
                raise AssertionError("undos are foretold")
            case _:
                record = shop.find(step.record)
                if record is None:
                    return []
                if isinstance(step, Destroys):
                    return shop.delete(step.record.resource_type, record)
                return shop.update(step.record.resource_type, record, step.row)
        return []

    def _undo(self, of: Author, kills: Sequence[int]) -> None:
        undone = self._shop.undo(of, kills)
        foretold = foretell(self._records, self._history, undone.author, self._flags)
        records = self._shop.records()
        assert_alike(records, foretold.records)
        assert undone.kept == foretold.kept, (undone.kept, foretold.kept)
        counts = (undone.restored_count, undone.removed_count, undone.kept_count)
        kept = {record for record, _ in foretold.kept}
        expected = (len(foretold.restored), len(foretold.removed), len(kept))
        assert counts == expected, (counts, expected)
        self._authors.append(undone.author)
        self.reasons |= set(undone.kept.values())
        self._take(undone.writes, records)

    def _take(self, writes: Sequence[Write], records: Records) -> None:
        """Note what was written; the journal must say how the records came to be what they are."""
        born = {each.record: records[each.record] for each in writes if each.event == "create"}
        expected = replayed(self._records, writes) | {
            id: record for id, record in born.items() if id in records
        }
        assert_alike(without_sums(records), without_sums(expected))
        self._history.append(writes)
        self._records = records


def assert_alike(found: Records, expected: Records) -> None:
    """Name what differs: of each record the fields with both values, or that it is not there."""
    different: dict[int, object] = {}
    for id in found.keys() | expected.keys():
        one, other = found.get(id), expected.get(id)
        if one is None or other is None:
            different[id] = ("is missing" if one is None else "is there", one or other)
        elif one != other:
            different[id] = {
                name: (one[name], other[name]) for name in one if one[name] != other[name]
            }
    assert not different, different
