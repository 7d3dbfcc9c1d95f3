"""An organization is removed with all that it has, and nobody else notices."""

import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.access import (
    InvalidToken,
    Mode,
    Tokens,
    add_environment,
    create_application,
    create_organization,
    find_organization,
    issue_refresh_token,
)
from longshore.assembly import Longshore, open_longshore
from longshore.copying import tables_in_order
from longshore.engine import RecordWriter
from longshore.errors import RequestRefused
from longshore.imports import ImportRequest
from longshore.operations import Asker, removal
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.cli.conftest import Ended, invoke
from tests.behaviour.copying.conftest import begin_upload, import_group
from tests.behaviour.copying.sides import Contents, source_contents, target_contents
from tests.behaviour.database.processes import other_process
from tests.behaviour.reading.shop import Shop
from tests.behaviour.serving.servers import environment as environment_variables

SLUG = "acme"


@pytest.fixture
def longshore(settings: Settings) -> Iterator[Longshore]:
    with open_longshore(settings) as longshore:
        yield longshore


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """Runs a command on the same installation."""
    monkeypatch.setenv("LONGSHORE_DATA", str(settings.data))
    monkeypatch.setenv("LONGSHORE_DATABASE_URL", settings.database_url)

    def run(*arguments: object) -> Ended:
        return invoke(*arguments)

    return run


@pytest.fixture
def neighbour(longshore: Longshore, tmp_path: Path) -> Shop:
    """Another organization, with records, an import and a history."""
    shop = Shop(longshore, tmp_path)
    shop.fill(["markets", "skus"])
    return shop


@pytest.fixture
def before(neighbour: Shop, settings: Settings, run) -> Contents:
    """What the database holds while the neighbour is alone."""
    run("token")  # makes the key that signs
    return contents(settings)


@pytest.fixture
def acme(longshore: Longshore, before: Contents, tmp_path: Path) -> Shop:
    """An organization with a few things in both modes."""
    with longshore.database.write() as tx:
        create_organization(tx, SLUG)
        for mode in Mode:
            application = create_application(tx, add_environment(tx, SLUG, mode), "webapp")
            issue_refresh_token(tx, application.application, "market:all")
    live = Shop(longshore, tmp_path, slug=SLUG, mode="live")
    live.import_text("tags", "name\nsummer\nwinter\n", suffix="csv")
    return Shop(longshore, tmp_path, slug=SLUG)


def contents(settings: Settings) -> Contents:
    """Every row of the database."""
    if settings.database_url:
        return target_contents(settings.database_url)
    return source_contents(settings.data)


def files(settings: Settings) -> set[str]:
    return {each.name for each in (settings.data / "attachments").iterdir()}


def make_a_mess(shop: Shop) -> None:
    """Errors, warnings, changes and destroyed records, and two tables that refer to each other."""
    for name in ("one", "two"):
        rows = "".join(
            f"C{n},{name},true,?,{'heavy' if n % 9 == 0 else n / 3},new\n" for n in range(60)
        )
        text = f"code,name,do_not_ship,unknown,weight,tags\n{rows}"
        assert shop.import_text("skus", text, suffix="csv").errors_count == 7
    encode = shop.longshore.public_ids.encode
    number = shop.environment.number
    with shop.longshore.database.read() as tx:
        ((market,), *_) = tx.fetch("SELECT id FROM markets WHERE id >> 40 = ?", (number,))
        ((method,), *_) = tx.fetch("SELECT id FROM payment_methods WHERE id >> 40 = ?", (number,))
        ((tag,), *_) = tx.fetch(
            "SELECT id FROM tags WHERE id >> 40 = ? AND name = 'free'", (number,)
        )
    text = f"id,default_payment_method_id\n{encode(market)},{encode(method)}\n"
    assert shop.import_text("markets", text, suffix="csv").updated_count == 1
    writer(shop.longshore).delete(shop.environment, "tags", tag, creator=0)
    shop.longshore.import_groups.run(import_group(shop))
    begin_upload(shop)


def writer(longshore: Longshore) -> RecordWriter:
    return RecordWriter(
        longshore.database, longshore.catalogue, longshore.settings, longshore.public_ids
    )


