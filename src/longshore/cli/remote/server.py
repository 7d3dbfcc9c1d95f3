"""Where a server is, and what shows it who asks."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from longshore.errors import RequestRefused

__all__ = ["RemoteCredentials", "Server"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCredentials:
    """A token, or the id and the secret of an application that gets one; never shown."""

    token: str | None = field(default=None, repr=False)
    client_id: str | None = field(default=None, repr=False)
    client_secret: str | None = field(default=None, repr=False)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> RemoteCredentials:
        """A token goes before the application; raises RequestRefused when there is neither."""
        token = environ.get("LONGSHORE_TOKEN", "").strip()
        if token:
            _check_characters("LONGSHORE_TOKEN", token)
            return cls(token=token)
        client_id = environ.get("LONGSHORE_CLIENT_ID", "").strip()
        client_secret = environ.get("LONGSHORE_CLIENT_SECRET", "").strip()
        if client_id and client_secret:
            return cls(client_id=client_id, client_secret=client_secret)
        raise RequestRefused(
            "nothing shows the server who asks",
            hint="set LONGSHORE_TOKEN, or LONGSHORE_CLIENT_ID and LONGSHORE_CLIENT_SECRET; "
            "`longshore token` prints a token where the data of the server is",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A server by its address."""

    url: str  # scheme and host, with no slash at the end
    ca_file: Path | None = None  # whom to trust; None: whom the machine trusts

    @classmethod
    def at(cls, text: str, *, ca_file: Path | None) -> Server:
        """The server at an address as people write it; raises RequestRefused."""
        url = text.strip().rstrip("/").removesuffix("/api")
        try:
            parts = urlsplit(url)
            is_address = parts.scheme in ("http", "https") and bool(parts.hostname)
            is_address = is_address and (parts.port is None or parts.port > 0)
        except ValueError:
            is_address = False
        if not is_address or parts.query or parts.fragment:
            raise RequestRefused(
                f"this is not the address of a server: {text}",
                hint="an address looks like https://acme.example.com or http://127.0.0.1:8000",
            )
        if parts.username is not None or parts.password is not None:
            raise RequestRefused(
                "the address of the server must not hold a name and a password",
                hint="set LONGSHORE_TOKEN, or LONGSHORE_CLIENT_ID and LONGSHORE_CLIENT_SECRET",
            )
        return cls(url=url, ca_file=ca_file)

    @property
    def is_overheard(self) -> bool:
        """Whether others on the way can read what is sent: another machine, and no https."""
        parts = urlsplit(self.url)
        return parts.scheme == "http" and not _is_loopback(parts.hostname or "")

    def tls(self) -> ssl.SSLContext | bool:
        """Whom to believe that he is the server; raises RequestRefused for an unusable file."""
        if self.ca_file is None:
            return True
        try:
            return ssl.create_default_context(cafile=self.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise RequestRefused(f"{self.ca_file} holds no certificate: {error}") from error


def _is_loopback(host: str) -> bool:
    """Whether a name or an address is of this machine, by what it says alone: nobody is asked."""
    if host == "localhost" or host.endswith(".localhost"):  # RFC 6761, section 6.3
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _check_characters(variable: str, token: str) -> None:
    """Refuse here what could stand in no header; the message must not quote it."""
    if not token.isascii() or not token.isprintable() or " " in token:
        raise RequestRefused(f"{variable} is no token: it has characters that no token has")
