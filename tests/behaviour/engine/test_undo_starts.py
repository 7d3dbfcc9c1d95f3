"""Undos begun: of several at once exactly one, and none of what was taken back already."""

import threading
from collections.abc import Sequence

import pytest

from longshore.imports import Import
from longshore.operations import Asker, UndoConflict, UndoRefused
from longshore.undos import Undo
from tests.behaviour.engine.organization import Organization


def made(shop: Organization, count: int = 3) -> Import:
    rows = [{"code": f"A{number}", "name": "a", "do_not_ship": True} for number in range(count)]
    return shop.load("skus", rows).import_


def changed(shop: Organization) -> None:
    """Somebody else changes the first SKU, so that it is kept."""
    shop.load("skus", [{"code": "A0", "name": "b"}])


def taken_back(shop: Organization, of: Import | Undo, seen: str | None = None) -> Undo:
    undos = shop.longshore.undos
    return undos.run(undos.start(Asker(environment=shop.environment), of, seen=seen).id)


def asked_at_once(
    shop: Organization, of: Sequence[Import | Undo]
) -> tuple[list[Undo], list[UndoConflict]]:
    """What becomes of undos for which somebody asks at the same moment."""
    together = threading.Barrier(len(of))
    begun: list[Undo] = []
    refused: list[UndoConflict] = []

    def start(each: Import | Undo) -> None:
        together.wait()
        try:
            begun.append(shop.longshore.undos.start(Asker(environment=shop.environment), each))
        except UndoConflict as conflict:
            refused.append(conflict)

    threads = [threading.Thread(target=start, args=(each,)) for each in of]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return begun, refused


def test_of_many_at_the_same_moment_exactly_one_is_begun(shop: Organization) -> None:
    begun, refused = asked_at_once(shop, [made(shop)] * 6)
    assert (len(begun), len(refused)) == (1, 5)


def test_of_an_import_and_its_undo_at_the_same_moment_one_is_taken_back(
    shop: Organization,
) -> None:
    import_ = made(shop)
    changed(shop)
    undo = taken_back(shop, import_)
    assert (undo.removed_count, undo.kept_count) == (2, 1)
    begun, refused = asked_at_once(shop, [import_, undo] * 3)
    assert (len(begun), len(refused)) == (1, 5)


def test_what_was_looked_at_before_another_undo_is_not_begun(shop: Organization) -> None:
    import_ = made(shop)
    changed(shop)
    seen = shop.longshore.undos.newest(import_)
    first = taken_back(shop, import_, seen)
    name = shop.longshore.public_ids.encode(first.id)
    with pytest.raises(UndoConflict, match=f"the undo {name} was begun after this was shown"):
        taken_back(shop, import_, seen)
    assert shop.longshore.undos.newest(import_) == name
    assert taken_back(shop, import_, name).removed_count == 0


def test_what_came_back_by_an_earlier_undo_is_taken_back_again(shop: Organization) -> None:
    """The last undo has left nothing; then what the one before it removed is brought back."""
    import_ = shop.load("shipping_categories", [{"name": name} for name in "FGH"]).import_
    rows = [{"code": "A", "name": "a", "shipping_category.name": "F"}]
    referring = shop.load("skus", rows).import_
    first = taken_back(shop, import_)
    assert (first.removed_count, first.kept_count) == (2, 1)
    taken_back(shop, referring)
    last = taken_back(shop, import_)
    assert (last.removed_count, last.kept_count) == (1, 0)
    with pytest.raises(UndoRefused, match="is taken back already"):
        taken_back(shop, import_)
    assert taken_back(shop, first).restored_count == 2
    assert taken_back(shop, import_).removed_count == 2
    assert shop.all("shipping_categories") == []
