"""Requests that cannot be met are refused at creation, and nothing of them is kept."""

from typing import Any

import pytest

from longshore.engine import IGNORED
from longshore.errors import RequestRefused
from tests.behaviour.engine.organization import Organization


@pytest.mark.parametrize(
    ("resource_type", "hint"),
    [
        ("sku", "did you mean skus?"),
        ("prises", "did you mean prices?"),
        ("nothing_like_it", "longshore types lists them all"),
        ("promotions", "longshore types --all lists what can"),
        ("imports", "longshore types --all lists what can"),
        ("", "longshore types lists them all"),
    ],
)
def test_unknown_type_is_refused_with_the_nearest(
    shop: Organization, resource_type: str, hint: str
) -> None:
    with pytest.raises(
        RequestRefused, match=r"no such resource type|cannot be imported"
    ) as refused:
        shop.load(resource_type, [{"code": "A"}])
    assert refused.value.hint is not None
    assert hint in refused.value.hint


@pytest.mark.parametrize(
    ("text", "column_map", "message", "hint"),
    [
        ("a,b\n1,2\n", {"c": "code"}, "the source has no column 'c'", "its columns are a, b"),
        ("a,b\n1,2\n", {"a": "cod"}, "skus have no field 'cod'", "did you mean code?"),
        ("a,b\n1,2\n", {"a": "created_at"}, "skus have no field 'created_at'", None),
        ("a,b\n1,2\n", {"a": "code", "b": "code"}, "both mean 'code'", "rename one of them"),
        ("a,code\n1,2\n", {"a": "code"}, "the columns 'a' and 'code' both mean 'code'", "rename"),
        ("Code,CODE\n1,2\n", {}, "the columns 'Code' and 'CODE' both mean 'code'", "--ignore"),
        ("code,Nmae\n1,2\n", {"Name": IGNORED}, "no column 'Name'", "did you mean 'Nmae'"),
    ],
)
def test_map_that_cannot_be_followed_is_refused(
    shop: Organization, text: str, column_map: dict[str, str], message: str, hint: str | None
) -> None:
    with pytest.raises(RequestRefused, match=message) as refused:
        shop.load_csv("skus", text, column_map=column_map)
    if hint is not None:
        assert refused.value.hint is not None
        assert hint in refused.value.hint


def test_table_of_which_no_column_means_anything_is_refused(shop: Organization) -> None:
    with pytest.raises(RequestRefused, match="none of the columns is a field of skus: a, b"):
        shop.load_csv("skus", "a,b\n1,2\n")


def test_key_inside_a_nested_record_of_json_cannot_be_mapped(shop: Organization) -> None:
    with pytest.raises(RequestRefused, match=r"nested record cannot be mapped: 'price_tiers\.x'"):
        shop.load(
            "prices", [{"price_tiers": [{"x": 1}]}], column_map={"price_tiers.x": "reference"}
        )


def test_key_of_json_is_mapped_to_what_rows_hold_inside(shop: Organization) -> None:
    shop.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1, "tier": "ten", "price_tiers.price_amount_cents": 9}
    outcome = shop.load(
        "prices",
        [row],
        column_map={"tier": "price_tiers.name"},
        parent=shop.some("price_lists"),
    )
    assert outcome.counts == (1, 0, 0, 0)
    assert shop.values("price_tiers", "name", "price_amount_cents") == [("ten", 9)]


def test_columns_are_mapped_to_what_rows_hold_inside(shop: Organization) -> None:
    shop.have("skus", code="A")
    text = "sku,amount_cents,tier,limit,tier amount\nA,100,ten,10,90\n"
    column_map = {
        "sku": "sku_code",
        "tier": "price_tiers.name",
        "limit": "price_tiers.up_to",
        "tier amount": "price_tiers.price_amount_cents:cents",
    }
    parent = shop.some("price_lists")
    outcome = shop.load_csv("prices", text, column_map=column_map, parent=parent)
    assert outcome.counts == (1, 0, 0, 0)
    assert shop.values("price_tiers", "name", "up_to") == [("ten", 10)]


def test_renamed_column_leaves_its_own_name_to_nobody(shop: Organization) -> None:
    """A key `name` that means the code is no name any more."""
    rows = [{"name": "A", "title": "a", "do_not_ship": True}]
    outcome = shop.load("skus", rows, column_map={"name": "code", "title": "name"})
    assert outcome.counts == (1, 0, 0, 0)
    assert shop.values("skus", "code", "name") == [("A", "a")]


@pytest.mark.parametrize(
    "request_",
    [{"parent": "nowhere"}, {"column_map": {"x": "code"}}, {"column_map": {"code": "y"}}],
)
def test_refused_request_leaves_no_import_and_no_file(
    shop: Organization, request_: dict[str, Any]
) -> None:
    folder = shop.longshore.settings.data / "attachments"
    before = sorted(folder.rglob("*"))
    with pytest.raises(RequestRefused):
        shop.load("skus", [{"code": "A"}], **request_)
    assert sorted(folder.rglob("*")) == before
    with shop.longshore.database.read() as tx:
        imports = tx.fetch(
            "SELECT count(*) FROM imports WHERE environment = ?", (shop.environment.number,)
        )
    assert imports == [(0,)]
