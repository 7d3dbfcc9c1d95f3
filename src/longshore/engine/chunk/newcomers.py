"""Records that rows name by a text and that are not there yet: customers, tags.

The first row that succeeds makes one, in the order of the rows; until then something stands in for
its id.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from longshore.engine.plan.nodes import Node, TargetName
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.values.candidate import ABSENT


@dataclass(slots=True, kw_only=True)
class Newcomer:
    """A record that rows name by a text, and that is not there yet: the first row that succeeds
    makes it, where its kind is made at all."""

    stand_in: int  # below 0: it stands for the id until the record has one
    table: TablePlan
    key_index: int
    key: str
    node: Node | None  # that creates it
    id: int = 0  # once it is there

    def is_named(self, naming: TargetName, text: Any) -> bool:
        """Whether a text of this naming means it."""
        plan = naming.table.keys[naming.key]
        return (
            text.__class__ is str
            and naming.table is self.table
            and plan.of_text(text, folds=naming.folds) == self.key
        )


# A newcomer as a row names it: by this text.
Named: TypeAlias = tuple[Newcomer, str]


class Newcomers:
    """The newcomers of a chunk."""

    def __init__(self) -> None:
        self._by_key: dict[tuple[str, str], Newcomer] = {}
        self.by_stand_in: dict[int, Newcomer] = {}
        # What each row names, in its order: those that are there before its own record is, as
        # targets are, and those that come after it, as tags do; each with the row's text.
        self.before: dict[int, list[Named]] = {}
        self.behind: dict[int, list[Named]] = {}

    def of(self, table: TablePlan, key_index: int, key: str, node: Node | None) -> Newcomer:
        """The newcomer of a key, the same however often it is asked for."""
        name = (table.name, key)
        found = self._by_key.get(name)
        if found is None:
            stand_in = -1 - len(self.by_stand_in)
            found = Newcomer(
                stand_in=stand_in, table=table, key_index=key_index, key=key, node=node
            )
            self._by_key[name] = self.by_stand_in[stand_in] = found
        return found

    def forget(self, row: int) -> None:
        """Let a row name none."""
        self.before.pop(row, None)
        self.behind.pop(row, None)

    def settled_tags(self, tags: tuple[int, ...]) -> tuple[int, ...]:
        """Ids in ascending order, with those of the newcomers in place of their stand-ins."""
        if not tags or tags[0] > 0:
            return tags
        return tuple(sorted(self.by_stand_in[id].id if id < 0 else id for id in tags))

    def settled(self, column: Sequence[Any]) -> Sequence[Any]:
        """A column of ids with those of the newcomers in place of their stand-ins."""
        known = self.by_stand_in
        if not known:
            return column
        return [
            known[id].id if id is not None and id is not ABSENT and id < 0 else id for id in column
        ]
