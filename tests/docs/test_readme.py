"""The two ways in that the README shows lead in.

A block `sh` is a script of commands, a block `js` a module of node; both talk to a server of an
ordinary first start, whose address takes the place of the one in the text.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.clients.installing import MODULES, find_node, install_clients
from tests.clients.serving import Server, serve
from tests.docs.pages import ROOT, blocks

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(tmp_path_factory.mktemp("readme")) as running:
        yield running


def example(info: str, server: Server) -> str:
    """The only block of the README with this info, leading to the server."""
    (text,) = ["\n".join(block.lines) for block in blocks(ROOT / "README.md") if block.info == info]
    assert "http://127.0.0.1:8000" in text
    return text.replace("http://127.0.0.1:8000", server.url)


def output(command: list[str], server: Server, **variables: str) -> str:
    done = subprocess.run(
        command,
        env=os.environ
        | {"LONGSHORE_DATA": str(server.data), "PATH": f"{BIN}:{os.environ['PATH']}"}
        | variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def codes(server: Server) -> set[str]:
    return {record["attributes"]["code"] for record in server.run("records", "skus")}


def finished(server: Server, id_: str) -> Mapping[str, Any]:
    """The attributes of an import when it is done."""
    while True:
        (found,) = [each for each in server.run("imports") if each["id"] == id_]
        attributes: Mapping[str, Any] = found["attributes"]
        if attributes["completed_at"] or attributes["interrupted_at"]:
            return attributes


def test_curl_imports_two_skus(server: Server) -> None:
    answer = json.loads(output(["sh", "-eu", "-c", example("sh", server)], server))
    assert answer["data"]["attributes"]["inputs_size"] == 2
    assert finished(server, answer["data"]["id"])["status"] == "completed"
    assert {"TSHIRT", "MUG"} <= codes(server)


def test_sdk_imports_a_sku(server: Server, tmp_path: Path) -> None:
    node = find_node()
    install_clients(node)
    (tmp_path / "node_modules").symlink_to(MODULES)
    script = tmp_path / "import.mjs"
    script.write_text(example("js", server), "utf-8")
    token = output(["longshore", "token"], server).strip()
    printed = output([*node.node, str(script)], server, LONGSHORE_TOKEN=token)
    assert printed == "completed 1 {}\n"
    assert "CAP" in codes(server)
