"""Requests with an Idempotency-Key: what goes around a handler, so that a request that is sent
again is answered as before and does nothing.

The header is that of draft-ietf-httpapi-idempotency-key-header; what is answered is the project's.
"""

import re
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import anyio
from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Scope

from longshore.api.context import RequestContext
from longshore.api.errors import ApiError, ApiErrors, error_document
from longshore.api.incoming_body import IncomingBody
from longshore.api.queries import parse_document_query, read_query
from longshore.api.resource_documents import one_document
from longshore.api.responses import (
    CREATED,
    MEDIA_TYPE,
    OK,
    RETRY_SECONDS,
    created_response,
    document_response,
)
from longshore.json_text import encode_json
from longshore.request_keys import KeptAnswer, KeyClaim, KeyState, RequestKey

HEADER = "Idempotency-Key"
KEY_PATTERN = "^[!-~]{1,255}$"

_KEY = re.compile(KEY_PATTERN)
# So long a request waits for another one with its key.
_WAIT_SECONDS = 10.0
_PAUSE_SECONDS = 0.05  # between two looks, twice as long each time
_PAUSE_SECONDS_MAX = 1.0

Result = TypeVar("Result")


class Attempt(Protocol):
    """Runs a step of a request; whatever it fails in becomes an error of the table."""

    def __call__(self, step: Callable[[], Result]) -> Result: ...


def read_key(headers: Headers) -> str | None:
    """The key of a request; None: it has none. Raises ApiError for one that is no key."""
    given = headers.getlist(HEADER)
    if not given:
        return None
    if len(given) > 1 or not _KEY.fullmatch(given[0]):
        raise ApiError("INVALID_IDEMPOTENCY_KEY")
    return given[0]


def keyed_request(
    scope: Scope,
    context: RequestContext,
    body: IncomingBody,
    attempt: Attempt,
    *,
    bytes_max: int,
    methods: Collection[str],
) -> "KeyedRequest | None":
    """What goes around a request that may be sent again; None: this one may not.

    `bytes_max` is what its body may have, `methods` are those of requests that may. Raises
    ApiError for a key that is none.
    """
    is_of_api = scope["method"] in methods and context.claims is not None
    key = read_key(Headers(scope=scope)) if is_of_api else None
    if key is None:
        return None
    query = scope["query_string"]
    body.hash_with(len(query).to_bytes(8) + query)
    claim = KeyClaim(
        key=RequestKey(
            application_id=context.proven.application.id,
            method=scope["method"],
            path=scope["path"],
            key=key,
        ),
        digest=body.digest,
        created_status=CREATED if scope["method"] == "POST" else OK,
    )
    return KeyedRequest(
        context=context, claim=claim, query=query, body=body, bytes_max=bytes_max, attempt=attempt
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedRequest:
    """One request with a key."""

    context: RequestContext
    claim: KeyClaim
    query: bytes
    body: IncomingBody
    bytes_max: int
    attempt: Attempt

    async def respond(self, handle: Callable[[RequestContext], Awaitable[Response]]) -> Response:
        """The response of the handler, or of an earlier request with the key.

        Raises what the handler raises, and ApiError.
        """
        found = await self._claimed()
        if found is KeyState.CLAIMED:
            return await self._handled(handle)
        if isinstance(found, KeptAnswer):
            await self.body.pass_over(self.bytes_max)
        else:
            found = await self._waited_for()
        return await self._again(found)

    async def _claimed(self) -> KeptAnswer | KeyState:
        environment = self.context.environment
        claim = self.context.services.operations.keyed_requests.claim
        return await self._write(lambda: claim(environment, self.claim))

    async def _handled(self, handle: Callable[[RequestContext], Awaitable[Response]]) -> Response:
        keyed = self.context.services.operations.keyed_requests
        try:
            response = await handle(replace(self.context, claim=self.claim))
            is_kept = self.claim.is_kept
            assert is_kept or self.claim.created_status != CREATED, "whoever creates keeps it"
        except (ApiError, ApiErrors) as refused:
            await self._keep_or_release(refused)
            raise
        except BaseException:
            # The client is gone, the server stops, or a handler errs.
            with anyio.CancelScope(shield=True):
                await self._write(lambda: keyed.release(self.claim))
            raise
        if is_kept:
            keyed.finish(self.claim)
        else:  # it has begun nothing that a second one would begin again
            await self._write(lambda: keyed.release(self.claim))
        return response

    async def _keep_or_release(self, refused: ApiError | ApiErrors) -> None:
        """Keep a refusal that the same body always meets with; let all others be tried again."""
        keyed = self.context.services.operations.keyed_requests
        errors = refused.errors if isinstance(refused, ApiErrors) else [refused]
        if all(each.is_of_body for each in errors):
            # Without all of it nobody could tell that it comes again.
            await self.body.drain(self.bytes_max)
            if self.body.is_complete:
                document = encode_json(error_document(errors))
                status = errors[0].status
                await self._write(lambda: keyed.keep_refusal(self.claim, status, document))
                return
        await self._write(lambda: keyed.release(self.claim))

    async def _waited_for(self) -> KeptAnswer:
        """What is kept of the request that has the key; raises ApiError if that takes too long."""
        with self.context.services.waiting_room.place() as has_place:
            if not has_place:
                raise _in_use()
            await self.body.pass_over(self.bytes_max)
            pause = _PAUSE_SECONDS
            with anyio.move_on_after(_WAIT_SECONDS):
                while (found := await self._look()) is KeyState.TAKEN:
                    await anyio.sleep(pause)
                    pause = min(pause * 2, _PAUSE_SECONDS_MAX)
                if isinstance(found, KeptAnswer):
                    return found
        # It takes longer, or nothing came of it; but this body was not stored, and is gone.
        raise _in_use()

    async def _look(self) -> KeptAnswer | KeyState:
        services = self.context.services
        look = services.operations.keyed_requests.look
        return await services.pools.read(lambda: self.attempt(lambda: look(self.claim.key)))

    async def _again(self, kept: KeptAnswer) -> Response:
        """The answer of an earlier request, to one that is the same."""
        if kept.digest != self.body.digest():
            raise ApiError("IDEMPOTENCY_KEY_REUSED")
        if kept.resource_type is None:
            return Response(kept.answer, kept.status, media_type=MEDIA_TYPE)
        return await self.context.services.pools.read(
            lambda: self.attempt(lambda: self._rendered(kept))
        )

    def _rendered(self, kept: KeptAnswer) -> Response:
        context, services = self.context, self.context.services
        assert kept.resource_type is not None
        query = parse_document_query(services.catalogue, kept.resource_type, read_query(self.query))
        found = services.operations.keyed_requests.read(context.asker, kept, query)
        if found is None:
            raise ApiError("RECORD_NOT_FOUND")
        document = one_document(context, query, found)
        if kept.status != CREATED:
            return document_response(document, status=kept.status)
        return created_response(document)

    async def _write(self, step: Callable[[], Result]) -> Result:
        return await self.context.services.pools.write(lambda: self.attempt(step))


def _in_use() -> ApiError:
    return ApiError("IDEMPOTENCY_KEY_IN_USE", headers={"Retry-After": RETRY_SECONDS})
