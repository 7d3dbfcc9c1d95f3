"""What a rule may see and do."""

from collections.abc import Iterator, Mapping
from typing import Any

from longshore.engine.plan.table_plans import KeyPlan
from longshore.engine.row.chunk_state import Record, TableState
from longshore.engine.row.draft import RowDraft
from longshore.engine.row.match import holders_of
from longshore.engine.values.candidate import ABSENT
from longshore.error_codes import Message


class RuleContext:
    """What a rule may see and do: the record at hand, and lookups in the chunk."""

    __slots__ = ("_draft", "_state", "trigger_value")

    def __init__(self, draft: RowDraft, *, trigger_value: object = None) -> None:
        self._draft = draft
        self._state = draft.row.state
        self.trigger_value = trigger_value  # of the trigger that called the rule

    @property
    def is_new(self) -> bool:
        """Whether the record is about to be created."""
        return self._draft.record is None

    def get(self, column: str) -> Any:
        return self._draft.values[self._draft.node.table.index[column]]

    def set(self, column: str, value: Any) -> None:
        self._draft.values[self._draft.node.table.index[column]] = value

    def names(self, field: str) -> bool:
        """Whether the row says anything about a field."""
        slot = self._draft.node.slots.get(field)
        return slot is not None and self._draft.fields[slot] is not ABSENT

    def names_target(self, relationship: str) -> bool:
        """Whether the row says by an id, or by keys, what a relationship leads to."""
        slots = self._draft.node.keyed.get(relationship, {}).values()
        given = any(self._draft.fields[slot] is not ABSENT for slot in slots)
        return given or self.names(f"{relationship}_id")

    def changes(self, column: str) -> bool:
        """Whether the row gives a column another value than the stored record has."""
        index = self._draft.node.table.index[column]
        record = self._draft.record
        return record is None or record.values[index] != self._draft.values[index]

    def failed(self, field: str) -> bool:
        """Whether the field has an error already."""
        return field in self._draft.failed

    def error(self, field: str, message: Message, value: object) -> None:
        self._draft.report(field, message, value)

    def value_of(self, record: Record, column: str) -> Any:
        return record.values[record.table.plan.index[column]]

    def find(self, table: str, id: int) -> Record | None:
        return self._state.find(self._state.tables[table], id)

    def holders(self, table: str, parts: tuple[str, ...], field: str) -> Any:
        """Who has the key of one text that a field of the row names."""
        found, index, plan = self._key(table, parts)
        draft = self._draft
        key = plan.of_text(self.get(field))
        if key is None:
            return None
        holders = self._state.find_by_key(found, index, key)
        if not holders and draft.given is not None:
            older = plan.older_of_text(draft.given[draft.node.slots[field]])
            if older is not None and older != key:
                return self._state.find_by_key(found, index, older)
        return holders

    def holder_of_ids(self, table: str, ids: Mapping[str, int]) -> Record | None:
        """Who has a unique key whose parts are all relationships."""
        found, index, plan = self._key(table, tuple(ids))
        values = {part.column: ids[part.field] for part in plan.parts}
        key = plan.of(values)
        assert key is not None
        holder: Record | None = holders_of(self._state, found, index, key, values)
        return holder

    def children(self, table: str, column: str, parent: int) -> Iterator[Record]:
        """The records whose column holds the parent's id, in id order."""
        found = self._state.tables[table]
        yield from self._state.children_of(found, found.plan.index[column], parent)

    def _key(self, table: str, parts: tuple[str, ...]) -> tuple[TableState, int, KeyPlan]:
        found = self._state.tables[table]
        for index, plan in enumerate(found.plan.keys):
            if {part.field for part in plan.parts} == set(parts):
                return found, index, plan
        raise AssertionError(f"{table} has no key {parts}")
