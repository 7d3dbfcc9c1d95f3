"""Golden documents: a request and its answer as text, with what differs each time masked.

Ids become `sku-1`, `sku-2` in the order in which they appear, times `<time>`, secrets and tokens
`<secret>`, so that two runs write the same text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import unquote

import httpx2

from longshore.api import MEDIA_TYPE
from tests.behaviour.api.site import CATALOGUE

# Headers of an answer that are part of the contract; all others are the server's business.
_HEADERS = (
    "content-type",
    "location",
    "allow",
    "retry-after",
    "www-authenticate",
    "x-ratelimit-limit",
    "x-ratelimit-interval",
)

# Headers of a request that are told when they are not these.
_REQUEST_HEADERS = {"accept": MEDIA_TYPE, "content-type": MEDIA_TYPE}

_PATTERNS = (
    (re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"), "<time>"),
    (re.compile(r"expires=\d+&signature=[0-9a-f]{64}"), "expires=<time>&signature=<secret>"),
    (re.compile(r"eyJ[\w-]+\.[\w-]+\.[\w-]+"), "<token>"),
    (re.compile(r"(?<=retry-after: )\d+|(?<=again in )\d+(?= seconds)"), "<seconds>"),
    # An entry of a history: when, and which.
    (re.compile(r"\b\d{13}-\d+\b"), "<time>-<number>"),
)

# AAAAAAAAAA is nobody's id, in every run.
_ID = re.compile(r"(?!A{10})[0-9A-Za-z]{10}")

# Members whose values differ each time, whatever they look like.
_MASKED = {
    "client_id": "<client id>",
    "client_secret": "<secret>",
    "refresh_token": "<secret>",
    "kid": "<key>",
    "n": "<key>",
    "version": "<version>",
}
_EPOCH_SECONDS = re.compile(r'"created_at": \d{10}\b')


# What single ones are called of types that are not of the catalogue.
_OURS = {"import_undos": "undo", "import_plans": "plan", "import_groups": "group"}


class Masks:
    """The names that ids have in texts."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    def name(self, id_: str, what: str) -> None:
        """Call an id by what it is of, and its number among those."""
        if id_ not in self._names:
            self._counts[what] = self._counts.get(what, 0) + 1
            self._names[id_] = f"<{what}-{self._counts[what]}>"

    def learn(self, document: Any) -> None:
        """Name the ids of all resources in a document."""
        for resource in resources_in(document):
            type_ = resource["type"]
            declared = CATALOGUE.get(type_)
            singular = _OURS.get(type_) if declared is None else declared.singular
            if singular is not None and _ID.fullmatch(str(resource["id"])):
                self.name(resource["id"], singular)

    def learn_address(self, path: str) -> None:
        """Name the id in the address of a resource."""
        match path.split("/"):
            case ["", "api", type_, id_, *_]:
                self.learn({"type": type_, "id": id_})

    def masked(self, text: str) -> str:
        for id_, name in self._names.items():
            text = text.replace(id_, name)
        for pattern, mask in _PATTERNS:
            text = pattern.sub(mask, text)
        return _EPOCH_SECONDS.sub('"created_at": "<time>"', text)


def rendered(response: httpx2.Response, why: str, masks: Masks) -> str:
    """A request and its answer, to be read by people and compared by tests."""
    request = response.request
    document = response.json() if response.content else None
    masks.learn_address(request.url.path)
    masks.learn(_decoded(request.content))
    masks.learn(document)
    lines = [f"# {why}", "", f"{request.method} {unquote(request.url.raw_path.decode())}"]
    lines += [
        f"{name}: {request.headers.get(name, '')}"
        for name, usual in _REQUEST_HEADERS.items()
        if request.headers.get(name) != usual
    ]
    if request.content:
        lines += ["", _pretty(request.content)]
    lines += ["", "---", "", str(response.status_code)]
    lines += [f"{name}: {response.headers[name]}" for name in _HEADERS if name in response.headers]
    if document is not None:
        lines += ["", json.dumps(_masked(document), indent=2, ensure_ascii=False)]
    return masks.masked("\n".join(lines)) + "\n"


def resources_in(document: Any) -> Iterator[Mapping[str, Any]]:
    """Everything in a document that has a type and an id."""
    if isinstance(document, dict):
        if isinstance(document.get("type"), str) and "id" in document:
            yield document
        for member in document.values():
            yield from resources_in(member)
    elif isinstance(document, list):
        for element in document:
            yield from resources_in(element)


def _masked(document: Any) -> Any:
    if isinstance(document, dict):
        return {
            name: _MASKED[name] if name in _MASKED else _masked(member)
            for name, member in document.items()
        }
    if isinstance(document, list):
        return [_masked(element) for element in document]
    return document


def _decoded(content: bytes) -> Any:
    """What a body says in JSON; None for one that is not JSON."""
    try:
        return json.loads(content)
    except ValueError:
        return None


def _pretty(content: bytes) -> str:
    document = _decoded(content)
    if document is None:
        return content.decode()
    return json.dumps(_masked(document), indent=2, ensure_ascii=False)