def test_the_database_is_afterwards_what_it_was_before_there_was_the_organization(
    longshore, settings, before, run, tmp_path, monkeypatch
):
    """Every table, in chunks smaller than what is in it."""
    monkeypatch.setattr(removal, "_CHUNK_ROWS", 3)
    files_before = files(settings)
    with longshore.database.write() as tx:
        create_organization(tx, SLUG)
        environment = add_environment(tx, SLUG, Mode.LIVE)
        application = create_application(tx, environment, "webapp").application
        issue_refresh_token(tx, application, "market:all")
    token = Tokens(longshore.database, domain="localhost").sign(application).token
    for mode in Mode:
        shop = Shop(longshore, tmp_path, slug=SLUG, mode=mode)
        shop.import_text("tags", "name\nfree\nother\n", suffix="csv")
        if mode is Mode.LIVE:
            shop.fill(shop.catalogue.creatable)
            make_a_mess(shop)
    full = contents(settings)
    made = files(settings) - files_before
    grown = {name for name, rows in full.items() if len(rows) > len(before[name])}
    assert len(grown) > 50
    ended = run("organizations", "delete", SLUG, "--yes", "--json")
    assert ended.code == 0, ended.err
    told = ended.data
    originals = [name for name in made if name.endswith(".original")]  # of workbooks
    of_imports = [name for name in made if not name.endswith((".bytes", ".original"))]
    assert len(of_imports) == len(made) - len(originals) - 1  # the part of the upload
    assert (told["organization"], told["attachments"] * 2) == (SLUG, len(of_imports))
    assert told["rows"] == {
        name: len(full[name]) - len(before[name])
        for name in grown - {"organizations", "environments", "table_changes"}
    }
    assert contents(settings) == before
    assert files(settings) == files_before
    with pytest.raises(InvalidToken):
        Tokens(longshore.database, domain="localhost").verify(token)


def test_what_would_go_is_shown_and_nothing_goes_without_a_yes(before, acme, settings):
    before_acme, before = before, contents(settings)

    def answer(text: str) -> tuple[int, str, str]:
        keyboard, terminal = pty.openpty()
        command = [sys.executable, "-m", "longshore", "organizations", "delete", SLUG]
        process = subprocess.Popen(
            command,
            stdin=terminal,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment_variables()
            | {
                "LONGSHORE_DATA": str(settings.data),
                "LONGSHORE_DATABASE_URL": settings.database_url,
            },
        )
        os.close(terminal)
        os.write(keyboard, text.encode())
        out, err = process.communicate()
        os.close(keyboard)
        return process.returncode, out, err

    for text in ("n\n", "\n"):
        code, out, err = answer(text)
        assert code == 1
        assert "delete all of this, and the organization acme?" in err
        assert "nothing was deleted" in err
        counts = dict(line.split() for line in out.splitlines())
        assert (counts["applications"], counts["tags"], counts["(attachments)"]) == ("2", "2", "1")
        assert contents(settings) == before
    code, out, err = answer("y\n")
    assert code == 0
    assert "the organization acme is deleted" in err
    assert contents(settings) == before_acme


def test_without_a_terminal_nobody_is_asked_and_nothing_goes(acme, settings, run):
    before = contents(settings)
    for arguments in ([], ["--json"]):
        refused = run("organizations", "delete", SLUG, *arguments)
        assert (refused.code, refused.out) == (2, "")
        assert "nobody can be asked" in refused.err
        assert "hint: --yes" in refused.err
    assert contents(settings) == before


def test_an_organization_that_does_not_exist_cannot_be_deleted(acme, run):
    refused = run("organizations", "delete", "nobody", "--yes")
    assert (refused.code, refused.out) == (2, "")
    assert "there is no organization 'nobody'" in refused.err


