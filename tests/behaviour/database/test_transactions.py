"""Reads see one snapshot, writes are all or nothing."""

import pytest

from longshore.access import ensure_environment
from longshore.database import Database, StatementRefused
from longshore.identifiers import environment_of
from longshore.settings import Settings

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
        tx.execute_many(ADD, [(2, "new"), (3, "old")])
    with database.read() as tx:
        assert names(tx) == ["sale", "new", "old"]


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


def test_what_is_written_survives_closing_and_opening(database):
    with database.write() as tx:
        tx.execute(ADD, (1, "sale"))
    database.close()
    with Database.open(database.folder, Settings()) as again, again.read() as tx:
        assert names(tx) == ["sale"]


def test_the_public_ids_of_an_installation_stay_the_same(database):
    public_id = database.public_ids.encode(1)
    database.close()
    with Database.open(database.folder, Settings()) as again:
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
    with pytest.raises(StatementRefused, match="NOT NULL"):
        write(database, ("UPDATE tags SET created_at = NULL",))
    with database.read() as tx:
        assert names(tx) == ["sale"]


def test_a_target_that_is_missing_at_the_end_is_refused_and_rolled_back(database):
    tagging = "INSERT INTO taggings (record_id, tag_id) VALUES (1, 2)"
    with pytest.raises(StatementRefused, match="FOREIGN KEY"):
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


def test_ids_of_a_write_that_fails_are_given_again(database):
    lost = []

    def reserve_and_fail():
        with database.write() as tx:
            lost.extend(tx.reserve_ids(1, 5))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        reserve_and_fail()
    with database.write() as tx:
        assert list(tx.reserve_ids(1, 5)) == lost


def test_the_sequence_never_goes_back(database):
    with database.write() as tx:
        last = tx.read_sequence()
        tx.write_sequence(last + 10)
    with database.write() as tx, pytest.raises(AssertionError, match="go back"):
        tx.write_sequence(last + 9)
    with database.read() as tx:
        assert tx.read_sequence() == last + 10


def test_core_statements_and_text_share_the_transaction(database):
    ensure_environment(database)
    with database.write() as tx:
        tx.execute(ADD, (1, "sale"))
        found = tx.connection.exec_driver_sql(NAMES).scalars().all()
    assert found == ["sale"]
