"""Keys that older releases have stored: rewritten once, and those told that would meet others."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.assembly import Longshore, migrate_database, open_longshore
from longshore.catalogue import load_catalogue
from longshore.database import read_installation
from longshore.engine import Respelled, respell_keys
from tests.behaviour.conftest import Databases
from tests.behaviour.engine.organization import Organization, found
from tests.behaviour.engine.test_table_changes import grown

CATALOGUE = load_catalogue()
SKU = {"name": "x", "do_not_ship": True}


@pytest.fixture
def longshore(kind_of_database: Databases, tmp_path: Path) -> Iterator[Longshore]:
    settings = kind_of_database.settings(tmp_path / "data")
    with open_longshore(replace(settings, chunk_milliseconds=0)) as longshore:
        yield longshore


@pytest.fixture
def shop(longshore: Longshore) -> Organization:
    return found(longshore)


def age(shop: Organization, resource_type: str, id: str, name: str, text: str) -> None:
    """Let a record have a text and its key as releases before 0.2 stored them."""
    stripped = text.strip()
    folded = stripped.casefold() if name == "email" else stripped
    key = f"{shop.environment.number}:{folded}" if folded else None
    with shop.longshore.database.write() as tx:
        statement = f'UPDATE "{resource_type}" SET {name} = ?, {name}_key = ? WHERE id = ?'
        assert tx.execute(statement, (text, key, shop.inside(id))) == 1
        tx.execute("UPDATE installation SET keys_spelled_at = NULL")


def respell(shop: Organization) -> tuple[int, int]:
    done = respell_keys(shop.longshore.database, CATALOGUE)
    return done.changed, done.met


def keys_of(shop: Organization, table: str, column: str) -> list[str]:
    with shop.longshore.database.read() as tx:
        return [key for (key,) in tx.fetch(f'SELECT {column} FROM "{table}" ORDER BY id')]


def test_records_that_are_rewritten_count_their_table(shop: Organization) -> None:
    age(shop, "skus", shop.have("skus", code="x"), "code", "A1 ")
    assert grown(shop, lambda: respell(shop)) == {"skus": 1}
    assert grown(shop, lambda: respell(shop)) == {}


@pytest.mark.parametrize(
    "text", ["A1 ", "\xa0A1", "\ufeffA1", "A1\u200b", " A1\u200b\u2060"], ids=ascii
)
def test_texts_and_keys_are_rewritten_and_journaled(shop: Organization, text: str) -> None:
    id = shop.have("skus", code="x")
    other = shop.have("skus", code="fine")
    age(shop, "skus", id, "code", text)
    assert respell(shop) == (1, 0)
    assert shop.values("skus", "code") == ["A1", "fine"]
    assert keys_of(shop, "skus", "code_key") == [
        f"{shop.environment.number}:{c}" for c in ("A1", "fine")
    ]
    (entry,) = shop.history(id)
    assert (entry.import_id, entry.changes) == (None, {"code": (text, "A1")})
    assert shop.history(other) == []
    assert respell(shop) == (0, 0)
    assert len(shop.history(id)) == 1
    assert shop.load("skus", [{"code": "A1"}]).counts == (0, 0, 1, 0)


def test_composed_letters_addresses_and_keys_of_several_parts(shop: Organization) -> None:
    sku = shop.have("skus", code="x")
    age(shop, "skus", sku, "code", "e\u0301")
    customer = shop.have("customers", email="a@example.com")
    age(shop, "customers", customer, "email", "Ada@Example.com\u200b")
    row = {"customer_id": customer, "reference": "r"}
    assert shop.load("customer_subscriptions", [row]).counts == (1, 0, 0, 0)
    (before,) = keys_of(shop, "customer_subscriptions", "customer_reference_key")
    with shop.longshore.database.write() as tx:
        tx.execute(
            "UPDATE customer_subscriptions SET reference = ?, customer_reference_key = ?",
            ("r\u200b", before + "\u200b"),
        )
    assert respell(shop) == (3, 0)
    assert shop.values("skus", "code") == ["é"]
    assert shop.values("customers", "email") == ["Ada@Example.com"]
    assert shop.values("customer_subscriptions", "reference") == ["r"]
    assert keys_of(shop, "customer_subscriptions", "customer_reference_key") == [before]


def test_records_that_would_meet_stay_as_they_are_and_are_listed(shop: Organization) -> None:
    plain, odd = shop.have("skus", code="A1"), shop.have("skus", code="x")
    first, second = shop.have("skus", code="y"), shop.have("skus", code="z")
    lone = shop.have("skus", code="lone")
    price = {"sku_id": odd, "amount_cents": 1, "price_list_id": shop.some("price_lists")}
    assert shop.load("prices", [price]).counts == (1, 0, 0, 0)
    for id, text in (
        (odd, "A1\u200b"),
        (first, "\u200bB1"),
        (second, "B1\ufeff"),
        (lone, "C1\u200b"),
    ):
        age(shop, "skus", id, "code", text)
    assert respell(shop) == (1, 3)
    assert shop.values("skus", "code") == ["A1", "A1\u200b", "\u200bB1", "B1\ufeff", "C1"]
    assert respell(shop) == (0, 3)
    met = [
        {record.id: (record.values, record.referrers) for record in meeting.records}
        for meeting in shop.longshore.records.key_meetings()
    ]
    assert met == [
        {plain: (["A1"], {}), odd: (["A1\u200b"], {"prices": 1})},
        {first: (["\u200bB1"], {}), second: (["B1\ufeff"], {})},
    ]
    # Whoever knows which one is meant renames it by its id, and the rest follows.
    assert shop.load("skus", [{"id": second, "code": "B2"}]).counts == (0, 1, 0, 0)
    assert respell(shop) == (1, 1)
    assert shop.values("skus", "code") == ["A1", "A1\u200b", "B1", "B2", "C1"]


def test_names_that_would_become_ambiguous_stay(shop: Organization) -> None:
    plain, odd = shop.have("price_lists", name="L"), shop.have("price_lists", name="M")
    age(shop, "price_lists", odd, "name", "L\u200b")
    assert respell(shop) == (0, 1)
    (meeting,) = shop.longshore.records.key_meetings()
    assert {each.id for each in meeting.records} == {plain, odd}


def test_environments_do_not_meet(shop: Organization, longshore: Longshore) -> None:
    other = found(longshore)
    other.have("skus", code="A1")
    age(shop, "skus", shop.have("skus", code="x"), "code", "A1\u200b")
    assert respell(shop) == (1, 0)
    assert (shop.values("skus", "code"), other.values("skus", "code")) == (["A1"], ["A1"])


class Ended(Exception):
    """Stands for whatever ends a process."""


def test_rewriting_that_was_ended_goes_on(shop: Organization) -> None:
    """A thousand records are a chunk: the first is stored, and the repetition does the rest."""
    assert shop.load("skus", [SKU | {"code": f"C{n}"} for n in range(1500)]).counts[0] == 1500
    with shop.longshore.database.write() as tx:
        tx.execute(
            "UPDATE skus SET code = code || ?, code_key = code_key || ?", ("\u200b", "\u200b")
        )

    def end() -> None:
        raise Ended

    with pytest.raises(Ended):
        respell_keys(shop.longshore.database, CATALOGUE, on_chunk=end)
    assert respell_keys(shop.longshore.database, CATALOGUE) == Respelled(changed=500, met=0)
    assert shop.values("skus", "code") == [f"C{n}" for n in range(1500)]
    with shop.longshore.database.read() as tx:
        assert tx.fetch("SELECT count(*), count(DISTINCT record_id) FROM entries") == [(1500, 1500)]


def test_opening_and_migrating_rewrite_once(shop: Organization, longshore: Longshore) -> None:
    id = shop.have("skus", code="x")
    age(shop, "skus", id, "code", "A1\u200b")
    settings = longshore.settings
    if longshore.database.is_embedded:
        open_longshore(settings).close()
    else:
        assert migrate_database(settings)[1] == Respelled(changed=1, met=0)
    assert shop.values("skus", "code") == ["A1"]
    with longshore.database.read() as tx:
        assert read_installation(tx).keys_spelled_at is not None
    done, keys = migrate_database(settings)
    assert (done.has_changed, keys) == (False, Respelled(changed=0, met=0))
