"""`longshore changes`: what was changed in a record, or by an import or undo."""

import os

import pytest

from longshore.assembly import open_longshore
from longshore.identifiers import ImportId
from longshore.journal import (
    Actor,
    ActorKind,
    Destroyed,
    NewUpdates,
    append_destructions,
    append_updates,
)
from longshore.settings import Settings
from longshore.undos import NewUndo, create_undo

pytestmark = pytest.mark.usefixtures("on_every_database")

FIRST = "code,name,tags\nB1,One,red\nB2,Two,\n"
SECOND = "code,name,tags\nB2,Two,\nB1,Uno,blue\nB3,Three,\n"


@pytest.fixture
def imports(run, category, make_file) -> list[str]:
    """The ids of an import that creates two SKUs, and of one that updates one of them."""
    ids = []
    for number, text in enumerate((FIRST, SECOND)):
        file = make_file(f"{number}.csv", text)
        ids.append(run("import", "skus", file, "--parent", category, "--json").data["id"])
    return ids


@pytest.fixture
def ids(run, imports) -> dict[str, str]:
    """Code or name -> id."""
    skus, tags = (run("records", name, "--json").data for name in ("skus", "tags"))
    by_code = {each["attributes"]["code"]: each["id"] for each in skus}
    return by_code | {each["attributes"]["name"]: each["id"] for each in tags}


def test_the_changes_of_a_record_are_told_with_their_rows(run, imports, ids):
    created, updated = run("changes", ids["B1"], "--json").data
    assert created["event"] == "create"
    assert created["record"] == {"type": "skus", "id": ids["B1"]}
    assert created["changes"]["name"] == [None, "One"]
    assert created["changes"]["tags"] == [None, [ids["red"]]]
    assert (created["row"], created["line"]) == (1, 2)
    assert created["who"] == {"worker": {"type": "imports", "id": imports[0]}, "terminal": True}
    assert updated["changes"] == {"name": ["One", "Uno"], "tags": [[ids["red"]], [ids["blue"]]]}
    assert (updated["event"], updated["row"], updated["line"]) == ("update", 2, 3)
    shown = run("changes", ids["B1"])
    assert 'name "One" -> "Uno"' in shown.out
    assert f"import {imports[1]}, row 2 (line 3)" in shown.out


def test_they_go_on_where_a_part_has_ended(run, imports, ids):
    ended = run("changes", ids["B1"], "--json", "--limit", 1)
    assert [each["event"] for each in ended.data] == ["create"]
    assert "there are more: --after 0 goes on" in ended.err
    ended = run("changes", ids["B1"], "--json", "--limit", 1, "--after", 0)
    assert [each["event"] for each in ended.data] == ["update"]
    assert ended.err == ""
    nothing = run("changes", ids["B1"], "--after", ended.data[0]["number"])
    assert (nothing.code, nothing.out) == (0, "")
    assert f"record {ids['B1']} tells of no change behind number" in nothing.err
    ended = run("changes", imports[1], "--limit", 1)
    assert "there are more: --after 2 goes on" in ended.err
    ended = run("changes", imports[1], "--json", "--after", 2)
    assert [each["record"]["id"] for each in ended.data] == [ids["B3"]]


def test_an_import_tells_what_its_rows_have_changed(run, imports, ids):
    tag, sku = {"type": "tags", "id": ids["blue"]}, {"type": "skus", "id": ids["B1"]}
    changes = {"name": ["One", "Uno"], "tags": [[ids["red"]], [ids["blue"]]]}
    none: dict[str, object] = {"changes": {}, "amounts": {}}
    second = {"row": 2, "line": 3}
    assert run("changes", imports[1], "--json").data == [
        {**second, "event": "update", "record": sku, "changes": changes, "amounts": {}},
        {**second, "event": "create", "record": tag, **none},
        {
            "row": 3,
            "line": 4,
            "event": "create",
            "record": {"type": "skus", "id": ids["B3"]},
            **none,
        },
    ]
    title, *lines = run("changes", imports[1]).out.splitlines()
    assert title.split() == ["row", "line", "event", "record", "what"]
    assert lines[0].split()[:5] == ["2", "3", "update", "skus", ids["B1"]]
    run("delete", imports[1])
    ended = run("changes", imports[1])
    assert (ended.code, ended.out) == (0, "")
    assert f"import {imports[1]} tells of no change" in ended.err


