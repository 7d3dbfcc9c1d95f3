"""Requests made up from the description of the API, aimed at records that are there.

Most of what is made up would name ids that nobody has and end with 404. So ids of records take
their place, in the path and in linkage, wherever one is known; records that requests created are
deleted again by others.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from longshore.observations import RequestCrashed
from tests.behaviour.api_imports.site import grouped, planned
from tests.behaviour.api_imports.uploading import begun
from tests.wire.installation import Installation

CHECKS = [
    schemathesis.checks.not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]


class Fuzzer:
    """Sends made-up requests to one installation, and checks the answers."""

    def __init__(self, installation: Installation) -> None:
        client = installation.client()
        self._installation = installation
        installation.services.streams.stop()  # or those of what waits would go on for minutes
        self._headers = {"Authorization": f"Bearer {client.token}"}
        self._known = {**installation.stock(client), "uploads": begun(client)}
        self._known |= {"import_plans": planned(client), "import_groups": grouped(client)}
        self._created: dict[str, list[str]] = {}
        self._sent = 0
        schema = schemathesis.openapi.from_asgi("/openapi.json", installation.application)
        schema.validate()
        self._operations = _by_tag(schema)

    def fuzz(self, tag: str, *, examples: int, with_relationships: bool) -> int:
        """Try all operations of a tag so many times, with allowed and with broken requests; the
        number of requests."""
        before = self._sent
        for operation in self._operations[tag]:
            if not with_relationships and operation.path.count("/") > 3:
                continue
            for mode in GenerationMode:
                with suppress(Unsatisfiable):  # without parameters there is nothing to break
                    self._try(tag, operation, mode, examples)
        return self._sent - before

    def _try(
        self, resource_type: str, operation: APIOperation, mode: GenerationMode, examples: int
    ) -> None:
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            derandomize=True,  # a failure happens again, and so does a success
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def send(case: Case) -> None:
            self._send(resource_type, case)

        send()

    def _send(self, resource_type: str, case: Case) -> None:
        self._sent += 1
        self._aim(resource_type, case)
        self._installation.observed.observations.clear()
        response = case.call(headers=self._headers)
        for seen in self._installation.observed.observations:
            assert not isinstance(seen, RequestCrashed), f"{case.as_curl_command()}\n{seen}"
        case.validate_response(response, checks=CHECKS)
        if response.status_code == 201:
            self._created.setdefault(resource_type, []).append(response.json()["data"]["id"])

    def _aim(self, resource_type: str, case: Case) -> None:
        """Put ids of records where made-up ones are; every fourth request keeps its own."""
        if self._sent % 4 == 0:
            return
        if case.method == "DELETE":
            created = self._created.get(resource_type)
            id_ = created.pop() if created else None
        else:
            id_ = self._known.get(resource_type)
        data = case.body.get("data") if isinstance(case.body, dict) else None
        if id_ is not None and "id" in (case.path_parameters or {}):
            case.path_parameters["id"] = id_
            if isinstance(data, dict) and "id" in data:
                data["id"] = id_
        if isinstance(data, dict):
            _aim_linkage(data.get("relationships"), self._known)


def _by_tag(schema: BaseSchema) -> Mapping[str, Sequence[APIOperation]]:
    operations: dict[str, list[APIOperation]] = {}
    for result in schema.get_all_operations():
        assert isinstance(result, Ok), result
        operation = result.ok()
        (tag,) = operation.definition.raw["tags"]
        operations.setdefault(tag, []).append(operation)
    return operations


def _aim_linkage(relationships: Any, known: Mapping[str, str]) -> None:
    members = relationships.values() if isinstance(relationships, dict) else ()
    for member in members:
        data = member.get("data") if isinstance(member, dict) else None
        identifiers: Iterable[Any] = data if isinstance(data, list) else [data]
        for identifier in identifiers:
            if isinstance(identifier, dict):
                type_ = identifier.get("type")
                if isinstance(type_, str) and type_ in known:
                    identifier["id"] = known[type_]
