"""In a browser that runs whatever a page lets run: nothing of what files and records hold does."""

import csv
import json
import subprocess

import pytest
from playwright.sync_api import expect

from tests.behaviour.dashboard.naughty import ALL
from tests.behaviour.serving.servers import run
from tests.clients.installing import MODULES, find_node, install_clients
from tests.dashboard.chromium import upload


@pytest.fixture(scope="module")
def naughty(serving, tmp_path_factory):
    """The ids of an import with naughty texts in rows that work and in rows that fail."""
    file = tmp_path_factory.mktemp("naughty") / "<script>window.marker=1<.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["code", "name", "do_not_ship", "metadata.note"])
        writer.writerows([text, text, "true", text] for text in ALL)
        writer.writerows([f"bad {number}", text, text, ""] for number, text in enumerate(ALL))
    run_anyway(serving.data, "import", "skus", str(file), "--skip-errors")
    listed = run(serving.data, "imports", "--json")
    return json.loads(listed)["data"][0]["id"]


def run_anyway(data, *arguments):
    """A command that ends with an error of rows, as it should."""
    with pytest.raises(subprocess.CalledProcessError):
        run(data, *arguments)


def test_nothing_runs_that_files_and_records_hold(window, serving, naughty):
    watched = window()
    page = watched.page
    for path in (
        "",
        f"/imports/{naughty}/errors",
        f"/imports/{naughty}/rows?outcome=failed",
        "/records/skus",
        "/records/skus?page=2",
    ):
        page.goto(f"{serving.url}/dashboard{path}")
        for element in page.query_selector_all("details"):
            element.evaluate("each => { each.open = true; }")
        assert page.evaluate("typeof window.marker") == "undefined", path
        assert page.url == f"{serving.url}/dashboard{path}"
    page.goto(f"{serving.url}/dashboard/records/skus")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/records/skus/*")
    assert page.evaluate("typeof window.marker") == "undefined"


def test_the_big_list_goes_through_the_wizard_as_text(window, tmp_path):
    """Each string as a name that is imported and in a row that fails, on every page on the way."""
    install_clients(find_node())
    strings = json.loads((MODULES / "blns/resources/blns.json").read_text("utf-8"))
    assert len(strings) > 400
    rows = [
        ["code", "name", "do_not_ship", "unit_of_weight", "metadata.note"],
        *([f"big-{n}", text, "true", "", text] for n, text in enumerate(strings)),
        *([f"bad-{n}", text, "true", text, text] for n, text in enumerate(strings)),
    ]
    file = tmp_path / f"{strings[-1][:50].replace('/', '')}.csv"
    with file.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows(rows)
    watched = window()
    page = watched.page
    upload(watched, file)
    draft = page.url.rpartition("/")[0]
    page.goto(f"{draft}/columns")
    page.goto(f"{draft}/check")
    page.locator("p.lead").first.wait_for()
    seen = _through_all(page, f"{draft}/check?show=created", "Next")
    seen += _through_all(page, f"{draft}/check?show=errors", "Next")
    page.goto(f"{draft}/check")
    page.get_by_text("Options:").click()
    page.get_by_label("Never: import what can be imported").check()
    page.get_by_role("button", name="Set options").click()
    page.locator(".when-current button.primary").click()
    page.wait_for_url("**/imports/**")
    expect(page.locator(".status").first).to_contain_text("Completed")
    seen += _through_all(page, f"{page.url}/errors", "Next rows")
    told = "".join(seen)
    shown = [text for text in strings if text.strip() and text.isascii() and text.isprintable()]
    assert [text for text in shown if " ".join(text.split()) not in told] == []


def _through_all(page, address, title):
    """What stands on a page and on those behind it, as texts with blanks joined."""
    page.goto(address)
    seen = []
    while True:
        for element in page.query_selector_all("details"):
            element.evaluate("each => { each.open = true; }")
        seen.append(" ".join(page.locator("main").inner_text().split()))
        further = page.get_by_role("link", name=title, exact=True)
        if not further.count():
            return seen
        before = page.url
        further.click()
        page.wait_for_url(lambda url, before=before: url != before)


def test_keys_lead_around_and_can_be_switched_off(window, serving):
    page = window().page
    page.goto(f"{serving.url}/dashboard/records")
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("m")
    page.wait_for_url("**/dashboard/mappings")
    page.keyboard.press("?")
    page.wait_for_url("**/dashboard/keys")
    page.get_by_label("Keys are on").uncheck()
    page.keyboard.press("Tab")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("n")
    page.keyboard.press("g")
    page.keyboard.press("i")
    assert page.url.endswith("/dashboard/keys")
    page.get_by_label("Keys are on").check()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url("**/dashboard/records")
