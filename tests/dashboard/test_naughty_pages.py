"""In a browser that runs whatever a page lets run: nothing of what files and records hold does."""

import csv
import json
import subprocess

import pytest

from tests.behaviour.serving.servers import run
from tests.dashboard.pages.naughty import ALL


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
