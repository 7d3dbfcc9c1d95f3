"""Files of products with all that is odd in them: imported, and unchanged the second time."""

from pathlib import Path
from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import WAREHOUSE, counts, import_file
from tests.unit.dialects.made import SAMPLES

Counts = dict[str, tuple[int, int]]  # of each type: imported, failed


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        (
            "magento.csv",
            {"currency": "USD"},
            {
                "skus": (7, 1),
                "prices": (5, 2),
                "stock_items": (4, 1),
                "sku_lists": (3, 0),
                "sku_list_items": (5, 0),
            },
        ),
        (
            "vendure.csv",
            {"currency": "USD"},
            {"skus": (5, 3), "prices": (4, 1), "stock_items": (4, 1)},
        ),
        (
            "shopware.csv",
            {"currency": "EUR"},
            {"skus": (4, 1), "prices": (5, 2), "stock_items": (3, 1)},
        ),
        (
            "shopware_customers.csv",
            {},
            {"customers": (2, 0), "customer_addresses": (2, 0)},
        ),
        (
            "magento_customers.csv",
            {},
            {"customers": (2, 1), "customer_addresses": (2, 0)},
        ),
    ],
)
def test_second_time_all_is_unchanged(
    shop: Organization, name: str, options: dict[str, Any], expected: Counts
) -> None:
    shop.with_flags(addresses_phone_required=False)
    shop.load("stock_locations", [WAREHOUSE])
    first = import_file(shop, SAMPLES / name, skip_errors=True, **options)
    made = {"shipping_categories", "price_lists"}
    told = {kind: told for kind, told in counts(first).items() if kind not in made}
    assert {kind: (each[0], each[3]) for kind, each in told.items()} == expected
    again = counts(import_file(shop, SAMPLES / name, skip_errors=True, **options))
    assert again == {kind: (0, 0, *each) for kind, each in expected.items()}


def test_bundles_and_options_of_a_market(shop: Organization) -> None:
    shop.load("stock_locations", [WAREHOUSE])
    shop.load("price_lists", [{"code": "usd", "name": "USD", "currency_code": "USD"}])
    market = shop.have("markets")
    code = shop.one("markets", market)["code"] or shop.one("markets", market)["name"]
    path = SAMPLES / "magento.csv"
    group = import_file(shop, path, skip_errors=True, currency="USD", market=code)
    assert counts(group)["bundles"] == (2, 0, 0, 0)
    assert counts(group)["sku_options"] == (4, 0, 0, 0)
    # What is summed up from the prices of the market is in its currency.
    assert sorted(shop.values("bundles", "code", "currency_code")) == [
        ("KIT", "USD"),
        ("KIT2", "EUR"),
    ]
    again = counts(import_file(shop, path, skip_errors=True, currency="USD", market=code))
    assert again["bundles"] == (0, 0, 2, 0)
    assert again["sku_options"] == (0, 0, 4, 0)


def test_a_bundle_without_a_price_costs_what_its_skus_cost_in_the_same_file(
    shop: Organization, tmp_path: Path
) -> None:
    shop.load("stock_locations", [WAREHOUSE])
    list_ = shop.have("price_lists", code="usd", currency_code="USD")
    shop.have("markets", code="us", price_list_id=list_)
    text = (SAMPLES / "magento.csv").read_text(encoding="utf-8")
    path = tmp_path / "magento.csv"
    path.write_text(text.replace(",80,soon,", ",80,,"), encoding="utf-8")
    for _ in range(2):
        import_file(shop, path, skip_errors=True, currency="USD", market="us")
        (bundle,) = shop.all("bundles", ("code_eq", "KIT2"))
        assert bundle["price_amount_cents"] == 8000
