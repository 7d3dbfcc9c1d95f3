"""Who may ask for what: every operation of the description, with every kind of token.

Goal: no token of elsewhere reaches anything, and no application does what its kind may not.
Method: a record of every type stands in one environment; all operations are sent with each token,
and the answers are compared with a table, one line for each kind of operation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from starlette.routing import Route

from longshore.api.access_routes import access_routes
from longshore.api.import_routes import import_routes
from longshore.api.mapping_routes import mapping_routes
from longshore.api.openapi import describe_api
from longshore.api.plan_routes import plan_routes
from longshore.api.undo_routes import undo_routes
from longshore.api.upload_routes import upload_routes
from longshore.operations import Asker
from tests.behaviour.api.site import CATALOGUE, Client
from tests.behaviour.api_imports.site import grouped, planned, skus, submit
from tests.behaviour.api_imports.uploading import begun
from tests.wire.installation import Installation

DESCRIPTION = describe_api(CATALOGUE)
TAGS = [each["name"] for each in DESCRIPTION["tags"]]

BAD_TOKEN, DENIED = "401 INVALID_TOKEN", "401 UNAUTHORIZED"
ABSENT, INVALID = "404 RECORD_NOT_FOUND", "422 VALIDATION_ERROR"

TOKENS = ("none", "expired", "foreign", "other mode", "sales channel", "own")

# Kind of operation -> the answers in the order of the tokens. `foreign` is of another organization,
# `other mode` of the same one in live mode; both see their own environment, which is empty.
# A sales channel reads the goods and their prices; `DENIED or X` is X for these.
TABLE: Mapping[str, Sequence[str]] = {
    "list": (BAD_TOKEN, BAD_TOKEN, "200 none", "200 none", "DENIED or 200", "200"),
    "create": (BAD_TOKEN, BAD_TOKEN, "200 or 422", "200 or 422", DENIED, "200 or 422"),
    "retrieve": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, "DENIED or 200", "200"),
    "update": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200 or 422"),
    "retry": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200 or 422"),
    "delete": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "204"),
    "related": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, "DENIED or 200", "200"),
    # Whoever may read goods need not know who has changed them.
    "blame": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200"),
    # The clients here take documents, and no events.
    "progress": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "406 NOT_ACCEPTABLE"),
    "singleton": (BAD_TOKEN, BAD_TOKEN, "200", "200", "200", "200"),
    # They read a body of their own, and not that of a resource.
    "POST /oauth/token": ("400 BAD_REQUEST",) * 6,
    "POST /oauth/revoke": ("400 BAD_REQUEST",) * 6,
    "GET /oauth/tokeninfo": (BAD_TOKEN, BAD_TOKEN, "200", "200", "200", "200"),
    "GET /.well-known/jwks.json": ("200",) * 6,
    "GET /health": ("200",) * 6,
    "GET /ready": ("200",) * 6,
    "GET /openapi.json": ("200",) * 6,
    # Whoever may create imports may upload.
    "GET /api/uploads": (BAD_TOKEN, BAD_TOKEN, "200 none", "200 none", DENIED, "200"),
    "POST /api/uploads": (BAD_TOKEN, BAD_TOKEN, INVALID, INVALID, DENIED, INVALID),
    "GET /api/uploads/{id}": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200"),
    "PATCH /api/uploads/{id}": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, INVALID),
    # The undo waits, so it can be looked at and changed in nothing.
    "kept": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200"),
    "DELETE /api/uploads/{id}": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "204"),
    # Plans are imports that are not made; they are made of the same body.
    "GET /api/import_plans": (BAD_TOKEN, BAD_TOKEN, "200 none", "200 none", DENIED, "200"),
    "POST /api/import_plans": (BAD_TOKEN, BAD_TOKEN, INVALID, INVALID, DENIED, INVALID),
    "GET /api/import_plans/{id}": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200"),
    "PATCH /api/import_plans/{id}": (BAD_TOKEN, BAD_TOKEN, INVALID, INVALID, DENIED, INVALID),
    "DELETE /api/import_plans/{id}": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "204"),
    "GET /api/import_plans/{id}/rows": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200"),
    "GET /api/import_plans/{id}/progress": (
        *(BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED),
        "406 NOT_ACCEPTABLE",
    ),
    # Groups are imports of several types.
    "GET /api/import_groups/{id}/progress": (
        *(BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED),
        "406 NOT_ACCEPTABLE",
    ),
    "GET /api/import_groups": (BAD_TOKEN, BAD_TOKEN, "200 none", "200 none", DENIED, "200"),
    "POST /api/import_groups": (BAD_TOKEN, BAD_TOKEN, INVALID, INVALID, DENIED, INVALID),
    "GET /api/import_groups/{id}": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "200"),
    "PATCH /api/import_groups/{id}": (BAD_TOKEN, BAD_TOKEN, INVALID, INVALID, DENIED, INVALID),
    "DELETE /api/import_groups/{id}": (BAD_TOKEN, BAD_TOKEN, ABSENT, ABSENT, DENIED, "204"),
    # The query lacks an offset.
    "PUT /api/uploads/{id}/parts": (
        BAD_TOKEN,
        BAD_TOKEN,
        *("400 BAD_REQUEST",) * 2,
        DENIED,
        "400 BAD_REQUEST",
    ),
    # The address is the proof: here it has no signature.
    "GET /attachments/{name}": ("403 FORBIDDEN",) * 6,
}

# Operations of these have lines of their own.
_OWN_LINES = ("uploads", "import_plans", "import_groups")

# What a sales channel reads; of its organization and application it reads all that there is.
GOODS = {"skus", "sku_options", "prices", "bundles"}


@dataclass(frozen=True, kw_only=True)
class Operation:
    """One operation of the description."""

    method: str
    path: str
    action: str  # what its operationId says behind the type
    tag: str

    @property
    def resource_type(self) -> str:
        return self.path.split("/")[2]

    @property
    def kind(self) -> str:
        """The line of the table."""
        if not self.path.startswith("/api/") or self.tag in _OWN_LINES:
            return f"{self.method} {self.path}"
        if self.action == "versions":
            return "retrieve"
        if "{id}" not in self.path and self.resource_type not in (
            *CATALOGUE.types,
            "mappings",
            "import_undos",
        ):
            return "singleton"
        return self.action if self.action in TABLE else "related"


OPERATIONS = [
    Operation(
        method=method.upper(),
        path=path,
        action=operation["operationId"].partition(".")[2],
        tag=operation["tags"][0],
    )
    for path, operations in DESCRIPTION["paths"].items()
    for method, operation in operations.items()
    if method != "parameters"
]


class Askers:
    """A client for each token, and what there is in the environment of one of them."""

    def __init__(self, installation: Installation) -> None:
        self._installation = installation
        own = installation.client(slug="owner")
        self.clients = {
            "none": Client(installation),
            "expired": installation.expired(own),
            "foreign": installation.client(slug="stranger"),
            "other mode": installation.client(slug="owner", mode="live"),
            "sales channel": installation.client("sales_channel", slug="owner"),
            "own": own,
        }
        self.ids = installation.stock_barely(own)
        history = own.document(f"/api/skus/{self.ids['skus']}/event_stores")["data"]
        self.ids |= {"event_stores": history[0]["id"], "mappings": self._mapping("kept")}
        self.ids |= {"uploads": begun(own), "import_undos": self._undo()}
        self.ids |= {"import_plans": planned(own), "import_groups": grouped(own)}

    def ask(self, operation: Operation, token: str) -> str:
        """What an operation answers: its status, and the code of its error."""
        name = operation.resource_type if operation.path.startswith("/api/") else ""
        id_ = self.ids.get(name, "")
        if operation.method == "DELETE" and token == "own":
            id_ = self._spare(name)
        path = operation.path.replace("{id}", id_).replace("{name}", f"{id_}.json.gz")
        body: dict[str, Any] = {"type": name, "attributes": {}, "relationships": {}}
        if operation.method == "PATCH":
            body["id"] = id_
        client = self.clients[token]
        if operation.method in ("POST", "PATCH"):
            response = client.send(
                operation.method, path, content=msgspec.json.encode({"data": body})
            )
        else:
            response = client.send(operation.method, path)
        if response.status_code >= 400:
            return f"{response.status_code} {response.json()['errors'][0]['code']}"
        if operation.action == "list" and response.json()["data"] == []:
            return "200 none"
        return str(response.status_code)

    def _spare(self, resource_type: str) -> str:
        """The id of a resource that nothing else asks for."""
        if resource_type == "mappings":
            return self._mapping("spare")
        own = self.clients["own"]
        if resource_type == "uploads":
            return begun(own)
        if resource_type == "import_plans":
            return planned(own)
        if resource_type == "import_groups":
            return grouped(own)
        declared = CATALOGUE.types[resource_type]
        if declared.kept_by == "records":
            return self._installation.add_barely(own, declared)
        id_ = submit(own, skus(1))["id"]
        assert isinstance(id_, str)
        return id_

    def _undo(self) -> str:
        """The id of an undo that waits."""
        own, longshore = self.clients["own"], self._installation.longshore
        import_id = submit(own, skus(1))["id"]
        environment = own.environment
        import_ = longshore.imports.find(environment, import_id)
        longshore.import_runs.run(import_.id)
        undone = longshore.undos.undoable(environment, import_id)
        undo = longshore.undos.start(Asker(environment=environment), undone)
        return longshore.public_ids.encode(undo.id)

    def _mapping(self, name: str) -> str:
        attributes = {"name": name, "document": {"version": 1}}
        body = {"data": {"type": "mappings", "attributes": attributes}}
        assert self.clients["own"].post("/api/mappings", body).status_code == 201
        return name


@pytest.fixture(scope="session")
def askers(installation: Installation) -> Askers:
    return Askers(installation)


def test_every_route_is_described(installation: Installation) -> None:
    services = installation.services
    routes = [*access_routes(services), *import_routes(services)]
    routes += [*mapping_routes(services), *upload_routes(services)]
    routes += [*undo_routes(services), *plan_routes(services)]
    paths = {route.path for route in routes if isinstance(route, Route)}
    of_all_types = {path for path in paths if path.startswith("/api/{type}/")}
    assert paths - of_all_types <= set(DESCRIPTION["paths"])
    for path in of_all_types:
        assert path.replace("{type}", "skus") in DESCRIPTION["paths"]


def test_every_kind_of_operation_is_in_the_table() -> None:
    assert {operation.kind for operation in OPERATIONS} == set(TABLE)


@pytest.mark.parametrize("tag", TAGS)
def test_every_operation_answers_every_token_as_the_table_says(askers: Askers, tag: str) -> None:
    for operation in (each for each in OPERATIONS if each.tag == tag):
        for token, expected in zip(TOKENS, TABLE[operation.kind], strict=True):
            answer = askers.ask(operation, token)
            where = f"{operation.method} {operation.path} with the token {token!r}"
            assert answer in allowed(operation, expected), f"{where}: {answer}"


def allowed(operation: Operation, expected: str) -> Sequence[str]:
    """The answers that an entry of the table stands for."""
    match expected:
        case "DENIED or 200":
            return ["200"] if is_shown_to_anybody(operation) else [DENIED]
        case "200 or 422":
            # Some types require nothing, others something.
            return ["200", "201", INVALID]
        case _:
            return [expected]


def is_shown_to_anybody(operation: Operation) -> bool:
    """Whether it reads goods only: of a relationship, its targets as well."""
    types = {operation.resource_type}
    if operation.kind == "related":
        types |= targets(operation)
    return types <= GOODS


def targets(operation: Operation) -> set[str]:
    """The types that the relationship at the end of a path leads to, as far as they are here."""
    name = operation.path.rpartition("/")[2]
    declared = CATALOGUE.types[operation.resource_type].relationships
    found = [each for each in declared if each.name == name]
    return {target for each in found for target in each.targets if target in CATALOGUE.types}
