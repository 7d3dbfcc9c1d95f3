"""Saved mappings in the browser."""

import pytest

from longshore.mapping import parse_mapping
from tests.dashboard.pages.site import shown

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


@pytest.fixture
def uploaded(browser):
    """What a file of a mapping becomes under a name."""

    def send(name, content=TOML, file_name="hafen.toml"):
        boundary = "a-boundary"
        fields = {"form_token": browser.form_token(), "name": name}
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in fields.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{file_name}"'
        )
        body = "".join(parts).encode() + head.encode() + b"\r\n\r\n" + content
        return browser.send(
            "POST",
            "/dashboard/mappings",
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
            content=body + f"\r\n--{boundary}--\r\n".encode(),
        )

    return send


def test_a_mapping_comes_in_as_a_file_and_goes_out_as_one(browser, uploaded):
    assert "No mappings are saved" in browser.text("/dashboard/mappings")
    answer = uploaded("hafen")
    assert answer.headers["location"] == "/dashboard/mappings/hafen?saved=1"
    text = browser.text(answer.headers["location"])
    assert "Saved hafen, version 1." in text
    assert "column Bezeichnung" in text
    assert "1 left out Farbe" in text
    assert "hafen skus 2 1" in browser.text("/dashboard/mappings")
    taken = browser.get("/dashboard/mappings/hafen/download")
    assert taken.headers["content-disposition"] == 'attachment; filename="hafen.toml"'
    assert parse_mapping(taken.content, name="x") == parse_mapping(TOML, name="x")
    assert uploaded("hafen", taken.content).headers["location"].endswith("?same=1")


def test_versions_tell_what_has_changed(browser, uploaded):
    uploaded("versions")
    assert uploaded("versions", OTHER).headers["location"].endswith("?saved=2")
    text = browser.text("/dashboard/mappings/versions")
    assert "Changed since version 1" in text
    assert "name column Bezeichnung" in text.partition("Changed since version 1")[2]
    first = browser.text("/dashboard/mappings/versions?version=1")
    assert "Changed since" not in first
    assert "column Bezeichnung" in first
    assert browser.get("/dashboard/mappings/versions?version=9").status_code == 404
    assert browser.get("/dashboard/mappings/versions?version=%00").status_code == 200


def test_a_mapping_is_copied_renamed_and_deleted(browser, uploaded):
    uploaded("first")
    path = "/dashboard/mappings/first/copy?version=1"
    assert browser.submit(path, {"to": "second"}).status_code == 303
    taken = browser.submit(path, {"to": "second"})
    assert taken.status_code == 422
    assert "there is a mapping 'second'" in shown(taken.text)
    wrong = browser.submit(path, {"to": "<b>"})
    assert "a mapping cannot be called '<b>'" in shown(wrong.text)
    assert browser.submit(path, {"to": "third", "rename": "1"}).status_code == 303
    assert browser.get("/dashboard/mappings/first").status_code == 404
    assert "Delete mapping" in browser.text("/dashboard/mappings/third/delete")
    gone = browser.submit("/dashboard/mappings/third/delete")
    assert "Deleted third" in browser.text(gone.headers["location"])
    assert browser.submit("/dashboard/mappings/third/delete").status_code == 404


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
def test_what_is_no_mapping_is_refused_and_said_why(browser, uploaded, name, content, told):
    answer = uploaded(name, content)
    assert answer.status_code in (303, 422)
    if answer.status_code == 422:
        assert told in shown(answer.text)
    else:
        assert content == b"", "nothing maps nothing, and may be saved"


def test_mappings_of_another_mode_are_not_there(site, browser, uploaded):
    uploaded("mine")
    live = site.signed_in(mode="live")
    assert live.get("/dashboard/mappings/mine").status_code == 404
    assert live.submit("/dashboard/mappings/mine/delete").status_code == 404
    assert live.submit("/dashboard/mappings/mine/copy", {"to": "x"}).status_code == 404
    assert browser.get("/dashboard/mappings/mine").status_code == 200
