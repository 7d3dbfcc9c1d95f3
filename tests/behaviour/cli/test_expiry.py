"""What commands say of an import whose attachment was removed, because it was old."""

import os

import pytest

from longshore.assembly import open_longshore
from longshore.settings import Settings

pytestmark = pytest.mark.usefixtures("on_every_database")

SKUS = "code,name,do_not_ship\nA,Shirt,true\nB,,true\n"


@pytest.fixture
def expired(run, make_file, monkeypatch) -> str:
    """The id of an import of two SKUs, of which one failed, without its attachment."""
    ended = run("import", "skus", make_file("mixed.csv", SKUS), "--skip-errors", "--json")
    assert ended.data["attributes"]["attachment_url"]
    monkeypatch.setenv("LONGSHORE_ATTACHMENT_RETENTION_DAYS", "0.000000001")
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        assert longshore.expire_attachments() == 1
    found = ended.data["id"]
    assert isinstance(found, str)
    return found


def test_it_is_shown_with_the_time_at_which_its_attachment_was_removed(run, expired) -> None:
    ended = run("show", expired)
    assert ended.code == 0
    assert (ended.facts["rows"], ended.facts["failed"]) == ("2", "1")
    assert ended.facts["attachment removed at"].endswith(" UTC")
    attributes = run("show", expired, "--json").data["attributes"]
    assert (attributes["attachment_url"], attributes["inputs"]) == (None, None)
    assert attributes["errors_log"] == {"B": {"name": ["can't be blank"]}}


def test_its_errors_and_its_records_are_still_there(run, expired) -> None:
    assert "can't be blank" in run("errors", expired).out
    assert run("errors", expired, "--json").data[0]["row"] == 2
    (listed,) = run("imports", "--json").data
    assert (listed["id"], listed["attributes"]["attachment_url"]) == (expired, None)
    assert run("export", "skus", "--format", "csv").out.count("\n") == 2
    assert run("resume").code == 0
    assert run("delete", expired).code == 0
