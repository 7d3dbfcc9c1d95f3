"""Reads see one snapshot, writes are all or nothing."""

from typing import Any

import pytest
from sqlalchemy import text

from longshore.access import ensure_environment
from longshore.database import Database, ReadTooLong, StatementRefused
from longshore.identifiers import environment_of
from longshore.records import record_tables

ADD = "INSERT INTO tags (id, created_at, updated_at, name) VALUES (?, 1, 1, ?)"
NAMES = "SELECT name FROM tags ORDER BY id"


def write(database, *statements, then=None):
    """Run statements in a transaction of their own, which `then` breaks off."""
    with database.write() as tx:
        for sql, *parameters in statements:
            tx.execute(sql, parameters)
        if then is not None:
            raise then


def names(tx):
    return [name for (name,) in tx.fetch(NAMES)]


def test_a_write_is_seen_after_its_end(database):
    with database.write() as tx:
        assert tx.execute(ADD, (1, "sale")) == 1
        tx.insert("tags", ("id", "created_at", "updated_at", "name"), [(2, 1, 1, "new")])
    with database.read() as tx:
        assert names(tx) == ["sale", "new"]


def test_a_write_that_fails_leaves_nothing(database):
    with pytest.raises(ZeroDivisionError):
        write(database, (ADD, 1, "sale"), then=ZeroDivisionError())
    with database.read() as tx:
        assert names(tx) == []
    with database.write() as tx:
        tx.execute(ADD, (1, "sale"))


def test_a_write_that_is_broken_off_leaves_nothing_and_lets_others_write(database):
    with pytest.raises(KeyboardInterrupt):
        write(database, (ADD, 1, "sale"), then=KeyboardInterrupt())
    with database.write() as tx:
        assert names(tx) == []


def test_a_read_sees_one_snapshot_however_much_is_written_meanwhile(database):
    with database.write() as tx:
        tx.execute(ADD, (1, "sale"))
    with database.read() as reading:
        assert names(reading) == ["sale"]
        with database.write() as tx:
            tx.execute(ADD, (2, "new"))
        assert names(reading) == ["sale"]
    with database.read() as tx:
        assert names(tx) == ["sale", "new"]


def test_what_is_written_survives_closing_and_opening(database, settings):
    with database.write() as tx:
        tx.execute(ADD, (1, "sale"))
    database.close()
    with Database.open(settings.data, settings) as again, again.read() as tx:
        assert names(tx) == ["sale"]


def test_the_public_ids_of_an_installation_stay_the_same(database, settings):
    public_id = database.public_ids.encode(1)
    database.close()
    with Database.open(settings.data, settings) as again:
        assert again.public_ids.decode(public_id) == 1
        with again.read() as tx:
            assert tx.public_ids.encode(1) == public_id


def test_a_transaction_has_one_time(database):
    with database.write() as tx:
        first = tx.now()
        tx.execute(ADD, (1, "sale"))
        assert tx.now() == first
    with database.write() as tx:
        assert tx.now() >= first


def test_a_refused_statement_is_no_bug_and_not_to_be_repeated(database):
    with database.write() as tx:
        tx.execute(ADD, (1, "sale"))
    with pytest.raises(StatementRefused, match="tags"):
        write(database, (ADD, 1, "again"))
    with pytest.raises(StatementRefused, match=r"(?i)not.null constraint"):
        write(database, ("UPDATE tags SET created_at = NULL",))
    with database.read() as tx:
        assert names(tx) == ["sale"]


def test_a_target_that_is_missing_at_the_end_is_refused_and_rolled_back(database):
    tagging = "INSERT INTO taggings (record_id, tag_id) VALUES (1, 2)"
    with pytest.raises(StatementRefused, match=r"(?i)foreign key"):
        write(database, (ADD, 1, "sale"), (tagging,))
    with database.write() as tx:
        assert names(tx) == []
        tx.execute(tagging)
        tx.execute(ADD, (2, "the target may come after"))


