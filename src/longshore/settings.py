"""What an operator can set, each with its unit, its default and the reason for it.

Settings come from environment variables named `LONGSHORE_` and the field's name in capitals;
the reference in the documentation is made from the table below.
"""

import dataclasses
import difflib
import ipaddress
import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from longshore.errors import RequestRefused

__all__ = ["CREDENTIAL_VARIABLES", "SettingRow", "Settings", "settings_reference"]

_PREFIX = "LONGSHORE_"
# Variables of the test suite share the prefix; they are not settings.
_IGNORED_PREFIX = "LONGSHORE_TEST_"
# What the command line shows a server; they set up no installation.
CREDENTIAL_VARIABLES = frozenset(
    ("LONGSHORE_TOKEN", "LONGSHORE_CLIENT_ID", "LONGSHORE_CLIENT_SECRET")
)

_HOST = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*(?::[0-9]{1,5})?"
_DOMAIN = re.compile(_HOST)
_HOST_NAME = re.compile(r"(?![0-9.]+$)[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?")
_ORIGIN = rf"https?://(?:{_HOST}|\[[0-9a-f:.]+\](?::[0-9]{{1,5}})?)"
_BASE_URL = re.compile(_ORIGIN)
_ENDPOINT = re.compile(rf"{_ORIGIN}(?:/[A-Za-z0-9._~/-]*)?", re.IGNORECASE)
_BUCKET = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](?:/[A-Za-z0-9!_.*'()-]+)*")
_REGION = re.compile(r"[A-Za-z0-9-]{1,64}")


def _read_domain(text: str) -> str:
    if _DOMAIN.fullmatch(text.lower()) is None:
        raise ValueError(f"expected a host, with a port where it has one, found {text!r}")
    return text.lower()


def _read_base_url(text: str) -> str:
    if _BASE_URL.fullmatch(text.lower()) is None:
        raise ValueError(f"expected http:// or https:// and a host, found {text!r}")
    return text.lower()


def _read_attachments(text: str) -> str:
    if "://" in text and _BUCKET.fullmatch(text.rstrip("/")) is None:
        raise ValueError(f"expected a folder, s3://BUCKET or s3://BUCKET/PREFIX, found {text!r}")
    return text.rstrip("/") if "://" in text else text


def _read_endpoint(text: str) -> str:
    # Somebody may have put a password into it, so a message never repeats it.
    if text and _ENDPOINT.fullmatch(text) is None:
        raise ValueError("expected http:// or https:// and a host, or nothing")
    return text.rstrip("/")


def _read_region(text: str) -> str:
    if _REGION.fullmatch(text) is None:
        raise ValueError(f"expected the name of a region, found {text!r}")
    return text


def _read_networks(text: str) -> str:
    networks = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            networks.append(str(ipaddress.ip_network(part)))
        except ValueError as error:
            raise ValueError(f"expected addresses and networks: {error}") from None
    return ",".join(networks)


def _read_outgoing_allow(text: str) -> str:
    allowed = []
    for part in filter(None, map(str.strip, text.split(","))):
        try:
            allowed.append(str(ipaddress.ip_network(part)))
        except ValueError:
            if _HOST_NAME.fullmatch(part.lower()) is None:
                raise ValueError(
                    f"expected hosts, addresses and networks, found {part!r}"
                ) from None
            allowed.append(part.lower())
    return ",".join(allowed)


def _read_database_url(text: str) -> str:
    # It may hold a password, so a message never repeats it.
    if text and not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("expected postgresql://user:password@host:port/name, or nothing")
    return text


def _about(
    *,
    unit: str,
    reason: str,
    minimum: float | None = None,
    maximum: float | None = None,
    choices: tuple[str, ...] = (),
    read: Callable[[str], str] | None = None,  # of a text; raises ValueError for one that is unfit
) -> Mapping[str, Any]:
    """What the reference says about a setting, and what is checked."""
    return {
        "unit": unit,
        "reason": reason,
        "minimum": minimum,
        "maximum": maximum,
        "choices": choices,
        "read": read,
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings of one process; made once and handed to whoever needs them."""

    data: Path = field(
        default=Path("longshore-data"),
        metadata=_about(
            unit="folder",
            reason="Holds the database, the attachments and the lock files; made on first use.",
        ),
    )
    database_url: str = field(
        default="",
        repr=False,  # it may hold a password
        metadata=_about(
            unit="URL",
            read=_read_database_url,
            reason=(
                "A PostgreSQL database, for more than one machine; without it there is an embedded "
                "one in the data folder. Whatever libpq understands may stand in it."
            ),
        ),
    )
    database_connections: int = field(
        default=10,
        metadata=_about(
            unit="connections",
            minimum=2,
            maximum=1000,
            reason=(
                "Connections of one process to PostgreSQL at most; who needs another one waits "
                "for as long as LONGSHORE_LOCK_WAIT_SECONDS says."
            ),
        ),
    )
    statement_timeout_seconds: float = field(
        default=60.0,
        metadata=_about(
            unit="seconds",
            minimum=1,
            maximum=3600,
            reason=(
                "PostgreSQL ends a statement that takes longer; a request is then answered with "
                "503, and a chunk of an import is gone through again."
            ),
        ),
    )
    chunk_rows: int = field(
        default=0,
        metadata=_about(
            unit="rows",
            minimum=0,
            maximum=50_000,
            reason=(
                "Rows committed together at most; 0 is 2,000 in the embedded database, whose other "
                "writers wait for a chunk's end, and 5,000 in PostgreSQL. More is hardly faster, "
                "and takes more memory."
            ),
        ),
    )
    chunk_rows_first: int = field(
        default=500,
        metadata=_about(
            unit="rows",
            minimum=1,
            maximum=50_000,
            reason="Rows of the first chunk: a small one commits at once, so that progress shows.",
        ),
    )
    chunk_bytes: int = field(
        default=4 * 1024 * 1024,
        metadata=_about(
            unit="bytes of the source",
            minimum=1,
            maximum=1024**3,
            reason="Ends a chunk of long rows early, so that memory does not grow with them.",
        ),
    )
    chunk_records: int = field(
        default=20_000,
        metadata=_about(
            unit="records",
            minimum=1,
            maximum=1_000_000,
            reason="Ends a chunk of rows with many nested records early, for the same reason.",
        ),
    )
    chunk_milliseconds: int = field(
        default=100,
        metadata=_about(
            unit="milliseconds",
            minimum=0,
            maximum=60_000,
            reason=(
                "Ends a chunk that holds the write lock for about so long, because other writers "
                "wait for it; 0 sets no limit."
            ),
        ),
    )
    imports_unfinished_max: int = field(
        default=10,
        metadata=_about(
            unit="imports",
            minimum=1,
            maximum=10_000,
            reason="Imports pending or running in one environment; the next one is refused.",
        ),
    )
    import_attempts_max: int = field(
        default=3,
        metadata=_about(
            unit="attempts",
            minimum=1,
            maximum=1000,
            reason=(
                "Runners that may die one after another without committing a chunk in between; "
                "then the import is interrupted instead of taking down the next one."
            ),
        ),
    )
    cell_bytes_max: int = field(
        default=1024 * 1024,
        metadata=_about(
            unit="bytes of UTF-8",
            minimum=1024,
            maximum=16 * 1024 * 1024,
            reason="A longer cell or JSON string is an error of its row.",
        ),
    )
    nested_elements_max: int = field(
        default=20_000,
        metadata=_about(
            unit="nested elements",
            minimum=1,
            maximum=1_000_000,
            reason=(
                "What a row may hold inside it, on all levels, tags included; more is an error of "
                "the row, since a row is applied as a whole while others wait."
            ),
        ),
    )
    request_bytes_max: int = field(
        default=8 * 1024 * 1024,
        metadata=_about(
            unit="bytes",
            minimum=64 * 1024,
            maximum=1024**3,
            reason="Body of a request that writes one record; a longer one is refused.",
        ),
    )
    import_inputs_max: int = field(
        default=10_000,
        metadata=_about(
            unit="rows",
            minimum=1,
            maximum=10_000_000,
            reason=(
                "Rows of an import that is created over HTTP with `inputs`, as the official "
                "clients split them; uploads and the command line know no such limit."
            ),
        ),
    )
    import_bytes_max: int = field(
        default=100 * 1024 * 1024,
        metadata=_about(
            unit="bytes",
            minimum=64 * 1024,
            maximum=10 * 1024**3,
            reason="Body of a request that creates an import; it is streamed to the disk.",
        ),
    )
    upload_bytes_max: int = field(
        default=10 * 1024**3,
        metadata=_about(
            unit="bytes",
            minimum=1024,
            maximum=10 * 1024**4,
            reason="Bytes of one upload; it comes in parts, and is kept until it was checked.",
        ),
    )
    plan_bytes: int = field(
        default=4 * 1024**3,
        metadata=_about(
            unit="bytes",
            minimum=1024,
            maximum=100 * 1024**4,
            reason=(
                "What a plan, or the judgement before an import that is all or nothing, may keep "
                "in a temporary file of what its rows would make; beyond that it ends."
            ),
        ),
    )
    uploads_open_max: int = field(
        default=20,
        metadata=_about(
            unit="uploads",
            minimum=1,
            maximum=10_000,
            reason=(
                "Uploads of one environment that are being received or checked, or of which no "
                "import was made yet; the next one is refused."
            ),
        ),
    )
    uploads_open_bytes_max: int = field(
        default=50 * 1024**3,
        metadata=_about(
            unit="bytes",
            minimum=1024,
            maximum=100 * 1024**4,
            reason="Bytes that all these uploads of one environment may have together.",
        ),
    )
    upload_hours: float = field(
        default=24,
        metadata=_about(
            unit="hours",
            minimum=0.01,
            maximum=8760,
            reason=(
                "So long after its last byte, or after its check, an upload expires of which no "
                "import was made: its bytes are removed."
            ),
        ),
    )
    read_seconds: float = field(
        default=5.0,
        metadata=_about(
            unit="seconds",
            minimum=0.1,
            maximum=3600,
            reason=(
                "What a request may read; one that needs longer, because of its filters or its "
                "sorting, is refused."
            ),
        ),
    )
    answer_bytes_max: int = field(
        default=32 * 1024 * 1024,
        metadata=_about(
            unit="bytes",
            minimum=1024 * 1024,
            maximum=1024**3,
            reason="Answer to one request, about; who asks for more is told to ask for less.",
        ),
    )
    inputs_echo_bytes: int = field(
        default=4 * 1024 * 1024,
        metadata=_about(
            unit="bytes",
            minimum=0,
            maximum=1024**3,
            reason=(
                "The rows that all imports of an answer echo together; those for which it is not "
                "enough show `inputs` as null."
            ),
        ),
    )
    errors_log_identifiers_max: int = field(
        default=1000,
        metadata=_about(
            unit="row identifiers",
            minimum=1,
            maximum=100_000,
            reason="Length of the logs inside an import's document; there is a list of all errors.",
        ),
    )
    inputs_echo_rows: int = field(
        default=1000,
        metadata=_about(
            unit="rows",
            minimum=0,
            maximum=100_000,
            reason="Longer imports show `inputs` as null; the attachment always has them all.",
        ),
    )
    inputs_echo_rows_listed: int = field(
        default=100,
        metadata=_about(
            unit="rows",
            minimum=0,
            maximum=100_000,
            reason="The same for each import of a list.",
        ),
    )
    page_cache_bytes: int = field(
        default=64 * 1024 * 1024,
        metadata=_about(
            unit="bytes",
            minimum=1024 * 1024,
            maximum=1024**4,
            reason=(
                "Pages of the embedded database that a process keeps in memory for writing, at "
                "most a quarter of the machine's. Where keys come in no order, an index that fits "
                "in is written once per chunk, a larger one once per row."
            ),
        ),
    )
    lock_wait_seconds: float = field(
        default=30.0,
        metadata=_about(
            unit="seconds",
            minimum=0,
            maximum=3600,
            reason="How long a writer waits for other writers of the database; then it gives up.",
        ),
    )
    heartbeat_seconds: float = field(
        default=3.0,
        metadata=_about(
            unit="seconds",
            minimum=0.1,
            maximum=60,
            reason=(
                "How often a process that shares a PostgreSQL database says that it is alive, and "
                "a worker looks for imports that nobody runs."
            ),
        ),
    )
    takeover_seconds: float = field(
        default=15.0,
        metadata=_about(
            unit="seconds",
            minimum=0.5,
            maximum=600,
            reason=(
                "An import whose process has said nothing for so long is taken over by another "
                "one; at least three times LONGSHORE_HEARTBEAT_SECONDS."
            ),
        ),
    )
    worker_silence_seconds: float = field(
        default=15.0,
        metadata=_about(
            unit="seconds",
            minimum=1,
            maximum=3600,
            reason=(
                "A worker that `longshore serve` or `--concurrency` keeps, and that shows no sign "
                "of life for so long, is killed and replaced; so is one whose import has not run "
                "at all for eight times as long."
            ),
        ),
    )
    attachment_retention_days: float = field(
        default=0,
        metadata=_about(
            unit="days",
            minimum=0,
            maximum=36_500,
            reason=(
                "Attachments of imports that ended so long ago are removed; the imports stay, "
                "with their counts and logs. 0 keeps them for ever."
            ),
        ),
    )
    secret_attachment_hours: float = field(
        default=1,
        metadata=_about(
            unit="hours",
            minimum=0,
            maximum=8760,
            reason=(
                "Attachments in which passwords or keys stand as they were sent are removed so "
                "long after the end of their import; 0 removes them at its end."
            ),
        ),
    )
    attachments: str = field(
        default="",
        metadata=_about(
            unit="folder or URL",
            read=_read_attachments,
            reason=(
                "Where the sources of imports are kept: a folder, or s3://BUCKET/PREFIX for a "
                "store that speaks the protocol of Amazon's S3; without it a folder in the data "
                "folder. No other installation may use the same place."
            ),
        ),
    )
    attachments_shared: bool = field(
        default=False,
        metadata=_about(
            unit="yes or no",
            choices=("true", "false"),
            reason=(
                "Says that every machine has the folder of the attachments in common, for example "
                "by NFS; otherwise a second machine is refused."
            ),
        ),
    )
    s3_endpoint: str = field(
        default="",
        metadata=_about(
            unit="URL",
            read=_read_endpoint,
            reason=(
                "Where the store of the bucket answers; without it Amazon's own. Clients download "
                "attachments from there, so it must be an address that they reach."
            ),
        ),
    )
    s3_region: str = field(
        default="us-east-1",
        metadata=_about(
            unit="name",
            read=_read_region,
            reason="The region of the bucket, which is part of every signature.",
        ),
    )
    domain: str = field(
        default="localhost",
        metadata=_about(
            unit="host",
            read=_read_domain,
            reason=(
                "Where clients believe the server to be: organizations at SLUG.DOMAIN, tokens "
                "from auth.DOMAIN. Tokens signed under another domain become invalid."
            ),
        ),
    )
    base_url: str = field(
        default="http://127.0.0.1:8000",
        metadata=_about(
            unit="URL",
            read=_read_base_url,
            reason="What links begin with where no request says how the server is called.",
        ),
    )
    trusted_proxies: str = field(
        default="",
        metadata=_about(
            unit="addresses and networks, with commas",
            read=_read_networks,
            reason=(
                "Whose X-Forwarded headers are believed, beside those of the machine itself; from "
                "anybody else they could say anything."
            ),
        ),
    )
    outgoing_allow: str = field(
        default="",
        metadata=_about(
            unit="hosts, addresses and networks, with commas",
            read=_read_outgoing_allow,
            reason=(
                "Internal hosts that files may be fetched from, by their names, and internal "
                "networks; all other ones are refused, so that nobody reaches through longshore "
                "what is not for everybody."
            ),
        ),
    )
    outgoing_bytes_max: int = field(
        default=10 * 1024**3,
        metadata=_about(
            unit="bytes",
            minimum=1,
            maximum=1024**4,
            reason="A file that is fetched from an address, as it is sent.",
        ),
    )
    outgoing_seconds_max: float = field(
        default=3600.0,
        metadata=_about(
            unit="seconds",
            minimum=0.1,
            maximum=86_400,
            reason="How long it may take to fetch a file, however slowly it comes in.",
        ),
    )
    outgoing_connect_seconds: float = field(
        default=10.0,
        metadata=_about(
            unit="seconds",
            minimum=0.1,
            maximum=600,
            reason="How long a server that a file is fetched from may take to answer a connection.",
        ),
    )
    connections_max: int = field(
        default=1000,
        metadata=_about(
            unit="connections",
            minimum=8,
            maximum=100_000,
            reason=(
                "Connections that a server keeps at most, if the system lets it have so many files "
                "open; beyond it only those are answered who ask how the server is."
            ),
        ),
    )
    connections_per_address_max: int = field(
        default=250,
        metadata=_about(
            unit="connections",
            minimum=4,
            maximum=100_000,
            reason=(
                "The same for one address, so that no machine takes all of them; proxies of "
                "LONGSHORE_TRUSTED_PROXIES have no such limit."
            ),
        ),
    )
    uploads_max: int = field(
        default=16,
        metadata=_about(
            unit="requests",
            minimum=1,
            maximum=1000,
            reason=(
                "Sources of imports that a server receives at a time, a quarter of them from one "
                "application; the next one waits, and nobody else does."
            ),
        ),
    )
    streams_max: int = field(
        default=500,
        metadata=_about(
            unit="streams",
            minimum=1,
            maximum=100_000,
            reason=(
                "Pages and programs that look on at imports at a time, a tenth of them of one "
                "application or session; the next one is refused, and asks now and then instead."
            ),
        ),
    )
    rate_limit_requests: int = field(
        default=600,
        metadata=_about(
            unit="requests",
            minimum=1,
            maximum=1_000_000_000,
            reason=(
                "Requests of one application, or of one machine without a token, within "
                "LONGSHORE_RATE_LIMIT_SECONDS; the next one is refused. Each process counts for "
                "itself."
            ),
        ),
    )
    rate_limit_seconds: int = field(
        default=10,
        metadata=_about(
            unit="seconds",
            minimum=1,
            maximum=86_400,
            reason="The time within which requests are counted.",
        ),
    )
    rate_limit_preset: str = field(
        default="none",
        metadata=_about(
            unit="name",
            choices=("none", "commerce_layer"),
            reason=(
                "The limits that Commerce Layer publishes, in place of the two above: to see "
                "whether a client bears them."
            ),
        ),
    )
    log_level: str = field(
        default="info",
        metadata=_about(
            unit="name",
            choices=("error", "warning", "info", "request", "debug"),
            reason=(
                "What servers and workers log: this and what stands before it. info has the "
                "beginning and the end of processes and imports, and who was let in; request has a "
                "line for each request, debug one for each chunk."
            ),
        ),
    )
    log_format: str = field(
        default="text",
        metadata=_about(
            unit="name",
            choices=("text", "json"),
            reason="Log lines on standard error: for people, or one JSON object per line.",
        ),
    )

    @property
    def trusted_networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The trusted proxies as networks; an address alone is a network of one."""
        parts = filter(None, self.trusted_proxies.split(","))
        return tuple(ipaddress.ip_network(part) for part in parts)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str]) -> "Settings":
        """The settings that environment variables give; raises RequestRefused naming every one
        that is unknown or unfit, so that one look mends them all."""
        fields = {_PREFIX + f.name.upper(): f for f in dataclasses.fields(cls)}
        values: dict[str, object] = {}
        problems: list[str] = []
        for variable in sorted(environ):
            if not variable.startswith(_PREFIX) or variable.startswith(_IGNORED_PREFIX):
                continue
            if variable in CREDENTIAL_VARIABLES:
                continue
            known = fields.get(variable)
            if known is None:
                problems.append(_unknown(variable, fields))
                continue
            try:
                values[known.name] = _read(environ[variable], known)
            except ValueError as error:
                problems.append(f"{variable}: {error}")
        if problems:
            raise RequestRefused(
                "; ".join(problems), hint="all settings are listed in docs/reference/settings.md"
            )
        return cls(**cast(Any, values))


def _unknown(variable: str, known: Mapping[str, object]) -> str:
    nearest = difflib.get_close_matches(variable, known, n=1)
    return f"{variable}: no such setting" + (f", did you mean {nearest[0]}?" if nearest else "")


def _read(text: str, setting: "dataclasses.Field[Any]") -> object:
    """The value of one setting; ValueError says what was found and what was expected."""
    text = text.strip()
    if setting.type is Path:
        if not text:
            raise ValueError("expected a folder, found nothing")
        return Path(text)
    read: Callable[[str], str] | None = setting.metadata["read"]
    if read is not None:
        return read(text)
    if setting.type is bool:
        if text not in ("true", "false"):
            raise ValueError(f"expected true or false, found {text!r}")
        return text == "true"
    if setting.type is str:
        choices = setting.metadata["choices"]
        if text not in choices:
            raise ValueError(f"expected one of {', '.join(choices)}, found {text!r}")
        return text
    number = _read_number(text, whole=setting.type is int)
    low, high = setting.metadata["minimum"], setting.metadata["maximum"]
    if not low <= number <= high:
        raise ValueError(f"expected {low} to {high} {setting.metadata['unit']}, found {text}")
    return number


def _read_number(text: str, *, whole: bool) -> float:
    expected = "a whole number" if whole else "a number"
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        raise ValueError(f"expected {expected}, found {text!r}") from None
    if not math.isfinite(number):
        raise ValueError(f"expected {expected}, found {text!r}")
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingRow:
    """One line of the reference."""

    variable: str
    default: str
    unit: str
    bounds: str  # "1 to 50000", or the choices, or ""
    reason: str


def settings_reference() -> list[SettingRow]:
    """All settings in the order of their declaration, for the documentation."""
    return [
        SettingRow(
            variable=_PREFIX + setting.name.upper(),
            default=_default(setting),
            unit=setting.metadata["unit"],
            bounds=_bounds(setting),
            reason=setting.metadata["reason"],
        )
        for setting in dataclasses.fields(Settings)
    ]


def _default(setting: "dataclasses.Field[Any]") -> str:
    """As it is written in a variable."""
    text = str(setting.default)
    return text.lower() if setting.type is bool else text


def _bounds(setting: "dataclasses.Field[Any]") -> str:
    metadata = setting.metadata
    if metadata["choices"]:
        return " or ".join(metadata["choices"])
    if metadata["minimum"] is None:
        return ""
    return f"{metadata['minimum']} to {metadata['maximum']}"
