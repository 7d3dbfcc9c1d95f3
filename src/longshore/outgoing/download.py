"""One file, fetched from an address."""

import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import httpcore2

from longshore import __version__
from longshore.outgoing.allowed import Allowed
from longshore.outgoing.file_names import file_name
from longshore.outgoing.guarded_backend import Deadline, GuardedBackend, Resolver, resolve
from longshore.outgoing.refusals import OutgoingFailed, OutgoingRefused
from longshore.outgoing.urls import OutgoingUrl
from longshore.settings import Settings

_SILENCE_SECONDS = 60.0  # after which a server that sends nothing is given up
_BUSY = (408, 425, 429)
# Names of encodings whose bytes whoever reads the file knows by themselves.
_CARRIED = frozenset(("", "identity", "gzip", "x-gzip", "zstd"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadLimits:
    """What a download may take, and whom it may ask."""

    bytes_max: int
    seconds_max: float
    connect_seconds: float
    allowed: Allowed

    @classmethod
    def of(cls, settings: Settings) -> "DownloadLimits":
        return cls(
            bytes_max=settings.outgoing_bytes_max,
            seconds_max=settings.outgoing_seconds_max,
            connect_seconds=settings.outgoing_connect_seconds,
            allowed=Allowed.of(settings.outgoing_allow),
        )


class Download:
    """The bytes of a file as they come in: as they were sent, compressed or not."""

    def __init__(
        self,
        url: OutgoingUrl,
        response: httpcore2.Response,
        bytes_max: int,
    ) -> None:
        headers = _headers(response)
        self.name = file_name(url.path, headers) or url.host
        # In bytes; None where the server does not say it.
        self.size = int(headers["content-length"]) if "content-length" in headers else None
        self._url = url
        self._bytes_max = bytes_max
        self._stream = response.iter_stream()
        self._count = 0
        self._rest = b""
        if self.size is not None:
            self._check(self.size)

    def read(self, size: int, /) -> bytes:
        """At most so many bytes, none at the end; raises what `open_download` does."""
        if not self._rest:
            with _failures(self._url):
                self._rest = next(filter(None, self._stream), b"")
            self._count += len(self._rest)
            self._check(self._count)
        data, self._rest = self._rest[:size], self._rest[size:]
        return data

    def _check(self, count: int) -> None:
        if count > self._bytes_max:
            raise OutgoingRefused(
                f"{self._url.shown} has more than {self._bytes_max:,} bytes",
                hint="LONGSHORE_OUTGOING_BYTES_MAX is how many it may have, and of uploads "
                "LONGSHORE_UPLOAD_BYTES_MAX",
            )


@contextmanager
def open_download(
    url: OutgoingUrl,
    limits: DownloadLimits,
    *,
    resolver: Resolver = resolve,
    tls: ssl.SSLContext | None = None,
    on_wait: Callable[[], None] = lambda: None,
) -> Iterator[Download]:
    """The file at an address, for as long as the block lasts.

    `tls` says whom to trust; None: whom the machine trusts. `on_wait` is called again and again
    while bytes are waited for, and may raise. Raises OutgoingRefused for what is not fetched, and
    OutgoingFailed for what may succeed later.
    """
    deadline = Deadline(limits.seconds_max)
    backend = GuardedBackend(
        allowed=limits.allowed, resolver=resolver, deadline=deadline, on_wait=on_wait
    )
    timeouts = {
        "connect": limits.connect_seconds,
        "read": _SILENCE_SECONDS,
        "write": _SILENCE_SECONDS,
        "pool": None,
    }
    # Not a client of httpx2: that one logs addresses with all that is secret in them.
    with httpcore2.ConnectionPool(ssl_context=tls, network_backend=backend) as pool:
        request = httpcore2.Request(
            "GET",
            httpcore2.URL(
                scheme=url.scheme, host=url.host, port=url.port, target=url.target.encode("ascii")
            ),
            headers=_request_headers(url),
            extensions={"timeout": timeouts},
        )
        with _failures(url):
            response = pool.handle_request(request)
        try:
            _check_answer(url, response)
            yield Download(url, response, limits.bytes_max)
        finally:
            response.close()


def _request_headers(url: OutgoingUrl) -> list[tuple[str, str]]:
    headers = [
        ("Host", url.authority),
        ("User-Agent", f"longshore/{__version__}"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "identity"),
        ("Connection", "close"),
    ]
    if url.authorization is not None:
        headers.append(("Authorization", url.authorization))
    return headers


def _headers(response: httpcore2.Response) -> Mapping[str, str]:
    return {
        name.decode("ascii", "replace").lower(): value.decode("latin-1")
        for name, value in response.headers
    }


def _check_answer(url: OutgoingUrl, response: httpcore2.Response) -> None:
    headers = _headers(response)
    status = response.status
    if 300 <= status < 400:
        raise OutgoingRefused(
            f"{url.shown} redirects to {_shown_location(headers.get('location', ''))}",
            hint="redirects are not followed: name the address of the file itself",
        )
    if status >= 500 or status in _BUSY:
        raise OutgoingFailed(f"{url.shown} answers with {status}", hint="try it again later")
    if status in (401, 403):
        raise OutgoingRefused(
            f"{url.shown} answers with {status}: it is not for everybody, or its link has expired",
            hint="ask for another link, or name the user: https://NAME:PASSWORD@HOST/PATH",
        )
    if status != 200:
        raise OutgoingRefused(f"{url.shown} answers with {status}", hint="look at the address")
    encoding = headers.get("content-encoding", "").strip().lower()
    if encoding not in _CARRIED:
        raise OutgoingRefused(
            f"{url.shown} is sent in an encoding that cannot be read, although none was asked for",
            hint="download it with a browser, and import the file",
        )
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind in ("text/html", "application/xhtml+xml"):
        raise OutgoingRefused(
            f"{url.shown} is a web page, perhaps one where somebody has to sign in",
            hint="name the address of the file itself",
        )


def _shown_location(location: str) -> str:
    if location.startswith("/") and not location.startswith("//"):
        path = location.partition("?")[0].partition("#")[0]
        return "".join(each for each in path if each.isprintable())
    try:
        return OutgoingUrl.read(location).shown
    except OutgoingRefused:
        return "an address that cannot be shown"


@contextmanager
def _failures(url: OutgoingUrl) -> Iterator[None]:
    """What goes wrong on the way, in words that have nothing secret."""
    place = f"{url.scheme}://{url.authority}"
    try:
        yield
    except (httpcore2.ConnectTimeout, httpcore2.ConnectError) as error:
        cause = error.args[0] if error.args else None
        if isinstance(cause, ssl.SSLCertVerificationError):
            raise OutgoingRefused(
                f"{place} does not show that it is {url.host}: {cause.verify_message}"
            ) from error
        raise OutgoingFailed(
            f"{place} cannot be reached: {_reason(cause)}", hint="look at the address"
        ) from error
    except httpcore2.TimeoutException as error:
        raise OutgoingFailed(
            f"{place} has sent nothing for {_SILENCE_SECONDS:g} seconds", hint="try it again later"
        ) from error
    except (httpcore2.NetworkError, httpcore2.RemoteProtocolError) as error:
        raise OutgoingFailed(
            f"the connection to {place} broke off before the end", hint="try it again"
        ) from error


def _reason(cause: object) -> str:
    if isinstance(cause, TimeoutError):
        return "it does not answer"
    if isinstance(cause, ssl.SSLError):
        return "it does not speak https"
    if isinstance(cause, OSError) and cause.strerror:
        return cause.strerror
    return "it does not answer"
