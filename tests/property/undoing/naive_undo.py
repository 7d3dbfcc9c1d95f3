"""What an undo leaves, foretold step by step.

An undo goes through what was written from the last step to the first. Within a step, destroyed
records come back and fields are given back as one: as many of them as can be together. Then goes
what was created, as far as nobody else has written it or refers to it.
"""

import copy
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.property.undoing.history import Author, History, Write
from tests.property.undoing.store import (
    NAMING,
    Records,
    is_valid,
    links_of,
    names,
    rivals,
    unit_of,
)

WHOLE: frozenset[str] = frozenset()  # a record rather than fields of it

Part = tuple[int, frozenset[str]]  # record, fields of a unit


@dataclass(frozen=True, slots=True)
class Foretold:
    """What an undo leaves."""

    records: Records
    kept: Mapping[Part, str]  # the reason
    restored: frozenset[int]
    removed: frozenset[int]


@dataclass(frozen=True, slots=True)
class _Attempt:
    """Values that are to be given back, or a record that is to come back."""

    part: Part
    values: Mapping[str, Any]  # of a whole record: all that it was

    @property
    def is_whole(self) -> bool:
        return self.part[1] == WHOLE


def foretell(
    records: Records, history: History, undo: Author, flags: Mapping[str, Any]
) -> Foretold:
    """What is there when an undo has taken back what `undo.of` has written."""
    assert undo.of is not None
    taking = _Taking(copy.deepcopy(records), history, undo, undo.of, flags)
    for writes in history.steps_of(undo.of):
        taking.take_back(writes)
    _recompute_sums(taking.records)
    return Foretold(
        taking.records, taking.kept, frozenset(taking.restored), frozenset(taking.removed)
    )


