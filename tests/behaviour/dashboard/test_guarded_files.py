"""Files whose cells are guarded against spreadsheets, taken in again in the browser."""

import csv
import io
import json
import re
import zipfile

import pytest
from openpyxl import Workbook

from tests.behaviour.dashboard.browser import Browser
from tests.behaviour.dashboard.imports import address, csv_of, imported, run_imports
from tests.behaviour.dashboard.markup import main_text_of, text_of
from tests.behaviour.dashboard.wizard import HEADER, SAMPLES, Wizard
from tests.behaviour.groups.foreign_files import WAREHOUSE

FORMULAS = {"A": "-5", "B": "=SUM(A1)", "C": "'=1", "D": "Mug"}
OFF = "taken off: they guard cells against spreadsheets"


def skus(names: dict[str, str]) -> str:
    rows = [[code, name, "gr", "5", "Merchandise"] for code, name in names.items()]
    return csv_of([HEADER.strip().split(","), *rows])


def names_of(wizard: Wizard) -> dict[str, str]:
    """The names of all SKUs by their codes, as an export has them."""
    text = wizard.browser.get("/dashboard/records/skus.csv").text
    return {row["code"]: row["name"] for row in csv.DictReader(io.StringIO(text))}


def file_step(wizard: Wizard) -> str:
    while 'id="reading"' in (shown := wizard.browser.page(f"{wizard.path}/file")):
        pass  # it waits for a while itself
    return main_text_of(shown)


@pytest.fixture
def export(wizard: Wizard) -> bytes:
    """An export that is safe for spreadsheets, of names that need it."""
    wizard.import_("skus", skus(FORMULAS))
    return wizard.browser.get("/dashboard/records/skus.csv?safe").content


@pytest.mark.parametrize("name", ["skus.spreadsheet-safe.csv", "renamed.csv"])
def test_a_safe_export_changes_nothing_when_it_comes_back(
    wizard: Wizard, export: bytes, name: str
) -> None:
    wizard.begin(export, name)
    shown = file_step(wizard)
    assert f"Apostrophes before = + - @ {OFF}" in shown
    assert "3 cells, the first on line 2, have an apostrophe before = + - @" in shown.lower()
    assert "-5" in shown
    assert "'-5" not in shown
    text = wizard.check()
    assert "All 4 rows are already as in the file." in text
    assert "which is taken off" in text


def test_it_is_open_to_be_told_otherwise(wizard: Wizard, export: bytes) -> None:
    wizard.begin(export, "skus.spreadsheet-safe.csv")
    wizard.post("file", what="apostrophes", value="kept")
    shown = file_step(wizard)
    assert "kept, as part of the cells" in shown
    assert "'-5" in shown
    assert "3 updated" in wizard.check()
    wizard.post("file", what="apostrophes", value="")
    assert OFF in file_step(wizard)
    assert wizard.post("file", what="apostrophes", value="x").status_code == 422


def test_apostrophes_are_taken_off_in_grid_and_import_and_failed_rows(wizard: Wizard) -> None:
    content = skus({"A": "'-5", "B": "'=2"}) + "C,'@x,stone,5,Merchandise\n"
    wizard.begin(content, "renamed.csv", skip_errors=True)
    assert "1 has errors" in wizard.check()
    answer = wizard.mended((1, "name", "=typed"), (3, "name", "+9"))
    assert answer["rows"]
    wizard.post("edits", do="again")
    text = wizard.check("?show=created")
    assert "=typed" in text
    assert "'=2" not in text
    wizard.post("apply")
    import_ = wizard.applied()
    assert names_of(wizard) == {"A": "=typed", "B": "=2"}
    page = address(wizard.browser, import_)
    assert "have an apostrophe before = + - @, which is taken off" in text_of(
        wizard.browser.page(page)
    )
    assert "C,'+9," in wizard.browser.get(f"{page}/failed.csv").text
    assert "C,+9," in wizard.browser.get(f"{page}/failed.csv?safe=no").text


def test_what_is_not_certain_is_kept_and_told_at_each_step(wizard: Wizard) -> None:
    wizard.begin(skus({"A": "'-5", "B": "-6"}), "renamed.csv")
    told = "A cell on line 2 has an apostrophe before = + - @, which is kept: line 3 has a cell"
    shown = file_step(wizard)
    assert told in shown
    assert "kept, as part of the cells" in shown
    assert told in text_of(wizard.browser.page(f"{wizard.path}/columns"))
    assert told in wizard.check()
    wizard.post("file", what="apostrophes", value="off")
    assert OFF in file_step(wizard)
    wizard.check()
    wizard.post("apply")
    wizard.applied()
    assert names_of(wizard) == {"A": "-5", "B": "-6"}


def test_a_file_without_such_cells_says_nothing_of_apostrophes(wizard: Wizard) -> None:
    for names in ({"A": "Mug"}, {"A": "'tis", "B": "-5"}):
        wizard.begin(skus(names))
        assert "postroph" not in file_step(wizard)
        assert "postroph" not in wizard.check()


