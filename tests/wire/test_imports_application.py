"""What the official dashboard's imports application asks for, in the order in which its screens do:
sign-in, list, filters and sorting, parents, submission, looking on, download, changes, deletion.

Source: the published application, version 5.1.1, read request by request. It runs in a browser, on
another origin than the server.
"""

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx2
import pytest

from tests.behaviour.api.site import Client
from tests.wire.installation import Installation

ORIGIN = "https://dashboard.example.com"
STATUSES = "pending,in_progress,interrupted,completed"
# What is searched, and the concrete type of a record that is found by it.
PARENTS = {
    "markets": "markets",
    "price_lists": "price_lists",
    "stock_locations": "stock_locations",
    "tax_calculators": "manual_tax_calculators",
    "sku_lists": "sku_lists",
    "promotions": "percentage_discount_promotions",
}
OFFERED = (
    *("addresses", "bundles", "coupons", "customer_addresses", "customer_payment_sources"),
    *("customer_subscriptions", "customers", "gift_cards", "line_item_options", "line_items"),
    *("orders", "price_tiers", "prices", "shipping_categories", "sku_list_items", "sku_options"),
    *("skus", "stock_items", "tax_categories"),
)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    folder: Path = tmp_path_factory.mktemp("application") / "data"
    site = Installation(folder, imports_unfinished_max=100)
    yield site
    site.close()


@pytest.fixture(scope="module")
def everything(site: Installation) -> dict[str, str]:
    """Ids of a record of each type that there is an example of."""
    return site.stock(site.client())


@pytest.fixture
def application(site: Installation, everything: dict[str, str]) -> Client:
    """The application as its users let it in."""
    return site.client("imports")


def asked(application: Client, path: str) -> dict[str, Any]:
    """A document, which a page of another origin may read."""
    response = application.get(path, headers={"Origin": ORIGIN})
    assert response.status_code == 200, response.text
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    document: dict[str, Any] = response.json()
    return document


def listed(application: Client, sort: str = "-created_at", **filters: str) -> dict[str, Any]:
    """A page of the list, as the screen asks for it."""
    given = {"status_in": STATUSES, **filters}
    query = "".join(f"&filter[q][{name}]={quote(value)}" for name, value in given.items())
    return asked(application, f"/api/imports?page[size]=25&page[number]=1&sort={sort}{query}")


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_a_browser_asks_before_it_sends(application: Client, method: str) -> None:
    response = application.send(
        "OPTIONS",
        "/api/imports",
        headers={
            "Origin": ORIGIN,
            "Access-Control-Request-Method": method,
            "Access-Control-Request-Headers": "authorization,content-type,accept",
        },
    )
    assert response.status_code == 200
    assert method in response.headers["Access-Control-Allow-Methods"]
    allowed = response.headers["Access-Control-Allow-Headers"].lower()
    assert all(name in allowed for name in ("authorization", "content-type", "accept"))


