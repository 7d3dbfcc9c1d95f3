"""An undo takes back what an import did, as far as nobody has touched it since."""

from tests.behaviour.engine.organization import SOMEBODY, Organization
from tests.behaviour.engine.undoing import state, undo


def skus(*codes: str, **fields: object) -> list[dict[str, object]]:
    """Rows of SKUs."""
    return [{"code": code, "name": code.lower(), "do_not_ship": True, **fields} for code in codes]


def update(shop: Organization, resource_type: str, id: str, **fields: object) -> None:
    """Somebody else's change."""
    done = shop.writer.update(
        shop.environment, resource_type, shop.inside(id), fields, creator=SOMEBODY
    )
    assert done.record_id is not None, done.findings


def test_updates_are_given_back_and_the_journal_tells(shop: Organization) -> None:
    shop.load("skus", skus("A", "B", "C"))
    before = state(shop, "skus")
    rows = [{"code": code, "name": f"new {code}", "pieces_per_pack": 3} for code in "ABC"]
    changed = shop.load("skus", rows)
    assert changed.counts == (0, 3, 0, 0)
    done = undo(shop, changed.import_)
    assert (done.undo.status, done.counts, done.reasons) == ("completed", (3, 0, 0), {})
    assert state(shop, "skus") == before
    (last, *_) = shop.history(before["skus"][0]["id"])[::-1]
    assert last.changes == {"name": ("new A", "a"), "pieces_per_pack": (3, None)}
    assert (last.actor.kind, last.actor.id) == ("undo", done.undo.id)
    assert (done.undo.done_count, done.undo.changes_count) == (3, 3)


def test_a_field_that_somebody_has_changed_since_stays(shop: Organization) -> None:
    shop.load("skus", skus("A", "B"))
    changed = shop.load("skus", [{"code": c, "name": "x", "description": "y"} for c in "AB"])
    first, second = shop.values("skus", "id")
    update(shop, "skus", first, name="by hand")
    update(shop, "skus", second, name="by hand")
    update(shop, "skus", second, name="x")  # the same value is somebody's all the same
    done = undo(shop, changed.import_)
    assert done.reasons == {(first, "name"): "changed_since", (second, "name"): "changed_since"}
    assert shop.values("skus", "name", "description") == [("by hand", None), ("x", None)]
    assert done.counts == (2, 0, 2)


def test_created_records_are_gone_and_come_back_as_they_were(shop: Organization) -> None:
    loaded = shop.load("skus", skus("A", "B", tags=[{"name": "new"}, {"name": "old"}]))
    before = state(shop, "skus", "tags")
    done = undo(shop, loaded.import_)
    assert (done.counts, done.reasons) == ((0, 4, 0), {})
    assert state(shop, "skus", "tags") == {"skus": [], "tags": []}
    again = undo(shop, done.undo)
    assert (again.counts, again.reasons) == ((4, 0, 0), {})
    assert state(shop, "skus", "tags") == before
    gone = undo(shop, loaded.import_)
    assert gone.counts == (0, 4, 0)
    assert state(shop, "skus", "tags") == {"skus": [], "tags": []}
