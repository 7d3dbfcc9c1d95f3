"""An import of a thousand rows taken back after others have worked with what it left.

Half of its rows changed SKUs and half created some. Three of the SKUs are edited by hand
meanwhile and an order names a fourth one: all else must be as it was, and these four are listed
with their reasons.
"""

import csv
import io
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from longshore.assembly import open_longshore
from longshore.engine import RecordWriter
from longshore.settings import Settings
from tests.behaviour.cli.conftest import Run
from tests.ground import lay_ground

pytestmark = pytest.mark.usefixtures("on_every_database")

HALF = 500


def skus(codes: range, name: str, weight: int) -> str:
    rows = (f"S{code:04},{name} {code},true,{weight},gr\n" for code in codes)
    return "code,name,do_not_ship,weight,unit_of_weight\n" + "".join(rows)


def edit(settings: Settings, changes: dict[str, dict[str, object]]) -> None:
    """Let an application change SKUs by their codes."""
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")
        writer = RecordWriter(
            longshore.database, longshore.catalogue, longshore.settings, longshore.public_ids
        )
        with longshore.database.read() as tx:
            ids = dict(tx.fetch("SELECT code, id FROM skus"))
        for code, row in changes.items():
            outcome = writer.update(environment, "skus", ids[code], row, creator=1)
            assert not outcome.findings


def test_all_is_as_before_but_for_the_four_that_others_have_worked_with(
    run: Run, make_file: Callable[..., Path]
) -> None:
    def exported() -> dict[str, dict[str, str]]:
        return {row["code"]: row for row in csv.DictReader(io.StringIO(run("export", "skus").out))}

    settings = Settings.from_environment(os.environ)
    lay_ground(settings)
    assert run("import", "skus", make_file("old.csv", skus(range(HALF), "Old", 1))).code == 0
    before = exported()
    new = make_file("new.csv", skus(range(2 * HALF), "New", 2))
    import_ = run("import", "skus", new, "--json").data
    assert import_["meta"]["updated_count"] == HALF, import_
    edit(
        settings,
        {
            "S0007": {"name": "By hand"},
            "S0008": {"unit_of_weight": "oz"},
            "S0600": {"name": "By hand"},
        },
    )
    orders = "number,market.name,line_items.sku_code,line_items.quantity,"
    orders += "line_items.unit_amount_cents\nN1,Europe,S0700,1,5\n"
    assert run("import", "orders", make_file("orders.csv", orders)).code == 0
    worked_with = exported()

    undo: Any = run("undo", import_["id"], "--json").data["attributes"]

    assert (undo["restored_count"], undo["removed_count"]) == (HALF, HALF - 2)
    assert undo["kept_count"] == 4
    kept = {reason: [each["row"] for each in log] for reason, log in undo["kept_log"].items()}
    assert kept == {"changed_since": [8, 9, 601], "referred_to": [701]}
    left = exported()
    assert left.pop("S0600") == worked_with["S0600"]
    assert left.pop("S0700") == worked_with["S0700"]
    assert left.pop("S0007") == {**before.pop("S0007"), "name": "By hand"}
    assert left.pop("S0008") == {**before.pop("S0008"), "weight": "2.0", "unit_of_weight": "oz"}
    assert left == before
