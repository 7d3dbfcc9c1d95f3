import csv
import io
import json
import re
import zipfile

import httpx2
import pytest

from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import address, imported, run_imports, sku_lines
from tests.behaviour.dashboard.markup import text_of

BAD = {3: "stones", 9: "stones", 11: "=kg"}


@pytest.fixture
def failed(browser: Browser) -> str:
    """Where an import is shown of whose 40 rows three failed."""
    return address(browser, imported(browser, sku_lines(40, bad=BAD), name="spring list.csv"))


def retried(browser: Browser, answer: httpx2.Response) -> str:
    """The page of a retry when it has ended."""
    assert answer.status_code == 200, answer.text
    run_imports(browser)
    return text_of(browser.page(answer.url.path))


def test_a_value_is_replaced_in_all_rows_that_have_it(browser: Browser, failed: str) -> None:
    form = browser.get(f"{failed}/retry")
    fields = dict(re.findall(r'name="(old\.\d)" value="([^"]*)"', form.text))
    number = next(name[-1] for name, value in fields.items() if value == "stones")
    answer = browser.submit(form, "/retry", **{f"new.{number}": "gr"})
    assert answer.url.path != failed
    text = retried(browser, answer)
    assert "2 SKUs created. 1 row failed." in text
    assert "Retry of" in text
    rows = text_of(browser.page(f"{answer.url.path}/rows"))
    assert "3 4 created" in rows  # row and line in the first file
    assert "Retries of these rows" in browser.page(failed)


def test_rows_that_a_retry_has_mended_are_not_offered_again(browser: Browser, failed: str) -> None:
    assert "Retry 3 rows" in browser.page(failed)
    form = browser.get(f"{failed}/retry")
    first = browser.submit(form, "/retry", **{"cell.3.4": "gr"})
    run_imports(browser)
    assert "Retry 2 rows" in browser.page(failed)
    form = browser.get(f"{failed}/retry")
    assert "Retry 2 rows" in form.text
    second = browser.submit(form, "/retry", set_column="unit_of_weight", set_value="gr")
    run_imports(browser)
    for path in (failed, first.url.path):
        page = browser.page(path)
        assert "No row fails any more: mended by" in text_of(page)
        assert f'href="{second.url.path}"' in page
        assert f'href="{path}/retry"' not in page
    asked = browser.page(f"{failed}/retry")
    assert "There is nothing to retry: no row fails any more." in text_of(asked)
    assert "mended by" in text_of(asked)
    assert f'action="{failed}/retry"' not in asked
    pressed = browser.post(f"{failed}/retry")
    assert pressed.status_code == 422
    assert "There is nothing to retry: no row fails any more." in text_of(pressed.text)


def test_an_import_without_failed_rows_has_nothing_to_retry(browser: Browser) -> None:
    path = address(browser, imported(browser, sku_lines(3)))
    page = browser.page(f"{path}/retry")
    assert "There is nothing to retry: no row failed." in text_of(page)
    assert "Retry 0 rows" not in page
    assert f'action="{path}/retry' not in page


def test_a_retry_that_has_not_ended_is_said_in_place_of_a_form(
    browser: Browser, failed: str
) -> None:
    form = browser.get(f"{failed}/retry")
    browser.submit(form, "/retry", set_column="unit_of_weight", set_value="gr")
    page = browser.page(f"{failed}/retry")
    assert re.search(r"The retry \w{10} has not ended\.", text_of(page))
    assert f'action="{failed}/retry"' not in page


def test_single_cells_and_a_whole_column_are_mended(browser: Browser, failed: str) -> None:
    form = browser.get(f"{failed}/retry")
    cells = {f"cell.{row}.4": unit for row, unit in ((3, "oz"), (9, "lb"), (11, "gr"))}
    assert all(f'name="{name}"' in form.text for name in cells)
    answer = browser.submit(form, "/retry", **cells, set_column="name", set_value="Same")
    assert "3 SKUs created." in retried(browser, answer)
    with browser.site.database.read() as tx:
        found = tx.fetch("SELECT unit_of_weight FROM skus WHERE name = 'Same' ORDER BY code", ())
    assert [unit for (unit,) in found] == ["gr", "oz", "lb"]


def test_what_cannot_be_meant_is_said_beside_what_was_typed(browser: Browser, failed: str) -> None:
    form = browser.get(f"{failed}/retry")
    answer = browser.submit(form, "/retry", set_column="no such", set_value="typed before")
    assert answer.status_code == 422
    assert "no such" in text_of(answer.text)
    assert 'value="typed before"' in answer.text


