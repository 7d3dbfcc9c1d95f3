"""The data of a small store, of the fields and in the order of the seeder's own demo store.

Two files of a model say what is seeded: `store` is what imports need to exist, and `whole` has what
they would import besides. Another folder of the same make, such as the original's, can take the
place of this one: `--seeder-data`.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from longshore.catalogue import load_catalogue

_DATA: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "addresses": [
        {
            "reference": "address_1",
            "business": True,
            "company": "Harbour Goods SRL",
            "line_1": "Via del Porto 7",
            "city": "Genova",
            "zip_code": "16126",
            "state_code": "GE",
            "country_code": "IT",
            "phone": "+39 010 5550100",
            "email": "store@example.com",
        }
    ],
    "merchants": [{"reference": "merchant_1", "name": "Harbour Goods SRL", "address": "address_1"}],
    "stock_locations": [
        {"reference": "stock_location_1", "name": "Quay", "address": "address_1"},
    ],
    "inventory_models": [{"reference": "inventory_model_1", "name": "What Europe has"}],
    "inventory_stock_locations": [
        {
            "reference": "inventory_stock_location_1",
            "inventory_model": "inventory_model_1",
            "stock_location": "stock_location_1",
            "priority": 1,
            "on_hold": True,
        }
    ],
    "inventory_return_locations": [
        {
            "reference": "inventory_return_location_1",
            "inventory_model": "inventory_model_1",
            "stock_location": "stock_location_1",
            "priority": 1,
        }
    ],
    "price_lists": [
        {
            "reference": "price_list_1",
            "name": "Dollars",
            "currency_code": "USD",
            "tax_included": False,
        }
    ],
    "markets": [
        {
            "reference": "market_1",
            "merchant": "merchant_1",
            "inventory_model": "inventory_model_1",
            "price_list": "price_list_1",
            "name": "Europe",
            "code": "eu",
        }
    ],
    "shipping_categories": [{"reference": "shipping_category_1", "name": "Goods"}],
    "shipping_zones": [
        {"reference": "shipping_zone_1", "name": "South", "country_code_regex": "IT|ES|FR|ES"}
    ],
    "shipping_methods": [
        {
            "reference": "shipping_method_1",
            "market": "market_1",
            "shipping_zone": "shipping_zone_1",
            "shipping_category": "shipping_category_1",
            "name": "By ship",
            "price_amount_cents": 700,
            "free_over_amount_cents": 9900,
        }
    ],
    "delivery_lead_times": [
        {
            "reference": "delivery_lead_time_1",
            "stock_location": "stock_location_1",
            "shipping_method": "shipping_method_1",
            "min_hours": 48,
            "max_hours": 72,
        }
    ],
    "payment_gateways": [
        {"type": "manual_gateways", "reference": "payment_gateway_1", "name": "By hand"}
    ],
    "payment_methods": [
        {
            "reference": "payment_method_1",
            "market": "market_1",
            "payment_source_type": "WireTransfer",
            "payment_gateway": "payment_gateway_1",
        }
    ],
    "skus": [
        {
            "reference": f"sku_{number}",
            "code": f"ROPE-{number}",
            "name": f"Rope of {number} m",
            "description": 'Hemp, 1" thick, for ships.',
            "image_url": f"https://example.com/images/ROPE-{number}.png",
            "shipping_category": "shipping_category_1",
        }
        for number in (1, 2)
    ],
    "stock_items": [
        {
            "reference": f"stock_item_{number}",
            "sku_code": f"ROPE-{number}",
            "quantity": 100 * number,
            "stock_location": "stock_location_1",
        }
        for number in (1, 2)
    ],
    "prices": [
        {
            "reference": f"price_{number}",
            "sku_code": f"ROPE-{number}",
            "amount_cents": 1300 * number,
            "compare_at_amount_cents": 1900 * number,
            "price_list": "price_list_1",
        }
        for number in (1, 2)
    ],
}

# What is imported, with the relationship that makes one import of its rows.
IMPORTED = {
    "skus": "shipping_category",
    "stock_items": "stock_location",
    "prices": "price_list",
}


@dataclass(frozen=True, slots=True)
class Store:
    """A folder that the seeder reads, with two models in it."""

    folder: Path
    seeded: str  # the model without what is imported
    whole: str

    def types(self, model: str) -> list[str]:
        return [each["resourceType"] for each in json.loads(self._read(f"{model}.json"))]

    def rows(self, resource_type: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = json.loads(self._read(f"data/{resource_type}.json"))
        return found

    def _read(self, name: str) -> str:
        return (self.folder / name).read_text()


def write_store(folder: Path) -> Store:
    (folder / "data").mkdir(parents=True)
    for name, rows in _DATA.items():
        (folder / "data" / f"{name}.json").write_text(json.dumps(rows))
    seeded = [name for name in _DATA if name not in IMPORTED]
    for model, names in (("store", seeded), ("whole", list(_DATA))):
        listed = [{"resourceType": name, "importAll": True} for name in names]
        (folder / f"{model}.json").write_text(json.dumps(listed))
    return Store(folder, "store", "whole")


def write_schemas(path: Path) -> Path:
    """What the seeder wants to know of the resources: their fields, and what links lead to."""
    catalogue = load_catalogue()
    schemas = {}
    for declared in catalogue.types.values():
        if declared.is_abstract or "create" not in declared.actions:
            continue
        attributes = {each.name: {"type": str(each.type)} for each in declared.attributes}
        links = {
            each.name: _object(data=_object(type={"enum": list(each.targets)}))
            for each in declared.relationships
        }
        schemas[f"{declared.singular}Create"] = _object(
            data=_object(
                type={"enum": [declared.name]},
                attributes=_object(**attributes),
                relationships=_object(**links),
            )
        )
    path.write_text(json.dumps({"components": {"schemas": schemas}}))
    return path


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties}
