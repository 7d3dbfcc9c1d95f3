"""Tokens over HTTP: given, taken back, described; and the keys that verify them.

What is asked and answered is JSON (or a form, as curl sends it), not JSON:API; errors have the
form of docs.commercelayer.io, "Authentication". Grants for users and customers are refused:
longshore knows neither.
"""

import base64
import binascii
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

import msgspec
from starlette.responses import Response

from longshore.access import (
    Application,
    lifetime_seconds,
)
from longshore.api.context import ApiRequest
from longshore.api.responses import document_response
from longshore.observations import Observation, TokenIssued, TokenRefused, TokenRevoked
from longshore.operations import Grant

JSON = "application/json"

_PARAMETERS_MAX = 50
_SCOPE_LENGTH_MAX = 1000
_SCOPE = re.compile(
    r"(?:market|stock_location|store):(?:all|id:[A-Za-z0-9]+|code:[\w.-]+|[0-9]+)", re.ASCII
)

# RFC 6749, section 5.1: what holds a token is kept by nobody on the way.
_UNCACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}

_INVALID_CLIENT = (
    "Client authentication failed due to unknown client, no client authentication included, or "
    "unsupported authentication method."
)


class OAuthError(Exception):
    """A request for a token, or about one, that is refused; `title` is the code of RFC 6749."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(f"{title}: {detail}")
        self.status = status
        self.title = title
        self.detail = detail

    def response(self) -> Response:
        """The error as the official clients read it: an array, and the status a number."""
        error = {
            "title": self.title,
            "detail": self.detail,
            "code": _CODES[self.status],
            "status": self.status,
            "meta": {"error": self.title, "error_description": self.detail},
        }
        headers = dict(_UNCACHED)
        if self.status == 401:
            headers["WWW-Authenticate"] = 'Basic realm="longshore"'
        return document_response(
            {"errors": [error]}, status=self.status, headers=headers, media_type=JSON
        )


_CODES = {400: "BAD_REQUEST", 401: "UNAUTHORIZED", 403: "FORBIDDEN"}


def issue_token(request: ApiRequest) -> Response:
    """POST /oauth/token"""
    try:
        parameters = _read_parameters(request)
        grant_type = parameters.get("grant_type")
        if not grant_type:
            raise OAuthError(400, "invalid_request", "The parameter grant_type is missing.")
        grant = _GRANTS.get(grant_type)
        if grant is None:
            raise OAuthError(
                400,
                "unsupported_grant_type",
                f"The grant types that can be asked for are {' and '.join(_GRANTS)}.",
            )
        application = _authenticate(request, parameters)
        if application is None:
            raise OAuthError(401, "invalid_client", _INVALID_CLIENT)
        answer = grant(request, application, parameters)
    except OAuthError as error:
        _tell(request, TokenRefused(client=request.client, reason=str(error)))
        return error.response()
    _tell(request, TokenIssued(application=_public(request, application), grant=grant_type))
    return document_response(answer, headers=_UNCACHED, media_type=JSON)


def revoke_token(request: ApiRequest) -> Response:
    """POST /oauth/revoke: a token of the client is worth nothing from now on (RFC 7009)."""
    try:
        parameters = _read_parameters(request)
        application = _authenticate(request, parameters)
        if application is None:
            raise _not_yours()
        if not request.operations.grants.revoke(application, parameters.get("token", "")):
            raise _not_yours()
    except OAuthError as error:
        return error.response()
    _tell(request, TokenRevoked(application=_public(request, application)))
    return document_response({}, headers=_UNCACHED, media_type=JSON)


def describe_token(request: ApiRequest) -> Response:
    """GET /oauth/tokeninfo: what a token is good for, as the dashboard's apps ask for it."""
    claims = request.context.proven
    application = claims.application
    kind = application.kind
    about = {
        "id": request.services.public_ids.encode(application.id),
        "kind": str(kind),
        "name": application.name,
        "core": False,
    }
    permissions = request.services.permissions
    is_admin = permissions.is_unlimited(kind)
    document = {
        "token": {
            "test": claims.environment.mode == "test",
            "market_ids": _ids_in(claims.scope, "market"),
            "stock_location_ids": _ids_in(claims.scope, "stock_location"),
            "lifespan": lifetime_seconds(kind),
        },
        "role": {
            "id": str(kind),
            "kind": "admin" if is_admin else "custom",
            "name": "Admin" if is_admin else application.name,
        },
        "application": about,
        "permissions": {
            name: {"actions": [str(action) for action in actions]}
            for name, actions in permissions.of(kind).items()
        },
        "accessible_apps": [{name: about[name] for name in ("name", "kind", "core")}],
    }
    return document_response(document, headers=_UNCACHED, media_type=JSON)


