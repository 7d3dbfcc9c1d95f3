"""The grid of rows with errors, in a real browser and by keyboard alone."""

import io

import pytest
from playwright.sync_api import Page, expect

from longshore.assembly import open_longshore
from longshore.imports import ImportRequest
from longshore.operations import Asker
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.serving.servers import Server
from tests.dashboard.conftest import Open

_HEADER = "code,name,unit_of_weight,weight,shipping_category.name\n"
_MARKUP = "<img src=x onerror=window.marker=1>"


@pytest.fixture
def check(serving: Server) -> str:
    """The address of the check of a file with three causes of errors."""
    rows = [f"A-{number},Mug,gr,5,Merchandise" for number in range(40)]
    rows += [f"B-{number},{_MARKUP},kg,5,Merchandise" for number in range(3)]
    rows += ["C-1,,gr,5,Merchandise"]
    with open_longshore(Settings(data=serving.data)) as longshore:
        environment = longshore.organizations.environment("default", "test")
        made = longshore.submissions.submit(
            environment,
            Source.from_stream(io.BytesIO(b"name\nMerchandise\n"), name="categories.csv"),
            ImportRequest(resource_type="shipping_categories"),
            to_run=True,
        )
        longshore.import_runs.run(made.id)
        asker = Asker(environment=environment)
        draft = longshore.drafts.create(asker, "skus.csv")
        content = (_HEADER + "\n".join(rows)).encode()
        longshore.drafts.add_part(asker, draft.id, 0, [content])
        longshore.drafts.finish(asker, draft.id)
        return f"/dashboard/new/{longshore.public_ids.encode(draft.id)}/check"


def test_rows_are_mended_by_keyboard_and_imported(window: Open, check: str) -> None:
    page = window().page
    page.goto(check)
    grid = page.get_by_role("grid")
    expect(grid).to_be_visible(timeout=60_000)
    says = page.locator(".grid-says")
    expect(says).to_have_text("4 errors left here")

    # Tab leads to one cell, the first with an error; Enter edits it, and again goes to the next.
    page.locator(".scroll:has(table.mending)").focus()
    page.keyboard.press("Tab")
    assert _focused(page) == "41 unit_of_weight"
    page.keyboard.press("Enter")
    page.keyboard.type("gr")
    page.keyboard.press("Enter")
    expect(says).to_have_text("3 errors left here")
    assert _focused(page) == "42 unit_of_weight"

    # Esc leaves the cell as it was; arrows move; a letter begins a new value.
    page.keyboard.press("F2")
    page.keyboard.type("nonsense")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.value") == "kg"
    page.keyboard.press("ArrowLeft")
    assert _focused(page) == "42 name"
    page.keyboard.press("ArrowRight")
    page.keyboard.press("g")
    page.keyboard.type("r")
    page.keyboard.press("Enter")
    expect(says).to_have_text("2 errors left here")

    # What was changed is provisional, and the same is offered for all cells that have the value.
    expect(page.get_by_role("button", name="Import")).to_have_count(0)
    expect(page.get_by_role("button", name="Check all rows again")).to_be_visible()
    page.get_by_role("button", name="Apply to all 3 cells with this value").press("Enter")
    expect(page.get_by_text("1 row with errors stays behind")).to_be_visible(timeout=60_000)

    # A column that was copied in a spreadsheet is pasted.
    page.locator("td.bad").focus()
    page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", "Cup\\r\\n");
          const how = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }"""
    )
    expect(says).to_have_text("0 errors left here")
    page.get_by_role("button", name="Check all rows again").press("Enter")
    page.get_by_role("button", name="Import 44 SKUs").press("Enter", timeout=60_000)
    page.wait_for_url("**/dashboard/imports/*")


def _focused(page: Page) -> str:
    """Row and column of the cell that has the focus."""
    told = page.evaluate(
        "[document.activeElement.parentElement.dataset.row, document.activeElement.dataset.column]"
    )
    return " ".join(told)