def test_while_an_import_waits_or_runs_nothing_goes(acme, settings, run, longshore, tmp_path):
    path = tmp_path / "tags.csv"
    path.write_text("name\n" + "".join(f"tag{n}\n" for n in range(40)))
    request = ImportRequest(resource_type="tags")
    waiting = longshore.submissions.submit(acme.environment, Source.from_path(path), request)
    for is_begun in (False, True):
        if is_begun:
            few = replace(settings, chunk_rows=10, chunk_rows_first=10)
            with open_longshore(few) as other:
                stopped = other.import_runs.run(waiting.id, should_stop=lambda: True)
                assert not stopped.is_finished
        before = contents(settings)
        refused = run("organizations", "delete", SLUG, "--yes")
        assert (refused.code, refused.out) == (2, "")
        assert longshore.public_ids.encode(waiting.id) in refused.err
        assert "longshore interrupt" in refused.err
        assert contents(settings) == before
    longshore.imports.interrupt(Asker(environment=acme.environment), waiting.id)
    assert run("organizations", "delete", SLUG, "--yes").code == 0


# Stops for the test when it has removed something of a table, with few rows at a time.
_REMOVE = """
from longshore.assembly import open_longshore
from longshore.operations import removal

removal._CHUNK_ROWS = 2

def on_progress(table, done, total):
    if table == {table!r}:
        say("there")
        hear()

with open_longshore(settings) as longshore:
    belongings = longshore.organizations.belongings("acme")
    longshore.organizations.remove(belongings, on_progress=on_progress)
say("done")
"""


@pytest.mark.parametrize("table", ["import_tables", "skus", "applications"])
def test_a_removal_that_is_killed_lets_nobody_in_and_is_gone_on_with(
    longshore, settings, before, run, acme, table
):
    acme.fill(["skus"])
    make = [f"C{n},Name,true" for n in range(9)]
    acme.import_text("skus", "code,name,do_not_ship\n" + "\n".join(make) + "\n", suffix="csv")
    token = run("token", "--organization", SLUG).out.strip()
    with other_process(_REMOVE.format(table=table), settings) as remover:
        assert remover.hear() == "there", remover.end()
        remover.process.kill()
    with pytest.raises(InvalidToken):
        Tokens(longshore.database, domain="localhost").verify(token)
    for arguments in (
        ("token", "--organization", SLUG),
        ("records", "skus", "--organization", SLUG),
        ("applications", "create", "--organization", SLUG),
        ("organizations", "create", SLUG),
    ):
        refused = run(*arguments)
        assert (refused.code, refused.out) == (2, "")
        assert "is being deleted" in refused.err
        assert "longshore organizations delete acme" in refused.err
    assert "(being deleted)" in run("organizations", "list").out
    assert run("organizations", "delete", SLUG, "--yes").code == 0
    assert contents(settings) == before
    assert run("organizations", "create", SLUG).code == 0
    assert run("records", "skus", "--organization", SLUG, "--json").data == []


def test_who_was_let_in_before_writes_nothing_behind_it(acme, settings, longshore, run, tmp_path):
    """A request that had shown its token, or a command that had found its organization."""
    assert run("organizations", "delete", SLUG, "--yes").code == 0
    after = contents(settings)
    path = tmp_path / "more.csv"
    path.write_text("name\nlate\n")
    with pytest.raises(RequestRefused, match="is deleted"):
        writer(longshore).create(acme.environment, "tags", {"name": "late"}, creator=0)
    with pytest.raises(RequestRefused, match="is deleted"):
        longshore.submissions.submit(
            acme.environment, Source.from_path(path), ImportRequest(resource_type="tags")
        )
    assert contents(settings) == after


def test_the_number_of_an_environment_is_given_to_no_other_one(acme, longshore, run):
    """Ids begin with it, and somebody may have kept one."""
    numbers = {acme.environment.number}
    for _ in range(2):
        assert run("organizations", "delete", SLUG, "--yes").code == 0
        with longshore.database.write() as tx:
            create_organization(tx, SLUG)
            made = add_environment(tx, SLUG, Mode.TEST).number
            assert find_organization(tx, SLUG) is not None
        assert made > max(numbers)
        numbers.add(made)


def test_every_table_is_seen_to():
    """A table that comes later belongs to somebody, and says by which column."""
    for order in tables_in_order():
        if order.name not in removal._KEPT:
            owner = "environment" if order.name in removal._NUMBERED else "id"
            assert removal._OWNERS.get(order.name, owner) in order.table.c
            is_owned = order.name in {*removal._OWNERS, *removal._NUMBERED}
            assert is_owned or order.table.primary_key.columns.keys() == ["id"]
