"""The rules of a type run for many rows, whose lookups are loaded together.

What a rule looks at depends on the row, so rules are asked twice where something is missing: first
each shows what it needs, then all of it is loaded, and it is run.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from longshore.engine.chunk.sheet import Sheet, picked
from longshore.engine.plan.nodes import Node
from longshore.engine.row.chunk_state import ChunkState, Missing, Record
from longshore.engine.row.draft import Draft, RowAtHand
from longshore.engine.row.rule_context import RuleContext
from longshore.engine.row.rules import RULES

_LOOKS_MAX = 6  # what is still missing then is found row by row


class RuleRunner:
    """Runs the rules of one node."""

    def __init__(
        self, node: Node, state: ChunkState, *, now: int, load: Callable[[], None]
    ) -> None:
        self._node = node
        self._state = state
        self._row = RowAtHand(state, now=now)
        self._load = load
        self._rules = [RULES[name] for name in node.rules]

    def run(
        self,
        sheet: Sheet,
        rows: Sequence[int],
        values: Sequence[Sequence[Any]],
        records: Sequence[Record | None],
    ) -> list[Sequence[Any]]:
        """The columns of values once the rules have run; rows that a rule refuses become odd.

        `rows` says which row of the sheet each cell of the columns is of, `records` which stored
        record it changes.
        """
        drafts = [list(each) for each in zip(*values, strict=True)]
        fields = list(zip(*(picked(column, rows) for column in sheet.fields), strict=True))
        left: Iterable[int] = [at for at, row in enumerate(rows) if not sheet.odd[row]]
        for _ in range(_LOOKS_MAX):
            missing = [
                at
                for at in left
                if not self._try(sheet, rows[at], fields[at], drafts, at, records[at])
            ]
            if not missing:
                break
            self._state.collecting = True
            try:
                for at in missing:
                    self._run(fields[at], list(drafts[at]), records[at])
            finally:
                self._state.collecting = False
            self._load()
            left = missing
        else:
            sheet.mark(rows[at] for at in missing)
        return list(zip(*drafts, strict=True)) if drafts else list(values)

    def _try(
        self,
        sheet: Sheet,
        row: int,
        fields: Sequence[Any],
        drafts: list[list[Any]],
        at: int,
        record: Record | None,
    ) -> bool:
        """Run the rules of a row; False, with nothing changed, when something is not loaded."""
        values = list(drafts[at])
        try:
            self._run(fields, values, record)
        except Missing:
            return False
        drafts[at] = values
        if self._row.findings:
            sheet.odd[row] = 1
        return True

    def _run(self, fields: Sequence[Any], values: list[Any], record: Record | None) -> None:
        self._row.begin()
        draft = Draft(self._row, self._node, fields, 0)
        draft.values, draft.record = values, record
        context = RuleContext(draft)
        for rule in self._rules:
            rule(context)