def test_failed_rows_are_downloaded_mended_and_sent_back(browser: Browser, failed: str) -> None:
    answer = browser.get(f"{failed}/failed.csv")
    named = answer.headers["content-disposition"]
    assert 'filename="spring list.failed.spreadsheet-safe.csv"' in named
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["_row"] for row in rows] == ["3", "9", "11"]
    assert rows[2]["unit_of_weight"] == "'=kg"
    assert "=kg" in browser.get(f"{failed}/failed.csv?safe=no").text.replace("'=kg", "")

    mended = answer.text.replace("stones", "gr").replace("'=kg", "lb")
    sent = browser.upload(
        f"{failed}/retry/file", "list.failed.spreadsheet-safe.csv", mended.encode()
    )
    assert "3 SKUs created." in retried(browser, sent)
    nothing = browser.post(f"{failed}/retry")
    assert nothing.status_code == 422


def test_failed_rows_are_downloaded_as_json_and_as_a_workbook(
    browser: Browser, failed: str
) -> None:
    rows = json.loads(browser.get(f"{failed}/failed.json").content)
    assert [row["code"] for row in rows] == ["SKU-3", "SKU-9", "SKU-11"]
    workbook = browser.get(f"{failed}/failed.xlsx")
    assert workbook.headers["content-type"].endswith("spreadsheetml.sheet")
    with zipfile.ZipFile(io.BytesIO(workbook.content)) as file:
        assert "xl/worksheets/sheet1.xml" in file.namelist()


def test_the_file_is_downloaded_as_it_was_sent(browser: Browser, failed: str) -> None:
    assert "Download" in browser.page(f"{failed}/files")
    answer = browser.get(f"{failed}/original")
    assert answer.text == sku_lines(40, bad=BAD)
    assert 'filename="spring list.csv"' in answer.headers["content-disposition"]
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert browser.get(f"{failed}/attachment").text == sku_lines(40, bad=BAD)


def test_a_retry_gives_the_file_of_the_first_import_and_its_own_rows(
    browser: Browser, failed: str
) -> None:
    form = browser.get(f"{failed}/retry")
    answer = browser.submit(form, "/retry", set_column="unit_of_weight", set_value="gr")
    retry = answer.url.path
    run_imports(browser)
    shown = text_of(browser.page(f"{retry}/files"))
    assert "Download spring list.csv as it was sent, of which the first import was made" in shown
    assert "The rows of this retry" in shown
    assert browser.get(f"{retry}/original").text == sku_lines(40, bad=BAD)
    mended = sku_lines(40, bad=dict.fromkeys(BAD, "gr")).splitlines(keepends=True)
    rows = browser.get(f"{retry}/attachment").text
    assert rows == "".join(mended[number] for number in (0, *BAD))


def test_what_is_not_kept_as_it_was_sent_is_not_said_to_be(browser: Browser) -> None:
    lines = '{"code": "A"}\n{"code": "B"}\n'  # which are kept as an array
    path = address(browser, imported(browser, lines, name="lines.ndjson", skip_errors=True))
    shown = text_of(browser.page(f"{path}/files"))
    assert "as it was sent" not in shown
    assert "The rows as they are imported" in shown
    assert browser.get(f"{path}/original").status_code == 404


def test_another_file_is_taken_with_the_same_choices(browser: Browser) -> None:
    import_ = imported(
        browser, "Nr,Titel\nA,One\n", column_map={"Nr": "code", "Titel": "name"}, skip_errors=True
    )
    path = address(browser, import_)
    assert "Import another file like this" in browser.page(path)
    browser.upload(f"{path}/again", "next.csv", b"Nr,Titel\nB,Two\n")
    (draft,) = browser.site.longshore.drafts.list(browser.asker)
    assert draft.source_name == "next.csv"
    assert draft.is_received
    assert draft.choices.resource_type == "skus"
    assert draft.choices.skip_errors
    assert draft.choices.mapping is not None
    assert set(draft.choices.mapping["fields"]) == {"code", "name"}
    assert "Go on with <bdi>next.csv</bdi>" in browser.page("/dashboard")
    empty = browser.upload(f"{path}/again", "next.csv", b"")
    assert empty.status_code == 422


@pytest.mark.parametrize(
    "part",
    [
        "original",
        "attachment",
        "failed.csv",
        "failed.xlsx",
        "failed.json",
        "files",
        "retry",
        "again",
    ],
)
def test_files_of_other_environments_are_not_there(
    browser: Browser, failed: str, part: str
) -> None:
    other = signed_in(browser.site, mode="live")
    assert other.get(f"{failed}/{part}").status_code == 404
    if part in ("retry", "again"):
        assert other.post(f"{failed}/{part}").status_code == 404
