"""`longshore dashboard`: a link to a server, or a browser that opens it."""

import socket
import webbrowser
from collections.abc import Iterator

import pytest

from longshore.assembly import open_longshore
from longshore.operations import Door
from longshore.settings import Settings

ANYWHERE = Door(client="test", organization=None)


@pytest.fixture
def listening() -> Iterator[str]:
    """The address of something that answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_a_link_is_written_that_opens_the_environment(run, data):
    run("setup", "--json")
    ended = run(
        "--mode", "live", "dashboard", "--no-open", "--url", "https://shop.example:8443/x?y"
    )
    assert ended.code == 0, ended.err
    address, _, code = ended.out.strip().rpartition("/")
    assert address == "https://shop.example:8443/dashboard/sign-in"
    with open_longshore(Settings(data=data)) as longshore:
        session = longshore.sign_ins.by_code(code, ANYWHERE)
    environment = session.environment
    assert (environment.organization, environment.mode) == ("default", "live")
    assert session.application is None


def test_the_setting_says_where_the_server_is(run, monkeypatch):
    run("setup", "--json")
    monkeypatch.setenv("LONGSHORE_BASE_URL", "https://import.example")
    ended = run("dashboard", "--no-open")
    assert ended.out.startswith("https://import.example/dashboard/sign-in/")


def test_a_browser_is_opened_where_a_server_answers(run, listening, monkeypatch):
    run("setup", "--json")
    opened: list[str] = []

    def open_browser(link: str) -> bool:
        opened.append(link)
        return True

    monkeypatch.setattr(webbrowser, "open", open_browser)
    ended = run("dashboard", "--url", listening)
    assert (ended.code, ended.out) == (0, "")
    assert opened[0].startswith(f"{listening}/dashboard/sign-in/")
    monkeypatch.setattr(webbrowser, "open", lambda link: False)
    without = run("dashboard", "--url", listening)
    assert without.out.startswith(f"{listening}/dashboard/sign-in/")
    assert "no browser was found here" in without.err


def test_what_cannot_be_opened_is_refused_with_the_next_step(run, listening):
    nobody = run("dashboard", "--url", "http://127.0.0.1:1")
    assert nobody.code != 0
    assert "no server answers at http://127.0.0.1:1" in nobody.err
    assert "longshore serve starts one" in nobody.err
    wrong = run("dashboard", "--url", "127.0.0.1:8000")
    assert wrong.code == 2
    assert "expected http:// or https://" in wrong.err
    unknown = run("--organization", "nobody", "dashboard", "--url", listening)
    assert unknown.code != 0
    assert "nobody" in unknown.err
