"""Tables of records: what the database itself keeps from going wrong."""

import pytest
from sqlalchemy import insert

from longshore.catalogue import load_catalogue
from longshore.database import StatementRefused
from longshore.records import record_tables

ONE, TWO = 1 << 40, 2 << 40  # the ids of two environments come after these


def add(database, *records):
    """Store records: (table, values), times filled in."""
    tables = record_tables()
    with database.write() as tx:
        for table, values in records:
            times = {"created_at": 1, "updated_at": 1}
            tx.connection.execute(insert(tables[table]).values({**times, **values}))


def test_every_stored_field_of_a_type_has_a_column():
    tables = record_tables()
    for name, declaration in load_catalogue().tables.items():
        columns = set(tables[name].c.keys())
        assert {"id", "creator_id", "created_at", "updated_at"} <= columns
        assert {attribute.name for attribute in declaration.attributes} <= columns
        assert {link.column for link in declaration.links} <= columns
        assert {key.column for key in declaration.keys} <= columns
        assert {link.type_column for link in declaration.links if link.type_column} <= columns


def test_tables_of_targets_come_before_those_that_refer_to_them():
    names = list(record_tables().tables)
    assert names.index("skus") < names.index("prices") < names.index("price_tiers")
    assert names.index("orders") < names.index("line_items")


def test_a_record_needs_nothing_but_its_id_and_its_times(database):
    for name in record_tables().tables:
        add(database, (name, {"id": ONE + 1}))
    with database.read() as tx:
        assert tx.fetch("SELECT metadata, creator_id FROM skus") == [("{}", None)]


def test_a_relationship_never_leads_into_another_environment(database):
    category = ("shipping_categories", {"id": ONE + 1})
    add(database, category, ("skus", {"id": ONE + 2, "shipping_category_id": ONE + 1}))
    with pytest.raises(StatementRefused, match="ck_skus_shipping_category_id"):
        add(database, ("skus", {"id": TWO + 3, "shipping_category_id": ONE + 1}))


def test_a_tag_of_another_environment_is_borne_by_nothing(database):
    add(database, ("tags", {"id": ONE + 1}))
    with pytest.raises(StatementRefused, match="ck_taggings_tag_id"), database.write() as tx:
        tx.execute("INSERT INTO taggings VALUES (?, ?)", (TWO + 2, ONE + 1))


def test_a_relationship_never_leads_to_nothing(database):
    with pytest.raises(StatementRefused, match=r"(?i)foreign key"):
        add(database, ("skus", {"id": ONE + 2, "shipping_category_id": ONE + 1}))


def test_targets_may_be_stored_after_what_refers_to_them(database):
    add(
        database,
        ("prices", {"id": ONE + 3, "sku_id": ONE + 2}),
        ("skus", {"id": ONE + 2, "shipping_category_id": ONE + 1}),
        ("shipping_categories", {"id": ONE + 1}),
    )


def test_a_unique_key_is_taken_once_and_null_as_often_as_one_likes(database):
    add(database, ("skus", {"id": ONE + 1, "code_key": "1:A"}))
    add(database, ("skus", {"id": TWO + 2, "code_key": "2:A"}))
    add(database, ("skus", {"id": ONE + 3}), ("skus", {"id": ONE + 4}))
    with pytest.raises(StatementRefused, match="code_key"):
        add(database, ("skus", {"id": ONE + 5, "code_key": "1:A"}))


def test_keys_compare_as_bytes(database):
    keys = ["1:A", "1:a", "1:Z", "1:ä", "1:é", "1:\U0001f6a2", "1:~"]
    add(database, *(("skus", {"id": ONE + n, "code_key": key}) for n, key in enumerate(keys)))
    with database.read() as tx:
        found = [key for (key,) in tx.fetch("SELECT code_key FROM skus ORDER BY code_key")]
    assert found == sorted(keys, key=lambda key: key.encode())


def test_a_name_that_is_not_unique_may_be_borne_by_many(database):
    add(database, *(("price_lists", {"id": ONE + n, "name_key": "1:EU"}) for n in (1, 2)))