def list_public_keys(request: ApiRequest) -> Response:
    """GET /.well-known/jwks.json: the keys with which anybody can verify a token (RFC 7517)."""
    return document_response({"keys": request.services.tokens.public_keys()}, media_type=JSON)


def _grant_client_credentials(
    request: ApiRequest, application: Application, parameters: Mapping[str, str]
) -> dict[str, Any]:
    scope = _read_scope(parameters.get("scope", ""))
    return _token_document(request.operations.grants.give(application, scope))


def _grant_refresh(
    request: ApiRequest, application: Application, parameters: Mapping[str, str]
) -> dict[str, Any]:
    grant = request.operations.grants.renew(application, parameters.get("refresh_token", ""))
    if grant is None:
        raise OAuthError(
            400,
            "invalid_grant",
            "The refresh token is unknown, expired, used up or of another client.",
        )
    return _token_document(grant)


_GRANTS: Mapping[str, Callable[[ApiRequest, Application, Mapping[str, str]], dict[str, Any]]] = {
    "client_credentials": _grant_client_credentials,
    "refresh_token": _grant_refresh,
}


def _token_document(grant: Grant) -> dict[str, Any]:
    token = grant.token
    document: dict[str, Any] = {
        "access_token": token.token,
        "token_type": "bearer",
        "expires_in": token.expires_in,
        "scope": token.scope,
        "created_at": token.created_at,
    }
    if grant.refresh_token is not None:
        document["refresh_token"] = grant.refresh_token
    return document


def _tell(request: ApiRequest, observation: Observation) -> None:
    request.services.observer.observe(observation)


def _public(request: ApiRequest, application: Application) -> str:
    return request.services.public_ids.encode(application.id)


def _not_yours() -> OAuthError:
    return OAuthError(403, "unauthorized_client", "You are not authorized to revoke this token")


def _authenticate(request: ApiRequest, parameters: Mapping[str, str]) -> Application | None:
    """The application that asks, if it proves itself and belongs to the host's organization."""
    client_id = parameters.get("client_id", "")
    secret = parameters.get("client_secret")
    if not client_id and (basic := _read_basic(request.headers.get("authorization", ""))):
        client_id, secret = basic
    slug = request.context.address.slug
    return request.operations.grants.authenticate(client_id, secret, organization=slug)


def _read_basic(header: str) -> tuple[str, str] | None:
    """Client id and secret of an Authorization header (RFC 6749, section 2.3.1)."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        text = base64.b64decode(encoded.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return None
    client_id, _, secret = text.partition(":")
    return unquote_plus(client_id), unquote_plus(secret)


def _read_parameters(request: ApiRequest) -> dict[str, str]:
    """The members of a JSON object or of a form; null means nothing."""
    is_form = "form-urlencoded" in request.headers.get("content-type", "").lower()
    try:
        pairs = _read_form(request.body) if is_form else _read_json(request.body)
    except ValueError as error:
        raise OAuthError(
            400, "invalid_request", "The body must be a JSON object or a form."
        ) from error
    parameters: dict[str, str] = {}
    for name, value in pairs:
        if name in parameters:
            raise OAuthError(400, "invalid_request", "A parameter is given twice.")
        if value is not None and not isinstance(value, str):
            raise OAuthError(400, "invalid_request", "The value of a parameter must be a text.")
        if value is not None:
            parameters[name] = value
    return parameters


def _read_form(body: bytes) -> list[tuple[str, Any]]:
    pairs = parse_qsl(body.decode(), errors="strict", max_num_fields=_PARAMETERS_MAX)
    return [(name, value) for name, value in pairs]


def _read_json(body: bytes) -> list[tuple[str, Any]]:
    try:
        members = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError) as error:
        raise ValueError("the body is no JSON") from error
    if not isinstance(members, dict):
        raise ValueError("the body is no object")
    return list(members.items())


def _read_scope(text: str) -> str | None:
    """The scopes asked for, between spaces; the official terminal client joins them by commas."""
    scopes = dict.fromkeys(text.replace(",", " ").split())
    if len(text) > _SCOPE_LENGTH_MAX or not all(map(_SCOPE.fullmatch, scopes)):
        raise OAuthError(
            400, "invalid_scope", "The requested scope is invalid, unknown, or malformed."
        )
    return " ".join(scopes) or None


def _ids_in(scope: str, kind: str) -> list[str]:
    """The ids that scopes of a kind name."""
    parts = (each.split(":") for each in scope.split())
    return [part[2] for part in parts if part[:2] == [kind, "id"]]
