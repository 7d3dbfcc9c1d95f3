"""What is fetched from addresses, and what never is."""

import logging
import socket
import ssl
from collections.abc import Callable, Sequence
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from pathlib import Path

import pytest

from longshore.outgoing import (
    Address,
    Allowed,
    DownloadLimits,
    InternalHost,
    OutgoingFailed,
    OutgoingRefused,
    OutgoingUrl,
    open_download,
)
from longshore.settings import Settings
from tests.behaviour.outgoing.file_server import FileServer, serve_files
from tests.clients.certificates import make_certificate

CSV = b"code,name\nA,Mug\n"
LOOPBACK = Settings(outgoing_allow="127.0.0.0/8")


def limits(settings: Settings = LOOPBACK) -> DownloadLimits:
    return DownloadLimits.of(settings)


def fetch(address: str, settings: Settings = LOOPBACK, **how: object) -> tuple[str, bytes]:
    """Name and bytes of a file."""
    with open_download(OutgoingUrl.read(address), limits(settings), **how) as download:  # type: ignore[arg-type]
        return download.name, b"".join(iter(lambda: download.read(1 << 20), b""))


def names(**hosts: str) -> Callable[[str], Sequence[Address]]:
    """A resolver of these names, with _ for dots and blanks between the addresses."""
    known = {
        name.replace("_", "."): list(map(ip_address, all_.split())) for name, all_ in hosts.items()
    }
    return lambda host: known[host]


INTERNAL = [
    "http://127.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.0.0.1/",
    "http://0177.0.0.1/",
    "http://017700000001/",
    "http://0x7f.1/",
    "http://127.0.0.1./",
    "http://0/",
    "http://0.0.0.0/",
    "http://localhost/",
    "http://localhost./",
    "http://LOCALHOST/",
    "http://１２７.０.０.１/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://127｡0｡0｡1/",
    "http://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/",
    "http://𝟏𝟐𝟕.𝟎.𝟎.𝟏/",
    "http://public.example@127.0.0.1/",
    "http://public.example:80@127.0.0.1:80/",
    "http://127.0.0.1/?@public.example",
    "http://127.0.0.1#@public.example/",
    "http://public.example\\@127.0.0.1/",
    "http://public.example%2f@127.0.0.1/",
    "http://127.0.0.1%2f.public.example/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::127.0.0.1]/",
    "http://[64:ff9b::7f00:1]/",
    "http://[2002:7f00:1::1]/",
    "http://[2001:0:7f00:1::]/",
    "http://[fe80::1%25eth0]/",
    "http://[fe80::1%eth0]/",
    "http://[fd00:ec2::254]/",
    "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/latest/meta-data/",
    "http://10.1.2.3/",
    "http://172.16.0.1:8080/",
    "http://192.168.1.1/",
    "http://100.64.1.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://inside.example/",
    "http://mixed.example/",
    "http://inside6.example/",
    "https://inside.example/",
    "file:///etc/passwd",
    "ftp://127.0.0.1/a.csv",
    "gopher://127.0.0.1:6379/_INFO",
    "http://127.0.0.1:0/",
]


