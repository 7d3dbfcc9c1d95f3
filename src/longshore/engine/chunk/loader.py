"""Demands to records: what a chunk asks of the database, in few statements per table."""

from collections.abc import Collection, Mapping
from typing import Any, Protocol

from longshore.database import Transaction
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.row.chunk_state import ChunkState, Demands, TableState
from longshore.identifiers import environment_range
from longshore.records import TableReader, read_tags


class RecordSource(Protocol):
    """Where records of one table are read: the database, or a dry run's picture of it."""

    def by_id(self, tx: Transaction, ids: Collection[int]) -> list[tuple[Any, ...]]: ...

    def by(
        self, tx: Transaction, column: str, values: Collection[Any]
    ) -> list[tuple[Any, ...]]: ...

    def tags(self, tx: Transaction, records: Collection[int]) -> Mapping[int, tuple[int, ...]]: ...


class DatabaseSource:
    """Records as they are stored."""

    def __init__(self, plan: TablePlan) -> None:
        self._reader = TableReader(plan.name, plan.columns)
        self._texts = plan.texts
        self._environment = plan.environment
        self.by_id = self._reader.by_id
        # Keys say of which environment they are, texts do not.
        self.by = self._by if plan.texts else self._reader.by

    def _by(self, tx: Transaction, column: str, values: Collection[Any]) -> list[tuple[Any, ...]]:
        if column not in self._texts:
            return self._reader.by(tx, column, values)
        return self._reader.by_text(tx, column, values, within=environment_range(self._environment))

    def tags(self, tx: Transaction, records: Collection[int]) -> Mapping[int, tuple[int, ...]]:
        return read_tags(tx, records)


class Loader:
    """Answers the demands of chunks of one import."""

    def __init__(self, sources: Mapping[str, RecordSource]) -> None:
        self._sources = sources  # by table

    def load(self, tx: Transaction, state: ChunkState) -> None:
        """Load everything demanded, also what is not there; no demands remain."""
        demands, state.demands = state.demands, {}
        for name, demanded in demands.items():
            table = state.tables[name]
            self._load_table(tx, state, table, self._sources[name], demanded)

    def _load_table(
        self,
        tx: Transaction,
        state: ChunkState,
        table: TableState,
        source: RecordSource,
        demanded: Demands,
    ) -> None:
        columns = table.plan.columns
        if demanded.ids:
            for _ in state.adopt(table, source.by_id(tx, demanded.ids)):
                pass
            for id in demanded.ids:
                table.by_id.setdefault(id, None)
        for index, keys in demanded.keys.items():
            key = table.plan.keys[index]
            for _ in state.adopt(table, source.by(tx, columns[key.column], keys)):
                pass
            holders = table.by_key[index]
            for value in keys:
                holders.setdefault(value, None)
        for column, parents in demanded.children.items():
            for _ in state.adopt(table, source.by(tx, columns[column], parents)):
                pass
            table.children[column] |= parents
        if demanded.tags:
            tags = source.tags(tx, demanded.tags)
            for id in demanded.tags:
                record = table.by_id[id]
                assert record is not None, "tags are asked for of records that are here"
                record.tags = record.stored_tags = tags.get(id, ())
