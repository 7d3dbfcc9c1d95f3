"""An undo takes back what an import did, as far as nobody has touched it since."""

import pytest

from longshore.engine import StepBack, TakenBack, Undone, try_undos
from longshore.identifiers import ImportId
from longshore.undos import interrupt_undo
from tests.behaviour.engine.organization import SOMEBODY, Organization
from tests.behaviour.engine.undoing import ask_for_undo, reasons, state, told, undo


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


def destroy(shop: Organization, resource_type: str, id: str) -> None:
    """Somebody destroys a record."""
    done = shop.writer.delete(shop.environment, resource_type, shop.inside(id), creator=SOMEBODY)
    assert done.is_done, done


def test_keys_that_were_swapped_in_one_chunk_and_over_several_are_given_back(
    shop: Organization,
) -> None:
    shop.load("skus", skus("A", "B", "C", "D"))
    before = state(shop, "skus")
    ids = shop.values("skus", "id")
    for size in (1, 2, 100):
        chain = ["X", "A", "B", "C"]  # each takes the code that the one before gave up
        rows = [{"id": id, "code": code} for id, code in zip(ids, chain, strict=True)]
        rows += [{"id": ids[0], "code": "D"}]
        changed = shop.in_chunks(size).load("skus", rows)
        assert changed.counts == (0, 5, 0, 0)
        assert shop.values("skus", "code") == ["D", "A", "B", "C"]
        done = undo(shop, changed.import_)
        assert (done.counts, done.reasons) == ((4, 0, 0), {})
        assert state(shop, "skus") == before
        assert undo(shop, done.undo).counts == (4, 0, 0)
        assert shop.values("skus", "code") == ["D", "A", "B", "C"]
        assert undo(shop, changed.import_).counts == (4, 0, 0)
        assert state(shop, "skus") == before


def test_a_field_that_several_chunks_have_changed_goes_back_through_all(
    shop: Organization,
) -> None:
    shop.load("skus", skus("A"))
    rows = [{"code": "A", "name": name} for name in ("one", "two", "three")]
    for size in (1, 2, 3):
        changed = shop.in_chunks(size).load("skus", rows)
        assert undo(shop, changed.import_).counts == (1, 0, 0)
        assert shop.values("skus", "name") == ["a"]


def test_every_reason(shop: Organization) -> None:
    """Each one by what really happens in a shop."""
    shop.load("skus", skus("A", "B", "C", "D", "E", "F"))
    category = shop.have("shipping_categories", name="gone soon")
    a, b, c, d, e, _ = shop.values("skus", "id")
    update(shop, "skus", c, shipping_category_id=category, do_not_ship=False)
    other = shop.some("shipping_categories")
    rows = [
        {"code": "A", "name": "new", "description": "new"},
        {"id": b, "code": "B2"},
        {"code": "C", "shipping_category_id": other},
        {"code": "D", "shipping_category_id": other, "do_not_ship": False},
        {"code": "E", "name": "new"},
        *skus("N1", "N2", "N3"),
    ]
    changed = shop.load("skus", rows)
    assert changed.counts == (3, 5, 0, 0)
    n1, n2, n3 = shop.values("skus", "id")[-3:]
    update(shop, "skus", a, name="by hand")
    shop.load("skus", skus("B"))
    destroy(shop, "shipping_categories", category)
    destroy(shop, "skus", e)
    shop.have("prices", sku_id=n1)
    update(shop, "skus", n2, name="by hand")
    destroy(shop, "skus", n3)
    done = undo(shop, changed.import_)
    shipping = "do_not_ship,shipping_category_id"
    assert done.reasons == {
        (a, "name"): "changed_since",
        (b, "code"): "key_taken",
        (c, shipping): "target_gone",
        (e, ""): "destroyed_since",
        (n1, ""): "referred_to",
        (n2, ""): "changed_since",
        (n3, ""): "destroyed_since",
    }
    assert done.counts == (2, 0, 7)  # the description of A, the shipping of D
    assert shop.one("skus", d)["shipping_category_id"] is None
    rows_told = {shop.longshore.public_ids.encode(k.record_id): k.row_number for k in done.kept}
    assert rows_told == {a: 1, b: 2, c: 3, e: 5, n1: 6, n2: 7, n3: 8}


