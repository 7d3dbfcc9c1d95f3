"""Nothing leads out of an environment, and an application does only what its kind may."""

from typing import Any

import pytest

from longshore.access import Environment
from tests.behaviour.api.site import Client, Site, refusal
from tests.behaviour.reading.factory import Records


class Place:
    """An environment with one SKU, its category and its price."""

    def __init__(self, site: Site, slug: str, mode: str) -> None:
        self.client = site.client(slug=slug, mode=mode)
        self.environment: Environment = self.client.environment
        records = Records(site.database, self.environment)
        category = records.add("shipping_categories", name=f"{slug} {mode}")
        price_list = records.add("price_lists", name=slug, currency_code="EUR")
        sku = records.add("skus", code=slug, name=mode, shipping_category_id=category)
        price = records.add("prices", sku_id=sku, price_list_id=price_list, amount_cents=1)
        self.category, self.price_list, self.sku, self.price = map(
            records.public, (category, price_list, sku, price)
        )


@pytest.fixture
def places(site: Site) -> tuple[Place, Place, Place]:
    return (
        Place(site, "default", "test"),
        Place(site, "default", "live"),
        Place(site, "other", "test"),
    )


def test_lists_and_includes_stay_within_the_environment(places: tuple[Place, ...]) -> None:
    for place in places:
        document = place.client.document("/api/skus?include=shipping_category,prices.price_list")
        assert [each["id"] for each in document["data"]] == [place.sku]
        assert {each["id"] for each in document["included"]} == {
            place.category,
            place.price,
            place.price_list,
        }
        assert document["meta"]["record_count"] == 1
        (sku,) = document["data"]
        assert sku["meta"] == {
            "mode": place.environment.mode,
            "organization_id": place.environment.organization_id,
        }


def test_ids_of_another_environment_are_not_found(places: tuple[Place, ...]) -> None:
    here, *others = places
    for other in others:
        for path in (
            f"skus/{other.sku}",
            f"skus/{other.sku}/prices",
            f"skus/{other.sku}/shipping_category",
            f"skus/{other.sku}/relationships/prices",
        ):
            assert refusal(here.client.get(f"/api/{path}")) == (404, "RECORD_NOT_FOUND", None)
        assert here.client.delete(f"/api/prices/{other.price}").status_code == 404
        document = {"data": {"type": "skus", "id": other.sku, "attributes": {"name": "mine"}}}
        assert here.client.patch(f"/api/skus/{other.sku}", document).status_code == 404
        assert other.client.document(f"/api/skus/{other.sku}/prices")["meta"]["record_count"] == 1


def test_filters_find_nothing_of_another_environment(places: tuple[Place, ...]) -> None:
    here, _, other = places
    for filter_ in (
        f"filter[q][id_eq]={other.sku}",
        f"filter[ids]={other.sku}",
        f"filter[q][shipping_category_id_eq]={other.category}",
        f"filter[q][prices_id_eq]={other.price}",
        "filter[q][prices_price_list_name_eq]=other",
        "filter[q][code_eq]=other",
    ):
        assert here.client.document(f"/api/skus?{filter_}")["data"] == []


def test_nothing_can_be_linked_to_another_environment(places: tuple[Place, ...]) -> None:
    here, _, other = places
    relationships: dict[str, Any] = {
        "shipping_category": {"data": {"type": "shipping_categories", "id": other.category}}
    }
    document = {"data": {"type": "skus", "id": here.sku, "relationships": relationships}}
    response = here.client.patch(f"/api/skus/{here.sku}", document)
    assert refusal(response) == (422, "VALIDATION_ERROR", "/data/relationships/shipping_category")


def test_keys_are_taken_within_an_environment_only(places: tuple[Place, ...]) -> None:
    here, _, other = places

    def create(client: Client) -> int:
        attributes = {"code": "same", "name": "Same", "do_not_ship": True}
        return client.post(
            "/api/skus", {"data": {"type": "skus", "attributes": attributes}}
        ).status_code

    assert [create(here.client), create(other.client), create(here.client)] == [201, 201, 422]


UNAUTHORIZED = (401, "UNAUTHORIZED", None)


@pytest.mark.parametrize(
    ("kind", "method", "path", "is_allowed"),
    [
        ("integration", "GET", "customers", True),
        ("webapp", "GET", "customers", True),
        ("sales_channel", "GET", "skus", True),
        ("sales_channel", "GET", "skus?include=prices", True),
        ("sales_channel", "GET", "customers", False),
        ("sales_channel", "POST", "skus", False),
        ("sales_channel", "PATCH", "skus/{sku}", False),
        ("sales_channel", "DELETE", "skus/{sku}", False),
        ("sales_channel", "GET", "skus/{sku}/prices", True),
        ("sales_channel", "GET", "skus/{sku}/stock_items", False),
        ("sales_channel", "GET", "skus/{sku}/relationships/stock_items", False),
        ("sales_channel", "GET", "skus?include=stock_items", False),
        ("sales_channel", "GET", "skus?include=prices.price_list", False),
        ("sales_channel", "GET", "skus/{sku}?include=stock_items", False),
        ("sales_channel", "GET", "skus?filter[q][stock_items_quantity_gt]=5", False),
        ("sales_channel", "GET", "skus?filter[q][prices_amount_cents_gt]=5", True),
        ("imports", "GET", "markets", True),
        ("imports", "GET", "promotions", True),
        ("imports", "GET", "percentage_discount_promotions", True),
        ("imports", "GET", "skus", False),
        ("imports", "DELETE", "markets/{sku}", False),
    ],
)
def test_an_application_does_what_its_kind_may(
    site: Site, places: tuple[Place, ...], kind: str, method: str, path: str, is_allowed: bool
) -> None:
    client = site.client(kind)
    response = client.send(method, f"/api/{path.format(sku=places[0].sku)}", content=b"{}")
    if is_allowed:
        assert response.status_code == 200
    else:
        assert refusal(response) == UNAUTHORIZED
