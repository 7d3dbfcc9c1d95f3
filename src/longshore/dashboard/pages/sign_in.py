"""Coming in and going out."""

from starlette.responses import Response

from longshore.access import Session
from longshore.dashboard.answers import page, way_on
from longshore.dashboard.cookies import give_cookie, take_cookie
from longshore.dashboard.endpoint import Page
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.operations import SignInRefused


def _form(request: PageRequest) -> Response:
    """GET /sign-in"""
    if request.session is not None:
        return way_on(_aim(request.asked("to")))
    return _shown(request)


def _sign_in(request: PageRequest) -> Response:
    """POST /sign-in: by the credentials of an application."""
    client_id, secret = request.value("client_id") or "", request.value("client_secret") or ""
    try:
        session = request.operations.sign_ins.by_credentials(client_id.strip(), secret.strip())
    except SignInRefused as refused:
        return _shown(request, error=refused.message, client_id=client_id, status=403)
    return _signed_in(request, session)


def _code(request: PageRequest) -> Response:
    """GET /sign-in/{code}: a button, because programs that look at links press none."""
    return page(request, "sign_in_code.html", title="Sign in")


def _take_code(request: PageRequest) -> Response:
    """POST /sign-in/{code}"""
    try:
        session = request.operations.sign_ins.by_code(request.parameters["code"])
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
    )


def _signed_in(request: PageRequest, session: Session) -> Response:
    response = way_on(_aim(request.value("to")))
    give_cookie(request, response, session)
    return response


def _aim(path: str | None) -> str:
    """Where somebody wanted to go; never to another server."""
    is_ours = path is not None and (path + "/").startswith(DASHBOARD_PATH + "/")
    has_trick = path is not None and any(sign in path for sign in ("\\", "//", "\n", "\r"))
    return path if path is not None and is_ours and not has_trick else DASHBOARD_PATH


PAGES = [
    ("/sign-in", Page(handlers={"GET": _form, "POST": _sign_in}, asks_for_session=False)),
    ("/sign-in/{code}", Page(handlers={"GET": _code, "POST": _take_code}, asks_for_session=False)),
    ("/sign-out", Page(handlers={"POST": _sign_out})),
]