def test_what_a_row_could_not_make_is_kept(shop: Organization) -> None:
    """The organization asks for telephone numbers since, and for shorter names of tags."""
    shop.with_flags(addresses_phone_required=False)
    address = shop.have("addresses", phone=None)
    tag = shop.have("tags", name="a-long-name")
    changed = shop.load("addresses", [{"id": address, "phone": "1"}])
    renamed = shop.load("tags", [{"id": tag, "name": "short"}])
    shop.with_flags(addresses_phone_required=True, tags_max_name_length=6)
    assert undo(shop, changed.import_).reasons == {(address, "phone"): "would_be_invalid"}
    assert undo(shop, renamed.import_).reasons == {(tag, "name"): "would_be_invalid"}
    shop.with_flags(addresses_phone_required=False)
    assert undo(shop, changed.import_).counts == (1, 0, 0)


def test_rows_without_a_ledger_and_what_is_confidential_are_purged(shop: Organization) -> None:
    shop.load("google_geocoders", [{"name": "G", "api_key": "old"}])
    (geocoder,) = shop.values("google_geocoders", "id")
    changed = shop.load("google_geocoders", [{"id": geocoder, "api_key": "new"}])
    assert changed.counts == (0, 1, 0, 0)
    assert undo(shop, changed.import_).reasons == {(geocoder, ""): "history_purged"}
    loaded = shop.load("skus", skus("A", "B"))
    with shop.longshore.database.write() as tx:
        tx.execute("DELETE FROM import_ledger WHERE import_id = ?", (loaded.import_.id,))
    done = undo(shop, loaded.import_)
    assert done.reasons == {("", ""): "history_purged"}
    assert done.kept[0].detail == {"rows": 2}


def test_what_is_confidential_stays_beside_what_is_given_back(shop: Organization) -> None:
    shop.load("google_geocoders", [{"name": "G", "api_key": "old"}])
    (geocoder,) = shop.values("google_geocoders", "id")
    changed = shop.load("google_geocoders", [{"id": geocoder, "name": "H", "api_key": "new"}])
    done = undo(shop, changed.import_)
    assert shop.values("google_geocoders", "name") == ["G"]
    assert done.counts == (1, 0, 1)
    assert done.reasons == {(geocoder, "api_key"): "history_purged"}
    assert undo(shop, done.undo).counts == (1, 0, 0)
    created = shop.load("google_geocoders", [{"name": "New", "api_key": "a"}])
    assert undo(shop, created.import_).counts == (0, 1, 0)


def test_what_is_confidential_does_not_come_back(shop: Organization) -> None:
    loaded = shop.load("google_geocoders", [{"name": "G", "api_key": "secret"}])
    (geocoder,) = shop.values("google_geocoders", "id")
    done = undo(shop, loaded.import_)
    assert done.counts == (0, 1, 0)
    assert undo(shop, done.undo).reasons == {(geocoder, ""): "would_be_invalid"}


def test_a_value_stays_with_its_unit(shop: Organization) -> None:
    shop.load("skus", skus("A", weight=1, unit_of_weight="gr"))
    (sku,) = shop.values("skus", "id")
    changed = shop.load("skus", [{"code": "A", "weight": 2}])
    update(shop, "skus", sku, unit_of_weight="oz")
    assert undo(shop, changed.import_).reasons == {(sku, "unit_of_weight,weight"): "changed_since"}
    assert shop.values("skus", "weight", "unit_of_weight") == [(2.0, "oz")]


def test_what_a_trigger_did_is_one(shop: Organization) -> None:
    first, second = (shop.have("orders", number=number) for number in "12")
    changed = shop.load("orders", [{"id": id, "_place": True} for id in (first, second)])
    assert changed.counts == (0, 2, 0, 0)
    update(shop, "orders", second, _approve=True)
    done = undo(shop, changed.import_)
    unit = "approved_at,archived_at,cancelled_at,placed_at,status"
    assert done.reasons == {(second, unit): "changed_since"}
    assert shop.values("orders", "status") == ["draft", "approved"]
    assert shop.one("orders", first)["placed_at"] is None


