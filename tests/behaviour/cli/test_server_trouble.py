"""`longshore import --server` when the server refuses, fails, is away or is asked to stop."""

import json
import os
import pty
import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from longshore.access import ensure_environment
from longshore.assembly import open_longshore
from longshore.cli.remote import client, patience, remote_import
from longshore.imports import ImportRequest
from longshore.operations import Asker
from longshore.settings import Settings
from longshore.sources import Source
from tests.behaviour.cli.conftest import invoke
from tests.behaviour.cli.served import Proxy, Served, proxy_before, send_in_parts, serve

LARGE = 20_000
ONE = "name\nnew\n"


@pytest.fixture
def proxy(served: Served) -> Iterator[Proxy]:
    with proxy_before(served.url) as proxy:
        yield proxy


@pytest.fixture
def tags(make_file: Callable[..., Path]) -> Path:
    return make_file("tags.csv", ONE)


@pytest.fixture
def stored_imports(look_at_server):
    """The imports of the organization, newest first."""
    return lambda: look_at_server("imports", "--json").data


# Refused


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--dry-run",), "a server has no dry run"),
        (("--data", "elsewhere"), "at a server the token says whose records it is about"),
        (("--mode", "live"), "at a server the token says whose records it is about"),
        (("--parent", "MAIN"), "tags have no parent"),
        (("--map", "nam=name"), "the source has no column 'nam'"),
        (("--map", "name=nam"), "tags have no field 'nam' that can be imported"),
    ],
)
def test_what_cannot_be_done_at_a_server_is_refused_before_anything_is_sent(
    at_server, stored_imports, tags, arguments, message: str
) -> None:
    ended = at_server("tags", tags, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert stored_imports() == []


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://host", "http://", "http://a:b@host", "x"])
def test_an_address_that_is_none_is_refused(at_server, tags, url: str) -> None:
    ended = at_server("tags", tags, url=url)
    assert ended.code == 2
    assert "address" in ended.err


def test_without_credentials_nothing_is_asked(
    at_server, tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LONGSHORE_TOKEN")
    ended = at_server("tags", tags)
    assert ended.code == 2
    assert "hint: set LONGSHORE_TOKEN, or LONGSHORE_CLIENT_ID" in ended.err
    assert "`longshore token` prints a token" in ended.err


def test_a_token_that_the_server_does_not_take_is_not_shown(
    at_server, tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGSHORE_TOKEN", "forged-token")
    ended = at_server("tags", tags, "--verbose")
    assert ended.code == 2
    assert "the server does not take the token" in ended.err
    assert "forged-token" not in ended.err


def test_a_secret_that_the_server_does_not_take_is_not_shown(
    at_server, served, organization, tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("LONGSHORE_TOKEN")
    monkeypatch.setenv("LONGSHORE_CLIENT_ID", served.credentials(organization)[0])
    monkeypatch.setenv("LONGSHORE_CLIENT_SECRET", "wrong-secret")
    ended = at_server("tags", tags, "--verbose")
    assert ended.code == 2
    assert "the server does not take the client id and the secret" in ended.err
    assert "wrong-secret" not in ended.err


def test_an_application_that_may_not_import_is_told_so(
    at_server, served, organization, tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGSHORE_TOKEN", served.token(organization, "sales_channel"))
    ended = at_server("tags", tags)
    assert ended.code == 2
    assert "error: the server " in ended.err


@pytest.mark.parametrize("parent", ["NOWHERE", "aaaaaaaaaa"])
def test_a_parent_that_is_not_at_the_server_is_refused(
    at_server, stored_imports, make_file, parent: str
) -> None:
    ended = at_server("skus", make_file("s.csv", "code,name\nA,B\n"), "--parent", parent)
    assert ended.code == 2
    assert f"there is no shipping category '{parent}' at the server" in ended.err
    assert stored_imports() == []


def test_a_source_without_a_field_of_the_type_is_refused_in_the_words_of_the_server(
    at_server, make_file
) -> None:
    ended = at_server("tags", make_file("t.csv", "nmae\nnew\n"))
    assert ended.code == 2
    assert "none of the columns is a field of tags: nmae" in ended.err


def test_nobody_at_the_address_is_told_at_once(at_server, tags) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    ended = at_server("tags", tags, url=f"http://127.0.0.1:{port}")
    assert ended.code == 1
    assert f"nothing can be reached at http://127.0.0.1:{port}" in ended.err


def test_something_else_at_the_address_is_told(at_server, tags, served) -> None:
    ended = at_server("tags", tags, url=f"{served.url}/elsewhere")
    assert ended.code == 2
    assert "error: " in ended.err


def test_a_server_that_never_answers_is_given_up(
    at_server, tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "_ANSWER_SECONDS", 0.05)
    monkeypatch.setattr(patience, "_AWAY_SECONDS", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        url = f"http://127.0.0.1:{deaf.getsockname()[1]}"
        ended = at_server("tags", tags, url=url)
    assert ended.code == 1
    assert f"{url} does not answer in time" in ended.err
    assert "hint: an import with the reference " in ended.err


# Away for a while


@pytest.mark.parametrize("fault", ["503", "429", "lost"])
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_a_request_that_failed_on_the_way_is_repeated_and_no_import_is_made_twice(
    at_server, proxy, stored_imports, tags, method: str, fault: str
) -> None:
    proxy.faults = [(method, fault), (method, fault)]
    ended = at_server("tags", tags, url=proxy.url)
    assert ended.code == 0
    assert len(stored_imports()) == 1
    if (method, fault) == ("POST", "lost"):
        assert proxy.faults == [(method, fault)]  # it was found, and not sent again
    else:
        assert proxy.faults == []


def test_a_part_that_is_sent_again_has_its_key_and_another_invocation_has_others(
    at_server, proxy, stored_imports, make_file, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_in_parts(monkeypatch, 1)
    source = make_file("tags.csv", "name\none\ntwo\n")
    for _ in range(2):
        proxy.faults = [("POST", "503")]
        assert at_server("tags", source, url=proxy.url).code == 0
    first, again, second, *others = proxy.keys
    assert first == again
    assert first is not None
    assert second is not None
    assert (first[:-4], first[-4:], second[-4:]) == (second[:-4], "0001", "0002")
    assert not {first, second} & set(others)
    assert len(stored_imports()) == 4


def test_an_import_whose_answer_is_lost_and_that_is_not_found_is_answered_again(
    at_server, proxy, stored_imports, tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The import may be committed only after it was looked for."""
    monkeypatch.setattr(remote_import.Sending, "_find", lambda _self, _reference: None)
    proxy.faults = [("POST", "lost"), ("POST", "lost")]
    assert at_server("tags", tags, url=proxy.url).code == 0
    assert len(proxy.keys) == 3
    assert len(stored_imports()) == 1


def test_an_expired_token_is_renewed(
    at_server, proxy, served, organization, tags, monkeypatch: pytest.MonkeyPatch
) -> None:
    client_id, secret = served.credentials(organization)
    monkeypatch.delenv("LONGSHORE_TOKEN")
    monkeypatch.setenv("LONGSHORE_CLIENT_ID", client_id)
    monkeypatch.setenv("LONGSHORE_CLIENT_SECRET", secret)
    proxy.faults = [("POST", "expired"), ("GET", "expired")]
    assert at_server("tags", tags, url=proxy.url).code == 0
    assert proxy.faults == []
    assert proxy.seen.count("POST /oauth/token") == 3


def test_no_part_is_sent_for_which_the_server_has_no_room(
    at_server, proxy, stored_imports, make_file, monkeypatch: pytest.MonkeyPatch
) -> None:
    send_in_parts(monkeypatch, 1)
    file = make_file("t.csv", "name\n" + "".join(f"t{n}\n" for n in range(25)))
    ended = at_server("tags", file, url=proxy.url)
    assert (ended.code, ended.facts["created"]) == (0, "25")
    assert proxy.seen.count("POST /api/imports") == len(stored_imports()) == 25


def test_a_server_that_is_full_of_the_imports_of_others_is_waited_for(
    served, organization, start, tags
) -> None:
    with open_longshore(Settings(data=served.data)) as longshore:
        environment = ensure_environment(longshore.database, organization, "test")
        # Of another type, or the import at the server would have to wait for them.
        request = ImportRequest(resource_type="customer_groups")
        # Held to be run here, so that the server's worker does not make room.
        held = [
            longshore.submissions.submit(environment, Source.from_path(tags), request, to_run=True)
            for _ in range(10)
        ]
        token = {"LONGSHORE_TOKEN": served.token(organization)}
        process = start("import", "tags", tags, "--server", served.url, settings=token)
        line = process.stderr.readline()
        longshore.imports.interrupt(Asker(environment=environment), held[0].id)
        out, _ = process.communicate()
    assert "waiting: the server refuses it: " in line
    assert "10 imports are pending or in progress" in line
    assert process.returncode == 0
    assert "created    1" in out


# Asked to stop


@pytest.fixture(scope="module")
def slow(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server that takes its time for many rows, in small chunks, and few imports at once."""
    data = Path(shutil.copytree(migrated, tmp_path_factory.mktemp("slow") / "data"))
    settings = {"LONGSHORE_CHUNK_ROWS": "2", "LONGSHORE_CHUNK_ROWS_FIRST": "2"}
    settings["LONGSHORE_IMPORTS_UNFINISHED_MAX"] = "2"
    with serve(data, **settings) as slow:
        yield slow


@pytest.fixture(scope="module")
def parting(slow: Served) -> Iterator[str]:
    """The address of the same server as one that takes no files, but rows in parts."""
    with proxy_before(slow.url, takes_files=False) as proxy:
        yield proxy.url


@pytest.fixture
def large(make_file: Callable[..., Path]) -> Path:
    rows = "".join(f"t{n}\n" for n in range(LARGE))
    return make_file("tags.csv", f"name\n{rows}")


def read_until(process: "subprocess.Popen[str]", text: str) -> None:
    assert process.stderr is not None
    while text not in process.stderr.readline():
        assert process.poll() is None


def test_a_server_that_takes_fewer_parts_at_once_is_given_time(
    slow, organization, make_file, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LONGSHORE_TOKEN", slow.token(organization))
    send_in_parts(monkeypatch, 100)
    file = make_file("t.csv", "name\n" + "".join(f"t{n}\n" for n in range(400)))
    ended = invoke("import", "tags", file, "--server", slow.url)
    assert (ended.code, ended.facts["created"]) == (0, "400")


def test_ctrl_c_interrupts_what_the_server_has_not_finished(
    slow, parting, organization, start, large
) -> None:
    token = {"LONGSHORE_TOKEN": slow.token(organization)}
    arguments = ("import", "tags", large, "--server", parting, "--verbose", "--json")
    process = start(*arguments, settings=token)
    read_until(process, "/api/imports: 201")
    read_until(process, "/api/imports: 201")
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate()
    assert process.returncode == 1
    ended = [each["attributes"] for each in json.loads(out)["data"]]
    assert [each["status"] for each in ended] == ["interrupted", "interrupted"]
    place = ("--data", slow.data, "--organization", organization)
    stored = invoke("imports", *place, "--json").data
    assert {each["attributes"]["status"] for each in stored} == {"interrupted"}
    consumed = sum(each["processed_count"] for each in ended)
    assert consumed == len(invoke("records", "tags", *place, "--json").data) < LARGE


def test_sigterm_leaves_to_the_server_what_was_sent(
    slow, parting, organization, start, large
) -> None:
    token = {"LONGSHORE_TOKEN": slow.token(organization)}
    process = start("import", "tags", large, "--server", parting, "--verbose", settings=token)
    read_until(process, "/api/imports: 201")
    read_until(process, "/api/imports: 201")
    process.send_signal(signal.SIGTERM)
    out, err = process.communicate()
    assert process.returncode == 1
    assert "the server goes on with" in err
    assert "in_progress" in out
    place = ("--data", slow.data, "--organization", organization)
    stored = invoke("imports", *place, "--json").data
    assert len(stored) == 2
    for each in stored:
        assert each["attributes"]["status"] != "interrupted"
        invoke("delete", each["id"], *place)


def test_an_import_that_somebody_deletes_meanwhile_is_told_of(
    slow, parting, organization, start, large
) -> None:
    token = {"LONGSHORE_TOKEN": slow.token(organization)}
    process = start("import", "tags", large, "--server", parting, "--verbose", settings=token)
    read_until(process, "/api/imports: 201")
    read_until(process, "/api/imports: 201")
    place = ("--data", slow.data, "--organization", organization)
    for each in invoke("imports", *place, "--json").data:
        invoke("delete", each["id"], *place)
    out, _ = process.communicate()
    assert process.returncode == 1
    assert "it was deleted" in out


def test_ctrl_c_also_interrupts_an_import_whose_creation_was_answered_by_nobody(
    slow, organization, start, large
) -> None:
    token = {"LONGSHORE_TOKEN": slow.token(organization)}
    with proxy_before(slow.url, takes_files=False) as proxy:
        # The import is made, the answer is lost, and whoever looks for it is told to wait.
        proxy.faults = [("POST", "lost"), ("GET", "503")]
        proxy.retry_after = "60"
        process = start("import", "tags", large, "--server", proxy.url, settings=token)
        proxy.on_fault = lambda fault: (
            process.send_signal(signal.SIGINT) if fault == "503" else None
        )
        process.communicate()
    assert process.returncode == 1
    place = ("--data", slow.data, "--organization", organization)
    (only,) = invoke("imports", *place, "--json").data
    assert only["attributes"]["status"] == "interrupted"


def test_ctrl_c_while_rows_are_typed_sends_nothing(
    served, organization, start, stored_imports
) -> None:
    keyboard, terminal = pty.openpty()
    token = {"LONGSHORE_TOKEN": served.token(organization)}
    process = start("import", "tags", "-", "--server", served.url, settings=token, stdin=terminal)
    os.close(terminal)
    read_until(process, "reading rows from the terminal")
    os.write(keyboard, b"name\nnew\n")
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    os.close(keyboard)
    assert process.returncode == 1
    assert "nothing was imported" in err
    assert stored_imports() == []


# Encrypted


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that nobody has signed but its own key, and the key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "longshore test")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    (folder / "cert.pem").write_bytes(signed.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return folder / "cert.pem", folder / "key.pem"


def test_a_certificate_of_ones_own_is_trusted_when_it_is_named(
    migrated, certificate, organization, tags, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, key = certificate
    data = Path(shutil.copytree(migrated, tmp_path / "tls"))
    with serve(data, "--tls-cert", str(file), "--tls-key", str(key)) as served:
        assert served.url.startswith("https://")
        monkeypatch.setenv("LONGSHORE_TOKEN", served.token(organization))
        command = ("import", "tags", tags, "--server", served.url)
        strange = invoke(*command)
        assert strange.code == 1
        assert "no safe connection" in strange.err
        assert "hint: --ca-file" in strange.err
        assert invoke(*command, "--ca-file", file).code == 0
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert invoke(*command).code == 0
        monkeypatch.delenv("SSL_CERT_FILE")
        unusable = invoke(*command, "--ca-file", tags)
        assert unusable.code == 2
        assert "holds no certificate" in unusable.err


def test_a_warning_says_that_token_and_data_can_be_read_on_the_way(
    at_server, category_at_server, make_file, served
) -> None:
    file = make_file("skus.csv", "code,name\nA1,One\n")
    warning = "warning: token and data travel unencrypted to http://longshore.invalid"
    away = at_server("skus", file, url="http://longshore.invalid")
    assert away.code == 1
    assert warning in away.err
    assert "hint: name the server with https://" in away.err
    here = at_server("skus", file, "--parent", "MAIN")
    assert here.code == 0
    assert "unencrypted" not in here.err
