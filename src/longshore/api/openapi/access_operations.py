"""Operations about tokens, the singletons, and what the server says of itself."""

from longshore.access import ApplicationKind
from longshore.api.openapi.answers import JSON, answer_ref, answers, document_answer, one_of
from longshore.api.openapi.operations import heading
from longshore.api.openapi.parameters import document_parameters
from longshore.api.openapi.schemas import ref
from longshore.api.openapi.values import Schema
from longshore.api.responses import MEDIA_TYPE
from longshore.catalogue import Catalogue, ResourceType

_TEXT: Schema = {"type": "string"}
_NUMBER: Schema = {"type": "integer", "minimum": 0}


def access_paths(catalogue: Catalogue) -> dict[str, Schema]:
    """Tokens, keys, the singletons, health, and this description."""
    return {
        "/oauth/token": {"post": _issue()},
        "/oauth/revoke": {"post": _revoke()},
        "/oauth/tokeninfo": {"get": _tokeninfo()},
        "/.well-known/jwks.json": {"get": _keys()},
        "/health": {"get": _health()},
        "/ready": {"get": _readiness()},
        "/openapi.json": {"get": _description()},
        **{
            f"/api/{each.singular}": {"get": _singleton(catalogue, each)}
            for each in catalogue.types.values()
            if each.singleton
        },
    }


def access_schemas() -> dict[str, Schema]:
    """What answers about tokens look like."""
    return {
        "OAuthErrors": _object(
            errors={
                "type": "array",
                "minItems": 1,
                "items": _object(
                    title=_TEXT,
                    detail=_TEXT,
                    code={"enum": ["BAD_REQUEST", "UNAUTHORIZED", "FORBIDDEN"]},
                    status={"enum": [400, 401, 403]},
                    meta={"type": "object"},
                ),
            }
        ),
        "Token": {
            **_object(
                access_token=_TEXT,
                token_type={"const": "bearer"},
                expires_in={"type": "integer", "description": "In seconds."},
                scope=_TEXT,
                created_at={"type": "integer", "description": "Seconds since 1970."},
                refresh_token=_TEXT,
            ),
            "required": ["access_token", "token_type", "expires_in", "scope", "created_at"],
        },
        "TokenInfo": _object(
            token=_object(
                test={"type": "boolean"},
                market_ids={"type": "array", "items": _TEXT},
                stock_location_ids={"type": "array", "items": _TEXT},
                lifespan={"type": "integer", "description": "In seconds."},
            ),
            role=_object(id=_TEXT, kind=_TEXT, name=_TEXT),
            application=_object(
                id=_TEXT,
                kind={"enum": [str(kind) for kind in ApplicationKind]},
                name={"type": ["string", "null"]},
                core={"type": "boolean"},
            ),
            permissions={
                "type": "object",
                "additionalProperties": _object(
                    actions={
                        "type": "array",
                        "items": {"enum": ["create", "read", "update", "destroy"]},
                    }
                ),
            },
            accessible_apps={"type": "array", "items": {"type": "object"}},
        ),
    }


def _issue() -> Schema:
    return {
        **_heading("issue", "Ask for a token"),
        "requestBody": _form(
            {
                "type": "object",
                "properties": {
                    "grant_type": {"enum": ["client_credentials", "refresh_token"]},
                    "client_id": _TEXT,
                    "client_secret": _TEXT,
                    "scope": _TEXT,
                    "refresh_token": _TEXT,
                },
                "required": ["grant_type"],
            }
        ),
        "responses": _answers("The token.", ref("Token"), (400, 401)),
    }


def _revoke() -> Schema:
    return {
        **_heading("revoke", "Take a token back"),
        "requestBody": _form(
            {
                "type": "object",
                "properties": {"client_id": _TEXT, "client_secret": _TEXT, "token": _TEXT},
                "required": ["token"],
            }
        ),
        "responses": _answers("It is worth nothing.", {"type": "object"}, (400, 403)),
    }


def _tokeninfo() -> Schema:
    return {
        "operationId": "tokens.describe",
        "tags": ["tokens"],
        "summary": "What the token of the request is good for",
        "responses": answers(
            document_answer("What it may do.", ref("TokenInfo"), media_type=JSON), errors=[401]
        ),
    }


def _keys() -> Schema:
    keys = _object(keys={"type": "array", "items": {"type": "object"}})
    return {
        **_heading("keys", "The keys that verify tokens (RFC 7517)"),
        "responses": answers(
            document_answer("The keys.", keys, media_type=JSON), asks_for_token=False
        ),
    }


def _health() -> Schema:
    state = _object(status={"const": "ok"}, version=_TEXT)
    return {
        "operationId": "server.health",
        "tags": ["server"],
        "summary": "Whether the server answers at all",
        "security": [],
        "responses": document_answer("It does.", state, media_type=JSON),
    }


def _readiness() -> Schema:
    found = {"enum": ["ok", "unavailable"]}
    state = _object(status=found, version=_TEXT, database=found, store=found, disk=found)
    responses = document_answer("They have it.", state, media_type=JSON)
    responses |= document_answer("Something is missing.", state, status=503, media_type=JSON)
    return {
        "operationId": "server.readiness",
        "tags": ["server"],
        "summary": "Whether requests have what they need",
        "description": "A database that answers, a store of attachments that takes sources, and a "
        "disk with room.",
        "security": [],
        "responses": responses,
    }


def _description() -> Schema:
    return {
        "operationId": "server.openapi",
        "tags": ["server"],
        "summary": "This description",
        "security": [],
        "responses": answers(
            document_answer("The description.", {"type": "object"}, media_type=JSON),
            asks_for_token=False,
        ),
    }


def _singleton(catalogue: Catalogue, declared: ResourceType) -> Schema:
    return {
        **heading(declared, "retrieve", f"The {declared.singular} of the token"),
        "parameters": document_parameters(catalogue, declared),
        "responses": answers(answer_ref(one_of(declared.name))),
    }


def _heading(action: str, summary: str) -> Schema:
    return {
        "operationId": f"tokens.{action}",
        "tags": ["tokens"],
        "summary": summary,
        "security": [],
    }


def _form(schema: Schema) -> Schema:
    """A body in JSON or as a form sends it."""
    media_types = (JSON, "application/x-www-form-urlencoded")
    return {"required": True, "content": {name: {"schema": schema} for name in media_types}}


def _answers(description: str, schema: Schema, refusals: tuple[int, ...]) -> dict[str, Schema]:
    """Answers whose errors can be of two forms: of OAuth, and of whatever every request meets."""
    described = answers(
        document_answer(description, schema, media_type=JSON),
        errors=[408, 413, 415],
        asks_for_token=False,
    )
    for status in refusals:
        refused = document_answer("The request is refused.", ref("OAuthErrors"), media_type=JSON)
        answer = refused["200"]
        if status == 400:
            answer["content"][MEDIA_TYPE] = {"schema": {"type": "object"}}
        described[str(status)] = answer
    return described


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}
