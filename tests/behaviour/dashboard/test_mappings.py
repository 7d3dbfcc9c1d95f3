"""Saved mappings in the browser."""

import httpx2
import pytest

from longshore.mapping import parse_mapping
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.markup import main_text_of

TOML = b"""
version = 1
type = "skus"
ignore = ["Farbe"]
[fields.code]
column = "Artikel"
[fields.name]
column = "Bezeichnung"
transforms = [{name = "trim"}]
"""
OTHER = TOML.replace(b"Bezeichnung", b"Titel")


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


def uploaded(browser: Browser, name: str, content: bytes = TOML) -> httpx2.Response:
    """What becomes of a file of a mapping under a name."""
    path = "/dashboard/mappings"
    return browser.upload(path, "hafen.toml", content, follow=False, name=name)


def test_a_mapping_comes_in_as_a_file_and_goes_out_as_one(browser: Browser) -> None:
    empty = browser.main_text("/dashboard/mappings")
    assert "No mappings are saved" in empty
    assert "no file takes one by itself" in empty
    answer = uploaded(browser, "hafen")
    assert answer.headers["location"] == "/dashboard/mappings/hafen?saved=1"
    text = browser.main_text(answer.headers["location"])
    assert "Saved hafen, version 1." in text
    assert "column Bezeichnung" in text
    assert "1 left out Farbe" in text
    assert "hafen SKUs 2 1" in browser.main_text("/dashboard/mappings")
    taken = browser.send("GET", "/dashboard/mappings/hafen/download")
    assert taken.headers["content-disposition"] == 'attachment; filename="hafen.toml"'
    assert parse_mapping(taken.content, name="x") == parse_mapping(TOML, name="x")
    assert uploaded(browser, "hafen", taken.content).headers["location"].endswith("?same=1")


def test_versions_tell_what_has_changed(browser: Browser) -> None:
    uploaded(browser, "versions")
    assert uploaded(browser, "versions", OTHER).headers["location"].endswith("?saved=2")
    text = browser.main_text("/dashboard/mappings/versions")
    assert "Changed since version 1" in text
    assert "name column Bezeichnung" in text.partition("Changed since version 1")[2]
    first = browser.main_text("/dashboard/mappings/versions?version=1")
    assert "Changed since" not in first
    assert "column Bezeichnung" in first
    gone = browser.send("GET", "/dashboard/mappings/versions?version=9")
    assert gone.status_code == 404
    assert "has no version 9 (any more)" in gone.text
    assert (
        '<a class="button" href="/dashboard/mappings/versions">Its newest version</a>' in gone.text
    )
    assert "longshore mappings" not in gone.text
    assert browser.send("GET", "/dashboard/mappings/versions?version=%00").status_code == 200


def test_a_mapping_is_copied_renamed_and_deleted(browser: Browser) -> None:
    uploaded(browser, "first")
    path = "/dashboard/mappings/first/copy?version=1"
    assert browser.post(path, {"to": "second"}, follow=False).status_code == 303
    taken = browser.post(path, {"to": "second"}, follow=False)
    assert taken.status_code == 422
    assert "there is a mapping 'second'" in main_text_of(taken.text)
    wrong = browser.post(path, {"to": "<b>"}, follow=False)
    assert "a mapping cannot be called '<b>'" in main_text_of(wrong.text)
    assert browser.post(path, {"to": "third", "rename": "1"}, follow=False).status_code == 303
    gone = browser.send("GET", "/dashboard/mappings/first")
    assert gone.status_code == 404
    assert '<a class="button" href="/dashboard/mappings">All mappings</a>' in gone.text
    assert "longshore mappings" not in gone.text
    assert "Delete mapping" in browser.main_text("/dashboard/mappings/third/delete")
    gone = browser.post("/dashboard/mappings/third/delete", follow=False)
    assert "Deleted third" in browser.main_text(gone.headers["location"])
    assert browser.post("/dashboard/mappings/third/delete", follow=False).status_code == 404


def test_a_mapping_that_is_renamed_keeps_its_versions(browser: Browser) -> None:
    uploaded(browser, "before")
    uploaded(browser, "before", OTHER)
    uploaded(browser, "taken")
    path = "/dashboard/mappings/before/copy?version=1"
    refused = browser.post(path, {"to": "taken", "rename": "1"}, follow=False)
    assert refused.status_code == 422
    assert "there is a mapping 'taken'" in main_text_of(refused.text)
    gone = browser.post(path, {"to": "after", "rename": "1"}, follow=False)
    text = browser.main_text(gone.headers["location"])
    assert "Renamed before to after, with all of its versions." in text
    assert "Changed since version 1" in text
    assert "column Bezeichnung" in browser.main_text("/dashboard/mappings/after?version=1")
    assert browser.send("GET", "/dashboard/mappings/before").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a b", TOML, "a mapping cannot be called 'a b'"),
        ("good", b"version = 1\ntype = 1", "type"),
        ("good", b"\xff", "is not UTF-8"),
        ("good", b'version = 1\ntype = "nothing"', "nothing"),
        ("good", b"", "hafen.toml"),
    ],
)
def test_a_file_that_is_no_mapping_is_refused_with_the_reason(
    browser: Browser, name: str, content: bytes, told: str
) -> None:
    answer = uploaded(browser, name, content)
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert told in main_text_of(answer.text)
    else:
        assert content == b"", "nothing maps nothing, and may be saved"


def test_mappings_of_another_mode_are_not_there(site: Site, browser: Browser) -> None:
    uploaded(browser, "mine")
    live = signed_in(site, mode="live")
    assert live.send("GET", "/dashboard/mappings/mine").status_code == 404
    assert live.post("/dashboard/mappings/mine/delete", follow=False).status_code == 404
    assert live.post("/dashboard/mappings/mine/copy", {"to": "x"}, follow=False).status_code == 404
    assert browser.send("GET", "/dashboard/mappings/mine").status_code == 200
