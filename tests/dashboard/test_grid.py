"""The grid of rows with errors, in a real browser and by keyboard alone."""

import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, Route, expect

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
def check_of(serving: Server) -> Callable[[str], str]:
    """The address of the check of a file of SKUs, given what stands in it."""

    def begun(content: str) -> str:
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
            longshore.drafts.add_part(asker, draft.id, 0, [content.encode()])
            longshore.drafts.finish(asker, draft.id)
            return f"/dashboard/new/{longshore.public_ids.encode(draft.id)}/check"

    return begun


@pytest.fixture
def check(check_of: Callable[[str], str]) -> str:
    """The address of the check of a file with three causes of errors."""
    rows = [f"A-{number},Mug,gr,5,Merchandise" for number in range(40)]
    rows += [f"B-{number},{_MARKUP},kg,5,Merchandise" for number in range(3)]
    rows += ["C-1,,gr,5,Merchandise"]
    return check_of(_HEADER + "\n".join(rows))


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
    _paste(page, "Cup\r\n")
    expect(says).to_have_text("0 errors left here")
    page.get_by_role("button", name="Check all rows again").press("Enter")
    page.get_by_role("button", name="Import 44 SKUs").press("Enter", timeout=60_000)
    page.wait_for_url("**/dashboard/imports/*")


def test_what_a_second_window_has_typed_in_vain_stays_in_its_cell(
    window: Open, check_of: Callable[[str], str]
) -> None:
    watched = window()
    watched.expected = ("409",)
    page = watched.page
    page.goto(check_of(_HEADER + "E-1,,gr,5,Merchandise\n"))
    says = page.locator(".grid-says")
    expect(says).to_have_text("1 error left here", timeout=60_000)
    page.evaluate("document.querySelector('table.mending').dataset.version = '0'")
    cell = page.locator('td[data-column="name"]')
    cell.focus()
    page.keyboard.type("Cup")
    page.keyboard.press("Enter")
    expect(says).to_contain_text("was changed in another window")
    expect(cell).to_contain_text("Cup (not saved)")
    # It is there to be gone on with, and Esc leaves it so.
    cell.focus()
    page.keyboard.press("F2")
    expect(cell.get_by_role("textbox")).to_have_value("Cup")
    page.keyboard.press("Escape")
    expect(cell).to_contain_text("Cup (not saved)")
    says.get_by_role("button", name="Reload").press("Enter")
    expect(says).to_have_text("1 error left here")
    expect(cell).to_contain_text("blank")


def test_what_could_not_be_saved_is_sent_again_as_it_stands(
    window: Open, check_of: Callable[[str], str]
) -> None:
    watched = window()
    watched.expected = ("net::ERR_FAILED",)
    page = watched.page
    page.goto(check_of(_HEADER + "E-1,,gr,5,Merchandise\nE-2,,gr,5,Merchandise\n"))
    says = page.locator(".grid-says")
    expect(says).to_have_text("2 errors left here", timeout=60_000)
    page.route("**/edits", lambda route: route.abort())
    page.locator("td.bad").first.focus()
    _paste(page, "Cup\r\nMug\r\n")
    expect(says).to_contain_text("The server does not answer", ignore_case=True)
    expect(page.locator("td.unsaved")).to_have_count(2)
    page.unroute_all(behavior="ignoreErrors")
    page.locator("td.unsaved").first.focus()
    page.keyboard.press("F2")
    page.keyboard.press("Enter")
    expect(says).to_contain_text("1 error left here; some cells are not saved")
    says.get_by_role("button", name="Save again").press("Enter")
    expect(says).to_have_text("0 errors left here")
    expect(page.locator("td.unsaved")).to_have_count(0)


