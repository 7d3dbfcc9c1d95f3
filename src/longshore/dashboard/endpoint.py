"""From HTTP to pages and back: one place for sessions, forms, forgery, bodies and failures."""

import json
import traceback
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, quote

import anyio.from_thread
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from longshore.access import CountedRequest, Session
from longshore.dashboard.answers import again, document, page, way_on
from longshore.dashboard.cookies import session_token
from longshore.dashboard.forgery import check_origin, check_token, given_token, is_of_our_page
from longshore.dashboard.multipart import read_multipart
from longshore.dashboard.refusals import FormOutdated, PageRefused
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.services import DashboardServices
from longshore.database import DatabaseAway, DatabaseBusy, DatabaseUnusable, ReadTooLong
from longshore.errors import PermanentError, RequestRefused, RetryableError
from longshore.observations import RequestCrashed
from longshore.web import client_of, read_address

FORM_BYTES_MAX = 10 * 1024 * 1024
_FORM_FIELDS_MAX = 100_000
_KEPT_BYTES_MAX = 512 * 1024  # of a form that is carried through the page where one signs in

FORM_MEDIA_TYPE = "application/x-www-form-urlencoded"

Handler = Callable[[PageRequest], Response]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What is at one path: handlers by method."""

    handlers: Mapping[str, Handler]
    asks_for_session: bool = True
    # Methods whose handlers read the body as it comes, with the bytes that it may have.
    streams: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEndpoint:
    """An ASGI application for one page."""

    services: DashboardServices
    page: Page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            response = await self._respond(scope, receive)
        except ClientDisconnect:
            return
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive) -> Response:
        method = "GET" if scope["method"] == "HEAD" else scope["method"]
        pools = self.services.pools
        request = await pools.read(lambda: self._admitted(scope, method))
        handler = self.page.handlers.get(method)
        if isinstance(request, Response):
            return request
        if handler is None:
            return _refused(request, PageRefused(405, f"{method} means nothing here"))
        if self.page.asks_for_session and request.session is None:
            return await self._to_sign_in(request, receive)
        try:
            if method in self.page.streams:
                return await self._streamed(request, receive, handler, self.page.streams[method])
            if method != "GET":
                request = await self._with_body(request, receive)
        except _Outdated as outdated:
            return outdated.response
        except PageRefused as refused:
            return _refused(request, refused)
        step = self._step(request, handler)
        return await (pools.read(step) if method == "GET" else pools.write(step))

    def _admitted(self, scope: Scope, method: str) -> PageRequest | Response:
        """The request with its session; an answer where that asks for nothing more."""
        services = self.services
        headers = Headers(scope=scope)
        address = read_address(scope, services.settings)
        request = PageRequest(
            services=services,
            address=address,
            client=client_of(scope, services.settings),
            method=method,
            path=scope["path"],
            parameters={
                name: _without_nul(value) for name, value in scope.get("path_params", {}).items()
            },
            query=[
                (name, _without_nul(value))
                for name, value in parse_qsl(
                    scope["query_string"].decode("latin-1"),
                    keep_blank_values=True,
                    errors="replace",
                )
            ],
            form=(),
            headers=headers,
            session=None,
        )
        try:
            request = replace(request, session=self._session(request))
            self._count(request)
            if method != "GET":
                check_origin(request)
        except PageRefused as refused:
            return _refused(request, refused)
        except RetryableError as error:
            return _refused(request, _away(error))
        return request

    def _session(self, request: PageRequest) -> Session | None:
        is_secure = request.address.base_url.startswith("https://")
        token = session_token(request.headers, is_secure=is_secure)
        session = self.services.operations.sign_ins.find(token) if token else None
        slug = request.address.slug
        if session is not None and slug not in (None, session.environment.organization):
            return None  # it is of another organization than the host
        return session

    def _count(self, request: PageRequest) -> None:
        """Count the request, in the windows that the API has; raises PageRefused."""
        session = request.session
        application = None if session is None else session.application
        caller = f"address {request.client}" if application is None else f"app {application.id}"
        allowance = self.services.rate_limits.admit(
            CountedRequest(
                caller=f"dashboard {caller}",
                mode=None if session is None else session.environment.mode,
                is_reading=request.method == "GET",
                endpoint=DASHBOARD_PATH,
            )
        )
        if allowance.retry_after is not None:
            raise PageRefused(
                429,
                "too many requests were sent in a short time",
                hint=f"try again in {allowance.retry_after} seconds",
            )

    async def _to_sign_in(self, request: PageRequest, receive: Receive) -> Response:
        """The way to come in that leads back here; what a form holds is kept in the page."""
        if request.wants_json():
            return document({"error": "the session has ended", "sign_in": True}, status=401)
        if request.method == "GET":
            here = request.address_with()
            return way_on(f"{DASHBOARD_PATH}/sign-in?to={quote(here)}")
        kept: list[tuple[str, str]] = []
        if request.media_type == FORM_MEDIA_TYPE:
            try:
                body = await _read(receive, _KEPT_BYTES_MAX)
                kept = _form_of(body)
            except PageRefused:
                kept = []  # too long to be carried through another form
        return page(
            request,
            "sign_in.html",
            status=401,
            title="Sign in",
            error="the session has ended",
            hint="nothing is lost: what was typed is sent after you have signed in",
            client_id="",
            to=request.path if kept else DASHBOARD_PATH,
            kept=json.dumps(kept) if kept else "",
        )

    async def _with_body(self, request: PageRequest, receive: Receive) -> PageRequest:
        """The request with its form; raises PageRefused."""
        body = await _read(receive, FORM_BYTES_MAX)
        # In a thread: a form with a file takes its time, in which others want an answer.
        request = await self.services.pools.read(lambda: _parsed(request, body))
        if self.page.asks_for_session:
            try:
                check_token(request)
            except FormOutdated as refused:
                # The answer needs the form, which only this request has.
                raise _Outdated(_outdated(request, refused)) from refused
        return request

    async def _streamed(
        self, request: PageRequest, receive: Receive, handler: Handler, bytes_max: int
    ) -> Response:
        if self.page.asks_for_session:
            try:
                check_token(request)
            except FormOutdated as refused:
                return _outdated(request, refused)

        async def next_piece() -> tuple[bytes, bool]:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            return message.get("body", b""), message.get("more_body", False)

        def pieces() -> Iterator[bytes]:
            size, has_more = 0, True
            while has_more:
                block, has_more = anyio.from_thread.run(next_piece)
                size += len(block)
                if size > bytes_max:
                    raise PageRefused(413, f"at most {bytes_max:,} bytes can be sent here")
                if block:
                    yield block

        request = replace(request, stream=pieces())
        return await self.services.pools.upload(
            request.signed_in.token, self._step(request, handler)
        )

    def _step(self, request: PageRequest, handler: Handler) -> Callable[[], Response]:
        def step() -> Response:
            try:
                return handler(request)
            except PageRefused as refused:
                return _refused(request, refused)
            except RequestRefused as error:
                return _refused(request, PageRefused(422, error.message, hint=error.hint))
            except RetryableError as error:
                return _refused(request, _away(error))
            except (DatabaseUnusable, PermanentError) as error:
                return _refused(request, PageRefused(503, error.message, hint=error.hint))
            except ClientDisconnect:
                raise
            except Exception as error:
                self.services.observer.observe(
                    RequestCrashed(
                        method=request.method,
                        path=request.path[:200],
                        error=repr(error),
                        traceback=traceback.format_exc(),
                    )
                )
                return _refused(
                    request,
                    PageRefused(
                        500,
                        "this page cannot be shown, because of a fault of longshore",
                        hint="the log of the server says more",
                    ),
                )

        return step


def _refused(request: PageRequest, refused: PageRefused) -> Response:
    """The page, or the document, that says why."""
    if request.wants_json():
        return document({"error": refused.message, "hint": refused.hint}, status=refused.status)
    return page(
        request,
        "refused.html",
        status=refused.status,
        title="Not possible",
        message=refused.message,
        hint=refused.hint,
        way=refused.way,
    )


class _Outdated(Exception):
    """Carries the answer to a form of another session."""

    def __init__(self, response: Response) -> None:
        super().__init__()
        self.response = response


def _outdated(request: PageRequest, refused: FormOutdated) -> Response:
    """What a page gets that was opened before somebody has signed in again: the token of the
    session that there is, to be sent again. Only where the browser says that it is our page; a
    page of another site could read neither answer."""
    if not is_of_our_page(request) or not request.signed_in.continues(given_token(request)):
        return _refused(request, refused)
    if request.wants_json():
        values = {"error": refused.message, "form_token": request.signed_in.form_token}
        return document(values, status=refused.status)
    size = sum(len(name) + len(value) for name, value in request.form)
    if request.media_type != FORM_MEDIA_TYPE or size > _KEPT_BYTES_MAX:
        return _refused(request, refused)
    return again(request, path=request.path, fields=request.form, status=refused.status)


def _without_nul(text: str) -> str:
    """What is asked for, with NUL as any other byte that is no text: nothing has it in its name,
    and PostgreSQL refuses to look."""
    return text.replace("\0", "\ufffd")


def _parsed(request: PageRequest, body: bytes) -> PageRequest:
    """The request with what its body holds; raises PageRefused."""
    if request.media_type == FORM_MEDIA_TYPE:
        return replace(request, form=_form_of(body))
    if request.media_type == "multipart/form-data":
        return replace(request, form=read_multipart(request.headers, body))
    return replace(request, body=body)


def _form_of(body: bytes) -> list[tuple[str, str]]:
    """The fields of a form; raises PageRefused."""
    try:
        return parse_qsl(
            body.decode("utf-8", "replace"),
            keep_blank_values=True,
            errors="replace",
            max_num_fields=_FORM_FIELDS_MAX,
        )
    except ValueError as error:
        raise PageRefused(413, "the form has too many fields") from error


def _away(error: RetryableError) -> PageRefused:
    reasons: tuple[tuple[type[Exception], str], ...] = (
        (DatabaseAway, "the database is away"),
        (DatabaseBusy, "the database is busy"),
        (ReadTooLong, "this would take too long to read"),
    )
    found = [reason for kind, reason in reasons if isinstance(error, kind)]
    return PageRefused(
        503,
        found[0] if found else "the server lacks something that it needs",
        hint="nothing is lost: reload this page in a moment",
    )


async def _read(receive: Receive, bytes_max: int) -> bytes:
    """The whole body; raises PageRefused where it is too long."""
    pieces = []
    size = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        piece = message.get("body", b"")
        size += len(piece)
        if size > bytes_max:
            raise PageRefused(413, f"at most {bytes_max:,} bytes can be sent here")
        pieces.append(piece)
        if not message.get("more_body", False):
            return b"".join(pieces)
