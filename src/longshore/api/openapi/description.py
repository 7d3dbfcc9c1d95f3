"""GET /openapi.json, and the document that it answers."""

import gzip
import hashlib
import threading
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import msgspec
from starlette.responses import Response

from longshore import __version__
from longshore.api.context import ApiRequest
from longshore.api.openapi.access_operations import access_paths, access_schemas
from longshore.api.openapi.answers import (
    JSON,
    error_responses,
    error_schemas,
    header_components,
    shared_responses,
    type_responses,
)
from longshore.api.openapi.group_operations import group_paths, group_schemas
from longshore.api.openapi.import_operations import (
    IMPORTS,
    import_bodies,
    import_paths,
    with_all_types,
)
from longshore.api.openapi.mapping_operations import mapping_paths, mapping_schemas
from longshore.api.openapi.operations import history_paths, type_bodies, type_paths
from longshore.api.openapi.parameters import parameter_components, type_parameter_components
from longshore.api.openapi.plan_operations import plan_paths, plan_schemas
from longshore.api.openapi.schemas import common_components, type_components
from longshore.api.openapi.undo_operations import undo_paths, undo_schemas
from longshore.api.openapi.upload_operations import upload_paths, upload_schemas
from longshore.api.openapi.values import Schema
from longshore.catalogue import Catalogue, ResourceType
from longshore.operations import IMPORT_GROUPS, IMPORT_PLANS, IMPORT_UNDOS

# Describing takes a second, which the first ones who ask for it share.
_ENCODING = threading.Lock()

_ABOUT = """\
Records and imports over JSON:API: the wire contract of Commerce Layer's core API.

The token of a request names the organization and the mode that it is about; nothing of any other
can be read or written. Values are described in their plain form; as in files, the text of a number
is also taken for the number.
"""


def retrieve_description(request: ApiRequest) -> Response:
    """GET /openapi.json; no token is asked for.

    All answers share one copy, plain or compressed; whoever has it already is not sent it again
    (RFC 9110, sections 8.8.3 and 13.1.2).
    """
    encoded = _encoded(request.services.catalogue)
    headers = {"ETag": encoded.tag, "Vary": "Accept-Encoding", "Cache-Control": "no-cache"}
    known = request.headers.get("if-none-match", "")
    if known.strip() == "*" or encoded.tag in (
        each.strip().removeprefix("W/") for each in known.split(",")
    ):
        return Response(status_code=304, headers=headers)
    if not _takes_gzip(request.headers.get("accept-encoding", "")):
        return Response(encoded.plain, headers=headers, media_type=JSON)
    headers["Content-Encoding"] = "gzip"
    return Response(encoded.compressed, headers=headers, media_type=JSON)


def describe_api(catalogue: Catalogue) -> Schema:
    """The whole description."""
    types = [
        with_all_types(catalogue) if each.name == IMPORTS else each
        for each in catalogue.types.values()
        if each.routed
    ]
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "longshore",
            "version": __version__,
            "description": _ABOUT,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "security": [{"token": []}],
        "tags": [
            {"name": name}
            for name in (
                *_tags(types),
                IMPORT_GROUPS,
                IMPORT_PLANS,
                IMPORT_UNDOS,
                "mappings",
                "uploads",
                "tokens",
                "server",
            )
        ],
        "paths": _paths(catalogue, types),
        "components": {
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
            },
            "schemas": _joined(
                error_schemas(),
                access_schemas(),
                common_components(),
                import_bodies(catalogue),
                mapping_schemas(),
                undo_schemas(),
                upload_schemas(catalogue),
                plan_schemas(catalogue),
                group_schemas(catalogue),
                *(type_components(catalogue, each) for each in types),
                *(type_bodies(catalogue, each) for each in types),
            ),
            "parameters": _joined(
                parameter_components(),
                *(type_parameter_components(catalogue, each) for each in types),
            ),
            "headers": header_components(),
            "responses": _joined(
                error_responses(),
                shared_responses(),
                *(type_responses(each) for each in types),
            ),
        },
    }


@dataclass(frozen=True, slots=True)
class _Encoded:
    plain: bytes
    compressed: bytes
    tag: str


def _encoded(catalogue: Catalogue) -> _Encoded:
    with _ENCODING:
        return _encoded_once(catalogue)


@lru_cache(maxsize=1)
def _encoded_once(catalogue: Catalogue) -> _Encoded:
    plain = msgspec.json.encode(describe_api(catalogue))
    tag = hashlib.sha256(plain).hexdigest()[:32]
    return _Encoded(plain, gzip.compress(plain, mtime=0), f'"{tag}"')


def _takes_gzip(accepted: str) -> bool:
    """Whether a client takes gzip: RFC 9110, section 12.5.3."""
    for each in accepted.lower().split(","):
        name, _, parameters = each.partition(";")
        if name.strip() in ("gzip", "x-gzip", "*"):
            weight = parameters.replace(" ", "").removeprefix("q=")
            return weight not in ("0", "0.0", "0.00", "0.000")
    return False


def _paths(catalogue: Catalogue, types: Iterable[ResourceType]) -> dict[str, Schema]:
    paths = access_paths(catalogue)
    for declared in types:
        # What has no list is reached only through others.
        if not declared.singleton and "list" in declared.actions:
            paths.update(type_paths(catalogue, declared))
    paths.update(history_paths(catalogue))
    paths.update(mapping_paths())
    paths.update(upload_paths())
    paths.update(undo_paths())
    paths.update(plan_paths())
    paths.update(group_paths())
    for path, operations in import_paths(catalogue).items():
        paths[path] = {**paths.get(path, {}), **operations}
    return paths


def _joined(*parts: dict[str, Schema]) -> dict[str, Schema]:
    """All of the parts, whose names must differ."""
    joined: dict[str, Schema] = {}
    for part in parts:
        assert not joined.keys() & part.keys(), f"described twice: {joined.keys() & part.keys()}"
        joined.update(part)
    return joined


def _tags(types: Iterable[ResourceType]) -> list[str]:
    return [each.name for each in types if each.singleton or each.actions]