def test_polymorphic_pairs_go_together(shop: Organization) -> None:
    sku, bundle = shop.have("skus", code="S"), shop.have("bundles", code="B")
    attachment = shop.load(
        "attachments", [{"name": "a", "attachable_id": sku, "attachable_type": "skus"}]
    )
    assert attachment.counts == (1, 0, 0, 0)
    (id,) = shop.values("attachments", "id")
    changed = shop.load(
        "attachments", [{"id": id, "attachable_id": bundle, "attachable_type": "bundles"}]
    )
    assert changed.counts == (0, 1, 0, 0)
    destroyed_first = undo(shop, attachment.import_)
    assert destroyed_first.reasons == {(id, ""): "changed_since"}
    assert undo(shop, changed.import_).counts == (1, 0, 0)
    assert shop.one("attachments", id)["attachable_id"] == sku


def test_tags_are_given_back_and_those_made_on_the_way_go(shop: Organization) -> None:
    shop.load("skus", skus("A", tags=[{"name": "old"}]))
    before = state(shop, "skus", "tags")
    changed = shop.load("skus", [{"code": "A", "tags": [{"name": "new"}, {"name": "newer"}]}])
    done = undo(shop, changed.import_)
    assert (done.counts, done.reasons) == ((1, 2, 0), {})
    assert state(shop, "skus", "tags") == before
    assert undo(shop, done.undo).counts == (3, 0, 0)
    assert sorted(shop.one("skus")["tags"]) == ["new", "newer"]


def test_a_tag_that_somebody_uses_and_a_sku_that_a_line_names_stay(shop: Organization) -> None:
    loaded = shop.load("skus", skus("A", tags=[{"name": "new"}]))
    (sku,) = shop.values("skus", "id")
    (tag,) = shop.values("tags", "id")
    customer = shop.have("customers", tags=[{"name": "new"}])
    line = shop.have("line_items", sku_code="A")
    with shop.longshore.database.write() as tx:  # the text alone names it
        tx.execute("UPDATE line_items SET item_id = NULL WHERE id = ?", (shop.inside(line),))
    done = undo(shop, loaded.import_)
    assert done.reasons == {(sku, ""): "referred_to", (tag, ""): "referred_to"}
    destroy(shop, "customers", customer)
    destroy(shop, "line_items", line)
    assert undo(shop, loaded.import_).counts == (0, 2, 0)


def test_orders_come_back_with_their_lines_sums_and_customers(shop: Organization) -> None:
    sku = shop.have("skus", code="S")
    market = shop.some("markets")
    rows = [
        {
            "number": f"O{number}",
            "market_id": market,
            "customer_email": f"c{number % 2}@example.com",
            "line_items": [{"name": "x", "quantity": 2, "unit_amount_cents": 150, "sku_code": "S"}],
        }
        for number in range(5)
    ]
    kinds = ("orders", "line_items", "customers", "skus")
    empty = state(shop, *kinds)
    loaded = shop.in_chunks(2).load("orders", rows)
    assert loaded.counts == (5, 0, 0, 0)
    full = state(shop, *kinds)
    done = undo(shop, loaded.import_)
    assert (done.counts, done.reasons) == ((0, 12, 0), {})
    assert state(shop, *kinds) == empty
    again = undo(shop, done.undo)
    assert (again.counts, again.reasons) == ((12, 0, 0), {})
    assert state(shop, *kinds) == full
    assert sku in shop.values("skus", "id")
    lines = [{"id": id, "quantity": 5} for id in shop.values("line_items", "id")]
    changed = shop.load("line_items", lines)
    assert shop.values("orders", "subtotal_amount_cents") == [750] * 5
    assert undo(shop, changed.import_).counts == (5, 0, 0)
    assert shop.values("orders", "subtotal_amount_cents") == [300] * 5


def test_a_line_that_somebody_has_added_keeps_its_order(shop: Organization) -> None:
    loaded = shop.load("orders", [{"number": "1", "market_id": shop.some("markets")}])
    (order,) = shop.values("orders", "id")
    line = shop.have("line_items", order_id=order)
    assert undo(shop, loaded.import_).reasons == {(order, ""): "referred_to"}
    destroy(shop, "line_items", line)
    assert undo(shop, loaded.import_).counts == (0, 1, 0)


