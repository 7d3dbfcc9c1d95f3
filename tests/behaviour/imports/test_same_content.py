"""Imports of what was imported before."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from longshore.database import Database
from longshore.imports import (
    Import,
    SameContent,
    SourceRepeated,
    complete_import,
    delete_import,
    interrupt_import,
    list_imports,
    same_content_of,
)
from tests.behaviour.imports.factory import go_to, pending, running

SAME: dict[str, Any] = {"source_digest": "5e"}


def complete(database: Database, **counts: int) -> Import:
    import_ = running(database, **SAME, skip_errors=True)
    go_to(database, import_, 10, **counts)
    with database.write() as tx:
        complete_import(tx, import_.run)
    return import_


def begun(database: Database) -> Import:
    return running(database, **SAME)


def waiting(database: Database) -> Import:
    return pending(database, **SAME)


def completed(database: Database) -> Import:
    return complete(database, created=1, errors=9)


def failed_whole(database: Database) -> Import:
    return complete(database, errors=10)


def interrupted(database: Database) -> Import:
    import_ = running(database, **SAME)
    go_to(database, import_, 5)
    with database.write() as tx:
        interrupt_import(tx, import_.id)
    return import_


def deleted(database: Database) -> Import:
    import_ = completed(database)
    with database.write() as tx:
        delete_import(tx, import_.id)
    return import_


def told(database: Database, import_: Import) -> SameContent | None:
    with database.read() as tx:
        return same_content_of(tx, import_)


def id_told(database: Database, import_: Import) -> int | None:
    same = told(database, import_)
    return None if same is None else same.id


@pytest.mark.parametrize("before", [waiting, begun, completed])
def test_what_is_in_or_about_to_be_is_not_imported_again(
    database: Database, before: Callable[[Database], Import]
) -> None:
    earlier = before(database)
    with pytest.raises(SourceRepeated) as refused:
        pending(database, **SAME, once=True)
    assert refused.value.earlier.id == earlier.id
    assert refused.value.earlier.created_at == earlier.created_at
    with database.read() as tx:
        assert len(list_imports(tx, 1)) == 1


@pytest.mark.parametrize("before", [interrupted, failed_whole])
def test_what_did_not_get_in_is_imported_again_and_told(
    database: Database, before: Callable[[Database], Import]
) -> None:
    earlier = before(database)
    again = pending(database, **SAME, once=True)
    assert id_told(database, again) == earlier.id


def test_what_got_in_is_told_before_what_did_not(database: Database) -> None:
    first = completed(database)
    interrupted(database)
    assert id_told(database, pending(database, **SAME)) == first.id


def test_the_last_of_several_is_told(database: Database) -> None:
    completed(database)
    second = completed(database)
    assert id_told(database, pending(database, **SAME)) == second.id


def test_a_deleted_import_is_not_told_of(database: Database) -> None:
    deleted(database)
    assert id_told(database, pending(database, **SAME, once=True)) is None


def test_an_import_that_was_deleted_since_is_not_told_of_any_more(database: Database) -> None:
    first = completed(database)
    again = pending(database, **SAME)
    assert id_told(database, again) == first.id
    with database.write() as tx:
        delete_import(tx, first.id)
    assert id_told(database, again) is None


def test_what_is_imported_elsewhere_or_otherwise_is_not_the_same(database: Database) -> None:
    completed(database)
    assert id_told(database, pending(database, 2, **SAME, once=True)) is None
    assert id_told(database, pending(database, source_digest="5f", once=True)) is None


def test_imports_without_a_digest_are_never_the_same(database: Database) -> None:
    pending(database)
    assert id_told(database, pending(database, once=True)) is None


def test_of_many_at_the_same_moment_exactly_one_is_created(database: Database) -> None:
    count = 6
    together = threading.Barrier(count)
    refused: list[SourceRepeated] = []
    created: list[Import] = []

    def create() -> None:
        together.wait()
        try:
            created.append(pending(database, **SAME, once=True))
        except SourceRepeated as error:
            refused.append(error)

    threads = [threading.Thread(target=create) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (only,) = created
    assert [each.earlier.id for each in refused] == [only.id] * (count - 1)
