"""An installation copied to PostgreSQL is the same there, and goes on."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.access import Tokens, create_application, open_environment
from longshore.assembly import copy_from, open_longshore
from longshore.copying import ContentsDiffer
from longshore.database import Database, DatabaseBusy
from longshore.errors import RequestRefused
from longshore.identifiers import EVENTS_FROM, ImportId, first_id
from longshore.imports import Status
from longshore.jobs import process_name, register_process, runner_lock
from longshore.operations import Asker, IncomingPart
from longshore.settings import Settings
from tests.behaviour.copying.sides import ask, source_contents, target_contents


def test_every_row_of_every_table_arrives_and_is_counted(source: Path, target: Settings) -> None:
    copied = copy_from(source, target)
    expected = source_contents(source)
    assert target_contents(target.database_url) == expected
    assert {each.name: each.rows for each in copied.tables} == {
        name: len(rows) for name, rows in expected.items()
    }
    empty = [name for name, rows in expected.items() if not rows]
    assert len(empty) < len(expected) / 3, f"little is there to be copied: {empty}"
    assert copied.unfinished == 2


def test_links_that_go_round_in_circles_arrive(source: Path, target: Settings) -> None:
    copy_from(source, target)
    links = "SELECT count(*) FROM markets WHERE default_payment_method_id IS NOT NULL"
    ((count,),) = ask(target.database_url, links)
    assert count > 0


def test_public_ids_tokens_and_signed_addresses_stay_valid(source: Path, target: Settings) -> None:
    with Database.open(source, Settings(data=source)) as database, database.write() as tx:
        # it began before there was a key of public ids
        tx.execute("UPDATE installation SET records_before_key = 20, events_before_key = 5")
    with open_longshore(Settings(data=source)) as before:
        environment = open_environment(before.database, "default", "test")
        with before.database.write() as tx:
            application = create_application(tx, environment, "integration").application
        token = Tokens(before.database, domain="localhost").sign(application).token
    copy_from(source, target)
    with (
        Database.open(target.data, target) as database,
        open_longshore(Settings(data=source)) as before,
    ):
        for number in (20, 21, 12345, EVENTS_FROM + 5, EVENTS_FROM + 6):
            id_ = first_id(1) + number
            assert database.public_ids.encode(id_) == before.public_ids.encode(id_)
        assert database.url_secret == before.database.url_secret
        claims = Tokens(database, domain="localhost").verify(token)
        assert claims.application.id == application.id


def test_ids_and_numbers_go_on_behind_those_that_were_given(source: Path, target: Settings) -> None:
    copy_from(source, target)
    with Database.open(source, Settings(data=source)) as before, before.write() as tx:
        (expected,) = tx.reserve_ids(1, 1)
    with Database.open(target.data, target) as database, database.write() as tx:
        assert tx.reserve_ids(1, 1) == [expected]
    for table in ("entries", "events"):
        ((last,),) = ask(target.database_url, f"SELECT max(id) FROM {table}")
        ((next_,),) = ask(
            target.database_url, f"SELECT nextval(pg_get_serial_sequence('{table}', 'id'))"
        )
        assert next_ == last + 1


def test_uploads_go_on_at_the_target(source: Path, target: Settings) -> None:
    copy_from(source, target)
    with open_longshore(target) as longshore:
        asker = Asker(environment=open_environment(longshore.database, "default", "test"))
        (upload,), _ = longshore.uploads.list(asker, offset=0, limit=9)
        part = IncomingPart(offset=upload.received_bytes, blocks=[b"uploaded-two\n"])
        longshore.uploads.add_part(asker, upload.id, part)
        longshore.uploads.finish(asker, upload.id)
        longshore.parts.driver.run(upload.id)
        attachment = longshore.uploads.read(asker, upload.id).usable()
    assert attachment.rows_count == 2


def test_imports_that_were_left_open_are_finished_at_the_target(
    source: Path, target: Settings
) -> None:
    copy_from(source, target)
    with open_longshore(target) as longshore:
        left = longshore.imports.open()
        assert sorted(str(each.status) for each in left) == ["in_progress", "pending"]
        for each in left:
            done = longshore.import_runs.run(each.id)
            assert done.status is Status.COMPLETED
            assert done.processed_count == 40


def test_attachments_arrive_whole_and_one_that_was_lost_keeps_nothing_back(
    source: Path, target: Settings
) -> None:
    with open_longshore(Settings(data=source)) as before:
        names = [each.attachment_name for each in before.imports.open()]
        before.attachments.delete(names[0])
    copied = copy_from(source, target)
    assert copied.attachments.missing == (names[0],)
    with open_longshore(Settings(data=source)) as before, open_longshore(target) as after:
        assert b"".join(after.attachments.blocks(names[1])) == b"".join(
            before.attachments.blocks(names[1])
        )
        middle = len(b"".join(before.attachments.blocks(names[1]))) // 2
        assert b"".join(after.attachments.blocks(names[1], middle))
    with_files = len(list((target.data / "attachments").glob("*.gz")))
    assert copied.attachments.count == with_files


def test_attachments_may_stay_in_the_folder_where_they_are(source: Path, target: Settings) -> None:
    before = sorted(path.name for path in (source / "attachments").iterdir())
    copied = copy_from(source, replace(target, data=source))
    assert sorted(path.name for path in (source / "attachments").iterdir()) == before
    assert copied.attachments.count == len([name for name in before if name.endswith(".gz")])


def test_the_source_stands_still_meanwhile_and_works_afterwards(
    source: Path, target: Settings
) -> None:
    waiting = Settings(data=source, lock_wait_seconds=0)
    refused: list[str] = []

    def on_progress(step: str, _done: int, _total: int, _unit: str) -> None:
        if step == "copying skus" and not refused:
            with (
                Database.open(source, waiting) as other,
                pytest.raises(DatabaseBusy),
                other.write(),
            ):
                pass
            refused.append(step)

    copy_from(source, target, on_progress=on_progress)
    assert refused
    with Database.open(source, waiting) as other, other.write():
        pass


# What is refused


def test_a_source_whose_imports_are_running_is_refused(source: Path, target: Settings) -> None:
    with open_longshore(Settings(data=source)) as before:
        running = before.imports.open()[0]
        public_id = before.public_ids.encode(running.id)
    with runner_lock(source, ImportId(running.id)), pytest.raises(RequestRefused) as refused:
        copy_from(source, target)
    assert public_id in refused.value.message
    copy_from(source, target)


def test_a_folder_without_an_installation_is_refused_and_stays_empty(
    tmp_path: Path, target: Settings
) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    with pytest.raises(RequestRefused, match="no installation"):
        copy_from(folder, target)
    assert list(folder.iterdir()) == []


def test_a_target_that_holds_anything_is_refused(source: Path, target: Settings) -> None:
    with open_longshore(target) as longshore:
        longshore.organizations.environment("default", "test")
    before = target_contents(target.database_url)
    with pytest.raises(RequestRefused, match="holds other data"):
        copy_from(source, target)
    assert target_contents(target.database_url) == before


def test_a_copy_that_is_complete_is_not_touched_again(source: Path, target: Settings) -> None:
    copy_from(source, target)
    with open_longshore(target) as longshore:
        for each in longshore.imports.open():
            longshore.import_runs.run(each.id)
    before = target_contents(target.database_url)
    with pytest.raises(RequestRefused, match="complete copy of this installation"):
        copy_from(source, target)
    assert target_contents(target.database_url) == before


def test_a_target_that_processes_work_with_is_refused(source: Path, target: Settings) -> None:
    with open_longshore(target) as longshore:
        with longshore.database.write() as tx:
            register_process(tx, process_name("worker"), "worker", attachments="here")
        with pytest.raises(RequestRefused, match="processes work with"):
            copy_from(source, target)


def test_a_row_that_changes_on_the_way_is_noticed_and_the_copy_stays_unfinished(
    source: Path, target: Settings
) -> None:
    def on_progress(step: str, _done: int, _total: int, _unit: str) -> None:
        if step == "copying skus":
            ask(target.database_url, "UPDATE skus SET name = name || '!' WHERE code = 'C1'")

    with pytest.raises(ContentsDiffer, match=r"skus \("):
        copy_from(source, target, on_progress=on_progress)
    with pytest.raises(RequestRefused, match="copy that is not complete"):
        open_longshore(target)
    copy_from(source, target)
    assert target_contents(target.database_url) == source_contents(source)


def test_what_changed_in_the_source_between_two_attempts_is_copied_anew(
    source: Path, target: Settings, sql: Callable[[str], None]
) -> None:
    _stop_at("copying skus", source, target)
    sql("UPDATE tags SET name = 'spring', name_key = name_key || 'x' WHERE name = 'summer'")
    copy_from(source, target)
    assert target_contents(target.database_url) == source_contents(source)


def test_an_unfinished_copy_of_another_installation_is_refused(
    source: Path, target: Settings, tmp_path: Path
) -> None:
    _stop_at("copying skus", source, target)
    open_longshore(Settings(data=tmp_path / "other")).close()
    with pytest.raises(RequestRefused, match="unfinished copy of another installation"):
        copy_from(tmp_path / "other", target)


class Stopped(Exception):
    pass


def _stop_at(step: str, source: Path, target: Settings) -> None:
    def on_progress(current: str, _done: int, _total: int, _unit: str) -> None:
        if current == step:
            raise Stopped

    with pytest.raises(Stopped):
        copy_from(source, target, on_progress=on_progress)