@pytest.mark.parametrize("address", INTERNAL)
def test_no_way_to_write_an_internal_address_leads_there(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def connect(*_arguments: object, **_how: object) -> None:
        raise AssertionError("a connection was made")

    monkeypatch.setattr(socket, "create_connection", connect)
    resolver = names(
        localhost="127.0.0.1 ::1",
        inside_example="10.0.0.8",
        inside6_example="::ffff:192.168.0.1",
        mixed_example="1.1.1.1 127.0.0.1",
    )
    with pytest.raises(OutgoingRefused) as refused:
        fetch(address, Settings(), resolver=resolver)
    assert "10.0.0.8" not in str(refused.value)


def test_a_file_is_fetched_as_it_is_sent(server: FileServer) -> None:
    address = server.has("/feeds/products.csv", CSV)
    assert fetch(address) == ("products.csv", CSV)
    server.has("/export", CSV, Content_Disposition='attachment; filename="skus.csv"')
    assert fetch(f"{server.url}/export?id=1") == ("skus.csv", CSV)
    ((_, headers), (path, _)) = server.requests
    assert path == "/export?id=1"
    assert headers["Host"] == f"127.0.0.1:{server.port}"
    assert headers["Accept-Encoding"] == "identity"
    assert "Authorization" not in headers


def test_a_name_is_resolved_once_and_the_connection_is_made_to_what_was_judged(
    server: FileServer,
) -> None:
    """A name that is public when it is judged and internal when it is asked for again."""
    server.has("/a.csv", CSV)
    asked = []

    def rebinding(host: str) -> Sequence[Address]:
        asked.append(host)
        return [ip_address("127.0.0.1" if len(asked) == 1 else "10.0.0.1")]

    address = f"http://shop.example:{server.port}/a.csv"
    assert fetch(address, resolver=rebinding) == ("a.csv", CSV)
    assert asked == ["shop.example"]
    assert server.requests[0][1]["Host"] == f"shop.example:{server.port}"
    with pytest.raises(InternalHost, match=r"shop\.example leads to an internal address: private"):
        fetch(address, resolver=rebinding)
    assert len(server.requests) == 1


def test_an_allowed_host_may_be_internal(server: FileServer) -> None:
    server.has("/a.csv", CSV)
    resolver = names(files_intranet="127.0.0.1", other_intranet="127.0.0.1")
    allowed = Settings(outgoing_allow="files.intranet")
    fetch(f"http://files.intranet:{server.port}/a.csv", allowed, resolver=resolver)
    for host in ("other.intranet", "127.0.0.1"):
        with pytest.raises(InternalHost):
            fetch(f"http://{host}:{server.port}/a.csv", allowed, resolver=resolver)


def test_the_setting_takes_hosts_addresses_and_networks() -> None:
    given = {"LONGSHORE_OUTGOING_ALLOW": "Files.Intranet, 10.0.0.0/8 ,::1"}
    settings = Settings.from_environment(given)
    assert settings.outgoing_allow == "files.intranet,10.0.0.0/8,::1/128"
    allowed = Allowed.of(settings.outgoing_allow)
    assert allowed.hosts == {"files.intranet"}
    assert allowed.allows("x", ip_address("10.9.9.9"))
    assert not allowed.allows("x", ip_address("11.0.0.1"))


def test_an_address_that_does_not_answer_is_passed_over(server: FileServer) -> None:
    server.has("/a.csv", CSV)
    with socket.socket() as unused:
        # Nothing listens at 127.0.0.2, where the server's port is free.
        unused.bind(("127.0.0.2", 0))
        resolver = names(shop_example="127.0.0.2 127.0.0.1")
        assert fetch(f"http://shop.example:{server.port}/a.csv", resolver=resolver)[1] == CSV


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_refused_and_says_where_it_leads(server: FileServer, status: int) -> None:
    secret = server.has("/secret", CSV)
    address = server.has("/a.csv", status=status, Location=f"{secret}?token=s3cret")
    with pytest.raises(OutgoingRefused, match=f"redirects to {secret}$"):
        fetch(address)
    assert [path for path, _ in server.requests] == ["/a.csv"]


@pytest.mark.parametrize(
    ("location", "shown"),
    [
        ("/login?next=s3cret", "/login"),
        ("https://n:s3cret@login.example/x?s3cret#s3cret", "https://login.example/x"),
        ("//login.example/s3cret", "an address that cannot be shown"),
        ("", "an address that cannot be shown"),
    ],
)
def test_where_a_redirect_leads_is_told_without_secrets(
    server: FileServer, location: str, shown: str
) -> None:
    with pytest.raises(OutgoingRefused) as refused:
        fetch(server.has("/a.csv", status=302, Location=location))
    assert refused.value.message.endswith(f"redirects to {shown}")


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (204, OutgoingRefused),
        (206, OutgoingRefused),
        (401, OutgoingRefused),
        (403, OutgoingRefused),
        (404, OutgoingRefused),
        (429, OutgoingFailed),
        (500, OutgoingFailed),
        (503, OutgoingFailed),
    ],
)
def test_other_answers_are_refused_and_those_that_may_change_can_be_tried_again(
    server: FileServer, status: int, kind: type[Exception]
) -> None:
    with pytest.raises(kind, match=f"answers with {status}"):
        fetch(server.has("/a.csv", status=status))


def test_a_web_page_is_no_file(server: FileServer) -> None:
    with pytest.raises(OutgoingRefused, match="is a web page"):
        fetch(server.has("/a.csv", b"<html>", Content_Type="text/html; charset=utf-8"))


def test_encodings_are_not_unpacked_on_the_way(server: FileServer) -> None:
    assert fetch(server.has("/a.csv", b"packed", Content_Encoding="gzip"))[1] == b"packed"
    with pytest.raises(OutgoingRefused, match="encoding"):
        fetch(server.has("/b.csv", b"packed", Content_Encoding="br"))


