"""Where a request was sent to: scheme and host as the client wrote them, and whom they name.

A proxy in front says what the client wrote with `X-Forwarded-Proto` and `X-Forwarded-Host`; they
are believed from the machine itself and from the proxies that the operator trusts, or anybody
could have links made that lead elsewhere.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.datastructures import Headers
from starlette.types import Scope

from longshore.settings import Settings
from longshore.web.versions import API_PATH, api_path_of

# A name or an IPv4 address, or an IPv6 address in brackets; then perhaps a port.
_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?P<port>:[0-9]{1,5})?")

# Names under the domain that are of the server itself, not of an organization.
_SERVER_NAMES = frozenset({"auth"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What the client calls the server."""

    base_url: str  # scheme and host, no slash at the end
    slug: str | None  # of the organization that the host names, if it names one
    api_path: str = API_PATH  # of all resources, with the version that the client named

    @property
    def api_url(self) -> str:
        """What the addresses of resources begin with."""
        return self.base_url + self.api_path


def read_address(scope: Scope, settings: Settings) -> Address:
    """The address of a request; the setting `base_url` where the request does not say."""
    headers = Headers(scope=scope)
    scheme, host = str(scope.get("scheme", "http")), headers.get("host", "")
    if _is_trusted(scope, settings):
        scheme = _first(headers.get("x-forwarded-proto", scheme)).lower()
        host = _first(headers.get("x-forwarded-host", host))
    found = _HOST.fullmatch(host)
    if found is None or scheme not in ("http", "https"):
        return Address(base_url=settings.base_url, slug=None, api_path=api_path_of(scope))
    return Address(
        base_url=f"{scheme}://{host.lower()}",
        slug=_slug(found["name"], settings.domain),
        api_path=api_path_of(scope),
    )


def client_of(scope: Scope, settings: Settings) -> str:
    """The address of the machine that asks, for limits of those who have no token."""
    forwarded = Headers(scope=scope).get("x-forwarded-for")
    if forwarded and _is_trusted(scope, settings):
        # The last one was written by the proxy, those before it by anybody.
        return forwarded.rsplit(",", 1)[-1].strip()[:45]
    client = scope.get("client")
    return str(client[0]) if client else "local"


def _slug(name: str, domain: str) -> str | None:
    label = name.lower().removesuffix("." + domain.lower().partition(":")[0])
    if label == name.lower() or "." in label or label in _SERVER_NAMES:
        return None
    return label


def _is_trusted(scope: Scope, settings: Settings) -> bool:
    client = scope.get("client")
    if not client:  # a socket in the file system
        return True
    try:
        address = ip_address(client[0])
    except ValueError:
        return False
    networks = settings.trusted_networks
    return address.is_loopback or any(address in network for network in networks)


def _first(values: str) -> str:
    return values.partition(",")[0].strip()
