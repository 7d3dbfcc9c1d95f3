"""Hosts of a test's own: network namespaces on one bridge, each with a cable that can be pulled.

Needs root and the right to make namespaces; where that is not given, the tests are skipped.
"""

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager


class Hosts:
    """A bridge with an address, and namespaces that reach it."""

    def __init__(self) -> None:
        tag = secrets.token_hex(2)
        self._bridge = f"lsb{tag}"
        self._tag = tag
        # Of the block for benchmarks between networks (RFC 2544), which nobody has at home.
        self._network = f"198.18.{secrets.randbelow(256)}"
        self._names: list[str] = []
        _ip("link", "add", self._bridge, "type", "bridge")
        _ip("address", "add", f"{self.address}/24", "dev", self._bridge)
        _ip("link", "set", self._bridge, "up")

    @property
    def address(self) -> str:
        """Where the hosts find what listens at the bridge."""
        return f"{self._network}.1"

    @property
    def network(self) -> str:
        return f"{self._network}.0/24"

    def add(self) -> str:
        """The name of one more host."""
        number = len(self._names) + 2
        name = f"ls{self._tag}h{number}"
        inside, outside = f"{name}i", f"{name}o"
        self._names.append(name)
        _ip("netns", "add", name)
        _ip("link", "add", outside, "type", "veth", "peer", "name", inside)
        _ip("link", "set", inside, "netns", name)
        _ip("link", "set", outside, "master", self._bridge)
        _ip("link", "set", outside, "up")
        _ip("-n", name, "address", "add", f"{self._network}.{number}/24", "dev", inside)
        _ip("-n", name, "link", "set", inside, "up")
        _ip("-n", name, "link", "set", "lo", "up")
        return name

    def cut_off(self, name: str) -> None:
        """Drop every packet of a host, both ways; it learns nothing of it."""
        _ip("link", "set", f"{name}o", "down")

    def reconnect(self, name: str) -> None:
        _ip("link", "set", f"{name}o", "up")

    def close(self) -> None:
        for name in self._names:
            _ip("netns", "delete", name)
        _ip("link", "delete", self._bridge)


def on(name: str) -> Sequence[str]:
    """What runs a command on a host."""
    return ("ip", "netns", "exec", name)


@contextmanager
def several_hosts() -> Iterator[Hosts]:
    hosts = Hosts()
    try:
        yield hosts
    finally:
        hosts.close()


def why_not() -> str | None:
    """Why there can be no hosts on this machine."""
    if shutil.which("ip") is None:
        return "iproute2 is not installed"
    if os.getuid() != 0:
        return "only root makes network namespaces"
    name = f"lstry{secrets.token_hex(2)}"
    for arguments in (("netns", "add", name), ("-n", name, "link", "set", "lo", "up")):
        tried = subprocess.run(["ip", *arguments], capture_output=True, text=True, check=False)
        if tried.returncode:
            return f"this machine allows no network namespaces: {tried.stderr.strip()}"
    _ip("netns", "delete", name)
    return None


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True)
