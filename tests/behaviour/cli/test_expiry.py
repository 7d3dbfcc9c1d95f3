"""What commands say of an import whose attachment was removed, because it was old."""

import gzip
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
        assert longshore.cleanup.expire_attachments() == 1
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
    ended = run("errors", expired, "--failed-rows", "-")
    assert (ended.code, ended.out) == (2, "")
    assert "is not kept any more" in ended.err
    (listed,) = run("imports", "--json").data
    assert (listed["id"], listed["attributes"]["attachment_url"]) == (expired, None)
    assert run("export", "skus", "--format", "csv").out.count("\n") == 2
    assert run("resume").code == 0
    assert run("delete", expired).code == 0


CUSTOMERS = "email,password\na@example.com,s3cret-word\nnobody,s3cret-word\n"


def kept(data) -> bytes:
    """All that is kept of sources."""
    attachments = data / "attachments"
    return b"".join(gzip.decompress(each.read_bytes()) for each in attachments.glob("*.gz"))


def test_a_source_with_passwords_is_removed_when_the_command_has_reported(
    run, make_file, data, tmp_path, monkeypatch
) -> None:
    """Its failed rows are read from it before."""
    monkeypatch.setenv("LONGSHORE_SECRET_ATTACHMENT_HOURS", "0")
    failed = tmp_path / "failed.csv"
    file = make_file("customers.csv", CUSTOMERS)
    ended = run("import", "customers", file, "--skip-errors", "--errors", failed, "--json")
    assert ended.code == 1
    assert "nobody,s3cret-word" in failed.read_text()
    assert kept(data) == b""
    attributes = run("show", ended.data["id"], "--json").data["attributes"]
    assert (attributes["attachment_url"], attributes["inputs"]) == (None, None)
    assert run("errors", ended.data["id"]).code == 0


def test_it_is_removed_by_a_later_import_when_its_time_is_over(
    run, make_file, data, monkeypatch
) -> None:
    file = make_file("customers.csv", CUSTOMERS)
    run("import", "customers", file, "--skip-errors")
    assert b"s3cret-word" in kept(data)
    run("import", "customers", make_file("others.csv", "email\nb@example.com\n"))
    assert b"s3cret-word" in kept(data)
    monkeypatch.setenv("LONGSHORE_SECRET_ATTACHMENT_HOURS", "0.0000001")
    run("import", "customers", make_file("others.csv", "email\nb@example.com\n"))
    assert b"s3cret-word" not in kept(data)
    assert b"b@example.com" in kept(data)