def test_a_form_waits_for_what_was_typed_before_it(
    window: Open, check_of: Callable[[str], str]
) -> None:
    page = window().page
    page.goto(check_of(_HEADER + "G-1,,gr,5,Merchandise\nG-2,,gr,5,Merchandise\n"))
    says = page.locator(".grid-says")
    expect(says).to_have_text("2 errors left here", timeout=60_000)
    page.locator("td.bad").first.focus()
    page.keyboard.type("Cup")
    page.keyboard.press("Enter")
    expect(says).to_contain_text("1 error left here")
    held: list[Route] = []
    page.route("**/edits", lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request("**/edits"):
        page.keyboard.type("Mug")
        page.keyboard.press("Enter")
    page.get_by_role("button", name="Check all rows again").click()
    held[0].continue_()
    page.get_by_role("button", name="Import 2 SKUs").press("Enter", timeout=60_000)
    page.wait_for_url("**/dashboard/imports/*")


def test_what_is_taken_back_by_key_leaves_the_check_as_it_was(
    window: Open, check_of: Callable[[str], str]
) -> None:
    page = window().page
    page.goto(check_of(_HEADER + "E-1,,gr,5,Merchandise\n"))
    says = page.locator(".grid-says")
    expect(says).to_have_text("1 error left here", timeout=60_000)
    again = page.get_by_role("button", name="Check all rows again")
    page.locator("td.bad").first.focus()
    page.keyboard.type("Cup")
    page.keyboard.press("Enter")
    expect(again).to_be_visible()
    page.keyboard.press("Control+z")
    expect(says).to_have_text("1 error left here")
    expect(again).to_be_hidden()


def test_a_unit_that_was_converted_is_taken_back_by_key(
    window: Open, check_of: Callable[[str], str]
) -> None:
    page = window().page
    page.goto(check_of(_HEADER + "E-1,Mug,kg,0.35,Merchandise\nE-2,,gr,1,Merchandise\n"))
    convert = page.get_by_role("button", name="Convert kg to gr")
    convert.click(timeout=60_000)
    change = page.get_by_role("button", name="Take back: unit_of_weight: 'kg' is converted to 'gr'")
    expect(change).to_be_visible(timeout=60_000)
    expect(convert).to_be_hidden()

    # What was typed in the grid is taken back first.
    page.locator("td.bad").first.focus()
    page.keyboard.type("Cup")
    page.keyboard.press("Enter")
    says = page.locator(".grid-says")
    expect(says).to_have_text("0 errors left here")
    page.keyboard.press("Control+z")
    expect(says).to_have_text("1 error left here")
    expect(change).to_be_visible()
    page.keyboard.press("Control+z")
    expect(convert).to_be_visible(timeout=60_000)
    expect(change).to_be_hidden()


def test_the_keyboard_passes_over_a_row_with_broken_quotes(
    window: Open, check_of: Callable[[str], str]
) -> None:
    rows = 'D-1,,gr,5,Merchandise\nD-2,"12" pipe,gr,5,Merchandise\nD-3,,gr,5,Merchandise\n'
    page = window().page
    page.goto(check_of(_HEADER + rows))
    says = page.locator(".grid-says")
    expect(says).to_have_text("3 errors left here", timeout=60_000)
    page.locator('tr[data-row="1"] td[data-column="name"]').focus()
    page.keyboard.press("ArrowDown")
    assert _focused(page) == "3 name"
    page.keyboard.press("ArrowUp")
    _paste(page, "Mug\r\nPipe\r\nCup\r\n")
    expect(says).to_contain_text("1 error left here")


def test_a_cell_of_several_lines_is_pasted_into_one_cell(
    window: Open, check_of: Callable[[str], str]
) -> None:
    page = window().page
    page.goto(check_of(_HEADER + "".join(f"F-{number},,gr,5,Merchandise\n" for number in range(3))))
    says = page.locator(".grid-says")
    expect(says).to_have_text("3 errors left here", timeout=60_000)
    page.locator('tr[data-row="1"] td[data-column="name"]').focus()
    _paste(page, '"two\nlines"\tkg\r\nB\tgr\r\n')
    expect(says).to_contain_text("2 errors left here")
    assert _values(page, "name") == ["two\nlines", "B", ""]
    assert _values(page, "unit_of_weight") == ["kg", "gr", "gr"]
    # What is copied of a cell is read in the same way.
    copied = page.evaluate(
        """() => {
          const clipboardData = new DataTransfer();
          const how = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("copy", how));
          return clipboardData.getData("text/plain");
        }"""
    )
    assert copied == '"two\nlines"'


def test_cells_are_read_as_spreadsheets_put_them_on_the_clipboard(
    window: Open, serving: Server
) -> None:
    cases = {
        "": [[""]],
        "a": [["a"]],
        "a\r\n": [["a"]],
        "a\n\n": [["a"], [""]],
        "a\t": [["a", ""]],
        "a\tb\r\nc\td\r\n": [["a", "b"], ["c", "d"]],
        "a\rb": [["a"], ["b"]],
        '"two\nlines"\t\nB': [["two\nlines", ""], ["B"]],
        '"two\r\nlines"\r\n': [["two\nlines"]],
        '"a ""b"" has a\ttab"\tc': [['a "b" has a\ttab', "c"]],
        '"""\n"""': [['"\n"']],
        '12" pipe\t3"\r\n': [['12" pipe', '3"']],
        '"quoted"\t"Mug" red': [['"quoted"', '"Mug" red']],
        '"A\t"B': [['"A', '"B']],
        '"A\nB': [['"A'], ["B"]],
        '"A\n"B"\n': [['"A'], ['"B"']],
        '""\t""""': [['""', '""""']],
    }
    watched = window()
    page = watched.page
    page.goto("/dashboard/new")
    module = page.locator('script[type="module"]').last.get_attribute("src")
    assert module is not None
    found = page.evaluate(
        """async ([address, texts]) => {
          const { rowsOf, textOf } = await import(address);
          const read = texts.map(rowsOf);
          const again = (cell) => rowsOf(textOf(cell));
          return { read, copied: read.map((rows) => rows.flat().map(again)) };
        }""",
        [f"{module.rpartition('/')[0]}/clipboard.js", list(cases)],
    )
    assert dict(zip(cases, found["read"], strict=True)) == cases
    for rows, copied in zip(cases.values(), found["copied"], strict=True):
        assert copied == [[[cell]] for row in rows for cell in row]


def _values(page: Page, column: str) -> list[str]:
    cells = page.locator(f'td[data-column="{column}"]')
    found: list[str] = cells.evaluate_all("cells => cells.map((cell) => cell.dataset.value)")
    return found


def _paste(page: Page, text: str) -> None:
    """Paste a text that was copied in a spreadsheet into the cell that has the focus."""
    page.evaluate(
        """(text) => {
          const clipboardData = new DataTransfer();
          clipboardData.setData("text/plain", text);
          const how = { clipboardData, bubbles: true, cancelable: true };
          document.activeElement.dispatchEvent(new ClipboardEvent("paste", how));
        }""",
        text,
    )


def _focused(page: Page) -> str:
    """Row and column of the cell that has the focus."""
    told = page.evaluate(
        "[document.activeElement.parentElement.dataset.row, document.activeElement.dataset.column]"
    )
    return " ".join(told)
