"""A role of PostgreSQL that may read and write rows, and nothing else, as the guide makes it."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from longshore.cli.program import program
from tests.behaviour.cli.conftest import Ended, invoke
from tests.behaviour.serving.servers import Server, Worker, skus
from tests.docs.pages import ROOT, blocks
from tests.postgresql import PostgresDatabases

GUIDE = ROOT / "docs/guides/deploy.md"


@dataclass(frozen=True, slots=True)
class Roles:
    """A database with the owner of its tables, and who only reads and writes rows."""

    owner: str  # address
    app: str  # address
    as_superuser: str  # SQL of the guide, before there are tables
    as_owner: str  # SQL of the guide


def script(number: int, names: dict[str, str]) -> str:
    """A block of SQL of the guide, with the names of this test."""
    found = [block.lines for block in blocks(GUIDE) if block.info == "sql"]
    text = "\n".join(found[number])
    for name, other in names.items():
        text = text.replace(name, other)
    return text


@pytest.fixture
def roles(postgresql: PostgresDatabases) -> Iterator[Roles]:
    name = postgresql.create()
    owner, app = f"{name}_owner", f"{name}_app"
    names = {
        "DATABASE longshore ": f"DATABASE {name} ",
        "longshore_app": app,
        " longshore ": f" {owner} ",
        " longshore;": f" {owner};",
    }
    given = conninfo_to_dict(postgresql.url(name))
    place = f"{given['host']}:{given['port']}/{name}"
    made = Roles(
        owner=f"postgresql://{owner}:secret%20of%20the%20owner@{place}",
        app=f"postgresql://{app}:secret%20of%20servers%20and%20workers@{place}",
        as_superuser=script(0, names),
        as_owner=script(1, names),
    )
    execute(postgresql.url(name), made.as_superuser)
    yield made
    postgresql.drop(name)
    postgresql.run(f"DROP ROLE {app}, {owner}")


def execute(url: str, sql: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql)


@pytest.fixture
def run_as(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ended]:
    def run_as(url: str, *arguments: object) -> Ended:
        monkeypatch.setenv("LONGSHORE_DATA", str(tmp_path / "data"))
        monkeypatch.setenv("LONGSHORE_DATABASE_URL", url)
        return invoke(*arguments)

    return run_as


@pytest.mark.parametrize("is_migrated_first", [True, False])
def test_every_command_works_as_the_role_and_the_schema_stays_out_of_its_reach(
    roles, run_as, make_file, tmp_path, is_migrated_first
):
    """Tables that are there when the rights are given, and those that come later."""
    if is_migrated_first:
        assert run_as(roles.owner, "migrate").code == 0
        execute(roles.owner, roles.as_owner)
    else:
        execute(roles.owner, roles.as_owner)
        assert run_as(roles.owner, "migrate").code == 0
    tried: set[str] = set()

    def run(*arguments: object, code: int = 0) -> Ended:
        tried.add(str(arguments[0]))
        ended = run_as(roles.app, *arguments)
        assert ended.code == code, ended.err
        return ended

    run("organizations", "create", "acme")
    run("organizations", "set", "acme", "name=Acme")
    run("organizations", "list")
    made = run("applications", "create", "--json").data
    run("applications", "list")
    for command in ("rotate", "revoke-tokens"):
        run("applications", command, made["id"])
    run("token")
    run("applications", "rotate-signing-key")
    run("applications", "delete", made["id"])

    run("setup", "--currency", "EUR", "--warehouse", "North", "--shipping-category", "All")
    run("groups")
    run("dashboard", "--no-open")
    rows = "code,name,do_not_ship,tags\nA,Shirt,true,new\nB,Mug,true,\n"
    file = make_file("skus.csv", rows)
    run("inspect", file)
    mapping = make_file("map.toml", run("mappings", "suggest", file).out)
    run("mappings", "save", "goods", mapping)
    run("mappings", "show", "goods")
    run("mappings", "list")
    run("mappings", "delete", "goods")
    run("import", "skus", file, "--dry-run")
    run("plan", "skus", file)
    imported = run("import", "skus", file, "--json").data["id"]
    changed = make_file("s2.csv", rows.replace("Mug", "Cup"))
    updated = run("import", "skus", changed, "--json").data["id"]
    run("import", "skus", make_file("bad.csv", "code,name\nC,\n"), code=1)
    run("errors", run("imports", "--json").data[0]["id"])
    run("rows", run("imports", "--json").data[0]["id"])
    run("original", run("imports", "--json").data[0]["id"], code=2)
    run("retry", run("imports", "--json").data[0]["id"], code=1)
    run("show", imported)
    undone = run("undo", updated, "--json").data["id"]
    run("undos")
    run("kept", undone)
    run("records", "skus")
    run("apply", run("plan", "skus", file, "--json").data["id"])
    run("blame", "skus", "A")
    run("changes", imported)
    assert '"Mug"' in run("export", "skus", "--format", "ndjson").out
    run("delete", imported)
    run("types")
    run("template", "skus")
    run("status")
    run("doctor", "keys")
    run("resume")
    assert run("migrate").out.startswith("nothing to do")

    settings = {"LONGSHORE_DATABASE_URL": roles.app}
    tried |= {"serve", "worker"}
    server = Server(tmp_path / "data", "--no-worker", settings=settings)
    worker = None
    try:
        body = {"data": {"type": "tags", "attributes": {"name": "one"}}}
        answer = server.client.post("/api/tags", content=json.dumps(body))
        assert answer.status_code == 201, answer.text
        one = server.submit(skus(10))
        run("interrupt", one)
        worker = Worker(tmp_path / "data", settings=settings)
        server.wait_for(server.submit(skus(3000)), "completed")
    finally:
        assert server.stop() == 0
        if worker is not None:
            assert worker.stop() == 0

    source = tmp_path / "source"
    assert invoke("import", "skus", file, "--data", source, "--database", "").code == 0
    refused = run("copy", "--from", source, code=2)
    assert "may not copy to it" in refused.err
    assert "as the user who owns the database" in refused.err
    assert tried == set(program.commands)
    for statement in ("DROP TABLE skus", "CREATE TABLE more (id int)", "TRUNCATE skus"):
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            execute(roles.app, statement)


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"], ["migrate"], ["token"]])
def test_a_role_that_may_not_make_the_tables_names_who_can(roles, run_as, command):
    refused = run_as(roles.app, *command)
    assert (refused.code, refused.out) == (2, "")
    assert "may not bring its schema to" in refused.err
    assert "hint: run `longshore migrate` as the user who owns the database" in refused.err
    assert "secret" not in refused.err


@pytest.mark.parametrize("command", [["serve", "--port", "0"], ["worker"], ["migrate"], ["token"]])
def test_an_older_schema_is_left_to_who_owns_it(roles, run_as, command):
    assert run_as(roles.owner, "migrate").code == 0
    execute(roles.owner, roles.as_owner)
    execute(roles.owner, "UPDATE alembic_version SET version_num = '0001'")
    refused = run_as(roles.app, *command)
    assert (refused.code, refused.out) == (2, "")
    assert "`longshore migrate`" in refused.err
    assert "owns" in refused.err


def test_a_right_that_is_missing_is_named(roles, run_as):
    assert run_as(roles.owner, "migrate").code == 0
    execute(roles.owner, roles.as_owner)
    app = str(conninfo_to_dict(roles.app)["user"])
    execute(roles.owner, f"REVOKE INSERT ON applications FROM {app}")
    refused = run_as(roles.app, "applications", "create")
    assert (refused.code, refused.out) == (2, "")
    assert "permission denied for table applications" in refused.err
    assert "select, insert, update and delete" in refused.err
    assert run_as(roles.app, "applications", "list").code == 0
