"""An import of any type that is taken back leaves no trace, and comes back as it was.

Random files of importable types are imported, one upon another; the last one is taken back, brought
back and taken back again. Nobody else has written, so the store must be what it was, but for the
times of change. `--types` and `--types-examples` say of what, and how hard, as for the other tests
of all types.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st
from sqlalchemy import text

from longshore.catalogue import load_catalogue
from longshore.engine import UndoRunner
from longshore.identifiers import ImportId, RunId
from longshore.runs import read_run, take_run
from longshore.undos import (
    KIND,
    KeptReason,
    NewUndo,
    UndoLife,
    create_undo,
    kept_of,
    read_undo,
)
from tests.property.seeds_of_all_types import ALL_SEEDS
from tests.property.sides import EngineSide, Planted
from tests.property.strategies import ImportCall
from tests.property.strategies_of_all_types import imports_of

CATALOGUE = load_catalogue()
CHUNK_ROWS = st.sampled_from([1, 3, 2000])
# What nobody knows, and what the seeds name by text: also before there was any.
NOT_TAKEN_BACK = {KeptReason.HISTORY_PURGED, KeptReason.REFERRED_TO}

Stored = Mapping[str, Any]


@pytest.fixture(scope="module")
def seeds() -> Sequence[ImportCall]:
    """Records of every type."""
    return ALL_SEEDS


class _UndoingSide(EngineSide):
    """A store of which imports, and undos, are taken back."""

    def carry_out(self, call: ImportCall) -> ImportId:
        return self._import(call, self._environment).id

    def undo(self, *, import_id: ImportId | None = None, undo_id: RunId | None = None) -> RunId:
        new = NewUndo(
            environment=self._environment.number,
            tables=frozenset(CATALOGUE.tables),
            changes_count=0,
            import_id=import_id,
            undo_id=undo_id,
        )
        with self._database.write() as tx:
            created = create_undo(tx, new)
            take_run(tx, read_run(tx, created.id), {KIND: UndoLife()})
            undo = read_undo(tx, created.id)
        UndoRunner(
            database=self._database, catalogue=CATALOGUE, settings=self._runner.settings
        ).run(undo)
        return undo.id

    def reasons(self, undo_id: RunId) -> set[KeptReason]:
        """Why an undo keeps something."""
        with self._database.read() as tx:
            return {each.reason for each in kept_of(tx, undo_id)}

    def stored(self) -> Stored:
        """All records with their keys and sums, and all tags of records."""
        found: dict[str, Any] = {}
        with self._database.read() as tx:
            for table in CATALOGUE.tables:
                for row in tx.connection.execute(text(f'SELECT * FROM "{table}"')).mappings():
                    values = {name: row[name] for name in row if name != "updated_at"}
                    found[f"{table} {row['id']}"] = values
            taggings = tx.fetch("SELECT record_id, tag_id FROM taggings ORDER BY 1, 2")
            found["taggings"] = [tuple(each) for each in taggings]
        return found


def test_what_was_imported_goes_and_comes_back(
    planted: Planted, importable_type: str, types_examples: int, types_hint: str
) -> None:
    attributes = CATALOGUE.types[importable_type].attributes
    has_secrets = any(each.confidential and each.stored for each in attributes)

    @settings(max_examples=max(types_examples // 4, 2))
    @given(imports_of(importable_type), CHUNK_ROWS)
    def run(calls: list[ImportCall], chunk_rows: int) -> None:
        note(types_hint)
        manner = {
            "chunk_rows": chunk_rows,
            "chunk_rows_first": min(chunk_rows, 500),
            "chunk_milliseconds": 0,
        }
        with planted.open(manner) as (database, settings_):
            side = _UndoingSide(database, settings_)
            for call in calls[:-1]:
                side.carry_out(call)
            before = side.stored()
            import_id = side.carry_out(calls[-1])
            after = side.stored()
            undo = side.undo(import_id=import_id)
            assert side.reasons(undo) <= NOT_TAKEN_BACK
            if not side.reasons(undo):
                assert side.stored() == before
            if has_secrets:
                return  # without them records may not come back
            left = side.stored()
            redo = side.undo(undo_id=undo)
            assert not side.reasons(redo)
            assert side.stored() == after
            assert not side.reasons(side.undo(undo_id=redo))
            assert side.stored() == left

    run()
