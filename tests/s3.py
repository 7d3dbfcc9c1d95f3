"""An S3-compatible store for the tests: SeaweedFS, whose one program comes with a wheel.

It is a real process on the loopback, and knows nobody but whom the tests present: signatures, also
those in URLs, are verified as anywhere.
"""

import json
import os
import secrets
import socket
import subprocess
import sysconfig
import time
from pathlib import Path
from random import Random
from typing import Any

import httpx2
import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from longshore.settings import Settings

KEY = "LONGSHORETEST"
SECRET = "a-secret-that-stands-nowhere-else"
BUCKET = "longshore-test"

_START_SECONDS = 60
_READY_BYTES = 1 << 16  # too many to be kept anywhere but where all objects are
# Each service has a second port, so much higher; all below those that systems give to clients.
_GRPC_DISTANCE = 10_000
_PORTS = range(11_000, 22_000)


class S3Server:
    """A store with one bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = dict(
            zip(("s3", "master", "volume", "filer", "admin"), _free_ports(5), strict=True)
        )
        identity = {
            "name": "longshore",
            "credentials": [{"accessKey": KEY, "secretKey": SECRET}],
            "actions": ["Admin", "Read", "Write", "List"],
        }
        (folder / "s3.json").write_text(json.dumps({"identities": [identity]}))
        (folder / "data").mkdir()
        self._process = self._start()
        self._wait_until_ready()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._ports['s3']}"

    def new_place(self) -> str:
        """A place of its own in the bucket, as the setting `attachments` names it."""
        return f"s3://{BUCKET}/{secrets.token_hex(8)}/attachments"

    def _start(self) -> subprocess.Popen[bytes]:
        ports = [f"-{service}.port={port}" for service, port in self._ports.items()]
        with open(self._folder / "log", "ab") as log:
            return subprocess.Popen(
                [
                    str(_program()), "mini", "-dir=data", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
                    *ports, f"-bucket={BUCKET}", "-s3.config=s3.json", "-s3.autoCreateBucket=false",
                    "-s3.port.iceberg=0", "-s3.port.lance=0", "-webdav=false", "-admin.ui=false",
                    "-master.telemetry=false",
                ],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the tests
            )  # fmt: skip

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        # Its sockets lie where no option leads.
        for service, port in self._ports.items():
            for name in (f"{service}-{port}", f"{service}-grpc-{port + _GRPC_DISTANCE}"):
                Path("/tmp", f"seaweedfs-{name}.sock").unlink(missing_ok=True)

    def client(self, prefix: str = "") -> S3Store:
        """Another way into the bucket than the one that is tested."""
        return S3Store(
            BUCKET,
            prefix=prefix or None,
            config={
                "endpoint": self.endpoint,
                "region": "us-east-1",
                "access_key_id": KEY,
                "secret_access_key": SECRET,
            },
            client_options={"allow_http": True},
            retry_config={"max_retries": 0},
        )

    def settings(self, **changes: Any) -> Settings:
        """Those of an installation that keeps its attachments in a place of its own here."""
        place = {"attachments": self.new_place(), "s3_endpoint": self.endpoint}
        return Settings(**{**place, **changes})

    def unfinished_uploads(self) -> int:
        """How many uploads were begun, and neither completed nor aborted."""
        url = f"http://127.0.0.1:{self._ports['filer']}/buckets/{BUCKET}/.uploads/?limit=10000"
        answer = httpx2.get(url, headers={"Accept": "application/json"})
        return len(answer.json()["Entries"] or []) if answer.status_code == 200 else 0

    def _wait_until_ready(self) -> None:
        """Until it gives back what it is given."""
        deadline = time.monotonic() + _START_SECONDS
        client = self.client()
        while True:
            try:
                obstore.put(client, "ready", bytes(_READY_BYTES))
                obstore.get(client, "ready").buffer()
                return
            except (BaseError, OSError) as error:
                told = f"{error}\n{(self._folder / 'log').read_text(errors='replace')[-2000:]}"
            assert self._process.poll() is None, f"it ended: {told}"
            assert time.monotonic() < deadline, f"it does not answer: {told}"


def _program() -> Path:
    return Path(sysconfig.get_path("scripts")) / "weed"


def _free_ports(count: int) -> list[int]:
    """Ports that are free together with the second one that belongs to each."""
    random = Random(os.getpid())
    found: list[int] = []
    while len(found) < count:
        port = random.choice(_PORTS)
        if port not in found and _is_free(port) and _is_free(port + _GRPC_DISTANCE):
            found.append(port)
    return found


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True