def test_sheets_and_files_of_one_are_read_likewise(wizard: Wizard) -> None:
    book, file = Workbook(write_only=True), io.BytesIO()
    sheets = {
        "skus": list(csv.reader(io.StringIO(skus({"A": "'-5"})))),
        "price_lists": [["name", "currency_code"], ["Shop", "EUR"]],
    }
    for title, lines in sheets.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    book.save(file)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("skus.csv", skus({"A": "'-5"}))
        packed.writestr("price_lists.csv", "name,currency_code\nShop,EUR\n")
    for content, name in ((file, "book.xlsx"), (archive, "files.zip")):
        wizard.begin(content.getvalue(), name)
        shown = file_step(wizard)
        assert OFF in shown
        assert "SKUs: A cell on line 2 has an apostrophe" in shown
        wizard.check("?of=skus&show=created")
        wizard.post("apply")
        group = wizard.operations.import_groups.read(wizard.now().import_id or 0)
        wizard.operations.import_groups.run(group)
        assert names_of(wizard) == {"A": "-5"}
        wizard.import_("skus", skus({"A": "Mug"}))


def test_safe_exports_come_back_together(wizard: Wizard, export: bytes) -> None:
    categories = wizard.browser.get("/dashboard/records/shipping_categories.csv?safe").content
    files = [
        ("skus.spreadsheet-safe (1).csv", export),
        ("shipping_categories.spreadsheet-safe.csv", categories),
    ]
    answer = wizard.browser.upload_all("/dashboard/new", files)
    shown = main_text_of(answer.text)
    assert "Rows of 2 types → Shipping categories, SKUs" in shown
    assert OFF in shown
    form = wizard.browser.get(answer.url.path)
    (version,) = set(re.findall(r'name="version" value="(\d+)"', form.text))
    said = {"version": version, "what": "apostrophes", "value": "kept"}
    kept = main_text_of(wizard.browser.post(answer.url.path, said).text)
    assert "Rows of 2 types → Shipping categories, SKUs" in kept
    assert "kept, as part of the cells" in kept
    assert "Names of files say that cells have an apostrophe" in kept


def test_a_safe_file_of_another_system_is_read_likewise(wizard: Wizard) -> None:
    wizard.import_("stock_locations", json.dumps([WAREHOUSE]))
    content = (SAMPLES / "shopify_2025.csv").read_text()
    title = next(csv.DictReader(io.StringIO(content)))["Title"]
    options = {"currency": "EUR", "shipping_category": "Merchandise"}
    wizard.begin(content.replace(title, "'=Mug", 1), "x.csv", dialect_options=options)
    assert OFF in file_step(wizard)
    text = wizard.check("?of=skus&show=created")
    assert "=Mug" in text
    assert "'=Mug" not in text


FAILED = {"A": "=SUM(A1)", "B": "@home", "C": "'quoted", "D": "'=1", "E": "Mug"}


@pytest.fixture
def failed(wizard: Wizard) -> str:
    """Where an import is shown of which all rows failed."""
    import_ = imported(
        wizard.browser, skus(FAILED).replace(",gr,", ",stone,"), skip_errors=True, name="list.csv"
    )
    return address(wizard.browser, import_)


@pytest.mark.parametrize("query", ["", "?safe=no"])
def test_failed_rows_come_back_as_they_were_under_any_name(
    wizard: Wizard, failed: str, query: str
) -> None:
    content = wizard.browser.get(f"{failed}/failed.csv{query}").text
    sent = wizard.browser.upload(
        f"{failed}/retry/file", "mended.csv", content.replace("stone", "gr").encode()
    )
    run_imports(wizard.browser)
    assert "5 SKUs created." in text_of(wizard.browser.page(sent.url.path))
    assert names_of(wizard) == FAILED


def test_what_is_typed_into_a_safe_file_of_failed_rows_is_taken_as_it_is(
    wizard: Wizard, failed: str
) -> None:
    content = wizard.browser.get(f"{failed}/failed.csv").text.replace("stone", "gr")
    content = content.replace("A,'=SUM(A1)", "A,-7").replace("E,Mug", "E,'+8")
    wizard.browser.upload(f"{failed}/retry/file", "mended.csv", content.encode())
    run_imports(wizard.browser)
    assert names_of(wizard) == {**FAILED, "A": "-7", "E": "+8"}


def test_an_apostrophe_that_nothing_needed_is_kept(browser: Browser, wizard: Wizard) -> None:
    import_ = imported(
        wizard.browser, skus({"A": "Mug"}).replace(",gr,", ",stone,"), skip_errors=True
    )
    path = address(wizard.browser, import_)
    content = wizard.browser.get(f"{path}/failed.csv").text.replace("stone", "gr")
    content = content.replace("A,Mug", "A,'-Mug")
    wizard.browser.upload(f"{path}/retry/file", "mended.csv", content.encode())
    run_imports(wizard.browser)
    assert names_of(wizard) == {"A": "'-Mug"}


def test_a_header_that_is_guarded_comes_back(wizard: Wizard) -> None:
    content = skus({"A": "Mug"}).replace("name,", "=Name,", 1).replace(",gr,", ",stone,")
    import_ = imported(wizard.browser, content, skip_errors=True, column_map={"=Name": "name"})
    path = address(wizard.browser, import_)
    safe = wizard.browser.get(f"{path}/failed.csv").text
    assert re.match("code,'=Name,", safe)
    wizard.browser.upload(f"{path}/retry/file", "mended.csv", safe.replace("stone", "gr").encode())
    run_imports(wizard.browser)
    assert names_of(wizard) == {"A": "Mug"}
