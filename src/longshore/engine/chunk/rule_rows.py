"""The rules of a type run for many rows, whose lookups are loaded together.

What rules look for by a text of the row is loaded before they run. Where one looks further, it is
run again once that is loaded.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from longshore.engine.chunk.record_matcher import StoredRecord
from longshore.engine.chunk.sheet import Sheet, picked
from longshore.engine.plan.nodes import Node
from longshore.engine.plan.rule_needs import RULE_NEEDS
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.row.chunk_state import ChunkState, Record
from longshore.engine.row.draft import RowAtHand, RowDraft
from longshore.engine.row.rule_context import RuleContext
from longshore.engine.row.rules import RULES
from longshore.engine.values.candidate import ABSENT

_LOOKS_MAX = 6  # what is still missing then is found row by row


class RuleRunner:
    """Runs rules over what a chunk has loaded."""

    def __init__(self, state: ChunkState, *, now: int, load: Callable[[], None]) -> None:
        """`load` answers the demands of the state."""
        self._state = state
        self._row = RowAtHand(state, now=now)
        self._load = load

    @contextmanager
    def knowing(
        self, table: TablePlan, ids: Sequence[int], values: Sequence[Sequence[Any]]
    ) -> Iterator[None]:
        """Let rules find records that are about to be created, by ids that stand in for theirs."""
        held = self._state.tables[table.name]
        for id, each in zip(ids, zip(*values, strict=True), strict=True):
            held.by_id[id] = Record(held, id, list(each), is_new=True)
        try:
            yield
        finally:
            for id in ids:
                del held.by_id[id]

    def run(
        self,
        node: Node,
        sheet: Sheet,
        rows: Sequence[int],
        values: Sequence[Sequence[Any]],
        stored: Sequence[StoredRecord] | None,
    ) -> list[Sequence[Any]]:
        """The columns of values once the rules have run; rows that a rule refuses become odd.

        `rows` says which row of the sheet each cell of the columns is of, `stored` which record
        it changes; without, records are created.
        """
        table = self._state.tables[node.table.name]
        records: Sequence[Record | None] = (
            [None] * len(rows)
            if stored is None
            else [Record(table, each[0], list(each[1:]), is_new=False) for each in stored]
        )
        work = _RuleWork(
            node,
            self._row,
            list(zip(*(picked(column, rows) for column in sheet.fields), strict=True)),
            [list(each) for each in zip(*values, strict=True)],
            records,
        )
        left: Sequence[int] = [at for at, row in enumerate(rows) if not sheet.odd[row]]
        self._demand_texts(node, work.fields, left)
        for _ in range(_LOOKS_MAX):
            self._load()
            left = work.run(self._state, left)
            if not left:
                break
        sheet.mark(rows[at] for at in (*left, *work.refused))
        return list(zip(*work.values, strict=True))

    def _demand_texts(
        self, node: Node, fields: Sequence[Sequence[Any]], rows: Sequence[int]
    ) -> None:
        """Demand the records that rules are known to look for by a text of the row."""
        for rule in node.rules:
            for name, (table, part) in RULE_NEEDS[rule].texts.items():
                slot = node.slots.get(name)
                if slot is None:
                    continue
                texts = {fields[at][slot] for at in rows} - {ABSENT, None}
                for index, plan in enumerate(self._state.tables[table].plan.keys):
                    if [each.field for each in plan.parts] == [part]:
                        keys = {plan.of_text(text) for text in texts} - {None}
                        demanded = self._state.demanded(table).keys.setdefault(index, set())
                        demanded.update(key for key in keys if key is not None)


class _RuleWork:
    """Rows whose rules are run."""

    def __init__(
        self,
        node: Node,
        row: RowAtHand,
        fields: Sequence[Sequence[Any]],
        values: list[list[Any]],
        records: Sequence[Record | None],
    ) -> None:
        self._node = node
        self._rules = [RULES[name] for name in node.rules]
        self._row = row
        self.fields = fields
        self._records = records
        self.values = values
        self.refused: list[int] = []

    def run(self, state: ChunkState, rows: Iterable[int]) -> list[int]:
        """Run the rules of rows; those for which something is not loaded, which is now demanded."""
        missing = []
        state.collecting = True
        try:
            for at in rows:
                values = list(self.values[at])
                state.missed = False
                self._run(at, values)
                if state.missed:
                    missing.append(at)
                    continue
                self.values[at] = values
                if self._row.findings:
                    self.refused.append(at)
        finally:
            state.collecting = False
        return missing

    def _run(self, at: int, values: list[Any]) -> None:
        self._row.begin()
        draft = RowDraft(self._row, self._node, self.fields[at], 0)
        draft.values, draft.record = values, self._records[at]
        context = RuleContext(draft)
        for rule in self._rules:
            rule(context)
