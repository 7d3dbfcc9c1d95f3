"""How fast a product file of Shopify comes in, as a fraction of plain SKUs.

Both are counted in rows of their files. A row of Shopify's makes up to three records, after it was
read twice, put together with the other rows of its product, and written down for each type. Both in
one copy of the ground, one after the other, so a machine that is slower for a while slows both.
"""

import csv
import gc
import os
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

from benchmarks.inputs import sku_rows, write_skus
from benchmarks.places import PLACES
from benchmarks.report import print_table
from benchmarks.shop import Shop, Timing
from longshore.dialects import DialectOptions
from longshore.imports import ImportGroup
from longshore.operations import GroupOptions, GroupRequest, GroupSource
from longshore.sources import Source

_GOAL = 0.25  # of the rate of plain SKUs
_SIZES = ("S", "M", "L")
COLUMNS = (
    *("Handle", "Title", "Body (HTML)", "Vendor", "Product Category", "Type", "Tags", "Published"),
    *("Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name"),
    *("Option3 Value", "Variant SKU", "Variant Grams", "Variant Inventory Tracker"),
    *("Variant Inventory Qty", "Variant Inventory Policy", "Variant Fulfillment Service"),
    *("Variant Price", "Variant Compare At Price", "Variant Requires Shipping"),
    *("Variant Taxable", "Variant Barcode", "Image Src", "Image Position", "Image Alt Text"),
    *("Gift Card", "SEO Title", "SEO Description", "Variant Image", "Variant Weight Unit"),
    *("Variant Tax Code", "Cost per item", "Status"),
)


def shopify_rows(rows: int) -> Iterator[list[str]]:
    """Rows of products, each with three sizes and a row with another image."""
    for number in range(rows):
        product, place = divmod(number, len(_SIZES) + 1)
        cells = dict.fromkeys(COLUMNS, "")
        cells["Handle"] = f"shirt-{product:07d}"
        cells["Image Src"] = f"https://img.example.com/{product % 1000}/{product}-{place}.jpg"
        cells["Image Position"] = str(place + 1)
        if place == 0:
            cells |= _head(product)
        if place < len(_SIZES):
            cells |= _variant(product, place)
        yield list(cells.values())


def write_shopify(path: Path, rows: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        writer.writerows(shopify_rows(rows))


def import_shopify(shop: Shop, path: Path) -> tuple[ImportGroup, Timing]:
    """Import a file as it is, to its end."""
    longshore = shop.longshore
    started = perf_counter()
    asked = GroupOptions(options=DialectOptions(currency="EUR"))
    with longshore.group_sources.opened(
        shop.environment, Source.from_path(path), asked, attachments=longshore.attachments
    ) as source:
        assert isinstance(source, GroupSource)
        group = longshore.group_submissions.submit(
            shop.environment, source, GroupRequest(), to_run=True
        )
    group = longshore.import_groups.run(group)
    seconds = perf_counter() - started
    return group, Timing(seconds=seconds, processor=0.0)


def measure_shopify(*, rows: int, rounds: int) -> None:
    """Imports of files of so many rows."""
    table: list[tuple[str, ...]] = []
    for make_place in PLACES.values():
        with make_place() as place:
            empty = place.make()
            plain, foreign = place.folder / "plain.csv", place.folder / "shopify.csv"
            with empty.open() as shop:
                shop.add_stock_location()
                write_skus(plain, sku_rows(rows, shipping_category_id=shop.add_shipping_category()))
            write_shopify(foreign, rows)
            rates, fractions = [], []
            for _ in range(rounds):
                gc.collect()
                with place.copied(empty) as installation, installation.open() as shop:
                    single, alone = shop.import_("skus", plain)
                    assert single.created_count == rows
                with place.copied(empty) as installation, installation.open() as shop:
                    group, together = import_shopify(shop, foreign)
                    assert all(each.errors_count == 0 for each in group.members)
                records = sum(each.created_count for each in group.members)
                rates.append(
                    (
                        rows / alone.seconds,
                        rows / together.seconds,
                        records / together.seconds,
                    )
                )
                fractions.append(alone.seconds / together.seconds)
            fraction = median(fractions)
            table.append(
                (
                    place.database,
                    f"{median(each[0] for each in rates):,.0f}",
                    f"{median(each[1] for each in rates):,.0f}",
                    f"{median(each[2] for each in rates):,.0f}",
                    f"{fraction:.2f}",
                    f">= {_GOAL}",
                    "ok" if fraction >= _GOAL else "MISSED",
                    f"{os.getloadavg()[0]:.1f}",
                )
            )
    print_table(
        f"Product files of Shopify of {rows:,} rows; medians of {rounds} rounds",
        (
            "database",
            "plain SKUs, rows/s",
            "Shopify, rows/s",
            "records/s",
            "rows of plain",
            "goal",
            "",
            "load",
        ),
        table,
    )


def _head(product: int) -> dict[str, str]:
    return {
        "Title": f"Shirt {product}",
        "Body (HTML)": f"<p>A shirt of 100 % cotton, machine washable, no. {product}</p>",
        "Vendor": "Acme",
        "Product Category": "Apparel & Accessories > Clothing",
        "Type": "Shirt",
        "Tags": f"summer, cotton, line {product % 20}",
        "Published": "true",
        "Option1 Name": "Size",
        "Gift Card": "false",
        "SEO Title": f"Shirt {product}",
        "Status": "active",
    }


def _variant(product: int, place: int) -> dict[str, str]:
    return {
        "Option1 Value": _SIZES[place],
        "Variant SKU": f"SHIRT-{product:07d}-{_SIZES[place]}",
        "Variant Grams": str(200 + 10 * place),
        "Variant Inventory Tracker": "shopify",
        "Variant Inventory Qty": str(product % 50),
        "Variant Inventory Policy": "deny",
        "Variant Fulfillment Service": "manual",
        "Variant Price": f"{10 + product % 90}.{product % 100:02d}",
        "Variant Compare At Price": f"{120 + product % 10}.00" if product % 3 == 0 else "",
        "Variant Requires Shipping": "true",
        "Variant Taxable": "true",
        "Variant Barcode": f"'400638{product % 1_000_000:06d}{place}",
        "Variant Weight Unit": "kg",
        "Cost per item": "5.00",
    }
