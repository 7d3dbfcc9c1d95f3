"""A tour of longshore: write example files, import them, show what became of every row.

It uses nothing but the command `longshore`, as you would, and prints each command before its
output. Run it with `make demo`; a second run finds every record unchanged.
"""

import argparse
import csv
import gzip
import json
import shlex
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from examples import demo_data as data

FILES = Path("longshore-demo")
LONGSHORE = Path(sys.executable).with_name("longshore")


def main() -> None:
    parser = argparse.ArgumentParser(description="Import example files.", prog="make demo")
    parser.add_argument("--skus", type=int, default=3000, metavar="N", help="from 100 to 3640")
    skus = min(max(parser.parse_args().skus, 100), 3640)
    customers, orders = max(skus // 6, 50), max(skus // 4, 50)
    FILES.mkdir(exist_ok=True)
    tell(f"The example files are written to {FILES}/, one after another.")

    tell(
        "First what the rest refers to: shipping categories, warehouses with their address nested."
    )
    import_file(
        "shipping_categories", write_json("shipping_categories.json", data.SHIPPING_CATEGORIES)
    )
    import_file("stock_locations", write_json("stock_locations.json", data.STOCK_LOCATIONS))
    import_file("price_lists", write_csv("price_lists.csv", data.PRICE_LISTS))
    import_file("inventory_models", write_json("inventory_models.json", data.INVENTORY_MODELS))

    tell("A merchant and a market need ids of what was just created.")
    address = ids("addresses", by="reference")["address-genoa"]
    merchant = {"name": "Molo Nuovo", "address_id": address}
    import_file("merchants", write_json("merchants.json", [merchant]))
    market = {
        "code": "europe",
        "name": "Europe",
        "merchant_id": ids("merchants", by="name")["Molo Nuovo"],
        "price_list_id": ids("price_lists", by="code")["europe"],
        "inventory_model_id": ids("inventory_models", by="name")["Nearest warehouse"],
    }
    import_file("markets", write_json("markets.json", [market]))

    tell(f"{skus:,} SKUs from a CSV file; some of its rows are wrong on purpose.")
    categories = ids("shipping_categories", by="code")
    import_file("skus", write_csv("skus.csv", data.skus(skus, categories)))

    tell("Their prices, with tiers nested in JSON; --parent names the price list of every row.")
    import_file("prices", write_json("prices.json", data.prices(skus)), "--parent", "europe")

    tell("Stock, from a spreadsheet that separates its columns with semicolons.")
    stock = write_csv("stock.csv", data.stock_items(skus), delimiter=";")
    import_file("stock_items", stock, "--parent", "genoa")

    tell("Customers with tags: a list in one cell, which creates the tags.")
    import_file("customers", write_csv("customers.csv", data.customers(customers)))

    tell("Orders with their lines, one JSON object a line, compressed.")
    rows = data.orders(orders, customers, skus)
    import_file("orders", write_ndjson_gz("orders.ndjson.gz", rows), "--parent", "europe")

    tell("Everything again at a glance:")
    run("imports")
    run("records", "orders", "--limit", "5")
    check_imports()
    say_what_is_next()


def import_file(resource_type: str, path: Path, *options: str) -> None:
    run("import", resource_type, str(path), *options, fails=data.BAD_ROWS[resource_type] > 0)


def ids(resource_type: str, *, by: str) -> dict[str, str]:
    """The ids of the records of a type by the value of an attribute."""
    show(["records", resource_type, "--json"])
    return {record["attributes"][by]: record["id"] for record in ask("records", resource_type)}


def check_imports() -> None:
    """Ends the demo as failed unless exactly the rows failed that are wrong on purpose."""
    last: dict[str, dict[str, Any]] = {}
    for resource in ask("imports"):  # newest first
        last.setdefault(resource["attributes"]["resource_type"], resource["attributes"])
    for resource_type, bad_rows in data.BAD_ROWS.items():
        attributes = last[resource_type]
        found = (attributes["status"], attributes["errors_count"])
        if found != ("completed", bad_rows):
            sys.exit(f"error: {resource_type}: expected {bad_rows} errors, found {found}")


def ask(*arguments: str) -> list[dict[str, Any]]:
    """The data of a command's JSON document."""
    command = [str(LONGSHORE), *arguments, "--json"]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)
    document: dict[str, list[dict[str, Any]]] = json.loads(done.stdout)
    return document["data"]


def run(*arguments: str, fails: bool = False) -> None:
    """Runs longshore as a terminal would; an import with failed rows ends with exit status 1."""
    show(arguments)
    status = subprocess.run([LONGSHORE, *arguments], check=False).returncode
    if status != int(fails):
        sys.exit(f"error: longshore ended with exit status {status}, expected {int(fails)}")


def show(arguments: Iterable[str]) -> None:
    print(f"\n$ {shlex.join(['longshore', *arguments])}", flush=True)


def tell(text: str) -> None:
    print(f"\n# {text}", flush=True)


def write_json(name: str, rows: list[data.Row]) -> Path:
    path = FILES / name
    path.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def write_csv(name: str, rows: list[data.Row], *, delimiter: str = ",") -> Path:
    path = FILES / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_ndjson_gz(name: str, rows: Iterable[data.Row]) -> Path:
    path = FILES / name
    lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    path.write_bytes(gzip.compress("".join(lines).encode(), mtime=0))
    return path


def say_what_is_next() -> None:
    print(
        f"""
# The records are in the folder longshore-data, or where LONGSHORE_DATA says. Next you could

  call the command by its name    export PATH="{LONGSHORE.parent}:$PATH"
  run this again                  make demo          (every record is then unchanged)
  try a file before importing it  longshore import skus {FILES}/skus.csv --dry-run
  get the failed rows as a file   longshore import skus {FILES}/skus.csv --errors failed.csv
  look at records                 longshore records skus --filter code_start=STD-HAT
  get a file to fill in           longshore template customers
  take records out                longshore export prices --output prices.csv
  see what can be imported        longshore types
  import a file of your own       longshore import TYPE FILE

# docs/tutorial.md starts from an empty folder and goes through all of this."""
    )


if __name__ == "__main__":
    main()
