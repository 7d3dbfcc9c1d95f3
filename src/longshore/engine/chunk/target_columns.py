"""The targets of many rows at once: named by id or by a text, or filled in by the parent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.database import Transaction
from longshore.engine.chunk.key_columns import keys_of_texts
from longshore.engine.chunk.keyed_columns import KeyedColumn, KeyedColumns
from longshore.engine.chunk.loader import RecordSource
from longshore.engine.chunk.newcomers import Newcomers
from longshore.engine.chunk.sheet import Sheet
from longshore.engine.plan.nodes import Node, TargetName, TargetStep
from longshore.engine.plan.table_plans import KeyPlan, TablePlan
from longshore.engine.values.candidate import ABSENT

Sources = Mapping[str, RecordSource]


@dataclass(frozen=True, slots=True)
class TargetColumn:
    """The targets of rows by one step: ids, and the types that go with them."""

    step: TargetStep
    ids: Sequence[Any]  # ABSENT: the row names none; None: there is to be none
    types: Sequence[Any] | None  # where the relationship has a column of types


class TargetFinder:
    """Finds the targets of one node's rows."""

    def __init__(self, node: Node, sources: Sources) -> None:
        self._node = node
        self._sources = sources
        self._keyed = KeyedColumns(sources)

    def find(self, tx: Transaction, sheet: Sheet, newcomers: Newcomers) -> list[TargetColumn]:
        """The targets of all rows; those that name what is not there become odd."""
        return [
            self._column(tx, sheet, step, newcomers)
            for step in (*self._node.targets, *self._node.deferred)
        ]

    def check(self, tx: Transaction, sheet: Sheet) -> None:
        """Make the rows odd that name a record which must exist and does not."""
        for check in self._node.checks:
            found = self._holders(tx, sheet, check)
            sheet.mark([row for row, id in enumerate(found) if id == 0])

    def _column(
        self, tx: Transaction, sheet: Sheet, step: TargetStep, newcomers: Newcomers
    ) -> TargetColumn:
        node = self._node
        given = None if step.id_slot is None else sheet.fields[step.id_slot]
        named = [self._named(tx, sheet, naming, newcomers) for naming in step.namings]
        known = {id for column in named for id in column}
        keyed = self._keyed.find(tx, sheet, step)
        if keyed is not None:
            named.append(keyed.ids)
        if given is not None and not named and step.fill is None:
            ids = given
        elif given is None and len(named) == 1 and step.fill is None and node.id_slot is None:
            ids = named[0]
        elif given is None and not named:
            ids = [step.fill if step.fill is not None else ABSENT] * sheet.count
        else:
            ids = self._chosen(sheet, step, given, named)
        if keyed is not None and ids is not keyed.ids:
            _mark_different(sheet, ids, keyed.ids)
        types = self._types_of(tx, sheet, step, ids, known, keyed)
        if any(id.__class__ is int and id < 0 for id in known):
            self._note_newcomers(sheet, step, ids, newcomers)
        return TargetColumn(step, ids, types)

    def _note_newcomers(
        self, sheet: Sheet, step: TargetStep, ids: Sequence[Any], newcomers: Newcomers
    ) -> None:
        """Note by which text each row names a newcomer that it has for a target."""
        for row, id in enumerate(ids):
            if id.__class__ is int and id < 0:
                newcomer = newcomers.by_stand_in[id]
                text = next(
                    sheet.fields[naming.slot][row]
                    for naming in step.namings
                    if newcomer.is_named(naming, sheet.fields[naming.slot][row])
                )
                newcomers.before.setdefault(row, []).append((newcomer, text))

    def _chosen(
        self,
        sheet: Sheet,
        step: TargetStep,
        given: Sequence[Any] | None,
        named: Sequence[Sequence[Any]],
    ) -> Sequence[Any]:
        """The target of each row where it may be named in several ways: see `row.targets`."""
        node, count = self._node, sheet.count
        own = sheet.fields[node.id_slot] if node.id_slot is not None else [ABSENT] * count
        updatable = [naming.updatable for naming in step.namings]
        updatable += [True] * (len(named) - len(updatable))  # by keys, as by an id
        chosen: list[Any] = []
        for row in range(count):
            is_null = False
            if given is not None:
                id = given[row]
                if id is None:
                    is_null = True
                elif id is not ABSENT:
                    chosen.append(id)
                    continue
            is_by_id = own[row] is not ABSENT and own[row] is not None
            found: Any = ABSENT
            for is_updatable, column in zip(updatable, named, strict=True):
                cell = column[row]
                if is_by_id and not is_updatable:
                    if cell is not ABSENT and cell is not None:
                        found = _NOTHING
                        break
                    continue
                if cell is None:
                    is_null = True
                elif cell is not ABSENT:
                    found = cell
                    break
            if found is _NOTHING:
                chosen.append(ABSENT)
            elif found is not ABSENT:
                chosen.append(found)
            elif step.fill is not None:
                chosen.append(step.fill)
            else:
                chosen.append(None if is_null else ABSENT)
        return chosen

    def _types_of(
        self,
        tx: Transaction,
        sheet: Sheet,
        step: TargetStep,
        ids: Sequence[Any],
        known: Collection[Any],
        keyed: KeyedColumn | None,
    ) -> Sequence[Any] | None:
        """The types of targets; rows whose target is not there, or of another type, become odd.

        `known` are those that a text has named: they are there, and of the first table. Those of
        `keyed` are there as well.
        """
        wanted = set(ids) - _NAMELESS
        open_ = {id for id in wanted.difference(known) if id}
        types: dict[Any, tuple[str, str]] = {}  # id -> its type, its table
        if keyed is not None:
            types.update(keyed.types)
            open_.difference_update(keyed.types)
        if step.tables:
            first = step.tables[0]
            types.update(dict.fromkeys(known, (first[2], first[0].name)))
        for table, allowed, type_ in step.tables:
            if not open_:
                break
            at = None if allowed is None else table.index["type"] + 1
            for record in self._sources[table.name].by_id(tx, open_):
                found = type_ if at is None else record[at]
                if allowed is None or found in allowed:
                    types[record[0]] = (found, table.name)
            open_ = open_ - types.keys()
        missing = wanted - types.keys()
        if missing:
            sheet.mark([row for row, id in enumerate(ids) if id in missing])
        if step.type_slot is not None:
            self._check_types(sheet, sheet.fields[step.type_slot], ids, types)
        if step.type_column is None:
            return None
        return [
            types[id][0] if id is not ABSENT and id is not None and id in types else ABSENT
            for id in ids
        ]

    def _check_types(
        self,
        sheet: Sheet,
        wanted: Sequence[Any],
        ids: Sequence[Any],
        types: Mapping[Any, tuple[str, str]],
    ) -> None:
        sheet.mark(
            row
            for row, (type_, id) in enumerate(zip(wanted, ids, strict=True))
            if type_ is not ABSENT and type_ is not None and type_ not in types.get(id, (type_,))
        )

    def _named(
        self, tx: Transaction, sheet: Sheet, naming: TargetName, newcomers: Newcomers
    ) -> Sequence[Any]:
        """The ids of what rows name by a text: None for a blank one, ABSENT where there is none.

        What is not there has the stand-in of a newcomer, or makes the row odd.
        """
        ids = self._holders(tx, sheet, naming)
        if 0 not in ids:
            return ids
        missing = [row for row, id in enumerate(ids) if id == 0]
        if naming.creates is None:
            sheet.mark(missing)
        plan, texts = naming.table.keys[naming.key], sheet.fields[naming.slot]
        settled = list(ids)
        for row in missing:
            key = plan.of_text(texts[row], folds=naming.folds)
            assert key is not None, "a text that is not blank has a key"
            newcomer = newcomers.of(naming.table, naming.key, key, naming.creates)
            settled[row] = newcomer.stand_in
        return settled

    def _holders(self, tx: Transaction, sheet: Sheet, naming: TargetName) -> Sequence[Any]:
        """The ids of what texts name, 0 for what is not there."""
        return holders_of_texts(
            tx,
            self._sources[naming.table.name],
            naming.table,
            naming.table.keys[naming.key],
            sheet.fields[naming.slot],
            folds=naming.folds,
        )