def test_the_token_tells_all_that_the_application_begins_with(application: Client) -> None:
    response = application.get("/oauth/tokeninfo", headers={"Origin": ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    told = response.json()
    assert told["token"]["test"] is True
    assert told["application"]["kind"] == "imports"
    assert set(told["permissions"]["imports"]["actions"]) >= {"create", "read", "update", "destroy"}
    assert {"id", "kind", "name"} <= told["role"].keys()
    assert isinstance(told["accessible_apps"], list)
    organization = asked(application, "/api/organization?fields[organizations]=name")["data"]
    assert organization["attributes"]["name"]


@pytest.mark.parametrize(
    "column", ["resource_type", "inputs_size", "errors_count", "status", "created_at"]
)
@pytest.mark.parametrize("direction", ["", "-"])
def test_the_list_is_sorted_by_every_column(
    application: Client, column: str, direction: str
) -> None:
    found = listed(application, direction + column)
    assert {"record_count", "page_count"} <= found["meta"].keys()
    assert found["data"]


def test_the_list_is_searched_by_type_and_time(application: Client) -> None:
    assert listed(application, resource_type_cont="tag")["meta"]["record_count"] > 0
    assert listed(application, resource_type_cont="nothing")["meta"]["record_count"] == 0
    assert listed(application, created_at_gteq="2000-01-01T00:00:00.000Z")["data"]
    assert not listed(application, created_at_lteq="2000-01-01T00:00:00.000Z")["data"]


@pytest.mark.parametrize("parent", PARENTS)
def test_parents_are_searched_and_shown(
    application: Client, everything: dict[str, str], parent: str
) -> None:
    page = "page[number]=1&page[size]=25&sort=-created_at"
    assert asked(application, f"/api/{parent}?{page}")["data"]
    assert asked(application, f"/api/{parent}?{page}&filter[q][name_cont]=zzzz")["data"] == []
    id_ = everything[PARENTS[parent]]
    assert asked(application, f"/api/{parent}/{id_}")["data"]["id"] == id_


def test_a_parent_that_is_no_promotion_is_harmless(application: Client) -> None:
    response = application.get("/api/promotions/nothing", headers={"Origin": ORIGIN})
    assert response.status_code == 404


def test_coupons_get_the_rule_of_their_promotion(
    application: Client, everything: dict[str, str]
) -> None:
    promotion = everything["percentage_discount_promotions"]
    path = (
        f"/api/promotions/{promotion}?include=coupon_codes_promotion_rule"
        "&fields[promotions]=id,name,coupon_codes_promotion_rule"
        "&fields[coupon_codes_promotion_rule]=id"
    )
    rules = [each["id"] for each in asked(application, path).get("included", [])]
    if not rules:
        made = application.post(
            "/api/coupon_codes_promotion_rules",
            {
                "data": {
                    "type": "coupon_codes_promotion_rules",
                    "attributes": {},
                    "relationships": {
                        "promotion": {
                            "data": {"type": "percentage_discount_promotions", "id": promotion}
                        }
                    },
                }
            },
        )
        assert made.status_code == 201, made.text
        rules = [made.json()["data"]["id"]]
    import_ = sent(application, "coupons", "code,usage_limit\r\nC0UPON-1,1\r\n", parent=rules[0])
    assert import_["attributes"]["parent_resource_id"] == rules[0]


def sent(application: Client, type_: str, csv: str, parent: str | None = None) -> dict[str, Any]:
    """What the application submits: type, perhaps parent, format and the text of the file."""
    attributes: dict[str, Any] = {"resource_type": type_, "format": "csv", "inputs": csv}
    if parent is not None:
        attributes["parent_resource_id"] = parent
    response = application.post(
        "/api/imports",
        {"data": {"type": "imports", "attributes": attributes}},
        headers={"Origin": ORIGIN},
    )
    assert response.status_code == 201, response.text
    resource: dict[str, Any] = response.json()["data"]
    return resource


@pytest.mark.parametrize("type_", OFFERED)
def test_every_type_that_is_offered_is_taken(application: Client, type_: str) -> None:
    import_ = sent(application, type_, "reference\r\nR-1\r\n")
    assert import_["attributes"]["status"] == "pending"


def test_an_import_from_submission_to_deletion(site: Installation, application: Client) -> None:
    rows = "code,name,do_not_ship,weight\r\nA-1,One,true,\r\nA-2,,true,\r\n"
    import_ = sent(application, "skus", rows)
    site.run_all()
    shown = asked(application, f"/api/imports/{import_['id']}")["data"]["attributes"]
    assert (shown["processed_count"], shown["inputs_size"], shown["errors_count"]) == (1, 2, 1)
    assert shown["errors_log"]

    address = urlsplit(shown["attachment_url"])
    file = Client(site).get(f"{address.path}?{address.query}")
    assert "A-2" in gzip.decompress(file.content).decode()

    only = asked(application, f"/api/imports/{import_['id']}?fields[imports]=metadata")["data"]
    assert set(only["attributes"]) == {"metadata"}
    for attributes in (
        {"metadata": {"note": "ours"}},
        {"reference": "R", "reference_origin": "dashboard"},
    ):
        document = {"data": {"type": "imports", "id": import_["id"], "attributes": attributes}}
        changed = application.patch(f"/api/imports/{import_['id']}", document)
        assert changed.status_code == 200, changed.text

    waits = sent(application, "skus", rows)
    gone = application.delete(f"/api/imports/{waits['id']}")
    assert gone.status_code == 204
    assert application.get(f"/api/imports/{waits['id']}").status_code == 404


def test_what_is_wrong_with_a_submission_is_said_in_details(application: Client) -> None:
    response: httpx2.Response = application.post(
        "/api/imports",
        {"data": {"type": "imports", "attributes": {"resource_type": "nothing", "inputs": []}}},
    )
    assert response.status_code == 422
    assert all(each["detail"] for each in response.json()["errors"])


def test_a_token_that_has_ended_sends_the_user_back_to_the_sign_in(
    site: Installation, application: Client
) -> None:
    refused = site.expired(application).get("/api/imports")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (401, "INVALID_TOKEN")
