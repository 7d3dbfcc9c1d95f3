"""The cookie of a session: for this server alone, never for modules, never from other sites."""

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import Response

from longshore.access import SESSION_SECONDS, Session
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest

# Two names, because a browser takes no `__Secure-` cookie over http, and one of https must never be
# taken for one that was set over http.
_NAME = "longshore_session"
_SECURE_NAME = "__Secure-longshore_session"


def session_token(headers: Headers, *, is_secure: bool) -> str:
    """What the cookie holds; empty: there is none."""
    cookies = cookie_parser(headers.get("cookie", ""))
    return cookies.get(_SECURE_NAME if is_secure else _NAME, "")


def give_cookie(request: PageRequest, response: Response, session: Session) -> None:
    """Let the browser keep a session."""
    is_secure = request.address.base_url.startswith("https://")
    response.set_cookie(
        _SECURE_NAME if is_secure else _NAME,
        session.token,
        max_age=SESSION_SECONDS,
        path=DASHBOARD_PATH,
        secure=is_secure,
        httponly=True,
        samesite="strict",
    )


def take_cookie(request: PageRequest, response: Response) -> None:
    """Let the browser forget it."""
    is_secure = request.address.base_url.startswith("https://")
    response.delete_cookie(
        _SECURE_NAME if is_secure else _NAME,
        path=DASHBOARD_PATH,
        secure=is_secure,
        httponly=True,
        samesite="strict",
    )
