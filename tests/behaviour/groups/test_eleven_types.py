"""A group of eleven types has the end of as many imports, one after the other."""

from collections.abc import Mapping
from typing import Any

from tests.behaviour.engine.organization import Organization, found
from tests.behaviour.groups.grouping import load, statuses

SHOP: Mapping[str, str] = {
    "tags": "name\nsummer\nwinter\n",
    "customer_groups": "name\nRetail\nTrade\n",
    "customers": "email,customer_group.name,tags\na@example.com,Trade,summer\nb@example.com,,\n",
    "shipping_categories": "name\nMerchandise\nFood\n",
    "skus": (
        "code,name,shipping_category.name,tags\nA,Apple,Food,winter\nB,Belt,Merchandise,\n"
        "A,Apple pie,Food,\n,Nameless,Food,\n"
    ),
    "price_lists": "name,currency_code\nEurope,EUR\nJapan,JPY\n",
    "prices": (
        "price_list.name,sku_code,amount_cents\nEurope,A,150\nJapan,A,200\nEurope,B,2000\n"
        "Europe,C,1\n"
    ),
    "sku_lists": "name\nFavourites\n",
    "sku_list_items": "sku_list.name,sku_code,quantity\nFavourites,A,1\nFavourites,B,2\n",
    "inventory_models": "name\nAll\n",
    "manual_tax_calculators": "name\nManual\n",
}
_OF_THE_MOMENT = {"created_at", "updated_at"}


def test_group_of_eleven_types_ends_as_eleven_imports(shop: Organization) -> None:
    group = load(shop, SHOP, skip_errors=True)
    assert statuses(group) == ["completed"] * 11
    single = found(shop.longshore)
    outcomes = [single.load_csv(name, text) for name, text in SHOP.items()]
    assert [shop.told(each).counts for each in group.members] == [each.counts for each in outcomes]
    assert [shop.told(each).errors for each in group.members] == [each.errors for each in outcomes]
    assert group.total("errors_count") == 2
    assert shown(shop) == shown(single)
    single.end()


def shown(shop: Organization) -> list[Mapping[str, Any]]:
    """All records of these types; their ids as the order in which they were made."""
    records = [each for name in SHOP for each in shop.all(name)]
    places = {each["id"]: index for index, each in enumerate(records)}
    return [
        {
            name: places.get(value, value) if isinstance(value, str) else value
            for name, value in each.items()
            if name not in _OF_THE_MOMENT
        }
        for each in records
    ]
