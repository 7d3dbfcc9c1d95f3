"""Requests that other sites have made a browser send: refused by where they come from, and by the
token that only a page of the session knows."""

import hmac

from longshore.dashboard.refusals import FormOutdated, PageRefused
from longshore.dashboard.request import TOKEN_FIELD, PageRequest
from longshore.dashboard.texts import TEXTS

TOKEN_HEADER = "X-Form-Token"


def check_origin(request: PageRequest) -> None:
    """Refuse what changes something and was sent from a page of another origin (Fetch standard,
    "Origin header"; Fetch Metadata). Raises PageRefused."""
    origin = request.headers.get("origin")
    if len(request.headers.getlist("origin")) > 1:
        origin = "several"
    site = request.headers.get("sec-fetch-site", "same-origin")
    if origin not in (None, request.address.base_url) or site not in ("same-origin", "none"):
        raise PageRefused(403, TEXTS["wrong_form"], hint=TEXTS["wrong_form_hint"])


def is_of_our_page(request: PageRequest) -> bool:
    """Whether the browser itself says that a page of this server has sent the request."""
    return request.headers.get("origin") == request.address.base_url


def given_token(request: PageRequest) -> str:
    """The token that a request carries; empty: none."""
    return request.headers.get(TOKEN_HEADER) or request.value(TOKEN_FIELD) or ""


def check_token(request: PageRequest) -> None:
    """Refuse what does not carry the token of its session. Raises PageRefused."""
    given, expected = given_token(request), request.signed_in.form_token
    if not hmac.compare_digest(given.encode(), expected.encode()):
        raise FormOutdated(403, TEXTS["wrong_form"], hint=TEXTS["wrong_form_hint"])
