"""Real data through the real command line, compared with what plain loops make of it."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from longshore.assembly import open_longshore
from longshore.settings import Settings
from tests.behaviour.real_data.retail import (
    ONLINE_RETAIL,
    expected_orders,
    expected_skus,
    needs_retail,
    retail_lines,
)
from tests.ground import lay_ground


def longshore(data: Path, *arguments: object, code: int = 0) -> Any:
    """The document that a command prints."""
    done = subprocess.run(
        [sys.executable, "-m", "longshore", *map(str, arguments), "--json"],
        env={**os.environ, "LONGSHORE_DATA": str(data)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stderr
    return json.loads(done.stdout)["data"]


def query(data: Path, statement: str) -> list[tuple[Any, ...]]:
    with open_longshore(Settings(data=data)) as opened, opened.database.read() as tx:
        return tx.fetch(statement)


@needs_retail
def test_skus_of_half_a_million_rows_are_those_of_a_plain_loop(tmp_path: Path) -> None:
    data = tmp_path / "data"
    lay_ground(Settings(data=data))
    import_ = longshore(
        data,
        *("import", "skus", ONLINE_RETAIL, "--parent", "Merchandise"),
        *("--map", "StockCode=code", "--map", "Description=name"),
        code=1,
    )
    expected = expected_skus()
    facts = import_["attributes"]
    assert facts["status"] == "completed"
    assert facts["inputs_size"] == 541_909
    assert facts["errors_count"] == len(expected.failed) > 0
    assert facts["processed_count"] == expected.counts.total()
    counts = query(
        data,
        "SELECT created_count, updated_count, unchanged_count FROM imports"
        " WHERE resource_type = 'skus'",
    )
    assert counts == [tuple(expected.counts[each] for each in ("created", "updated", "unchanged"))]
    assert dict(query(data, "SELECT code, name FROM skus")) == expected.names
    errors = longshore(data, "errors", import_["id"])
    assert [
        (each["row"], each["line"], each["identifier"], each["attribute"], each["message"])
        for each in errors
    ] == [(row, row + 1, code, "name", "can't be blank") for row, code in expected.failed]
    assert query(data, "SELECT count(*) FROM entries") == [(expected.counts["updated"],)]


@needs_retail
def test_orders_of_half_a_million_lines_have_the_sums_of_a_plain_loop(tmp_path: Path) -> None:
    data = tmp_path / "data"
    market = lay_ground(Settings(data=data))["markets"]
    skus = {
        line["StockCode"]: line["Description"] for line in retail_lines() if line["Description"]
    }
    rows = [{"code": code, "name": name, "do_not_ship": True} for code, name in skus.items()]
    _write_ndjson(tmp_path / "skus.ndjson", rows)
    longshore(data, "import", "skus", tmp_path / "skus.ndjson")

    expected = expected_orders()
    _write_ndjson(
        tmp_path / "orders.ndjson",
        [{"number": number, "line_items": lines} for number, lines in expected.orders.items()],
    )
    import_ = longshore(
        data, "import", "orders", tmp_path / "orders.ndjson", "--parent", market, code=1
    )
    facts = import_["attributes"]
    assert facts["status"] == "completed"
    assert facts["inputs_size"] == len(expected.orders) == 25_900
    assert facts["errors_count"] == len(expected.errors) > 0
    assert facts["processed_count"] == len(expected.sums)
    sums = query(data, "SELECT number, subtotal_amount_cents FROM orders")
    assert dict(sums) == expected.sums
    lines = sum(len(expected.orders[number]) for number in expected.sums)
    assert query(data, "SELECT count(*) FROM line_items") == [(lines,)]
    found: dict[str, set[tuple[str, str]]] = {}
    for error in longshore(data, "errors", import_["id"]):
        found.setdefault(error["identifier"], set()).add((error["attribute"], error["message"]))
    assert found == expected.errors


def _write_ndjson(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