def test_ids_are_given_once_and_in_ascending_order(database):
    with database.write() as tx:
        first = tx.reserve_ids(3, 2)
        second = tx.reserve_ids(3, 1)
    with database.write() as tx:
        third = tx.reserve_ids(4, 1)
    given = [*first, *second, *third]
    assert given == sorted(set(given))
    assert [environment_of(id_) for id_ in given] == [3, 3, 3, 4]


def test_ids_that_were_not_taken_or_given_back_are_not_missed(database):
    with database.write() as tx:
        ids = tx.new_ids(1)
        first = [ids.take() for _ in range(10)]
        ids.wind_to(3)
        assert ids.next == first[3]
        assert list(ids.take_many(5)) == first[3:8]
        ids.keep()
    with database.write() as tx:
        assert min(tx.reserve_ids(1, 5)) > first[7]


def test_ids_of_a_write_that_fails_are_given_to_nobody_else(database):
    lost = []

    def reserve_and_fail():
        with database.write() as tx:
            lost.extend(tx.reserve_ids(1, 5))
            for id_ in lost:
                tx.execute(ADD, (id_, "lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reserve_and_fail()
    with database.write() as tx:
        for id_ in tx.reserve_ids(1, 5):
            tx.execute(ADD, (id_, "found"))
        assert names(tx) == ["found"] * 5


# Values that have a meaning, or need an escape, in one of the ways in which rows travel.
TEXTS = [
    "",
    " ",
    "\\N",
    "NULL",
    "null",
    'a"b',
    "a\\b",
    "\t",
    "\n",
    "\r\n",
    "\\.",
    "{a,b}",
    "'",
    "%s ?",
]
TEXTS += ["é", "𝄞", "\u2028", "\x01", "\x7f", "\ufeff"]
SKU = ("id", "created_at", "updated_at", "name", "code", "pieces_per_pack", "weight", "do_not_ship")


@pytest.fixture(scope="module", autouse=True)
def declared():
    """What is written in bulk is spelled by the types of the declared columns."""
    record_tables()


def skus(tx):
    return tx.fetch(f"SELECT {', '.join(SKU)} FROM skus ORDER BY id")


@pytest.mark.parametrize("has_null", [False, True])
def test_rows_travel_as_they_are(database, has_null):
    rows: list[Any] = [
        (number, 1, 2**62, text, f"{number}", -(2**63), weight, bool(number % 2))
        for number, (text, weight) in enumerate(
            zip(TEXTS, [0.1, -0.0, 1e300, 5e-324, 1 / 3] * 4, strict=True), start=1
        )
    ]
    if has_null:
        rows.append((len(rows) + 1, 1, 1, None, None, None, None, None))
    with database.write() as tx:
        tx.insert("skus", SKU, rows)
        assert skus(tx) == rows
        names, weights, sold = (
            [row[column] for row in rows[::-1]]
            for column in (SKU.index("name"), SKU.index("weight"), SKU.index("do_not_ship"))
        )
        tx.update_columns(
            "skus",
            [row[0] for row in rows],
            {"name": names, "weight": weights, "do_not_ship": sold},
        )
        changes = zip(rows, names, weights, sold, strict=True)
        expected = [(*row[:3], name, *row[4:6], *others) for row, name, *others in changes]
        assert skus(tx) == expected
        found = tx.fetch("SELECT name FROM skus WHERE name IN (?texts)", (TEXTS,))
        assert sorted(name for (name,) in found) == sorted(TEXTS)
        assert tx.fetch("SELECT id FROM skus WHERE name IN (?texts)", ([],)) == []
        tx.delete("skus", ("id", "code"), [(row[0], row[4]) for row in rows[:-1]])
        assert [row[0] for row in skus(tx)] == [rows[-1][0]]
        assert (
            tx.execute("UPDATE skus SET name = NULL WHERE id IN (?integers)", ({1, len(rows)},))
            == 1
        )


# One row, and what does not fill the statements that are made for many.
@pytest.mark.parametrize("count", [1, 2, 7, 127, 128, 129, 1000])
def test_columns_travel_as_they_are(database, count):
    ids = range(1, count + 1)
    names = [TEXTS[id % len(TEXTS)] for id in ids]
    weights = [id / 7 if id % 3 else None for id in ids]
    sold = [None if id % 5 == 0 else id % 2 == 0 for id in ids]
    with database.write() as tx:
        tx.insert_columns(
            "skus",
            {"id": ids, "name": names, "weight": weights, "do_not_ship": sold},
            {"created_at": 1, "updated_at": 2**62, "code": "a\tb\\", "pieces_per_pack": None},
        )
        assert skus(tx) == [
            (id, 1, 2**62, name, "a\tb\\", None, weight, is_sold)
            for id, name, weight, is_sold in zip(ids, names, weights, sold, strict=True)
        ]


@pytest.mark.parametrize("count", [1, 2, 7, 127, 128, 129, 1000])
def test_only_the_columns_of_the_named_records_change(database, count):
    ids = range(1, count + 1)
    with database.write() as tx:
        tx.insert_columns(
            "skus",
            {"id": range(count + 2)},
            {"created_at": 1, "updated_at": 1, "name": "old", "code": "A", "weight": 0.5},
        )
        tx.update_columns(
            "skus",
            ids,
            {
                "name": [TEXTS[id % len(TEXTS)] for id in ids],
                "pieces_per_pack": [id if id % 3 else None for id in ids],
            },
            {"updated_at": 2**62, "weight": None, "do_not_ship": True},
        )
        assert skus(tx) == [
            (0, 1, 1, "old", "A", None, 0.5, None),
            *(
                (id, 1, 2**62, TEXTS[id % len(TEXTS)], "A", id if id % 3 else None, None, True)
                for id in ids
            ),
            (count + 1, 1, 1, "old", "A", None, 0.5, None),
        ]


def test_ids_that_nobody_has_and_none_at_all_change_nothing(database):
    with database.write() as tx:
        tx.insert_columns("tags", {"id": [1, 2]}, {"name": "a", "created_at": 1, "updated_at": 1})
        tx.update_columns("tags", [2, 1, 3], {"name": ["b", "c", "nobody's"]})
        assert names(tx) == ["c", "b"]
        tx.update_columns("tags", [], {"name": []}, {"updated_at": 2})
        tx.update_columns("tags", [1], {}, {"name": "d"})
        assert names(tx) == ["d", "b"]


def test_columns_without_rows_add_nothing(database):
    with database.write() as tx:
        tx.insert_columns("tags", {"id": [], "name": []}, {"created_at": 1, "updated_at": 1})
        tx.insert("tags", ("id", "created_at", "updated_at", "name"), [])
        assert names(tx) == []


def test_columns_of_unequal_length_are_a_bug(database):
    with pytest.raises(ValueError, match=r"zip|unequal"), database.write() as tx:
        tx.insert_columns(
            "tags", {"id": [1, 2], "name": ["sale"]}, {"created_at": 1, "updated_at": 1}
        )
    with database.read() as tx:
        assert names(tx) == []
    with pytest.raises(ValueError, match=r"zip|unequal"), database.write() as tx:
        tx.update_columns("tags", [1, 2], {"name": ["sale"]})


def test_rows_of_which_one_is_refused_leave_nothing(database):
    ids = [*range(1, 200), 100]
    with pytest.raises(StatementRefused, match="tags"), database.write() as tx:
        tx.insert_columns("tags", {"id": ids}, {"name": "sale", "created_at": 1, "updated_at": 1})
    with database.read() as tx:
        assert names(tx) == []


def test_core_statements_and_text_share_the_transaction(database):
    ensure_environment(database)
    with database.write() as tx:
        tx.execute(ADD, (1, "sale"))
        found = tx.connection.exec_driver_sql(NAMES).scalars().all()
    assert found == ["sale"]


ENDLESS = text(
    "WITH RECURSIVE counted (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted)"
    " SELECT count(*) FROM counted"
)


def test_what_takes_longer_than_the_reader_waits_is_ended(database):
    with pytest.raises(ReadTooLong), database.read(seconds=0.05) as tx:
        tx.connection.execute(ENDLESS)
    # The connection is as good as before.
    with database.read(seconds=5) as tx:
        assert tx.connection.execute(text("SELECT 1")).scalar_one() == 1
    with database.read() as tx:
        assert tx.connection.execute(text("SELECT 1")).scalar_one() == 1
