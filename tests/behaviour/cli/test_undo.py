"""`longshore undo`: what an import has done taken back, and what is said of it."""

import os
import signal
from typing import Any

import pytest

from longshore.assembly import open_longshore
from longshore.cli.import_work import Work
from longshore.cli.stops import StopRequested, watch_for_stops
from longshore.settings import Settings

HEADER = "code,name,do_not_ship\n"


def csv(rows: "dict[str, str]") -> str:
    return HEADER + "".join(f"{code},{name},true\n" for code, name in rows.items())


@pytest.fixture
def load(run, make_file):
    """Imports SKUs, names by code; the id of the import."""

    def load(rows: "dict[str, str]") -> str:
        ended = run("import", "skus", make_file("skus.csv", csv(rows)), "--json")
        assert ended.code == 0, ended.err
        return str(ended.data["id"])

    return load


@pytest.fixture
def names(run):
    """The names of all SKUs, by code."""

    def names() -> "dict[str, str]":
        attributes = (each["attributes"] for each in run("records", "skus", "--json").data)
        return {each["code"]: each["name"] for each in attributes}

    return names


def sku_id(run: Any, code: str) -> str:
    (only,) = run("records", "skus", "--filter", f"code_eq={code}", "--json").data
    return str(only["id"])


OLD = {f"OLD{n:03}": f"Old {n}" for n in range(500)}
RENAMED = {code: f"New {code}" for code in OLD}
NEW = {f"NEW{n:03}": f"New {n}" for n in range(500)}


@pytest.mark.usefixtures("on_every_database")
def test_a_thousand_rows_are_tried_taken_back_and_brought_back(run, load, names, make_file) -> None:
    """Half of the rows are updates; three records are edited by somebody else, and an order has a
    fourth."""
    load(OLD)
    import_id = load({**RENAMED, **NEW})
    load({"OLD007": "Mine", "OLD008": "Mine", "NEW009": "Mine"})
    address = '{"business": true, "company": "M", "line_1": "Via", "city": "Roma", "zip_code": "1"'
    address += ', "state_code": "RM", "country_code": "IT", "phone": "1"}'
    merchants = make_file("merchants.json", f'[{{"name": "M", "address": {address}}}]')
    assert run("import", "merchants", merchants).code == 0
    run("import", "price_lists", make_file("lists.csv", "name,currency_code\nL,EUR\n"))
    run("import", "inventory_models", make_file("models.csv", "name\nI\n"))
    market = "name,merchant.name,price_list.name,inventory_model.name\nEU,M,L,I\n"
    assert run("import", "markets", make_file("markets.csv", market)).code == 0
    sold = sku_id(run, "NEW010")
    items = f'{{"name": "Sold", "quantity": 1, "unit_amount_cents": 1, "item_id": "{sold}"'
    items += ', "item_type": "skus"}'
    order = f'[{{"market": {{"name": "EU"}}, "line_items": [{items}]}}]'
    ordered = run("import", "orders", make_file("orders.json", order))
    assert ordered.code == 0, ordered.out + ordered.err
    edited = names()

    tried = run("undo", import_id, "--dry-run", "--json")
    assert tried.code == 1
    assert (tried.data["id"], tried.data["attributes"]["dry_run"]) == (None, True)
    assert names() == edited
    assert run("undos").out == ""

    undone = run("undo", import_id, "--json")
    assert undone.code == 1
    data = undone.data
    assert data["type"] == "import_undos"
    attributes = data["attributes"]
    for name in ("restored_count", "removed_count", "kept_count", "kept_log"):
        assert attributes[name] == tried.data["attributes"][name]
    assert attributes["status"] == "completed"
    counts = [attributes[f"{name}_count"] for name in ("restored", "removed", "kept")]
    assert counts == [498, 498, 4]
    reasons = {reason: len(parts) for reason, parts in attributes["kept_log"].items()}
    assert reasons == {"changed_since": 3, "referred_to": 1}
    (referred,) = attributes["kept_log"]["referred_to"]
    assert (referred["record"], referred["row"]) == ({"type": "skus", "id": sold}, 511)
    assert names() == {
        **OLD,
        "OLD007": "Mine",
        "OLD008": "Mine",
        "NEW009": "Mine",
        "NEW010": "New 10",
    }
    assert "keeps nothing" not in run("kept", data["id"]).err
    kept = run("kept", data["id"], "--json").data
    assert sorted(each["reason"] for each in kept) == ["changed_since"] * 3 + ["referred_to"]

    redone = run("undo", data["id"], "--json")
    assert redone.code == 0
    assert redone.data["attributes"]["undo_id"] == data["id"]
    assert names() == edited


