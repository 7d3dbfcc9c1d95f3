"""Addresses as people write them, read in exactly one way.

Programs differ in what they make of odd addresses, and who wants to reach what he should not lives
on that. So an address is cut here, once: what is ambiguous is refused, and whatever judges it or
connects to it takes the parts from here.
"""

import re
import unicodedata
from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from urllib.parse import quote, unquote_to_bytes

import idna

from longshore.outgoing.file_names import file_name
from longshore.outgoing.refusals import OutgoingRefused

_LENGTH_MAX = 8192
_URL = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<authority>[^/?#]*)"
    r"(?P<path>[^?#]*)(?P<query>\?[^#]*)?(?:#.*)?",
    re.DOTALL,
)
_PORT = re.compile(r"[0-9]{1,5}")
_LABEL = r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_INVISIBLE = ("C", "Z")  # categories of characters that nobody sees
_DEFAULT_PORTS = {"http": 80, "https": 443}
_IN_TARGET = "/?:@!$&'(*+,;=%-._~[])"  # what stands there as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingUrl:
    """Something to fetch by HTTP."""

    scheme: str  # http or https
    host: str  # a name in ASCII and lower case, or an address as it is usually written
    port: int
    target: str = field(repr=False)  # path and query; the latter may be secret
    path: str  # as it may be shown
    authorization: str | None = field(default=None, repr=False)
    text: str = field(repr=False)  # as it was written, with all that is secret

    @classmethod
    def read(cls, text: str) -> "OutgoingUrl":
        """Raises OutgoingRefused for whatever is no address of HTTP, or might mean two things."""
        if len(text) > _LENGTH_MAX:
            raise OutgoingRefused(f"the address has more than {_LENGTH_MAX:,} characters")
        if "\\" in text or any(unicodedata.category(each)[0] in _INVISIBLE for each in text):
            raise _unclear("it has blanks, backslashes or characters that nobody sees")
        found = _URL.fullmatch(text)
        if found is None:
            raise _unclear("an address looks like https://example.com/products.csv")
        scheme = found["scheme"].lower()
        if scheme not in _DEFAULT_PORTS:
            raise OutgoingRefused(
                f"addresses of {scheme}: are not fetched",
                hint="a file of this machine is named by its path"
                if scheme == "file"
                else "use an address that begins with https:// or http://",
            )
        user, at, place = found["authority"].rpartition("@")
        if "@" in user:
            raise _unclear("it has several @")
        host, port = _read_place(place)
        path = found["path"] or "/"
        return cls(
            scheme=scheme,
            host=host,
            port=_DEFAULT_PORTS[scheme] if port is None else port,
            target=quote(path + (found["query"] or ""), safe=_IN_TARGET),
            path=quote(path, safe=_IN_TARGET),
            authorization=_basic(user) if at else None,
            text=text,
        )

    @property
    def authority(self) -> str:
        """Host and port as the header Host has them."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def file_name(self) -> str:
        """What the file is called as long as no answer says otherwise."""
        return file_name(self.path, {}) or self.host

    @property
    def shown(self) -> str:
        """The address without what it may keep secret: name, password and query."""
        return f"{self.scheme}://{self.authority}{self.path}"


def _read_place(text: str) -> tuple[str, int | None]:
    if text.startswith("["):
        inner, bracket, rest = text[1:].partition("]")
        if not bracket or (rest and not rest.startswith(":")):
            raise _unclear("its host begins with [ and does not end with ]")
        return _read_ipv6(inner), _read_port(rest[1:])
    host, colon, port = text.partition(":")
    if ":" in port:
        raise _unclear("an IPv6 address stands in brackets: http://[2606:4700::1111]/")
    return _read_host(host), _read_port(port) if colon else None


def _read_port(text: str) -> int | None:
    if not text:
        return None
    if _PORT.fullmatch(text) is None or not 0 < int(text) < 65536:
        raise _unclear("its port is no number from 1 to 65535")
    return int(text)


def _read_ipv6(text: str) -> str:
    if "%" in text:
        raise _unclear("an IPv6 address with a zone is of this machine alone")
    try:
        return str(IPv6Address(text))
    except AddressValueError:
        raise _unclear("what stands in brackets is no IPv6 address") from None


def _read_host(text: str) -> str:
    """Digits of all scripts and circled ones are digits, ideographic full stops are dots."""
    host = unicodedata.normalize("NFKC", text).lower().replace("\u3002", ".").removesuffix(".")
    if not host:
        raise _unclear("it has no host")
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True, std3_rules=True).decode("ascii").lower()
        except idna.IDNAError:
            raise _unclear("its host is no name of the Internet") from None
    if len(host) > 253 or _NAME.fullmatch(host) is None:
        raise _unclear("its host is no name of the Internet")
    labels = host.split(".")
    if _NUMBER.fullmatch(labels[-1]) is not None:
        return str(_read_ipv4(labels))
    return host


def _read_ipv4(labels: list[str]) -> IPv4Address:
    """One to four numbers, the last one over what is left of 32 bits; octal with a 0 in front,
    hexadecimal with 0x: as inet_aton(3) reads them."""
    try:
        *first, last = [_number(label) for label in labels]
    except ValueError:
        raise _unclear("its host ends with a number and is no IPv4 address") from None
    if len(first) > 3 or any(each > 255 for each in first) or last >= 256 ** (4 - len(first)):
        raise _unclear("its host ends with a number and is no IPv4 address")
    value = last
    for place, each in enumerate(first):
        value += each << (24 - 8 * place)
    return IPv4Address(value)


def _number(text: str) -> int:
    if text.startswith("0x"):
        return int(text[2:] or "0", 16)
    if not text.isdigit() or len(text) > 40:
        raise ValueError
    return int(text, 8 if text.startswith("0") else 10)


def _basic(user: str) -> str:
    """RFC 7617; a name and a password have their special characters as %XX."""
    name, _colon, password = user.partition(":")
    credentials = unquote_to_bytes(name) + b":" + unquote_to_bytes(password)
    return "Basic " + b64encode(credentials).decode("ascii")


def _unclear(why: str) -> OutgoingRefused:
    """The message has nothing of the address, in which a password may stand where none belongs."""
    return OutgoingRefused(f"this is not an address that can be fetched: {why}")
