"""The border of all data: nothing is read or written across environments."""

from typing import Any

import pytest

from longshore.errors import RequestRefused
from longshore.operations import Asker
from tests.behaviour.engine.organization import Organization


@pytest.fixture(params=["another organization", "another mode"])
def beyond(
    request: pytest.FixtureRequest, shop: Organization, elsewhere: Organization
) -> Organization:
    """What lies on the other side of a border."""
    return shop.in_mode("live") if request.param == "another mode" else elsewhere


SKU = {"code": "A", "name": "a", "do_not_ship": True}


def test_one_code_means_a_record_in_each(shop: Organization, beyond: Organization) -> None:
    assert shop.load("skus", [SKU]).counts == (1, 0, 0, 0)
    assert beyond.load("skus", [{**SKU, "name": "b"}]).counts == (1, 0, 0, 0)
    assert shop.load("skus", [SKU]).counts == (0, 0, 1, 0)
    assert (shop.values("skus", "name"), beyond.values("skus", "name")) == (["a"], ["b"])


def test_id_from_beyond_is_no_record(shop: Organization, beyond: Organization) -> None:
    foreign = beyond.have("skus", code="A")
    assert shop.load("skus", [{"id": foreign, "name": "b"}]).errors == {1: {"id": ["must exist"]}}
    assert beyond.values("skus", "name") == ["Some SKU"]


def test_target_from_beyond_must_exist(shop: Organization, beyond: Organization) -> None:
    row = {**SKU, "do_not_ship": False, "shipping_category_id": beyond.some("shipping_categories")}
    assert shop.load("skus", [row]).errors == {1: {"shipping_category": ["must exist"]}}
    assert shop.load_csv("skus", _csv(row)).errors == {1: {"shipping_category": ["must exist"]}}


def _csv(row: dict[str, Any]) -> str:
    return f"{','.join(row)}\n{','.join(map(str, row.values()))}\n"


def test_shortcut_does_not_reach_beyond(shop: Organization, beyond: Organization) -> None:
    beyond.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1}
    outcome = shop.load("prices", [row], parent=shop.some("price_lists"))
    assert outcome.errors == {1: {"sku": ["must exist"]}}


def test_customer_from_beyond_is_another_one(shop: Organization, beyond: Organization) -> None:
    beyond.have("customers", email="a@x.com")
    row = {"market_id": shop.some("markets"), "customer_email": "a@x.com"}
    assert shop.load("orders", [row]).counts == (1, 0, 0, 0)
    assert shop.values("customers", "email") == ["a@x.com"]


def test_tag_from_beyond_is_unknown(shop: Organization, beyond: Organization) -> None:
    foreign = beyond.have("tags", name="red")
    outcome = shop.load("skus", [{**SKU, "_add_tags": "red"}])
    assert list(outcome.warnings_log) == ["A"]
    assert shop.load("skus", [{**SKU, "tags": [{"id": foreign}]}]).errors == {
        1: {"tags": ["must exist"]}
    }
    shop.load("skus", [{**SKU, "tags": [{"name": "red"}]}])
    assert shop.one("skus")["tags"] == ["red"]
    assert len(beyond.all("tags")) == len(shop.all("tags")) == 1


def test_nested_element_from_beyond_must_exist(shop: Organization, beyond: Organization) -> None:
    foreign = beyond.have("line_items")
    row = {"market_id": shop.some("markets"), "line_items": [{"id": foreign, "quantity": 5}]}
    assert shop.load("orders", [row]).errors == {1: {"line_items.id": ["must exist"]}}
    assert beyond.values("line_items", "quantity") == [1]


def test_nested_record_from_beyond_must_exist(shop: Organization, beyond: Organization) -> None:
    foreign = beyond.have("addresses")
    row = {"name": "x", "address": {"id": foreign, "line_1": "stolen"}}
    assert list(shop.load("stock_locations", [row]).errors) == [1]
    assert beyond.values("addresses", "line_1") == ["Via Roma 1"]


@pytest.mark.parametrize("by", ["id", "name"])
def test_parent_from_beyond_is_refused(shop: Organization, beyond: Organization, by: str) -> None:
    foreign = beyond.have("price_lists", name="EU")
    with pytest.raises(RequestRefused, match="there is no price list"):
        shop.load("prices", [{"sku_code": "A"}], parent=foreign if by == "id" else "EU")


def test_import_from_beyond_is_not_found(shop: Organization, beyond: Organization) -> None:
    import_ = beyond.load("skus", [SKU]).import_
    public_id = shop.longshore.public_ids.encode(import_.id)
    assert beyond.longshore.imports.find(beyond.environment, public_id) == import_
    with pytest.raises(RequestRefused, match="there is no import"):
        shop.longshore.imports.find(shop.environment, public_id)
    with pytest.raises(RequestRefused, match="there is no such import"):
        shop.longshore.imports.delete(Asker(environment=shop.environment), import_.id)


def test_record_from_beyond_cannot_be_written(shop: Organization, beyond: Organization) -> None:
    foreign = beyond.inside(beyond.have("skus", code="A"))
    made = shop.writer.update(shop.environment, "skus", foreign, {"name": "x"}, creator=1)
    assert [finding[:2] for finding in made.findings] == [("id", "must exist")]
    assert not shop.writer.delete(shop.environment, "skus", foreign, creator=1).is_found
    assert beyond.values("skus", "name") == ["Some SKU"]


def test_id_names_its_environment(shop: Organization, beyond: Organization) -> None:
    here, there = shop.inside(shop.have("skus")), beyond.inside(beyond.have("skus"))
    assert (here >> 40, there >> 40) == (shop.environment.number, beyond.environment.number)


def test_flags_of_one_organization_are_not_those_of_another(
    shop: Organization, elsewhere: Organization
) -> None:
    shop.with_flags(tags_max_name_length=3)
    long = [{"name": "four"}]
    assert shop.load("tags", long).counts == (0, 0, 0, 1)
    assert elsewhere.load("tags", long).counts == (1, 0, 0, 0)


def test_imports_wait_in_each_environment_for_themselves(
    shop: Organization, elsewhere: Organization
) -> None:
    limit = shop.longshore.settings.imports_unfinished_max
    for _ in range(limit):
        shop.submit("tags", b'[{"name": "x"}]')
    with pytest.raises(RequestRefused):
        shop.submit("tags", b'[{"name": "x"}]')
    assert shop.in_mode("live").load("tags", [{"name": "x"}]).status == "completed"
    assert elsewhere.load("tags", [{"name": "x"}]).status == "completed"