def _mark_different(sheet: Sheet, ids: Sequence[Any], others: Sequence[Any]) -> None:
    """Make the rows odd whose keys do not lead to the target that they name otherwise."""
    sheet.mark(
        [
            row
            for row, (id, other) in enumerate(zip(ids, others, strict=True))
            if other is not ABSENT and other is not None and id != other
        ]
    )


_NOTHING = object()
_NAMELESS = frozenset({ABSENT, None})


def holders_of_texts(
    tx: Transaction,
    source: RecordSource,
    table: TablePlan,
    plan: KeyPlan,
    texts: Sequence[Any],
    *,
    folds: bool,
) -> Sequence[Any]:
    """The ids of the records whose key of one text these are, the first where there are several;
    None for a blank text, 0 for what is not there, ABSENT where there is no text."""
    named = list(set(texts) - _NAMELESS)
    keys: dict[Any, Any] = {ABSENT: ABSENT, None: None}
    keys.update(zip(named, keys_of_texts(plan, named, folds=folds), strict=True))
    wanted = {key for key in keys.values() if key is not None and key is not ABSENT}
    at = plan.column + 1
    ids: dict[Any, Any] = {ABSENT: ABSENT, None: None}
    for record in source.by(tx, table.columns[plan.column], wanted):
        ids.setdefault(record[at], record[0])  # in the order of their ids
    found = {text: ids.get(key, 0) for text, key in keys.items()}
    return list(map(found.__getitem__, texts))


def tables_of_targets(steps: Iterable[TargetStep]) -> set[str]:
    """The tables that steps look into."""
    steps = tuple(steps)
    tables = {table.name for step in steps for table, _, _ in step.tables}
    tables |= {naming.table.name for step in steps for naming in step.namings}
    return tables | tables_of_keys(steps)


def tables_of_keys(steps: Iterable[TargetStep]) -> set[str]:
    """The tables in which steps look for the keys of targets."""
    tables: set[str] = set()
    targets = [step.keyed for step in steps if step.keyed is not None]
    while targets:
        target = targets.pop()
        tables.update(lookup.table.name for lookup in target.lookups)
        targets += (inner for _, inner in target.inner)
    return tables
