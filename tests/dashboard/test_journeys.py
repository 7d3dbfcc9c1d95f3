"""What people come for, from a file to records and back, in a real browser on a real server.

`--journey-rows` makes the files as long as a long run wants them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest
import xlsxwriter
from playwright.sync_api import Browser, Page, expect

from tests.behaviour.serving.servers import Server, run
from tests.dashboard.chromium import opened, sign_in, upload
from tests.dashboard.conftest import Open, link

_BAD_UNITS = (3, 40, 41, 200)
_BLANK_NAMES = (9, 100)
_BAD_WEIGHT = 57


@pytest.fixture
def rows(request: pytest.FixtureRequest) -> int:
    return int(request.config.getoption("--journey-rows"))


@pytest.fixture
def supplier(tmp_path: Path, rows: int) -> Path:
    """A price list with three causes of errors: 4 units that are none, 2 blank names, a weight."""
    lines = ["code,name,do_not_ship,weight,unit_of_weight"]
    for number in range(rows):
        unit = "kg" if number in _BAD_UNITS else "gr"
        name = "" if number in _BLANK_NAMES else f"Mug {number}"
        weight = "about 2 kg" if number == _BAD_WEIGHT else "300"
        lines.append(f"MUG-{number:06},{name},true,{weight},{unit}")
    file = tmp_path / "Supplier <i>2026.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return file


def codes(server: Server) -> list[str]:
    return run(server.data, "records", "skus", "--csv", "--fields", "code").splitlines()[1:]


def to_check(page: Page) -> None:
    """From what was found in a file to what an import of it would do."""
    page.goto(page.url.rpartition("/")[0] + "/check")
    page.locator("p.lead").first.wait_for()


def planned_again(page: Page) -> None:
    page.get_by_role("button", name="Check all rows again").first.click()
    page.locator(".when-current:visible").wait_for()


def imported(page: Page) -> str:
    """Import what was checked; the id of the import, when it has ended."""
    page.locator(".when-current button.primary").click()
    page.wait_for_url(re.compile("/dashboard/(imports|groups)/"))
    expect(page.locator(".status").first).to_contain_text("Completed")
    return page.url.rpartition("/")[2]


def undone(page: Page) -> None:
    """Take back what the page shows."""
    page.get_by_role("link", name="Undo import").click()
    page.get_by_role("button", name=re.compile("Undo")).first.click()
    page.wait_for_url(re.compile("/dashboard/(undos|groups)/[^/]*$"))
    expect(page.locator(".status").first).to_contain_text(re.compile("Completed|Undone"))


def test_a_file_is_mended_in_the_page_imported_and_taken_back(
    window: Open, serving: Server, supplier: Path, rows: int
) -> None:
    before = codes(serving)
    watched = window()
    page = watched.page
    upload(watched, supplier)
    expect(page.locator("dd strong").first).to_have_text("SKUs")
    to_check(page)
    expect(page.locator("p.lead").first).to_contain_text(f"{rows - 7:,} would be created")
    expect(page.locator("p.lead").first).to_contain_text("7 have errors")

    # A whole cause at once, as the page offers it.
    choose_units(page, "gr")
    names = page.locator("form").filter(has=page.get_by_role("button", name="Apply to all 2 cells"))
    names.locator('input:not([type="hidden"])').first.fill("No name yet")
    names.get_by_role("button").first.click()
    # The last one where it stands, in the grid.
    cell = page.locator("td.bad", has_text="about 2 kg")
    cell.dblclick()
    page.keyboard.press("Control+A")
    page.keyboard.type("2000")
    page.keyboard.press("Enter")
    expect(page.locator("td.bad", has_text="about 2 kg")).to_have_count(0)

    planned_again(page)
    expect(page.locator("p.lead").first).to_contain_text(f"{rows:,} would be created")
    expect(page.locator("p.lead").first).to_contain_text("0 have errors")
    imported(page)
    assert len(codes(serving)) == len(before) + rows
    expect(page.get_by_text(f"{rows:,} SKUs created")).to_be_visible()
    undone(page)
    assert codes(serving) == before


def test_a_product_file_of_shopify_becomes_records(
    window: Open, serving: Server, tmp_path: Path
) -> None:
    run(
        serving.data,
        "setup",
        "--currency",
        "EUR",
        "--warehouse",
        "Main",
        "--shipping-category",
        "S",
    )
    header = (
        "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,"
        "Option1 Value,Variant SKU,Variant Grams,Variant Inventory Tracker,Variant Inventory Qty,"
        "Variant Inventory Policy,Variant Fulfillment Service,Variant Price,"
        "Variant Compare At Price,Variant Requires Shipping,Variant Taxable,Status"
    )
    lines = [
        f"cup-{n},Cup {n},<p>Good</p>,Maker,,Cups,new,true,Size,{size},CUP-{n}-{size},"
        f"250,shopify,{n},deny,manual,12.50,,true,true,active"
        for n in range(20)
        for size in ("S", "L")
    ]
    file = tmp_path / "products_export.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    watched = window()
    page = watched.page
    upload(watched, file)
    expect(page.get_by_text("Shopify").first).to_be_visible()
    needed = page.locator('[aria-invalid="true"]')
    if needed.count():
        for each in needed.all():
            each.fill("EUR" if "currency" in (each.get_attribute("name") or "") else "main")
        page.get_by_role("button", name="Read the file with these").click()
        page.wait_for_url("**/file")
    to_check(page)
    assert page.locator("p.lead").count() >= 3
    imported(page)
    assert sum(code.startswith("CUP-") for code in codes(serving)) == 40
    undone(page)
    assert not any(code.startswith("CUP-") for code in codes(serving))


def test_a_workbook_of_four_sheets_becomes_a_group(
    window: Open, serving: Server, tmp_path: Path
) -> None:
    file = tmp_path / "catalogue.xlsx"
    sheets: Mapping[str, Sequence[Sequence[object]]] = {
        "shipping_categories": [["name"], ["Crates"]],
        "price_lists": [["name", "code", "currency_code"], ["Crates in euros", "crates", "EUR"]],
        "skus": [
            ["code", "name", "shipping_category.name"],
            *[[f"CRATE-{n}", f"Crate {n}", "Crates"] for n in range(10)],
        ],
        "prices": [
            ["price_list.code", "sku_code", "amount_cents"],
            *[["crates", f"CRATE-{n}", 1250 + n] for n in range(10)],
        ],
    }
    with xlsxwriter.Workbook(file) as book:
        for name, cells in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(cells):
                sheet.write_row(number, 0, row)
    watched = window()
    page = watched.page
    upload(watched, file)
    to_check(page)
    expect(page.locator("p.lead")).to_have_count(4)
    imported(page)
    assert sum(code.startswith("CRATE-") for code in codes(serving)) == 10


def test_all_is_done_with_the_keyboard(window: Open, serving: Server, tmp_path: Path) -> None:
    file = tmp_path / "keys.csv"
    file.write_text("code,name,do_not_ship\nKEY-1,One,true\nKEY-2,,true\n", encoding="utf-8")
    watched = window()
    page = watched.page
    page.keyboard.press("n")
    page.wait_for_url("**/new")
    # A dialog of the system cannot be driven; the field has the focus when it opens one.
    tab_to(page, 'input[type="file"]')
    page.locator('input[type="file"]').set_input_files(file)
    page.wait_for_url("**/file")
    tab_to(page, "main a.primary")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/(columns|check)"))
    if page.url.endswith("/columns"):
        tab_to(page, "main button.primary")
        page.keyboard.press("Enter")
        page.wait_for_url("**/check*")
    page.locator("td.bad").first.wait_for()
    tab_to(page, '[role="grid"] [tabindex="0"]')
    page.locator("td.bad").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Control+A")
    page.keyboard.type("Two")
    page.keyboard.press("Enter")
    expect(page.locator("td.bad")).to_have_count(0)
    tab_to(page, ".when-stale button.primary")
    page.keyboard.press("Enter")
    page.locator(".when-current:visible button.primary").wait_for()
    tab_to(page, ".when-current button.primary")
    page.keyboard.press("Enter")
    page.wait_for_url("**/imports/**")
    expect(page.locator(".status").first).to_contain_text("Completed")
    assert {"KEY-1", "KEY-2"} <= set(codes(serving))


def tab_to(page: Page, selector: str) -> None:
    """Press Tab until what is wanted has the focus."""
    for _ in range(80):
        if page.evaluate("s => document.activeElement?.matches(s) ?? false", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{selector} is not reached by Tab")


def test_two_tabs_do_not_overwrite_each_other(
    window: Open, serving: Server, supplier: Path
) -> None:
    watched = window()
    page = watched.page
    upload(watched, supplier)
    to_check(page)
    other = page.context.new_page()
    other.goto(page.url)
    change_units(page, "gr")
    watched.expected = ("409",)
    choose_units(other, "oz")
    expect(other.get_by_text("changed in another window").first).to_be_visible()
    page.reload()
    expect(page.locator("body")).to_contain_text("gr")
    other.close()


def change_units(page: Page, value: str) -> None:
    choose_units(page, value)
    expect(page.get_by_text("1 change made")).to_be_visible()


def choose_units(page: Page, value: str) -> None:
    units = page.locator("form").filter(has=page.get_by_role("button", name="Apply to all 4 cells"))
    units.locator("select").select_option(value)
    units.get_by_role("button").first.click()


def test_a_session_that_ends_loses_nothing(window: Open, serving: Server, supplier: Path) -> None:
    """What was typed comes through the sign-in, and is done when somebody goes on."""
    made = run(serving.data, "applications", "create", "--kind", "integration", "--json")
    credentials = json.loads(made)["data"]
    watched = window()
    page = watched.page
    upload(watched, supplier)
    to_check(page)
    page.context.clear_cookies()
    watched.expected = ("401", "403")
    choose_units(page, "gr")
    page.get_by_label("Client ID").fill(credentials["client_id"])
    page.get_by_label("Client secret").fill(credentials["client_secret"])
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("1 change made")).to_be_visible()


def test_a_server_that_is_restarted_in_each_step_loses_nothing(
    tmp_path: Path, chromium: Browser, supplier: Path
) -> None:
    """The draft, its plan, its edits and its import are all on the server's disk."""
    data = tmp_path / "data"
    server = Server(data)
    port = server.url.rpartition(":")[2]
    with opened(chromium, server.url) as watched:
        page = watched.page

        def restart() -> None:
            nonlocal server
            server.stop()
            server = Server(data, "--port", port)
            page.reload()

        try:
            sign_in(watched, link(server))
            upload(watched, supplier)
            restart()
            to_check(page)
            restart()
            page.locator("p.lead").first.wait_for()
            change_units(page, "gr")
            restart()
            expect(page.locator("p.lead").first).to_contain_text("3 have errors")
            imported(page)
            restart()
            expect(page.locator(".status").first).to_contain_text("Completed")
            watched.expected = ("ERR_", "Failed to load resource")
        finally:
            server.stop()
