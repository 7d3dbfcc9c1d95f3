"""Coming in and going out."""

import json
import re
from dataclasses import replace

from starlette.responses import Response

from longshore.access import Session
from longshore.dashboard.answers import again, page, way_on
from longshore.dashboard.cookies import give_cookie, take_cookie
from longshore.dashboard.endpoint import Page
from longshore.dashboard.request import DASHBOARD_PATH, TOKEN_FIELD, PageRequest
from longshore.operations import Door, SignInPostponed, SignInRefused

# Segments of our own addresses; nothing that a browser could take for another server's.
_PATH = re.compile(DASHBOARD_PATH + r"(/[A-Za-z0-9._~%-]+)*")
_QUERY = re.compile(r"[!-~]*")


def _form(request: PageRequest) -> Response:
    """GET /sign-in"""
    if request.session is not None:
        return way_on(_aim(request.asked("to")))
    return _shown(request)


def _sign_in(request: PageRequest) -> Response:
    """POST /sign-in: by the credentials of an application."""
    client_id, secret = request.value("client_id") or "", request.value("client_secret") or ""
    try:
        session = request.operations.sign_ins.by_credentials(
            client_id.strip(), secret.strip(), _door(request)
        )
    except SignInPostponed as refused:
        response = _shown(request, error=refused.message, client_id=client_id, status=429)
        response.headers["Retry-After"] = str(refused.seconds)
        return response
    except SignInRefused as refused:
        return _shown(request, error=refused.message, client_id=client_id, status=403)
    return _signed_in(request, session)


def _code(request: PageRequest) -> Response:
    """GET /sign-in/{code}: a button, because programs that look at links press none."""
    return page(request, "sign_in_code.html", title="Sign in")


def _take_code(request: PageRequest) -> Response:
    """POST /sign-in/{code}"""
    try:
        session = request.operations.sign_ins.by_code(request.parameters["code"], _door(request))
    except SignInRefused as refused:
        return _shown(request, error=refused.message, hint=refused.hint, status=403)
    return _signed_in(request, session)


def _sign_out(request: PageRequest) -> Response:
    """POST /sign-out"""
    request.operations.sign_ins.end(request.signed_in)
    response = way_on(f"{DASHBOARD_PATH}/sign-in")
    take_cookie(request, response)
    return response


def _shown(
    request: PageRequest,
    *,
    error: str | None = None,
    hint: str | None = None,
    client_id: str = "",
    status: int = 200,
) -> Response:
    return page(
        request,
        "sign_in.html",
        status=status,
        title="Sign in",
        error=error,
        hint=hint,
        client_id=client_id,
        to=_aim(request.asked("to") or request.value("to")),
        kept=request.value("kept") or "",
    )


def _door(request: PageRequest) -> Door:
    return Door(client=request.client, organization=request.address.slug)


def _signed_in(request: PageRequest, session: Session) -> Response:
    if request.session is not None:
        # The cookie is replaced, so nobody could end the session that it was of.
        request.operations.sign_ins.end(request.session)
    aim = _aim(request.value("to"))
    fields = _kept(request.value("kept"))
    token = dict(fields).get(TOKEN_FIELD, "")
    if fields and aim != DASHBOARD_PATH and session.continues(token):
        response = again(replace(request, session=session), path=aim, fields=fields)
    else:
        response = way_on(aim)
    give_cookie(request, response, session)
    return response


def _kept(text: str | None) -> list[tuple[str, str]]:
    """The fields of a form that was sent when the session had ended."""
    try:
        found = json.loads(text or "[]")
        return [(str(name), str(value)) for name, value in found]
    except (ValueError, TypeError, RecursionError):
        return []


def _aim(address: str | None) -> str:
    """Where somebody wanted to go; never to another server, nor round in circles."""
    path, _, query = (address or "").partition("?")
    is_ours = _PATH.fullmatch(path) is not None and _QUERY.fullmatch(query) is not None
    if (
        not is_ours
        or ".." in path
        or path.startswith((f"{DASHBOARD_PATH}/sign-in", f"{DASHBOARD_PATH}/sign-out"))
    ):
        return DASHBOARD_PATH
    return f"{path}?{query}" if query else path


PAGES = [
    ("/sign-in", Page(handlers={"GET": _form, "POST": _sign_in}, asks_for_session=False)),
    ("/sign-in/{code}", Page(handlers={"GET": _code, "POST": _take_code}, asks_for_session=False)),
    ("/sign-out", Page(handlers={"POST": _sign_out})),
]
