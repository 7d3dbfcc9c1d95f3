"""A file that goes to a server as it is, ahead of the import that is made of it.

It is sent in parts, each of which the server has safely once it has answered. So whatever breaks on
the way, a connection or the server itself, the server is asked how much it has, and what follows is
sent.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from longshore.cli.progress import Progress, show_progress
from longshore.cli.remote.client import ApiClient
from longshore.cli.remote.patience import Patience, pause
from longshore.cli.remote.refusals import ServerFailed, ServerRefused, ServerUnanswered
from longshore.cli.stops import StopRequested
from longshore.errors import LongshoreError, RequestRefused
from longshore.json_text import encode_json

if TYPE_CHECKING:
    from longshore.imports import ImportRequest
    from longshore.readers import CsvOptions
    from longshore.sources import Source

__all__ = ["discard_upload", "upload"]

UPLOADS_PATH = "uploads"
PART_BYTES = 8 * 1024 * 1024  # what is lost at most where a connection breaks

_NAME_CHARACTERS_MAX = 255
_LOOK_SECONDS_FIRST = 0.1
_LOOK_SECONDS_MAX = 1.0
_UNFIT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


def upload(
    client: ApiClient, file: Path, source: Source, request: ImportRequest, *, hidden: bool
) -> str | None:
    """The id of an upload of the file that an import can be made of; None: the server knows none.

    `source` says how the file is to be read. Raises what the client raises, RequestRefused for a
    file that the server cannot read, and StopRequested; then the server keeps nothing of it.
    """
    size = file.stat().st_size
    id_ = _begin(client, _attributes(source, request, size))
    if id_ is None:
        return None
    try:
        with show_progress(hidden=hidden) as progress:
            with open(file, "rb") as opened:
                _send(client, id_, opened, size, progress)
            _check(client, id_, size, progress)
    except (LongshoreError, StopRequested):
        discard_upload(client, id_)
        raise
    return id_


def discard_upload(client: ApiClient, id_: str) -> None:
    """Remove an upload of which no import is made; where that fails, it expires."""
    with suppress(LongshoreError, StopRequested):
        client.delete(f"{UPLOADS_PATH}/{id_}")


def _begin(client: ApiClient, attributes: Mapping[str, Any]) -> str | None:
    content = encode_json({"data": {"type": "uploads", "attributes": attributes}})
    try:
        created = client.post(UPLOADS_PATH, content, key=secrets.token_hex(16), find=lambda: None)
    except ServerRefused as refused:
        if refused.status in (404, 405):
            return None
        raise
    return str(_resource(created)["id"])


def _send(client: ApiClient, id_: str, file: BinaryIO, size: int, progress: Progress) -> None:
    progress.begin("sending")
    patience = Patience(client.stops)
    sent = 0
    while sent < size:
        client.stops.check()
        file.seek(sent)
        part = file.read(PART_BYTES)
        if not part:
            raise RequestRefused(
                f"the file became shorter while it was sent: {file.name}",
                hint="wait until it is written completely, then import it again",
            )
        try:
            answer = client.put(f"{UPLOADS_PATH}/{id_}/parts", part, [("offset", str(sent))])
        except ServerUnanswered as error:
            patience.bear(error)
            answer = client.get(f"{UPLOADS_PATH}/{id_}")
        except ServerRefused as refused:
            if refused.offset is None:
                raise
            # An earlier try of the same bytes was answered by nobody, and is there.
            patience.bear(ServerUnanswered(refused.message, retry_seconds=0))
            answer = client.get(f"{UPLOADS_PATH}/{id_}")
        received = _count(answer, "received_bytes")
        if received > sent:
            patience = Patience(client.stops)
        sent = received
        progress.bytes(sent, size)


def _check(client: ApiClient, id_: str, size: int, progress: Progress) -> None:
    """Have the server read the file, and wait for that."""
    path = f"{UPLOADS_PATH}/{id_}"
    document = {"data": {"type": "uploads", "id": id_, "attributes": {"complete": True}}}
    progress.begin("checking")
    found = client.patch(path, document)
    seconds = _LOOK_SECONDS_FIRST
    while (state := _attribute(found, "state")) == "checking":
        pause(client.stops, seconds)
        seconds = min(seconds * 1.5, _LOOK_SECONDS_MAX)
        found = client.get(path)
        progress.bytes(_count(found, "read_bytes"), size)
    if state == "ready":
        return
    refusal = _attribute(found, "refusal")
    if isinstance(refusal, dict) and isinstance(refusal.get("message"), str):
        raise RequestRefused(
            f"the server cannot read the file: {refusal['message']}", hint=refusal.get("hint")
        )
    raise ServerFailed(f"the server has let go of the file: it is {state}")


def _attributes(source: Source, request: ImportRequest, size: int) -> dict[str, Any]:
    csv = source.csv
    given: dict[str, Any] = {
        "name": _UNFIT.sub("_", source.name)[-_NAME_CHARACTERS_MAX:],
        "resource_type": request.resource_type,
        "size": size,
        "format": None if source.format is None else source.format.value,
        "encoding": source.encoding,
        "delimiter": csv.delimiter,
        "quote": csv.quote if csv.quote != "" else "none",
        "escape": csv.escape if csv.escape != "" else "none",
        "header_row": _header_row(csv),
        "sheet": source.sheet,
        "spreadsheet_safe": source.is_guarded or None,
        # A mapping has it in itself, and goes with the import.
        "column_map": None if request.mapping is not None else dict(request.column_map) or None,
    }
    return {name: value for name, value in given.items() if value is not None}


def _header_row(csv: CsvOptions) -> str | None:
    """The lines of the header as people write them."""
    if csv.header_row is None:
        return None
    last = csv.header_row + (csv.header_rows or 1) - 1
    return str(csv.header_row) if last == csv.header_row else f"{csv.header_row}-{last}"


def _resource(document: Mapping[str, Any]) -> Mapping[str, Any]:
    data = document.get("data")
    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise ServerFailed("the server answers with something that is no upload")
    return data


def _attribute(document: Mapping[str, Any], name: str) -> Any:
    attributes = _resource(document).get("attributes")
    if not isinstance(attributes, dict) or name not in attributes:
        raise ServerFailed("the server answers with something that is no upload")
    return attributes[name]


def _count(document: Mapping[str, Any], name: str) -> int:
    value = _attribute(document, name)
    if not isinstance(value, int) or value < 0:
        raise ServerFailed("the server answers with something that is no upload")
    return value
