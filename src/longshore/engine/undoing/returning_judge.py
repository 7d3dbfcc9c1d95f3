"""Whether a row could make of records what is to be given back of them.

What cannot be is refused unit by unit, with the reason: what it refers to is gone, the record would
be invalid, or another one has its key.
"""

from collections.abc import Sequence

from longshore.database import Transaction
from longshore.engine.undoing.returning_record import ReturningPart, ReturningRecord
from longshore.engine.undoing.stored_table import (
    TAGS,
    RecordTarget,
    StoredTable,
    existing,
    taken_keys,
)
from longshore.records import read_tags
from longshore.undos import KeptReason


class ReturningJudge:
    """Judges records of one table after another."""

    def __init__(self, tag_table: str) -> None:
        self._tag_table = tag_table

    def judge(
        self, tx: Transaction, table: StoredTable, records: Sequence[ReturningRecord]
    ) -> None:
        """Refuse the parts that a row could not make so."""
        self._read_tags(tx, records)
        for record in records:
            record.settle(table)
        self._judge_names(tx, table, records)
        self._judge_targets(tx, table, records)
        for record in records:
            self._judge_values(table, record)
        while True:
            refused = self._judge_keys(tx, table, records)
            if not refused:
                return
            for record in refused:
                record.settle(table)

    def _read_tags(self, tx: Transaction, records: Sequence[ReturningRecord]) -> None:
        tagged = [each for each in records if any(part.tags is not None for part in each.parts)]
        if tagged:
            tags = read_tags(tx, [each.id for each in tagged])
            for record in tagged:
                record.tags = tags.get(record.id, ())

    def _judge_names(
        self, tx: Transaction, table: StoredTable, records: Sequence[ReturningRecord]
    ) -> None:
        for column, name in table.names:
            naming = [
                (record, part)
                for record in records
                if (part := record.part_of(column)) is not None and part.values[column]
            ]
            texts = {part.values[column] for _, part in naming}
            there = table.existing_names(tx, name, texts)
            for record, part in naming:
                if part.values[column] not in there:
                    part.refused = (KeptReason.TARGET_GONE, {"field": name.column})
                    record.settle(table)

    def _judge_targets(
        self, tx: Transaction, table: StoredTable, records: Sequence[ReturningRecord]
    ) -> None:
        wanted: dict[str, set[int]] = {}
        asked: list[tuple[ReturningRecord, ReturningPart, RecordTarget]] = []
        for record in records:
            for part in record.parts:
                for target in table.targets(record.after, part.values):
                    asked.append((record, part, target))
                for tag in part.tags or ():
                    asked.append((record, part, RecordTarget(None, self._tag_table, tag)))
        for _, _, target in asked:
            if target.table is not None:
                wanted.setdefault(target.table, set()).add(target.id)
        there = {name: existing(tx, name, ids) for name, ids in wanted.items()}
        for record, part, target in asked:
            if part.refused is None and (
                target.table is None or target.id not in there[target.table]
            ):
                column = target.column
                name = TAGS if column is None else table.plan.columns[column]
                detail = {"field": name, "id": tx.public_ids.encode(target.id)}
                part.refused = (KeptReason.TARGET_GONE, detail)
                record.settle(table)

    def _judge_values(self, table: StoredTable, record: ReturningRecord) -> None:
        changed = frozenset(
            column for part in record.parts if part.refused is None for column in part.values
        )
        wrong = table.errors(record.type, record.after, changed)
        if not wrong:
            return
        for column, (name, said) in wrong.items():
            unit = table.unit_of(table.plan.columns[column])
            for part in record.parts:
                if part.refused is None and part.unit == unit:
                    part.refused = (KeptReason.WOULD_BE_INVALID, {"errors": {name: [str(said)]}})
        record.settle(table)

    def _judge_keys(
        self, tx: Transaction, table: StoredTable, records: Sequence[ReturningRecord]
    ) -> list[ReturningRecord]:
        """Refuse parts by which a record would get a key that another one keeps; the records of
        which something is refused."""
        refused: dict[int, ReturningRecord] = {}
        ours = {record.id: record for record in records}
        for key in table.unique_keys:
            column = key.column
            wanted: dict[str, int] = {}
            meeting: list[tuple[ReturningRecord, int]] = []
            for record in records:
                text = record.after[column]
                if text is None or text == record.before[column]:
                    continue
                if text in wanted:
                    meeting.append((record, wanted[text]))
                else:
                    wanted[text] = record.id
            for text, holder in taken_keys(tx, table, key, wanted).items():
                keeps = holder not in ours or ours[holder].after[column] == text
                if keeps and holder != wanted[text]:
                    meeting.append((ours[wanted[text]], holder))
            for record, holder in meeting:
                for part_ in key.parts:
                    part = record.part_of(part_.column)
                    if part is not None:
                        detail = {
                            "field": key.error_part.field,
                            "id": tx.public_ids.encode(holder),
                        }
                        part.refused = (KeptReason.KEY_TAKEN, detail)
                        refused[record.id] = record
        return list(refused.values())
