"""Rows of one node as columns: what they say of a record, and what follows from that.

The same for the rows of an import and for the elements of a nested collection.
"""

from collections.abc import Sequence
from typing import Any

from longshore.catalogue import key_text
from longshore.database import Transaction
from longshore.engine.chunk.key_columns import key_column
from longshore.engine.chunk.money_columns import MoneyColumns
from longshore.engine.chunk.newcomers import Newcomers
from longshore.engine.chunk.record_matcher import StoredRecord
from longshore.engine.chunk.rule_rows import RuleRunner
from longshore.engine.chunk.sheet import Sheet, blank_rows, overlaid, picked, with_default
from longshore.engine.chunk.target_columns import Sources, TargetColumn, TargetFinder
from longshore.engine.plan.nodes import Node, RequiredField
from longshore.engine.row.object_keys import filled_object, given_keys
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import ValueRefused


class NodeColumns:
    """Judges the columns of one node."""

    def __init__(self, node: Node, sources: Sources) -> None:
        self._node = node
        self._table = node.table
        self._finder = TargetFinder(node, sources)
        self._money = MoneyColumns(node, sources)
        self._nested_slots = [slot for slot in node.nested if slot not in node.collection_slots]

    def read(self, tx: Transaction, sheet: Sheet, newcomers: Newcomers) -> Sequence[TargetColumn]:
        """Find the targets of the rows, and lay out the values of the records that they would
        create; the keys of the table are computed from them.

        Rows that hold what is never flat, or name what is not there, become odd.
        """
        node = self._node
        self._mark_never_flat(sheet)
        targets = self._finder.find(tx, sheet, newcomers)
        self._finder.check(tx, sheet)
        assigned = self._assigned(sheet, targets)
        sheet.values = [
            with_default(assigned[column], default)
            if column in assigned
            else [default] * sheet.count
            for column, default in enumerate(node.blank)
        ]
        if node.type_column is not None:
            types = sheet.values[node.type_column]
            sheet.mark([row for row, type_ in enumerate(types) if type_ is None])
        return targets

    def keys(self, sheet: Sheet) -> list[Sequence[Any]]:
        """The keys of the records that rows would create, put among their values as well."""
        keys = [key_column(plan, sheet.values, sheet.count) for plan in self._table.keys]
        for plan, column in zip(self._table.keys, keys, strict=True):
            sheet.values[plan.column] = column
        return keys

    def _mark_never_flat(self, sheet: Sheet) -> None:
        node = self._node
        for slot in self._nested_slots:
            sheet.mark_named(slot)
        for trigger in node.triggers:
            column = sheet.fields[trigger.slot]
            sheet.mark([row for row, cell in enumerate(column) if cell is not ABSENT and cell])
        for slot in node.key_slots:
            column = sheet.fields[slot]
            types = set(map(type, column))
            if types == {str} and "".join(column).isascii():
                continue
            # A text that is not spelled as keys are may mean a record under an older key.
            sheet.mark(
                row
                for row, text in enumerate(column)
                if text.__class__ is str and not text.isascii() and key_text(text) != text
            )

    def _assigned(self, sheet: Sheet, targets: Sequence[TargetColumn]) -> dict[int, Sequence[Any]]:
        """What rows say of the columns of a record that they would create."""
        node = self._node
        assigned = {column: sheet.fields[slot] for slot, column in node.create_assigns}
        if node.type_slot is not None:
            assert node.type_column is not None
            given = sheet.fields[node.type_slot]
            assigned[node.type_column] = [ABSENT if type_ is None else type_ for type_ in given]
        for target in targets:
            step = target.step
            if step.creatable and step.column is not None:
                assigned[step.column] = target.ids
                if step.type_column is not None and target.types is not None:
                    # Rows without a target keep the type that they name as a field.
                    given = assigned.get(step.type_column, [ABSENT] * sheet.count)
                    assigned[step.type_column] = overlaid(target.types, given)
        return assigned

    def finished(
        self,
        tx: Transaction,
        sheet: Sheet,
        rows: Sequence[int],
        values: list[Sequence[Any]],
        stored: Sequence[StoredRecord] | None,
        rules: RuleRunner,
    ) -> list[Sequence[Any]]:
        """Values with the keys of objects, amounts, marks, and what rules make of them.

        `stored` are the records that the rows mean; without, they create one each.
        """
        node = self._node
        if not rows:
            return values
        values = list(values)
        for object_ in node.objects:
            self._fill_object(sheet, rows, values, object_)
        for step in node.money:
            self._money.settle(tx, sheet, rows, values, step)
        for slot, column in node.marks:
            given = picked(sheet.fields[slot], rows)
            values[column] = [
                True if text is not ABSENT and text is not None and text.strip() else value
                for text, value in zip(given, values[column], strict=True)
            ]
        if node.rules:
            values = rules.run(node, sheet, rows, values, stored)
        return values

    def _fill_object(
        self, sheet: Sheet, rows: Sequence[int], values: list[Sequence[Any]], object_: Any
    ) -> None:
        """Put single keys into the objects that records have."""
        slots = [slot for slot, _ in object_.keys]
        if object_.all_keys_slot is not None:
            slots.append(object_.all_keys_slot)
        if all(sheet.fields[slot].count(ABSENT) == sheet.count for slot in slots):
            return
        cells = list(values[object_.column])
        fields = {slot: sheet.fields[slot] for slot in slots}
        for at, row in enumerate(rows):
            given = given_keys(object_, {slot: column[row] for slot, column in fields.items()})
            if not given:
                continue
            if object_.slot is not None and sheet.fields[object_.slot][row] is not ABSENT:
                sheet.odd[row] = 1
                continue
            try:
                cells[at] = filled_object(object_, cells[at], given)
            except ValueRefused:
                sheet.odd[row] = 1
        values[object_.column] = cells

    def check_presence(
        self,
        sheet: Sheet,
        rows: Sequence[int],
        values: Sequence[Sequence[Any]],
        before: Sequence[Sequence[Any]] | None = None,
    ) -> None:
        """Make the rows odd that leave a required field blank.

        With `before`, the values are those of stored records, and only rows that touch the field
        or what it depends on are judged.
        """
        generated = {column for column, _ in self._node.generated} if before is None else set()
        for required in self._node.required:
            if required.column is None:
                blank: Sequence[int] = range(len(rows))
            elif required.column in generated:
                continue  # it is judged once it is made
            else:
                blank = blank_rows(values[required.column])
            if not blank:
                continue
            sheet.mark(
                rows[at]
                for at in blank
                if not sheet.odd[rows[at]]
                and self._is_missing(sheet, required, rows[at], at, values, before)
            )

    def _is_missing(
        self,
        sheet: Sheet,
        required: RequiredField,
        row: int,
        at: int,
        values: Sequence[Sequence[Any]],
        before: Sequence[Sequence[Any]] | None,
    ) -> bool:
        fields = sheet.fields
        if before is not None and all(fields[slot][row] is ABSENT for slot in required.inputs):
            return False
        if required.column is None and any(
            fields[slot][row] is not ABSENT and fields[slot][row] is not None
            for slot in required.slots
        ):
            return False
        if required.holds is None:
            return True
        own = [column[at] for column in values]
        return required.holds(own, [column[row] for column in fields], ())
