"""What people do with the program, done once with the installed one: every command at least once.

Which commands there are is what the help of the program says, so that none can be forgotten here.
"""

import json
import urllib.request
from typing import Any

from release.installed import Installed
from release.refusals import expect

__all__ = ["travel"]

# Nobody listens there.
_NO_DATABASE = "postgresql://127.0.0.1:1/longshore"

_MEDIA_TYPE = "application/vnd.api+json"
_SKUS = 20

# Servers of this machine are asked themselves, whatever proxy it has.
_OPENER = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def travel(program: Installed, version: str, database_url: str | None = None) -> int:
    """Use every command, with a PostgreSQL database where there is an empty one; how many there
    are."""
    commands = program.commands()
    told = program.run("--version").strip()
    expect(told == f"longshore {version}", f"the version is {told}, not {version}")

    _set_up(program)
    _import(program)
    _look(program)
    _administer(program)
    _serve(program)
    _maintain(program)
    if database_url is None:
        program.run("copy", "--from", str(program.data), code=2)
    else:
        _move(program, database_url)

    forgotten = [" ".join(command) for command in commands if not program.has_run(command)]
    expect(
        not forgotten,
        f"the smoke test never runs: {', '.join(forgotten)}; add it to release/journey.py",
    )
    return len(commands)


def _set_up(program: Installed) -> None:
    program.run("setup", "--currency", "EUR", "--warehouse", "North", "--shipping-category", "All")
    (group,) = program.ask("groups")
    members = group["relationships"]["imports"]["data"]
    expect(len(members) == 3, f"what was set up is the group {group}")


def _import(program: Installed) -> None:
    types = {each["type"] for each in program.ask("types")}
    expect({"shipping_categories", "skus"} <= types, f"the types are {sorted(types)}")
    for name in ("shipping_categories", "skus"):  # the second refers to the first
        template = program.write(f"{name}.csv", program.run("template", name))
        program.run("import", name, template)

    rows = [f"SKU-{number},Name {number},true" for number in range(1, _SKUS)]
    file = program.write("more.csv", "\n".join(["code,name,do_not_ship", *rows, "BAD,,true", ""]))
    expect("skus" in program.run("inspect", file), "the type of the file is not suggested")
    mapping = program.write("map.toml", program.run("mappings", "suggest", file))
    program.run("mappings", "save", "goods", mapping)
    expect("goods" in program.run("mappings", "list"), "a mapping that was saved is not listed")
    expect("[fields" in program.run("mappings", "show", "goods"), "a saved mapping is not shown")
    program.run("mappings", "delete", "goods")
    program.run("import", "skus", file, "--dry-run", code=1)
    planned = program.ask("plan", "skus", file, code=1)
    counts = planned["attributes"]
    expect(
        (counts["created_count"], counts["errors_count"]) == (_SKUS - 1, 1),
        f"a plan of {_SKUS} rows, one of them without a name, counts {counts}",
    )
    program.run("plan", "show", planned["id"])
    expect(planned["id"] in program.run("plan", "list"), "a plan is not listed")
    failed = program.folder / "failed.csv"
    done = program.ask("import", "skus", file, "--errors", str(failed), code=1)
    counts = done["attributes"]
    expect(
        (counts["processed_count"], counts["errors_count"]) == (_SKUS - 1, 1),
        f"an import of {_SKUS} rows, one of them without a name, counts {counts}",
    )
    expect("BAD" in failed.read_text("utf-8"), "the failed row is not in the file of --errors")


def _look(program: Installed) -> None:
    done = program.ask("imports")[0]
    program.run("show", done["id"])
    outcomes = [row["outcome"] for row in program.ask("rows", done["id"])]
    expect(
        outcomes == ["created"] * (_SKUS - 1) + ["failed"],
        f"what became of the rows is told as {outcomes}",
    )
    program.run("rows", done["id"], "--outcome", "failed")
    program.run("original", done["id"], code=2)
    expect("can't be blank" in program.run("errors", done["id"]), "the error is not listed")
    program.run("retry", done["id"], code=1)
    undone = program.ask("undo", done["id"])
    counts = undone["attributes"]
    expect(counts["removed_count"] == _SKUS - 1, f"an undo of {_SKUS - 1} new rows counts {counts}")
    expect(undone["id"] in program.run("undos"), "an undo is not listed")
    program.run("kept", undone["id"])
    again = program.ask("undo", undone["id"])["attributes"]
    expect(again["restored_count"] == _SKUS - 1, f"an undo of an undo counts {again}")
    program.run("records", "skus", "--filter", "code_start=SKU", "--csv")
    program.run("changes", done["id"])
    (told,) = program.ask("blame", "skus", "SKU-1", "name")
    expect((told["row"], told["line"]) == (1, 2), f"the name of a SKU is blamed on {told}")

    _plan(program)
    file = program.folder / "exported.csv"
    program.run("export", "skus", "--output", str(file))
    meta = program.ask("import", "skus", str(file))["meta"]
    expect(meta["unchanged_count"] == _SKUS, f"what was exported is imported as {meta}")