@dataclass(slots=True)
class _Taking:
    records: Records
    history: History
    undo: Author
    of: Author
    flags: Mapping[str, Any]
    kept: dict[Part, str] = field(default_factory=dict)
    restored: set[int] = field(default_factory=set)
    removed: set[int] = field(default_factory=set)

    def take_back(self, writes: Sequence[Write]) -> None:
        attempts = [*self._returns(writes), *self._given_back(writes)]
        self._settle(attempts, self._doomed(writes))

    def _returns(self, writes: Sequence[Write]) -> Iterator[_Attempt]:
        """Records that were destroyed."""
        for each in writes:
            if each.event == "destroy" and each.record not in self.records:
                last = self._last_of_life(each.record)
                assert each.image is not None
                if last.author.is_kin_of(self.of):
                    yield _Attempt((each.record, WHOLE), each.image)
                else:
                    self.kept[each.record, WHOLE] = "destroyed_since"

    def _given_back(self, writes: Sequence[Write]) -> Iterator[_Attempt]:
        """Fields whose last write stands."""
        fields: dict[tuple[int, frozenset[str]], None] = {}
        for each in writes:
            if each.is_purged and not self._made(each.record):
                self.kept[each.record, WHOLE] = "history_purged"
            elif each.event == "update" and not self._made(each.record):
                for name in each.changes:
                    table = self._table_of(each.record)
                    fields[each.record, unit_of(table, name)] = None
        for record, unit in fields:
            if record not in self.records:
                self.kept[record, WHOLE] = "destroyed_since"
                continue
            touching = [
                each
                for each in self.history.of_record(record, without=self.undo)
                if each.event == "update" and unit & each.changes.keys()
            ]
            last = touching[-1].author
            if not last.is_kin_of(self.of):
                self.kept[record, unit] = "changed_since"
            elif last.stands_for(self.of):
                values = self._before(touching, unit, writes)
                if values:
                    yield _Attempt((record, unit), values)
                else:
                    self.kept[record, unit] = "changed_since"

    def _before(
        self, touching: Sequence[Write], unit: frozenset[str], writes: Sequence[Write]
    ) -> dict[str, Any]:
        """The values before the first of these writes behind the last one of somebody else."""
        values: dict[str, Any] = {}
        for each in reversed(touching):
            if not each.author.is_kin_of(self.of):
                break
            if any(each is one for one in writes):
                values |= {
                    name: before for name, (before, _) in each.changes.items() if name in unit
                }
        return values

    def _settle(self, attempts: Sequence[_Attempt], doomed: set[int]) -> None:
        """Do all that can be done together; the rest is kept."""
        doomed = set(doomed)
        refused: dict[Part, str] = {}
        referred: set[int] = set()
        while True:
            doing = [each for each in attempts if each.part not in refused]
            trial = self._trial(doing, doomed)
            newly = self._refusals(doing, trial)
            newly_referred = {
                id
                for id in doomed
                for record in trial.values()
                if id in links_of(record) or names(record, self.records[id])
            }
            if not newly and not newly_referred:
                break
            refused |= newly
            referred |= newly_referred
            doomed -= newly_referred
        for each in doing:
            id = each.part[0]
            if each.is_whole or any(
                self.records[id][name] != value for name, value in each.values.items()
            ):
                self.restored.add(id)
            self.kept.pop(each.part, None)
        for id in doomed:
            self.kept.pop((id, WHOLE), None)
        self.removed |= doomed
        self.kept |= refused
        self.kept |= {(id, WHOLE): "referred_to" for id in referred}
        self.records = trial

    def _trial(self, doing: Sequence[_Attempt], doomed: set[int]) -> Records:
        """The records, if all of this is done."""
        trial = copy.deepcopy(self.records)
        for each in doing:
            if each.is_whole:
                trial[each.part[0]] = dict(each.values)
            else:
                trial[each.part[0]].update(each.values)
        return {id: record for id, record in trial.items() if id not in doomed}

    def _refusals(self, doing: Sequence[_Attempt], trial: Records) -> dict[Part, str]:
        refused: dict[Part, str] = {}
        ids = {each.part[0] for each in doing}
        rivals_of = rivals(trial, ids)
        for each in doing:
            id = each.part[0]
            record = trial[id]
            if self._misses_target(each, record, trial):
                refused[each.part] = "target_gone"
            elif self._would_share_key(each, rivals_of.get(id, set()), trial):
                refused[each.part] = "key_taken"
            elif not is_valid(record, self.flags):
                refused[each.part] = "would_be_invalid"
        return refused

    def _misses_target(self, attempt: _Attempt, record: Mapping[str, Any], trial: Records) -> bool:
        given = {**attempt.values, "tags": attempt.values.get("tags", ())}
        if any(target not in trial for target in links_of(given)):
            return True
        return any(
            table == record["table"]
            and (text := attempt.values.get(name)) is not None
            and target in ("coupons", "gift_cards")
            and not any(other["table"] == target and other[key] == text for other in trial.values())
            for (table, name), (target, key) in NAMING.items()
        )

    def _would_share_key(self, attempt: _Attempt, others: set[int], trial: Records) -> bool:
        if not others:
            return False
        id = attempt.part[0]
        if attempt.is_whole or id not in self.records:
            return True
        # It is this part that makes it so.
        without = copy.deepcopy(trial)
        for name in attempt.values:
            without[id][name] = self.records[id][name]
        return id not in rivals(without, [id])

    def _doomed(self, writes: Sequence[Write]) -> set[int]:
        """What was created, or came back, and what nobody else has written since."""
        doomed = set()
        for id in [each.record for each in writes if each.event in ("create", "restore")]:
            life = self._last_of_life(id)
            since = self.history.of_record(id, without=self.undo)
            since = since[since.index(life) :]
            if id not in self.records:
                if not life.author.is_kin_of(self.of):
                    self.kept[id, WHOLE] = "destroyed_since"
            elif any(not each.author.is_kin_of(self.of) for each in since):
                self.kept[id, WHOLE] = "changed_since"
            else:
                doomed.add(id)
        return doomed

    def _made(self, record: int) -> bool:
        """Whether what is taken back has made the record, which then lives or dies whole."""
        return any(
            each.event in ("create", "restore") and each.author == self.of
            for each in self.history.of_record(record)
        )

    def _last_of_life(self, record: int) -> Write:
        """The last write by which a record came, went or came back."""
        return [
            each
            for each in self.history.of_record(record, without=self.undo)
            if each.event != "update"
        ][-1]

    def _table_of(self, record: int) -> str:
        if record in self.records:
            return str(self.records[record]["table"])
        image = self._last_of_life(record).image
        assert image is not None
        return str(image["table"])


def _recompute_sums(records: Records) -> None:
    for id, order in records.items():
        if order["table"] == "orders":
            items = [
                each
                for each in records.values()
                if each["table"] == "line_items" and each["order_id"] == id
            ]
            order["subtotal_amount_cents"] = sum(
                (each["unit_amount_cents"] or 0) * each["quantity"] for each in items
            )
            order["skus_count"] = sum(
                each["quantity"] for each in items if each["item_type"] == "skus"
            )
