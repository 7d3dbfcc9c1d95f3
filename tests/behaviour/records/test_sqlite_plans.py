"""How SQLite finds records: never by reading a whole table."""

import pytest

from longshore.database import Database
from longshore.records import record_tables
from longshore.settings import Settings


@pytest.fixture(scope="module")
def tx(tmp_path_factory):
    folder = tmp_path_factory.mktemp("plans")
    with Database.open(folder, Settings()) as database, database.read() as tx:
        yield tx


def plan(tx, query):
    steps = tx.fetch(f"EXPLAIN QUERY PLAN {query}", (1,) * query.count("?"))
    return " / ".join(step[-1] for step in steps)


def test_the_id_of_a_record_is_its_place_in_the_table(tx):
    """A second index for the primary key would be paid for by every record."""
    for name in record_tables().tables:
        assert "INTEGER PRIMARY KEY" in plan(tx, f"SELECT * FROM {name} WHERE id = ?")


def test_the_records_of_an_environment_are_a_range(tx):
    found = plan(tx, "SELECT id FROM skus WHERE id > ? AND id <= ? ORDER BY id LIMIT 10")
    assert found == "SEARCH skus USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"


@pytest.mark.parametrize(
    ("query", "index"),
    [
        ("SELECT id FROM skus WHERE code_key IN (?, ?)", "ix_skus_code_key"),
        ("SELECT id FROM prices WHERE sku_id IN (?, ?)", "ix_prices_sku_id"),
        ("SELECT id FROM line_items WHERE order_id = ?", "ix_line_items_order_id"),
        ("SELECT id FROM attachments WHERE attachable_id = ?", "ix_attachments_attachable_id"),
        ("SELECT tag_id FROM taggings WHERE record_id = ?", "PRIMARY KEY"),
        ("SELECT record_id FROM taggings WHERE tag_id = ?", "ix_taggings_tag_id"),
        ("SELECT id FROM entries WHERE record_id = ? ORDER BY id", "ix_entries_record_id"),
        ("SELECT id FROM entries WHERE import_id = ? ORDER BY id", "ix_entries_import_id"),
        ("SELECT id FROM events WHERE resource_id = ? ORDER BY id", "ix_events_resource_id"),
        ("SELECT id FROM imports WHERE status IN ('pending', 'in_progress')", "ix_imports_unfini"),
    ],
)
def test_what_is_looked_for_is_found_by_an_index(tx, query, index):
    assert index in plan(tx, query)
    assert "TEMP B-TREE" not in plan(tx, query)
