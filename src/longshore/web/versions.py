"""Versions in paths: `/api/v1/skus` is `/api/skus`, and its links say `/api/v1` as well.

There is one version of the API, so every one that is asked for is it.
"""

import re

from starlette.types import Scope

API_PATH = "/api"

# Numbers as others count them: v1, 2.0, 2024-01, 2024-01-31.
_VERSIONED = re.compile(r"(/api/(?:v?[0-9]+(?:\.[0-9]+)*|[0-9]{4}-[0-9]{2}(?:-[0-9]{2})?))(/.+)")
_ASKED = "longshore.asked"
_API_PATH = "longshore.api_path"


def take_version(scope: Scope) -> None:
    """Route a path that names a version like one that names none."""
    found = _VERSIONED.fullmatch(scope["path"])
    if found is not None:
        scope[_ASKED] = scope["path"]
        scope[_API_PATH] = found[1]
        scope["path"] = API_PATH + found[2]


def asked_path(scope: Scope) -> str:
    """The path as the client wrote it."""
    return str(scope.get(_ASKED, scope["path"]))


def api_path_of(scope: Scope) -> str:
    """What the paths of resources begin with for this client: `/api`, or `/api/VERSION`."""
    return str(scope.get(_API_PATH, API_PATH))
