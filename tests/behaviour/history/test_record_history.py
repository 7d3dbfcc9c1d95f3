"""What a record went through is told from its creation on, also when it is gone."""

import json
from collections.abc import Mapping
from typing import Any

from longshore.history import Change, created_record, history_of
from longshore.journal import Actor, ActorKind
from tests.behaviour.engine.organization import SOMEBODY, Organization


def history(shop: Organization, table: str, id: str, *, after: int | None = None) -> list[Change]:
    with shop.longshore.database.read() as tx:
        return list(history_of(tx, shop.longshore.catalogue, table, shop.inside(id), after=after))


def told(changes: list[Change]) -> list[tuple[str, Mapping[str, tuple[object, object]]]]:
    return [(change.event, change.payload) for change in changes]


def destroy(shop: Organization, resource_type: str, id: str) -> None:
    environment, writer = shop.environment, shop.writer
    assert writer.delete(environment, resource_type, shop.inside(id), creator=SOMEBODY).is_done


def test_a_record_that_is_gone_is_told_from_its_creation_to_its_end(shop: Organization) -> None:
    category = shop.some("shipping_categories")
    row = {"code": "A", "name": "Tee", "shipping_category_id": category, "tags": [{"name": "new"}]}
    first = shop.load("skus", [row])
    sku = shop.one("skus")["id"]
    (tag,) = shop.values("tags", "id")
    shop.load("skus", [{"code": "A", "name": "Shirt", "tags": []}])
    before = told(history(shop, "skus", sku))
    destroy(shop, "skus", sku)
    changes = history(shop, "skus", sku)
    assert told(changes)[:2] == before
    created, updated, destroyed = told(changes)
    assert (created[0], updated[0], destroyed[0]) == ("create", "update", "destroy")
    assert created[1] == {
        "code": (None, "A"),
        "name": (None, "Tee"),
        "shipping_category_id": (None, category),
        "tags": (None, [tag]),
        "do_not_ship": (None, False),
        "do_not_track": (None, False),
        "metadata": (None, {}),
    }
    assert destroyed[1] == {
        "code": ("A", None),
        "name": ("Shirt", None),
        "shipping_category_id": (category, None),
        "do_not_ship": (False, None),
        "do_not_track": (False, None),
        "metadata": ({}, None),
    }
    assert [change.actor for change in changes][::2] == [
        Actor(None, first.import_.id),
        Actor(ActorKind.APPLICATION, SOMEBODY),
    ]
    assert changes[0].at <= changes[1].at <= changes[2].at
    assert history(shop, "skus", sku, after=changes[0].number) == changes[1:]
    assert history(shop, "skus", sku, after=changes[1].number) == changes[2:]


def test_a_create_is_rebuilt_as_it_was_stored(shop: Organization) -> None:
    """Each field from its first change, whatever happened to it later."""
    sku = shop.have("skus", code="A", name="1", description="x")
    for name in ("2", "3"):
        shop.load("skus", [{"code": "A", "name": name}])
    shop.load("skus", [{"code": "A", "description": None, "do_not_ship": True}])
    for _ in ("as it is", "as it was"):
        with shop.longshore.database.read() as tx:
            created = created_record(tx, shop.longshore.catalogue, "skus", shop.inside(sku))
        assert created is not None
        assert created.creator == SOMEBODY
        assert {name: created.fields[name] for name in ("name", "description")} == {
            "name": "1",
            "description": "x",
        }
        assert created.fields["do_not_ship"] in (0, False)
        if shop.values("skus", "code"):
            destroy(shop, "skus", sku)


def test_of_a_record_that_there_never_was_nothing_is_told(shop: Organization) -> None:
    sku = shop.have("skus")
    unknown = shop.longshore.public_ids.encode(shop.inside(sku) + 1_000_000)
    assert history(shop, "skus", unknown) == []


def test_a_record_that_an_older_release_destroyed_is_told(shop: Organization) -> None:
    """It kept an image of its own for each, without creator and tags."""
    sku = shop.have("skus", code="A", tags=[{"name": "red"}])
    with shop.longshore.database.read() as tx:
        ((at,),) = tx.fetch("SELECT created_at FROM skus WHERE id = ?", (shop.inside(sku),))
    destroy(shop, "skus", sku)
    (entry,) = shop.history(sku)
    assert entry.image is not None
    image: dict[str, Any] = {**entry.image}
    assert (image.pop("creator_id"), len(image.pop("tags"))) == (SOMEBODY, 1)
    with shop.longshore.database.write() as tx:
        tx.execute(
            "UPDATE entries SET image_id = NULL, image = ? WHERE id = ?",
            (json.dumps(image), entry.id),
        )
    created, destroyed = history(shop, "skus", sku)
    assert (created.event, created.at, created.actor) == ("create", at, None)
    assert created.payload["code"] == (None, "A")
    assert destroyed.payload["code"] == ("A", None)


def test_an_image_has_what_a_record_needs_to_come_back(shop: Organization) -> None:
    """Creator and times, its tags, and of a tag the records that bore it; sums follow by
    themselves, and what is confidential is lost."""
    first, second = (shop.have("skus", code=code, tags=[{"name": "red"}]) for code in "AB")
    (tag,) = shop.values("tags", "id")
    destroy(shop, "skus", first)
    (entry,) = shop.history(first)
    assert entry.image is not None
    assert entry.image["tags"] == [shop.inside(tag)]
    assert entry.image["creator_id"] == SOMEBODY
    assert entry.image["created_at"] <= entry.image["updated_at"] <= entry.at
    destroy(shop, "tags", tag)
    (entry,) = shop.history(tag)
    assert entry.image is not None
    assert entry.image["bearers"] == [shop.inside(second)]
