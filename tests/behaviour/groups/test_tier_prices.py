"""Files of prices that depend on a quantity, which add to the prices of the store."""

from pathlib import Path

from longshore.imports import errors_of
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import counts, import_file

MAGENTO = """\
sku,tier_price_website,tier_price_customer_group,tier_price_qty,tier_price,tier_price_value_type
MUG,All Websites [USD],ALL GROUPS,10.0000,9.000000,Fixed
mug,All Websites [USD],ALL GROUPS,5,10.00,Fixed
CUP,All Websites [USD],ALL GROUPS,1,8.00,Fixed
CUP,All Websites [USD],ALL GROUPS,3,12.5,Discount
MUG,All Websites [USD],Wholesale,1,7,Fixed
PEN,All Websites [USD],ALL GROUPS,2,1.00,Fixed
PEN,All Websites [USD],ALL GROUPS,4,1.234,Fixed
GONE,All Websites [USD],ALL GROUPS,2,1.00,Fixed
,All Websites [USD],ALL GROUPS,2,1.00,Fixed
"""
SHOPWARE = """\
id;product_id;rule_id;price_net;price_gross;quantity_start;quantity_end
t1;p1;retail;7,89;9,39;1;10
t2;p1;retail;5,67;6,75;11;
t3;p2;retail;1;1,20;1;
t4;gone;retail;1;1,20;1;
t5;p1;dealers;1;1,20;1;
"""


def _tiers(shop: Organization) -> list[tuple[object, ...]]:
    return shop.values("price_tiers", "name", "up_to", "price_amount_cents")


def _goods(shop: Organization) -> None:
    shop.load("shipping_categories", [{"code": "default", "name": "Default"}])
    shop.load("price_lists", [{"code": "usd", "name": "USD", "currency_code": "USD"}])
    shop.load(
        "skus",
        [
            {"code": code, "name": code, "shipping_category.code": "default"}
            for code in ("MUG", "CUP", "PEN")
        ],
    )
    shop.load(
        "prices",
        [
            {"price_list.code": "usd", "sku_code": code, "amount_cents": cents}
            for code, cents in (("MUG", 1200), ("CUP", 999), ("PEN", 150))
        ],
    )


def test_steps_of_magento_become_tiers_over_the_price(shop: Organization, tmp_path: Path) -> None:
    _goods(shop)
    path = tmp_path / "advanced_pricing.csv"
    path.write_text(MAGENTO.replace("mug", "MUG"))
    group = import_file(shop, path, skip_errors=True)
    assert counts(group) == {"price_tiers": (5, 0, 0, 5)}
    with shop.longshore.database.read() as tx:
        errors = [each for each in errors_of(tx, group.members[0].id) if each.identifier == "2+"]
    assert [(each.attribute, each.message) for each in errors] == [("price.sku", "must exist")]
    assert _tiers(shop) == [
        ("1-4", 4, 1200),  # the price itself
        ("5-9", 9, 1000),
        ("10+", None, 900),
        ("1-2", 2, 800),
        ("3+", None, 874),  # 12.5 percent off the price of the product
    ]
    told = " ".join(each.message for each in group.notices)
    assert "prices of the customer group Wholesale, which has no price list here" in told
    assert counts(import_file(shop, path, skip_errors=True)) == {"price_tiers": (0, 0, 5, 5)}


def test_a_group_of_customers_has_a_price_list(shop: Organization, tmp_path: Path) -> None:
    _goods(shop)
    shop.load("price_lists", [{"code": "trade", "name": "Trade", "currency_code": "USD"}])
    shop.load("prices", [{"price_list.code": "trade", "sku_code": "MUG", "amount_cents": 800}])
    path = tmp_path / "advanced_pricing.csv"
    path.write_text("".join(MAGENTO.splitlines(keepends=True)[i] for i in (0, 5)))
    import_file(shop, path, price_lists={"Wholesale": "trade"})
    assert _tiers(shop) == [("1+", None, 700)]


def test_steps_of_shopware_are_of_the_product_with_its_id(
    shop: Organization, tmp_path: Path
) -> None:
    shop.load("shipping_categories", [{"code": "default", "name": "Default"}])
    shop.load("price_lists", [{"code": "shop", "name": "Shop", "currency_code": "EUR"}])
    variant = {"reference": "parent", "reference_origin": "shopware", "metadata": {"id": "p2"}}
    product = {"reference": "p1", "reference_origin": "shopware", "metadata": {"id": "p1"}}
    shop.load(
        "skus",
        [
            {"code": "A", "name": "A", "shipping_category.code": "default", **product},
            {"code": "B", "name": "B", "shipping_category.code": "default", **variant},
        ],
    )
    shop.load(
        "prices",
        [
            {"price_list.code": "shop", "sku_code": code, "amount_cents": 1000}
            for code in ("A", "B")
        ],
    )
    path = tmp_path / "advanced_prices.csv"
    path.write_text(SHOPWARE)
    group = import_file(shop, path, price_lists={"retail": "shop"}, skip_errors=True)
    assert counts(group) == {"price_tiers": (3, 0, 0, 1)}
    assert _tiers(shop) == [("1-10", 10, 939), ("11+", None, 675), ("1+", None, 120)]
    told = " ".join(each.message for each in group.notices)
    assert "prices of the rule dealers, which has no price list here" in told
    again = import_file(shop, path, price_lists={"retail": "shop"}, skip_errors=True)
    assert counts(again) == {"price_tiers": (0, 0, 3, 1)}