def test_what_a_kept_record_bears_or_names_is_kept_with_it(shop: Organization) -> None:
    market = shop.some("markets")
    rows = [
        {"number": number, "market_id": market, "tags": [{"name": name}]}
        for number, name in (("1", "kept"), ("2", "gone"))
    ]
    loaded = shop.load("orders", rows)
    order, _ = shop.values("orders", "id")
    kept, _ = shop.values("tags", "id")
    shop.have("line_items", order_id=order)
    done = undo(shop, loaded.import_)
    assert done.reasons == {(order, ""): "referred_to", (kept, ""): "referred_to"}
    assert done.counts == (0, 2, 2)
    assert shop.one("orders", order)["tags"] == ["kept"]


def test_the_first_reason_is_that_of_what_is_gone(shop: Organization) -> None:
    tag = shop.have("tags", name="old")
    loaded = shop.load("skus", skus("A", tags=[{"name": "old"}]))
    (sku,) = shop.values("skus", "id")
    done = undo(shop, loaded.import_)
    destroy(shop, "tags", tag)
    shop.load("skus", skus("A"))
    assert undo(shop, done.undo).reasons == {(sku, ""): "target_gone"}


def test_a_record_whose_key_is_taken_does_not_come_back(shop: Organization) -> None:
    loaded = shop.load("skus", skus("A", "B"))
    a, _ = shop.values("skus", "id")
    done = undo(shop, loaded.import_)
    shop.load("skus", skus("A"))
    again = undo(shop, done.undo)
    assert (again.counts, again.reasons) == ((1, 0, 1), {(a, ""): "key_taken"})


def test_a_record_whose_tag_is_gone_does_not_come_back(shop: Organization) -> None:
    tag = shop.have("tags", name="old")
    loaded = shop.load("skus", skus("A", tags=[{"name": "old"}]))
    (sku,) = shop.values("skus", "id")
    done = undo(shop, loaded.import_)
    assert done.counts == (0, 1, 0)
    destroy(shop, "tags", tag)
    again = undo(shop, done.undo)
    assert again.reasons == {(sku, ""): "target_gone"}
    assert again.kept[0].detail == {"field": "tags", "id": tag}


def test_an_undo_that_was_interrupted_is_gone_on_with_by_another_one(shop: Organization) -> None:
    shop.load("skus", skus("A", "B", "C"))
    before = state(shop, "skus")
    rows = [{"code": code, "name": name} for name in ("one", "two") for code in "ABC"]
    changed = shop.in_chunks(2).load("skus", [*rows, *skus("N")])
    half = ask_for_undo(shop, changed.import_)
    shop.longshore.parts.driver.run(half.id, should_stop=lambda: True)
    assert told(shop, half).undo.done_count == 1
    with shop.longshore.database.write() as tx:
        interrupt_undo(tx, half.id)
    assert told(shop, half).undo.status == "interrupted"
    done = undo(shop, changed.import_)
    assert (done.undo.status, done.reasons) == ("completed", {})
    assert state(shop, "skus") == before


def test_a_trial_says_what_the_undo_does_and_writes_nothing(shop: Organization) -> None:
    shop.load("skus", skus("A", "B"))
    changed = shop.load("skus", [*({"code": c, "name": "x"} for c in "AB"), *skus("N")])
    update(shop, "skus", shop.values("skus", "id")[0], name="by hand")
    before = state(shop, "skus")
    (trial,) = try_undos(
        shop.longshore.database,
        shop.longshore.catalogue,
        shop.longshore.settings,
        [Undone(import_id=changed.import_.id)],
        environment=shop.environment.number,
    )
    assert state(shop, "skus") == before
    done = undo(shop, changed.import_)
    foretold = (trial.restored_count, trial.removed_count, trial.kept_count)
    assert foretold == done.counts == (1, 1, 1)
    assert reasons(shop, trial.kept) == done.reasons