def _plan(program: Installed) -> None:
    file = program.write("planned.csv", "code,name\nSKU-1,Planned\n")
    planned = program.ask("plan", "skus", file)
    counts = planned["attributes"]
    expect(counts["updated_count"] == 1, f"a plan of one update counts {counts}")
    expect("Planned" in program.run("plan", "show", planned["id"]), "a plan is not shown")
    meta = program.ask("apply", planned["id"])["meta"]
    expect((meta["updated_count"], meta["moved"]) == (1, None), f"a plan is applied as {meta}")
    program.run("apply", planned["id"], code=2)


def _administer(program: Installed) -> None:
    program.run("organizations", "create", "acme")
    program.run("organizations", "set", "acme", "name=Acme")
    slugs = [each["slug"] for each in program.ask("organizations", "list")]
    expect("acme" in slugs, f"the organizations are {slugs}")

    place = ("--organization", "acme")
    made = program.ask("applications", "create", *place, "--kind", "sales_channel")
    program.run(
        "applications", "rotate", program.ask("applications", "list", *place)[0]["id"], *place
    )
    program.run("applications", "revoke-tokens", made["id"], *place)
    program.run("applications", "rotate-signing-key", *place)
    program.run("applications", "delete", made["id"], *place)
    program.run("token", *place)
    program.run("organizations", "delete", "acme", "--yes")


def _serve(program: Installed) -> None:
    """Both kinds of server, with imports that wait, are stopped, finished and removed between."""
    with program.started("serve", "--port", "0", "--no-worker", tells="stdout") as url:
        token = program.run("token").strip()
        _request(f"{url}/health")
        link = program.run("dashboard", "--no-open", "--url", url)
        expect(f"{url}/dashboard/sign-in/" in link, f"the link into the dashboard is {link}")
        first, second = (_submit(url, token, code) for code in ("FIRST", "SECOND"))
        program.run("interrupt", first)
    program.run("resume")
    status = program.ask("show", second)["attributes"]["status"]
    expect(status == "completed", f"a resumed import is {status}")
    program.run("delete", first)

    file = program.write("remote.csv", "code,name,do_not_ship\nREMOTE,Remote,true\n")
    with program.started("serve", "--port", "0", tells="stdout") as url:
        _request(f"{url}/openapi.json")
        settings = {"LONGSHORE_TOKEN": token}
        program.run("import", "skus", file, "--server", url, settings=settings)
        found = _request(f"{url}/api/skus?filter[q][code_eq]=REMOTE", token)["data"]
        expect(len(found) == 1, f"the server has {len(found)} of what it was sent")


def _maintain(program: Installed) -> None:
    program.run("migrate")
    program.run("doctor", "keys")
    program.run("status")
    _work(program)
    program.run("worker", "--database", _NO_DATABASE, code=1)


def _move(program: Installed, database_url: str) -> None:
    """From the folder to PostgreSQL, and on there."""
    place = ("--database", database_url)
    program.run("copy", "--from", str(program.data), "--to", database_url)
    program.run("migrate", *place)
    here, there = (program.ask("records", "skus", *each) for each in ((), place))
    expect(here == there, "the records are other ones behind the copy")
    file = program.write("moved.csv", "code,name,do_not_ship\nMOVED,Moved,true\n")
    program.run("import", "skus", file, *place)
    _work(program, *place)


def _work(program: Installed, *place: str) -> None:
    with program.started("worker", *place, tells="stderr") as line:
        expect("waiting for imports" in line, f"a worker begins with: {line}")


def _submit(url: str, token: str, code: str) -> str:
    """The id of an import that waits."""
    attributes = {
        "resource_type": "skus",
        "inputs": [{"code": code, "name": code, "do_not_ship": True}],
    }
    answer = _request(
        f"{url}/api/imports", token, {"data": {"type": "imports", "attributes": attributes}}
    )
    id_: str = answer["data"]["id"]
    return id_


def _request(url: str, token: str = "", body: object = None) -> Any:
    request = urllib.request.Request(url)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("Content-Type", _MEDIA_TYPE)
    with _OPENER.open(request) as response:
        return json.load(response)
