"""Finding imports, and how many may be unfinished."""

import pytest

from longshore.errors import RequestRefused
from longshore.imports import (
    KIND,
    create_import,
    delete_import,
    get_import,
    interrupt_import,
    list_imports,
    unfinished_imports,
)
from longshore.runs import open_runs, unblocked_runs
from tests.behaviour.imports.factory import new_import, pending, running


def ids(imports):
    return [import_.id for import_ in imports]


def test_an_import_is_found_in_its_environment_only(database):
    import_ = pending(database, environment=1)
    with database.read() as tx:
        assert get_import(tx, 1, import_.id) == import_
        assert get_import(tx, 2, import_.id) is None
        assert get_import(tx, 1, import_.id + 1) is None


def test_imports_of_an_environment_are_listed_newest_first(database):
    one, two, three = (pending(database) for _ in range(3))
    pending(database, environment=2)
    with database.write() as tx:
        interrupt_import(tx, two.id)
    with database.read() as tx:
        assert ids(list_imports(tx, 1)) == [three.id, two.id, one.id]
        assert ids(list_imports(tx, 1, limit=2)) == [three.id, two.id]
        assert ids(list_imports(tx, 1, unfinished=True)) == [three.id, one.id]
        assert ids(list_imports(tx, 1, unfinished=False)) == [two.id]
    with database.write() as tx:
        delete_import(tx, three.id)
    with database.read() as tx:
        assert ids(list_imports(tx, 1)) == [two.id, one.id]


def test_what_is_left_to_do_is_found_in_all_environments_in_the_order_of_places(database):
    one = pending(database, environment=2)
    two = running(database, environment=1)
    three = pending(database, environment=2)
    four = pending(database, environment=2)
    with database.write() as tx:
        interrupt_import(tx, three.id)
        # The clock was set back meanwhile.
        tx.execute("UPDATE imports SET created_at = created_at - 5 WHERE id = ?", (four.id,))
    with database.read() as tx:
        assert ids(unfinished_imports(tx)) == [two.id, one.id, four.id]
        assert ids(open_runs(tx)) == [two.id, one.id, four.id]
        assert ids(unblocked_runs(tx, kinds={KIND})) == [two.id, one.id]


def test_one_more_unfinished_import_than_allowed_is_refused(database):
    _, first = running(database), pending(database)
    pending(database, environment=2)

    def create():
        with database.write() as tx:
            return create_import(tx, new_import(), unfinished_max=2)

    with pytest.raises(RequestRefused, match="2 imports are pending or in progress, at most 2"):
        create()
    with database.write() as tx:
        interrupt_import(tx, first.id)
    assert create().environment == 1


def test_an_import_that_is_refused_leaves_nothing(database):
    with pytest.raises(RequestRefused), database.write() as tx:
        create_import(tx, new_import(), unfinished_max=0)
    with database.read() as tx:
        assert list_imports(tx, 1) == []
        assert tx.fetch("SELECT count(*) FROM events") == [(0,)]