def test_an_undo_tells_what_it_has_given_back_and_removed(run, make_file, imports, ids):
    run("import", "price_lists", make_file("l.csv", "name,currency_code\nEU,EUR\n"))
    prices = make_file("p.csv", "sku_code,amount_cents\nB1,1250\n")
    run("import", "prices", prices, "--parent", "EU")
    (price,) = run("records", "prices", "--json").data
    with open_longshore(Settings.from_environment(os.environ)) as longshore:

        def decode(id: str) -> int:
            key = longshore.public_ids.decode(id)
            assert key is not None
            return key

        environment = longshore.organizations.environment("default", "test").number
        with longshore.database.write() as tx:
            new = NewUndo(
                environment=environment,
                tables=frozenset(["skus"]),
                changes_count=2,
                import_id=ImportId(decode(imports[1])),
            )
            undo = create_undo(tx, new)
            actor = Actor(ActorKind.UNDO, undo.id)
            updates = NewUpdates(
                row_numbers=[2],
                table_names=["prices"],
                record_types=["prices"],
                record_ids=[decode(price["id"])],
                changes=['{"amount_cents": [1300, 1250]}'],
            )
            append_updates(tx, updates, environment=environment, actor=actor, at=tx.now())
            gone = Destroyed(
                table_name="skus",
                record_type="skus",
                record_id=environment << 40 | 999_999,
                image={"created_at": 1, "code": "B3"},
            )
            append_destructions(tx, [gone], environment=environment, actor=actor)
        public_id = longshore.public_ids.encode(undo.id)
        gone_id = longshore.public_ids.encode(gone.record_id)
    given_back, removed = run("changes", public_id, "--json").data
    assert given_back["changes"] == {"amount_cents": [1300, 1250]}
    assert given_back["amounts"] == {"amount_cents": ["13.00 EUR", "12.50 EUR"]}
    assert given_back["record"] == {"type": "prices", "id": price["id"]}
    assert (removed["event"], removed["changes"]) == ("destroy", {"code": ["B3", None]})
    assert "amount_cents 13.00 EUR -> 12.50 EUR" in run("changes", public_id).out
    told = run("changes", gone_id, "--json").data
    assert [each["event"] for each in told] == ["create", "destroy"]
    assert told[1]["who"]["worker"] == {"type": "import_undos", "id": public_id}
    blamed = run("blame", "prices", price["id"], "amount_cents", "--json").data[0]
    assert blamed["takes_back"] == imports[1]
    assert f"undo {public_id} of {imports[1]}" in run("blame", "prices", price["id"]).out
    ended = run("changes", public_id, "--mode", "live")
    assert ended.code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["aBcDeFgHiJ"], "there is no record, import, plan or undo 'aBcDeFgHiJ'"),
        ([""], "there is no record, import, plan or undo ''"),
        (["x", "--after", "-1"], "-1 is not in the range x>=0"),
        (["x", "--limit", "0"], "0 is not in the range x>=1"),
    ],
)
def test_what_is_not_there_is_refused(run, arguments, said):
    ended = run("changes", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


def test_environments_are_apart(run, imports, ids):
    for id in (imports[0], ids["B1"]):
        ended = run("changes", id, "--mode", "live")
        assert (ended.code, ended.out) == (2, "")


def test_a_plan_tells_what_its_rows_would_change(run, make_file, imports, ids):
    file = make_file("planned.csv", "code,name,tags\nB2,Two,\nB1,Ein,green\nB4,Vier,\n")
    (category,) = run("records", "shipping_categories", "--json").data
    plan = run("plan", "skus", file, "--parent", category["id"], "--json").data["id"]
    updated, tag, created = run("changes", plan, "--json").data
    assert (updated["row"], updated["event"]) == (2, "update")
    assert updated["record"] == {"type": "skus", "id": ids["B1"]}
    assert updated["changes"]["name"] == ["Uno", "Ein"]
    assert (tag["event"], tag["record"]) == ("create", {"type": "tags", "id": None})
    assert (created["row"], created["event"], created["record"]) == (3, "create", None)
    assert 'name "Uno" -> "Ein"' in run("changes", plan).out
    ended = run("changes", plan, "--after", 3)
    assert f"plan {plan} tells of no change behind number 3" in ended.err
