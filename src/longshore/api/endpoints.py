"""From HTTP to handlers and back: one place for tokens, media types, bodies and failures.

A handler is a plain function from a request to a document, and runs in a thread, so it may wait
for the database. An endpoint is a path with its handlers by method.
"""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from longshore.access import Allowance, CountedRequest, InvalidToken, TokenClaims
from longshore.api.context import ApiRequest, RequestContext
from longshore.api.errors import ApiError, ApiErrors
from longshore.api.incoming_body import IncomingBody
from longshore.api.keyed_requests import keyed_request
from longshore.api.queries import read_query
from longshore.api.responses import (
    MEDIA_TYPE,
    RETRY_SECONDS,
    document_response,
    error_response,
)
from longshore.api.services import Services
from longshore.database import (
    DatabaseAway,
    DatabaseBusy,
    DatabaseUnusable,
    ReadTooLong,
    StorageDamaged,
    StorageFull,
)
from longshore.errors import PermanentError, RequestRefused, RetryableError
from longshore.observations import RequestCrashed, RequestPostponed, TokenRefused
from longshore.operations import AnswerTooLarge, TooManyLinks
from longshore.request_keys import ClaimTaken
from longshore.sources import AttachmentsAway
from longshore.web import Address, asked_path, client_of, read_address

_ACCEPTED = frozenset((MEDIA_TYPE, "application/*", "*/*"))

# The first that fits.
_REASONS: tuple[tuple[type[Exception], str], ...] = (
    (DatabaseAway, "the database is away"),
    (DatabaseBusy, "the database is busy"),
    (DatabaseUnusable, "the database cannot be used"),
    (StorageFull, "there is no room for what is to be stored"),
    (StorageDamaged, "the database cannot be used"),
    (AttachmentsAway, "the store of the attachments is away"),
)
_SOMETHING_MISSING = "the server lacks something that it needs"

# What a handler gives back: a document for status 200, a response, or None for 204.
Answer: TypeAlias = "dict[str, Any] | Response | None"
Handler: TypeAlias = Callable[[ApiRequest], Answer]
Result = TypeVar("Result")


