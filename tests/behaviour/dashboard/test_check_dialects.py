"""The step Check of files of other systems, whose rows become those of several types."""

import csv
import io
import json

import pytest

from tests.behaviour.dashboard.markup import text_of
from tests.behaviour.dashboard.wizard import SAMPLES, Wizard
from tests.behaviour.groups.foreign_files import WAREHOUSE


def test_what_another_systems_file_does_not_say_is_said_at_the_step_file(wizard: Wizard) -> None:
    options = {"shipping_category": "Merchandise"}
    content = (SAMPLES / "shopify_2025.csv").read_text()
    text = wizard.begin(content, "shopify.csv", dialect_options=options).check()
    assert "The file does not say in which currency its prices are" in text
    assert "Back to the file, and say it there" in text
    assert "matched by themselves" not in text


def test_cells_of_another_systems_file_are_mended_where_they_stand_in_it(wizard: Wizard) -> None:
    wizard.import_("stock_locations", json.dumps([WAREHOUSE]))
    content = (SAMPLES / "shopify_2025.csv").read_text().replace(",29.5,", ",29.5x,")
    wizard.begin(
        content,
        "shopify.csv",
        dialect_options={"currency": "EUR", "shipping_category": "Merchandise"},
    )
    text = wizard.check("?of=prices")
    assert "amount_cents 29.5x is not a number" in text
    assert "column Price · rows 1 , 2" in text
    cells = [{"row": 2, "column": "Price", "value": "31"}]
    body = {"version": wizard.now().version, "of": "prices", "cells": cells}
    status, answer = wizard.browser.module(
        "POST", f"{wizard.path}/edits", json.dumps(body).encode()
    )
    assert (status, answer["rows"][0]["cells"]["Price"], answer["rows"][0]["errors"]) == (
        200,
        "31",
        {},
    )
    wizard.post("edits", do="replace", of="prices", name="Price", old="29.5x", value="29.5")
    text = wizard.check("?of=prices&show=created")
    assert "Prices : Of 3 rows 3 would be created" in text
    assert "2 line 3 eur blank S-2 3100" in text
    wizard.post("apply")
    group = wizard.operations.import_groups.read(wizard.now().import_id or 0)
    done = wizard.operations.import_groups.run(group)
    assert done.total("created_count") == 9


@pytest.fixture
def shop(wizard: Wizard) -> Wizard:
    """A file of another system, in whose last row, the fourth, no price is a number; of the prices
    that it makes that is the third."""
    wizard.import_("stock_locations", json.dumps([WAREHOUSE]))
    content = (SAMPLES / "shopify_2025.csv").read_text().replace(",9,", ",9x,")
    options = {"currency": "EUR", "shipping_category": "Merchandise"}
    return wizard.begin(content, "shopify.csv", dialect_options=options, skip_errors=True)


def test_causes_and_rows_of_another_systems_file_are_told_by_its_rows(shop: Wizard) -> None:
    text = shop.check("?of=prices")
    assert "column Price · row 4 " in text
    assert "4 line 5 " in text[text.index("Rows with errors") :]
    shop.post("apply")
    group = shop.operations.import_groups.read(shop.now().import_id or 0)
    prices = next(
        each for each in shop.operations.import_groups.run(group).members if each.errors_count
    )
    encode = shop.site.services.public_ids.encode
    # What is linked is found by the row's own number.
    address = f"/dashboard/imports/{encode(prices.id)}/errors?from=3"
    link = f'href="{address}#rows"><data class="n" value="4">4</data>'
    for path in (f"groups/{encode(group.id)}", f"imports/{encode(prices.id)}"):
        assert link in shop.browser.page(f"/dashboard/{path}")
    listed = text_of(shop.browser.page(address))
    assert "From row 4 on" in listed
    assert "4 5 Price" in listed


def test_failed_rows_of_another_systems_file_are_downloaded_as_they_stand_in_it(
    shop: Wizard,
) -> None:
    shop.check("?of=prices")
    assert shop.shown is not None
    assert f'href="{shop.path}/failed.csv"' in shop.shown.text
    answer = shop.browser.get(f"{shop.path}/failed.csv")
    assert 'filename="shopify.failed.spreadsheet-safe.csv"' in answer.headers["content-disposition"]
    head, row = csv.reader(io.StringIO(answer.text))
    assert head[:2] == ["Title", "URL handle"]
    assert head[-3:] == ["_row", "_errors", "_codes"]
    found = dict(zip(head, row, strict=True))
    assert (found["Title"], found["Price"], found["_row"]) == ("E-Book: Knots!", "9x", "4")
    assert found["_errors"].startswith("amount_cents: ")
    # Mended, it is a file of that system again.
    mended = answer.text.replace(",9x,", ",9,")
    assert shop.now().choices.dialect_options is not None
    shop.begin(mended, "mended.csv", dialect_options=shop.now().choices.dialect_options)
    assert "Prices : Of 1 row" in shop.check()


def failed_lines(shop: Wizard, path: str) -> tuple[list[str], list[list[str]]]:
    """The header of a file of failed rows, and its lines."""
    answer = shop.browser.get(path)
    assert answer.status_code == 200, answer.text
    head, *lines = csv.reader(io.StringIO(answer.text))
    return head, lines


def test_rows_that_failed_in_an_import_are_downloaded_as_they_stand_in_its_file(
    shop: Wizard,
) -> None:
    shop.check("?of=prices")
    shop.post("apply")
    group = shop.operations.import_groups.run(
        shop.operations.import_groups.read(shop.now().import_id or 0)
    )
    prices = next(each for each in group.members if each.errors_count)
    encode = shop.site.services.public_ids.encode
    of_group = f"/dashboard/groups/{encode(group.id)}"
    of_member = f"/dashboard/imports/{encode(prices.id)}"
    for page in (of_group, f"{of_member}/files", f"{of_member}/errors"):
        path = of_group if page == of_group else f"{of_member}/in-file"
        shown = shop.browser.page(page)
        assert f'href="{path}/failed.csv"' in shown
        assert "they stand in the file" in text_of(shown) or "it stands in the file" in shown
        head, (line,) = failed_lines(shop, f"{path}/failed.csv")
        assert head[:2] == ["Title", "URL handle"]
        found = dict(zip(head, line, strict=True))
        assert (found["Title"], found["Price"], found["_row"]) == ("E-Book: Knots!", "9x", "4")
        (row,) = shop.browser.get(f"{path}/failed.json").json()
        assert (row["Price"], row["_row"]) == ("9x", 4)
        assert shop.browser.get(f"{path}/failed.xlsx").content.startswith(b"PK")
    # What is sent back for a retry has the fields of the type.
    head, (line,) = failed_lines(shop, f"{of_member}/failed.csv")
    assert "amount_cents" in head

    retry, _ = shop.operations.retries.retry_group(shop.asker.environment, group)
    shop.operations.import_groups.run(retry)
    again = failed_lines(shop, f"/dashboard/groups/{encode(retry.id)}/failed.csv")
    assert again == failed_lines(shop, f"{of_group}/failed.csv")


def test_a_mended_row_of_another_systems_file_is_not_called_right(shop: Wizard) -> None:
    shop.check("?of=prices")
    (row,) = shop.mended((4, "Price", "abc"), of="prices")["rows"]
    assert (row["errors"], row["others"], row["is_judged"]) == ({}, [], False)
    text = text_of(shop.browser.page(f"{shop.path}/check?of=prices"))
    assert "changed, judged when all rows are checked again" in text
    assert "no error by itself" not in text
    shop.post("edits", do="again")
    assert "amount_cents abc is not a number" in shop.check("?of=prices")