def test_too_many_bytes_are_refused_by_what_is_said_and_by_what_comes(server: FileServer) -> None:
    few = Settings(outgoing_allow="127.0.0.1", outgoing_bytes_max=10)
    assert fetch(server.has("/a.csv", b"0123456789"), few)[1] == b"0123456789"
    with pytest.raises(OutgoingRefused, match="has more than 10 bytes"):
        fetch(server.has("/a.csv", b"0123456789+"), few)

    def endless(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        while True:
            handler.wfile.write(b"x" * 1000)

    server.answers["/endless"] = endless
    with pytest.raises(OutgoingRefused, match="has more than 10 bytes"):
        fetch(f"{server.url}/endless", few)


def test_an_answer_that_is_cut_off_is_no_file(server: FileServer) -> None:
    with pytest.raises(OutgoingFailed, match="broke off before the end"):
        fetch(server.has("/a.csv", CSV, length=len(CSV) + 1, Connection="close"))


@pytest.mark.parametrize("is_in_head", [True, False])
def test_bytes_that_come_in_slowly_are_given_up_at_the_end_of_the_time(
    server: FileServer, is_in_head: bool
) -> None:
    """Each byte comes before any silence is too long, and there is no end of them."""

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(
            b"HTTP/1.1 200 OK\r\nX-Long: " if is_in_head else b"HTTP/1.1 200 OK\r\n\r\n"
        )
        while True:
            handler.wfile.write(b"x")

    server.answers["/a.csv"] = drip
    short = Settings(outgoing_allow="127.0.0.1", outgoing_seconds_max=0.1)
    with pytest.raises((OutgoingRefused, OutgoingFailed)):
        fetch(f"{server.url}/a.csv", short)


def test_whoever_waits_can_be_told_to_stop(server: FileServer) -> None:
    class Stopped(Exception):
        pass

    def stop() -> None:
        raise Stopped

    with pytest.raises(Stopped):
        fetch(server.has("/a.csv", CSV), on_wait=stop)


def test_nothing_is_sent_that_the_environment_knows(
    server: FileServer, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    home = tmp_path_factory.mktemp("home")
    (home / ".netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("NETRC", str(home / ".netrc"))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    address = server.has("/a.csv", CSV, Set_Cookie="a=b")
    fetch(address)
    fetch(address)
    assert not any({"Authorization", "Cookie"} & headers.keys() for _, headers in server.requests)


def test_secrets_of_an_address_are_in_no_message_and_no_log(
    server: FileServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    place = f"127.0.0.1:{server.port}/a.csv"
    server.has("/a.csv", CSV)
    fetch(f"http://shop:hunter2@{place}?X-Amz-Signature=hunter2")
    assert server.requests[0][0] == "/a.csv?X-Amz-Signature=hunter2"
    assert server.requests[0][1]["Authorization"].startswith("Basic ")
    server.has("/a.csv", status=404)
    with pytest.raises(OutgoingRefused) as refused:
        fetch(f"http://shop:hunter2@{place}?X-Amz-Signature=hunter2")
    for text in (caplog.text, str(refused.value), repr(refused.value), refused.value.hint or ""):
        assert "hunter2" not in text
        assert "c2hvcDpodW50ZXIy" not in text


def test_nobody_who_listens_is_said(server: FileServer) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        with pytest.raises(OutgoingFailed, match=f"http://127.0.0.1:{port} cannot be reached"):
            fetch(f"http://127.0.0.1:{port}/a.csv?s3cret")


def test_https_proves_the_name_of_the_address_not_what_was_connected_to(tmp_path: Path) -> None:
    made = make_certificate(tmp_path, ["shop"])
    theirs = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    theirs.load_cert_chain(made.certificate, made.key)
    tls = ssl.create_default_context(cafile=made.authority)
    resolver = names(shop_localhost="127.0.0.1", other_example="127.0.0.1")
    with serve_files(theirs) as server:
        server.has("/a.csv", CSV)
        place = f"{server.port}/a.csv"
        assert fetch(f"https://shop.localhost:{place}", resolver=resolver, tls=tls)[1] == CSV
        with pytest.raises(OutgoingRefused, match=r"that it is other\.example"):
            fetch(f"https://other.example:{place}", resolver=resolver, tls=tls)
        with pytest.raises(OutgoingRefused, match=r"that it is shop\.localhost"):
            fetch(f"https://shop.localhost:{place}", resolver=resolver)
    assert len(server.requests) == 1


def test_a_server_without_https_is_said(server: FileServer) -> None:
    with pytest.raises(OutgoingFailed, match="does not speak https"):
        fetch(
            server.has("/a.csv", CSV).replace("http:", "https:"), tls=ssl.create_default_context()
        )