class _NoToken(InvalidToken):
    """No token is shown at all, which is nothing that anybody must know of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An ASGI application for one path."""

    services: Services
    handlers: Mapping[str, Handler]  # by method
    asks_for_token: bool = True
    # Whether documents go in and out; otherwise handlers see to media types themselves.
    is_json_api: bool = True
    # Methods whose handlers read the body as it comes in, with the bytes that it may have.
    streams: Mapping[str, int] = field(default_factory=dict)
    # Methods of requests that may be sent again with a key.
    keyed: frozenset[str] = frozenset(("POST",))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = IncomingBody(receive)
        try:
            response = await self._respond(scope, body)
        except ClientDisconnect:
            return
        except (ApiError, ApiErrors) as error:
            response = error_response(error)
            # A client that is still sending would not see an answer on a closed connection.
            await body.drain(self.services.settings.request_bytes_max)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, body: IncomingBody) -> Response:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        if method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": self._allowed()})
        pools = self.services.pools
        context = await pools.read(
            lambda: self._attempt(method, scope["path"], lambda: self._admit(scope, method))
        )
        handler = self._handler(method)
        headers = Headers(scope=scope)
        if self.is_json_api:
            check_media_types(method, headers)
        body.decode(headers.get("content-encoding", ""))

        async def handled(context: RequestContext) -> Response:
            request = ApiRequest(
                context=context,
                method=method,
                path=asked_path(scope),
                parameters=scope.get("path_params", {}),
                query=read_query(scope["query_string"]),
                headers=headers,
                client=client_of(scope, self.services.settings),
                body=b"" if method in self.streams else await body.read(self._bytes_max(method)),
                stream=body.stream(self.streams[method]) if method in self.streams else iter(()),
            )

            def answer() -> Response:
                return self._attempt(method, scope["path"], lambda: _answer(handler, request))

            if method in self.streams:
                return await pools.upload(context.caller, answer)
            return await (pools.read(answer) if method == "GET" else pools.write(answer))

        keyed = keyed_request(
            scope,
            context,
            body,
            lambda step: self._attempt(method, scope["path"], step),
            bytes_max=self.streams.get(method) or self._bytes_max(method),
            methods=self.keyed,
        )
        return await (handled(context) if keyed is None else keyed.respond(handled))

    def _admit(self, scope: Scope, method: str) -> RequestContext:
        """Who asks; counts the request, and refuses it without a token or beyond the limit."""
        services = self.services
        address = read_address(scope, services.settings)
        refusal: ApiError | None = None
        claims: TokenClaims | None = None
        if self.asks_for_token:
            try:
                claims = self._claims(scope, address)
                scope["longshore.application"] = claims.application.id
            except InvalidToken as error:
                if not isinstance(error, _NoToken):
                    self._tell_refused(scope, str(error))
                refusal = ApiError("INVALID_TOKEN", headers={"WWW-Authenticate": "Bearer"})
        allowance = services.rate_limits.admit(self._counted(scope, method, claims))
        scope["longshore.allowance"] = allowance
        if allowance.retry_after is not None:
            seconds = str(allowance.retry_after)
            raise ApiError("TOO_MANY_REQUESTS", seconds=seconds, headers={"Retry-After": seconds})
        if refusal is not None:
            raise refusal
        return RequestContext(services=services, address=address, claims=claims)

    def _claims(self, scope: Scope, address: Address) -> TokenClaims:
        scheme, _, token = Headers(scope=scope).get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise _NoToken("the request shows no token")
        claims = self.services.tokens.verify(token.strip())
        if address.slug not in (None, claims.environment.organization):
            raise InvalidToken("the token is of another organization than the host")
        return claims

    def _tell_refused(self, scope: Scope, reason: str) -> None:
        client = client_of(scope, self.services.settings)
        self.services.observer.observe(TokenRefused(client=client, reason=reason))

    def _counted(self, scope: Scope, method: str, claims: TokenClaims | None) -> CountedRequest:
        endpoint = scope.get("path_params", {}).get("type", scope["path"])
        if claims is None:
            caller = f"address {client_of(scope, self.services.settings)}"
            return CountedRequest(caller=caller, is_reading=method == "GET", endpoint=endpoint)
        return CountedRequest(
            caller=f"application {claims.application.id}",
            mode=claims.environment.mode,
            is_reading=method == "GET",
            endpoint=endpoint,
        )

    def _handler(self, method: str) -> Handler:
        handler = self.handlers.get(method)
        if handler is None:
            allowed = self._allowed()
            raise ApiError(
                "METHOD_NOT_ALLOWED", method=method, allowed=allowed, headers={"Allow": allowed}
            )
        return handler

    def _attempt(self, method: str, path: str, step: Callable[[], Result]) -> Result:
        """What a step of a request gives; whatever it fails in becomes an error of the table."""
        observer = self.services.observer
        try:
            return step()
        except (ApiError, ApiErrors, ClientDisconnect):
            raise
        except ReadTooLong as refused:
            raise ApiError("QUERY_TOO_COMPLEX", reason=refused.message) from refused
        except AnswerTooLarge as refused:
            raise ApiError("ANSWER_TOO_LARGE", bytes_max=refused.bytes_max) from refused
        except ClaimTaken as error:
            raise ApiError(
                "IDEMPOTENCY_KEY_IN_USE", headers={"Retry-After": RETRY_SECONDS}
            ) from error
        except TooManyLinks as refused:
            raise ApiError(
                "INVALID_INCLUDE", detail=refused.message, parameter="include"
            ) from refused
        except (RetryableError, PermanentError, DatabaseUnusable, OSError) as error:
            # A busy database, a full disk, no descriptors: the same request may succeed later.
            observer.observe(RequestPostponed(method=method, path=path, reason=str(error)))
            reason = _public_reason(error)
            raise ApiError(
                "SERVICE_UNAVAILABLE", reason=reason, headers={"Retry-After": RETRY_SECONDS}
            ) from error
        except RequestRefused as refused:
            raise ApiError("BAD_REQUEST", reason=refused.message) from refused
        except Exception as error:
            observer.observe(
                RequestCrashed(
                    method=method,
                    path=path,
                    error=repr(error),
                    traceback=traceback.format_exc(),
                )
            )
            raise ApiError("INTERNAL_SERVER_ERROR") from error

    def _bytes_max(self, method: str) -> int:
        return self.services.settings.request_bytes_max if method in ("POST", "PATCH") else 0

    def _allowed(self) -> str:
        return ", ".join(self.handlers)


def _public_reason(error: Exception) -> str:
    """Why a request has to wait, for clients: where things are, and what the system says of them,
    is for the log.
    """
    return next((text for kind, text in _REASONS if isinstance(error, kind)), _SOMETHING_MISSING)


def _answer(handler: Handler, request: ApiRequest) -> Response:
    answer = handler(request)
    if answer is None:
        return Response(status_code=204)
    return answer if isinstance(answer, Response) else document_response(answer)


def check_media_types(method: str, headers: Mapping[str, str]) -> None:
    """Refuse a client that speaks another language; parameters of media types are ignored.

    Clients send Content-Type with every method, so it counts only where a body does.
    """
    accept = headers.get("accept", "*/*")
    if not any(_essence(each) in _ACCEPTED for each in accept.split(",")):
        raise ApiError("NOT_ACCEPTABLE", media_type=MEDIA_TYPE, found=accept)
    content_type = headers.get("content-type", "")
    if method in ("POST", "PATCH") and _essence(content_type) != MEDIA_TYPE:
        raise ApiError("UNSUPPORTED_MEDIA_TYPE", media_type=MEDIA_TYPE, found=content_type)


def _essence(media_type: str) -> str:
    return media_type.partition(";")[0].strip().lower()


def allowance_of(scope: Scope) -> Allowance | None:
    """What is left of the rate limit after the request; None for one that was not counted."""
    allowance = scope.get("longshore.allowance")
    assert allowance is None or isinstance(allowance, Allowance)
    return allowance
