"""Amounts of many rows: decimals become cents, by the currencies of their records."""

from collections.abc import Sequence
from typing import Any

from longshore.database import Transaction
from longshore.engine.chunk.sheet import Sheet
from longshore.engine.chunk.target_columns import Sources
from longshore.engine.plan.nodes import MoneyStep, Node
from longshore.engine.values.converters import ValueRefused
from longshore.spellings import Amount


class MoneyColumns:
    """Decimals of many rows turned into cents, by the currencies of their records."""

    def __init__(self, node: Node, sources: Sources) -> None:
        self._node = node
        self._sources = sources

    def settle(
        self,
        tx: Transaction,
        sheet: Sheet,
        rows: Sequence[int],
        values: list[Sequence[Any]],
        step: MoneyStep,
    ) -> None:
        """Put cents in place of decimals; rows in which that cannot be become odd."""
        given = sheet.fields[step.slot]
        decimal = [at for at, row in enumerate(rows) if given[row].__class__ is Amount]
        if not decimal:
            return
        currencies = self._currencies(tx, values, step, decimal)
        cells = None if step.column is None else list(values[step.column])
        for at, currency in zip(decimal, currencies, strict=True):
            amount = given[rows[at]]
            try:
                if currency is None:
                    sheet.odd[rows[at]] = 1
                    cents = 0
                else:
                    cents = step.convert(amount.cents(currency))
            except ValueRefused:
                sheet.odd[rows[at]] = 1
                cents = 0
            if cells is not None and cells[at] is amount:
                cells[at] = cents
        if step.column is not None and cells is not None:
            values[step.column] = cells

    def _currencies(
        self,
        tx: Transaction,
        values: Sequence[Sequence[Any]],
        step: MoneyStep,
        rows: Sequence[int],
    ) -> list[str | None]:
        """The code of the first currency that one of the paths leads to, for each row."""
        found: list[str | None] = [None] * len(rows)
        for path in step.currencies:
            table = self._node.table.name
            cells = [values[path.hops[0][0] if path.hops else path.column][row] for row in rows]
            for position, (_, next_table) in enumerate(path.hops):
                table = next_table
                following = [*(column for column, _ in path.hops[1:]), path.column][position]
                ids = {id for id in cells if id is not None and id > 0}
                held = {
                    record[0]: record[following + 1]
                    for record in self._sources[table].by_id(tx, ids)
                }
                cells = [held.get(id) for id in cells]
            found = [
                before if before is not None else (str(cell) if cell else None)
                for before, cell in zip(found, cells, strict=True)
            ]
        return found
