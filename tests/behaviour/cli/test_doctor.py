"""`longshore doctor keys`: records whose keys differ in what nobody sees."""

import os
from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.settings import Settings

pytestmark = pytest.mark.usefixtures("on_every_database")


@pytest.fixture
def aged(run, category, make_file, data: Path) -> None:
    """SKUs as a release before 0.2 has stored them: A1, A1 with a zero-width space, and B1."""
    file = make_file("skus.csv", "code,name\nA1,a\nA2,b\nB1,c\n")
    assert run("import", "skus", file, "--parent", category).code == 0
    prices = make_file("prices.csv", "sku_code,amount_cents\nA2,5\n")
    lists = make_file("lists.csv", "name,currency_code\nL,EUR\n")
    assert run("import", "price_lists", lists).code == 0
    assert run("import", "prices", prices, "--parent", "L").code == 0
    with (
        open_longshore(Settings.from_environment(os.environ)) as longshore,
        longshore.database.write() as tx,
    ):
        for name, text in (("b", "A1\u200b"), ("c", "B1\u200b")):
            tx.execute(
                "UPDATE skus SET code = ?, code_key = (id >> 40) || ? WHERE name = ?",
                (text, f":{text}", name),
            )
        tx.execute("UPDATE installation SET keys_spelled_at = NULL")


def test_nothing_to_tell_is_told(run, category) -> None:
    ended = run("doctor", "keys")
    assert (ended.code, ended.out) == (0, "no keys differ only in what nobody sees\n")
    assert run("doctor", "keys", "--json").data == []


def test_migrate_rewrites_what_it_can_and_says_what_it_cannot(run, aged) -> None:
    ended = run("migrate")
    assert ended.code == 0
    assert "spelled the keys of 1 record as keys are" in ended.out
    assert "warning: keys of 1 record stay" in ended.err
    assert "hint: `longshore doctor keys` lists them" in ended.err
    codes = [each["attributes"]["code"] for each in run("records", "skus", "--json").data]
    assert sorted(codes) == ["A1", "A1\u200b", "B1"]
    assert run("migrate", "--json").data["keys"] == {"changed": 0, "left": 1}


def test_doctor_lists_them_with_what_refers_to_each(run, aged) -> None:
    run("migrate")
    (met,) = run("doctor", "keys", "--json").data
    assert {name: met[name] for name in ("organization", "mode", "type", "key")} == {
        "organization": "default",
        "mode": "test",
        "type": "skus",
        "key": ["code"],
    }
    assert [(each["values"], each["referrers"]) for each in met["records"]] == [
        (["A1"], {}),
        (["A1\u200b"], {"prices": 1}),
    ]
    text = run("doctor", "keys").out
    assert "skus (default, test): code\n" in text
    assert f"  {met['records'][1]['id']}  'A1\\u200b'  referred to by 1 prices\n" in text
    assert run("records", "prices", "--json").data, "nothing is merged"


def test_folder_without_data_is_refused(run, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.delenv("LONGSHORE_DATABASE_URL", raising=False)
    ended = run("doctor", "keys", "--data", tmp_path / "nothing")
    assert ended.code == 2
    assert not (tmp_path / "nothing").exists()