def test_the_report_says_what_stays_why_and_what_to_do(run, load) -> None:
    load({"A": "Old", "B": "Old"})
    import_id = load({"A": "New", "B": "New", "C": "New"})
    load({"A": "Mine"})
    tried = run("undo", import_id, "--dry-run")
    assert (tried.code, tried.facts["dry run"]) == (1, "nothing was written")
    ended = run("undo", import_id)
    assert ended.code == 1
    facts = ended.facts
    assert [facts[name] for name in ("restored", "removed", "kept")] == ["1", "1", "1"]
    assert facts["of import"] == import_id
    assert "kept, changed by somebody else since (changed_since): 1 part" in ended.out
    assert f"skus  {sku_id(run, 'A')}" in ended.out
    assert "hint: longshore changes RECORD shows what was changed" in ended.err
    undo_id = facts["undo"]
    assert f"hint: longshore undo {undo_id} takes this back" in ended.err
    shown = run("show", undo_id)
    assert shown.facts["status"] == "completed"
    assert "(changed_since)" in shown.out
    assert run("show", undo_id, "--json").data["id"] == undo_id
    assert undo_id in run("undos").out
    assert [each["id"] for each in run("undos", "--json").data] == [undo_id]
    assert run("show", import_id, "--json").data["meta"]["undo"]["id"] == undo_id
    interrupted = run("interrupt", undo_id)
    assert (interrupted.code, interrupted.err) == (
        2,
        f"error: the undo {undo_id} is completed already, only pending and running ones can be "
        "interrupted\n",
    )


def test_what_cannot_be_taken_back_is_refused_with_a_hint(run, load) -> None:
    import_id = load({"A": "Old"})
    same = load({"A": "Old"})

    def refused(*arguments: object) -> str:
        ended = run("undo", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert run("undo", *arguments, "--dry-run").err == ended.err
        return str(ended.err)

    assert "`longshore imports` lists imports, `longshore undos` undos" in refused("nothing")
    assert "has changed nothing, so there is nothing to take back" in refused(same)
    undo_id = run("undo", import_id, "--json").data["id"]
    assert f"hint: longshore undo {undo_id} brings it into effect again" in refused(import_id)
    assert run("undo", undo_id).code == 0
    run("delete", import_id)
    assert f"the import {import_id} is deleted" in refused(import_id)
    assert "there is no undo" in run("kept", import_id).err


@pytest.mark.usefixtures("on_every_database")
def test_a_dry_run_tells_how_far_it_is_and_a_signal_ends_it(run, load) -> None:
    load({"A": "Old"})
    import_id = load({"A": "New", "B": "New"})
    told: list[tuple[int, int]] = []
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        environment = longshore.organizations.environment("default", "test")
        of = longshore.undos.undoable(environment, import_id)
        longshore.undos.try_(of, on_progress=lambda *counts: told.append(counts))
        with watch_for_stops() as stops:
            signal.raise_signal(signal.SIGINT)
            with pytest.raises(StopRequested):
                Work(longshore, environment, stops).try_undo(of)
    assert told[-1] == (2, 2)
    assert run("undos").out == ""


def test_what_is_asked_of_an_import_is_refused_of_an_undo_with_what_to_ask_it(run, load) -> None:
    undo_id = run("undo", load({"A": "New"}), "--json").data["id"]
    for command in ("rows", "errors", "retry", "delete"):
        refused = run(command, undo_id)
        assert refused.code == 2
        assert f"{undo_id!r} is an undo, and no import" in refused.err
    assert f"hint: longshore show {undo_id} tells what it has done" in refused.err
    assert run("changes", undo_id).code == 0


def test_nobody_sees_undos_of_another_place(run, load) -> None:
    import_id = load({"A": "Old"})
    undo_id = run("undo", import_id, "--json").data["id"]
    run("organizations", "create", "acme")
    for place in (("--mode", "live"), ("--organization", "acme")):
        assert run("undos", *place, "--json").data == []
        assert run("undo", undo_id, *place).code == 2
        assert run("show", undo_id, *place).code == 2
        assert run("kept", undo_id, *place).code == 2