def test_an_import_takes_its_own_chunks_back(shop: Organization) -> None:
    """As one does that is all or nothing: its own changes, in the name of an undo with its id."""
    shop.load("skus", skus("A"))
    before = state(shop, "skus")
    changed = shop.in_chunks(1).load("skus", [{"code": "A", "name": "x"}, *skus("N")])
    import_id = ImportId(changed.import_.id)
    taken = TakenBack()
    with shop.longshore.database.write() as tx:
        back = StepBack(
            tx,
            shop.longshore.catalogue,
            shop.longshore.settings,
            Undone(import_id=import_id),
            environment=shop.environment.number,
            actor_id=import_id,
        )
        checkpoint = None
        while (step := back.step(tx, before=checkpoint)) is not None:
            taken.add(back.take_back(tx, step))
            checkpoint = step.checkpoint
    assert (taken.restored_count, taken.removed_count, taken.kept) == (1, 1, [])
    assert state(shop, "skus") == before
    assert undo(shop, changed.import_).counts == (0, 0, 0)


@pytest.mark.parametrize("point", ["undoing", "taken back", "noted", "undone"])
def test_an_undo_that_dies_ends_as_if_it_had_not(shop: Organization, point: str) -> None:
    shop.load("skus", skus("A", "B", "C"))
    before = state(shop, "skus")
    rows = [{"code": code, "name": "new"} for code in "ABC"]
    changed = shop.in_chunks(1).load("skus", [*rows, *skus("N", "M")])
    passed = 0

    def die(reached: str) -> None:
        nonlocal passed
        passed += reached == point
        if passed == 3 and reached == point:
            raise KeyboardInterrupt

    asked = ask_for_undo(shop, changed.import_)
    with pytest.raises(KeyboardInterrupt):
        shop.working(on_point=die).longshore.parts.driver.run(asked.id)
    assert told(shop, asked).undo.status == "in_progress"
    shop.longshore.parts.driver.run(asked.id)
    done = told(shop, asked)
    assert (done.undo.status, done.counts, done.reasons) == ("completed", (3, 2, 0), {})
    assert (done.undo.done_count, done.undo.changes_count) == (5, 5)
    assert state(shop, "skus") == before


def test_what_the_import_has_changed_of_its_own_records_goes_with_them(
    shop: Organization,
) -> None:
    rows = [*skus("A", "B"), {"code": "A", "name": "newer"}, {"code": "B", "name": "newer"}]
    loaded = shop.in_chunks(2).load("skus", rows)
    assert loaded.counts == (2, 2, 0, 0)
    _, second = shop.values("skus", "id")
    update(shop, "skus", second, description="by hand")
    done = undo(shop, loaded.import_)
    assert (done.counts, done.reasons) == ((0, 1, 1), {(second, ""): "changed_since"})
    assert shop.values("skus", "name") == ["newer"]


def test_records_are_given_back_alike_as_columns_and_one_by_one(shop: Organization) -> None:
    """Booleans, objects, links and keys that several records may have."""
    shop.load("skus", skus("A", "B", name="old", metadata={"a": [1]}, do_not_track=True))
    shop.load("customers", [{"email": f"{each}@example.com"} for each in "ab"])
    group = shop.have("customer_groups")
    changes: dict[str, dict[str, object]] = {
        "skus": {"name": "new", "metadata": {"b": 2.5}, "do_not_track": False},
        "customers": {"customer_group_id": group, "reference": "r"},
    }
    for resource_type, fields in changes.items():
        before = state(shop, resource_type)
        first, second = shop.values(resource_type, "id")
        changed = shop.load(resource_type, [{"id": id, **fields} for id in (first, second)])
        assert changed.counts == (0, 2, 0, 0)
        after = state(shop, resource_type)
        update(shop, resource_type, first, reference_origin="x")  # not as a column any more
        update(shop, resource_type, first, reference_origin=None)
        done = undo(shop, changed.import_)
        assert (done.counts, done.reasons) == ((2, 0, 0), {})
        assert state(shop, resource_type) == before
        one, two = (shop.history(id)[-1] for id in (first, second))
        assert (one.changes, one.actor) == (two.changes, two.actor)
        assert one.changes.keys() == fields.keys()
        undo(shop, done.undo)
        assert state(shop, resource_type) == after


def test_an_import_of_a_release_that_did_not_say_what_it_writes_is_taken_back(
    shop: Organization,
) -> None:
    loaded = shop.load("skus", skus("A"))
    with shop.longshore.database.write() as tx:
        tx.execute("DELETE FROM run_tables WHERE run_id = ?", (loaded.import_.id,))
    assert undo(shop, loaded.import_).counts == (0, 1, 0)
