"""What pages answer: markup, a way on, a document."""

import json
from collections.abc import Sequence
from typing import Any

from starlette.responses import RedirectResponse, Response

from longshore.dashboard.markup import render
from longshore.dashboard.request import TOKEN_FIELD, PageRequest


def page(request: PageRequest, template: str, *, status: int = 200, **values: Any) -> Response:
    """The page that a template makes of these values."""
    markup = _encoded(render(request, template, values))
    return Response(markup, status_code=status, media_type="text/html; charset=utf-8")


def way_on(path: str) -> Response:
    """Somewhere else, after a form was taken: 303, so that a reload sends nothing again."""
    return RedirectResponse(path, status_code=303)


def again(
    request: PageRequest, *, path: str, fields: Sequence[tuple[str, str]], status: int = 200
) -> Response:
    """A form that holds what was typed before somebody had to sign in again, to be sent."""
    shown = [(name, value) for name, value in fields if name != TOKEN_FIELD]
    return page(
        request, "again.html", status=status, title="Signed in again", path=path, fields=shown
    )


def document(values: Any, *, status: int = 200) -> Response:
    """JSON, for modules of pages."""
    text = _encoded(json.dumps(values, ensure_ascii=False))
    return Response(text, status_code=status, media_type="application/json")


def _encoded(text: str) -> bytes:
    """The bytes of a text; half of a pair of surrogates, which rows of JSON may hold, is shown as
    the escape that JSON has for it."""
    return text.encode("utf-8", "backslashreplace")
