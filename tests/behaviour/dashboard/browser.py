"""A browser without JavaScript and without a socket: it keeps the session, follows where it is
sent, and sends the forms that stand on a page."""

import re
from collections.abc import Mapping, Sequence
from html import unescape
from typing import Any
from urllib.parse import urlencode

import anyio
import httpx2

from longshore.access import Environment, ensure_environment
from longshore.assembly import make_dashboard
from tests.behaviour.api.site import HOST, Site

Fields = Sequence[tuple[str, str]]

_CONTROL = re.compile(
    r"<input\b[^>]*>|<select\b.*?</select>|<textarea\b.*?</textarea>", re.DOTALL | re.IGNORECASE
)
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL | re.IGNORECASE)
_OPTION = re.compile(r"<option\b([^>]*)>(.*?)(?=<option|</option|</select|</optgroup)", re.DOTALL)


class Browser:
    """Somebody who has signed in by a one-time link."""

    def __init__(
        self, site: Site, *, slug: str = "default", mode: str = "test", kind: str | None = None
    ) -> None:
        self.site = site
        self.environment: Environment = ensure_environment(site.database, slug, mode)
        self.application = make_dashboard(site.services)
        sign_ins = site.services.operations.sign_ins
        if kind is None:
            self.session = sign_ins.by_code(sign_ins.create_code(self.environment))
        else:
            given = site.client(kind, slug=slug, mode=mode).credentials
            assert given.secret is not None
            self.session = sign_ins.by_credentials(given.application.client_id, given.secret)

    def send(
        self,
        method: str,
        path: str,
        *,
        content: bytes = b"",
        headers: Mapping[str, str] | None = None,
        follow: bool = True,
    ) -> httpx2.Response:
        """One request with the session's cookie, followed to where its answer sends it."""
        sent = {
            "Cookie": f"longshore_session={self.session.token}",
            "Origin": HOST,
            **(headers or {}),
        }

        async def exchange() -> httpx2.Response:
            transport = httpx2.ASGITransport(self.application)
            async with httpx2.AsyncClient(transport=transport, base_url=HOST) as client:
                answer = await client.request(method, path, content=content, headers=sent)
                # The client would leave the cookie behind.
                while follow and answer.is_redirect:
                    cookie = {"Cookie": sent["Cookie"]}
                    answer = await client.get(answer.headers["location"], headers=cookie)
                # A page waits a moment for a file to be read; a browser looks again then.
                while follow and 'id="reading"' in answer.text:
                    answer = await client.get(answer.url, headers={"Cookie": sent["Cookie"]})
                return answer

        return anyio.run(exchange)

    def get(self, path: str) -> httpx2.Response:
        return self.send("GET", path)

    def page(self, path: str) -> str:
        """The markup of a page that is shown."""
        response = self.get(path)
        assert response.status_code == 200, response.text
        return response.text

    def post(
        self, path: str, fields: Fields | Mapping[str, str] = (), *, follow: bool = True
    ) -> httpx2.Response:
        """A form, with the token of the session."""
        pairs = list(fields.items() if isinstance(fields, Mapping) else fields)
        pairs.append(("form_token", self.session.form_token))
        return self.send(
            "POST",
            path,
            content=urlencode(pairs).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
            follow=follow,
        )

    def submit(
        self, page: httpx2.Response, action: str, /, follow: bool = True, **changes: str | None
    ) -> httpx2.Response:
        """The form of a page whose action ends like that, as it was sent, but for what somebody
        has changed in it; None: a field that is not sent."""
        found = dict(forms(page.text))
        path = next(each for each in found if each.endswith(action))
        fields = [each for each in found[path] if each[0] not in changes]
        fields += [(name, value) for name, value in changes.items() if value is not None]
        return self.post(path, fields, follow=follow)

    def upload(self, path: str, name: str, content: bytes, **fields: str) -> httpx2.Response:
        """A form with a file, as a browser without JavaScript sends it."""
        pairs = {**fields, "form_token": self.session.form_token}
        boundary = "----a-boundary-of-the-tests"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in pairs.items()
        ]
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = (
            "".join(parts).encode() + head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        )
        return self.send(
            "POST",
            path,
            content=body,
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
        )

    def module(self, method: str, path: str, content: bytes = b"") -> tuple[int, Any]:
        """What a module of JavaScript sends: the status, and the document of the answer."""
        response = self.send(
            method,
            path,
            content=content,
            headers={"Accept": "application/json", "X-Form-Token": self.session.form_token},
        )
        return response.status_code, response.json()


def forms(markup: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The forms of a page: where each is sent, and what its fields hold."""
    return [
        (attribute(head, "action") or "", [*_fields(body)]) for head, body in _FORM.findall(markup)
    ]


def _fields(body: str) -> list[tuple[str, str]]:
    found = []
    for control in _CONTROL.findall(body):
        head = control[: control.index(">") + 1]
        name = attribute(head, "name")
        if name is None or re.search(r"\sdisabled\b", head):
            continue
        if control.startswith("<select"):
            options = _OPTION.findall(control)
            chosen = [each for each in options if re.search(r"\bselected\b", each[0])]
            head, text = (chosen or options or [("", "")])[0]
            found.append((name, attribute(head, "value") if "value=" in head else text.strip()))
        elif control.startswith("<textarea"):
            text = unescape(control[len(head) : -len("</textarea>")])
            found.append((name, text.removeprefix("\n")))
        else:
            kind = attribute(head, "type") or "text"
            if kind in ("file", "submit", "button"):
                continue
            if kind in ("checkbox", "radio") and not re.search(r"\schecked\b", head):
                continue
            default = "on" if kind in ("checkbox", "radio") else ""
            found.append((name, attribute(head, "value") or default))
    return [(name, value or "") for name, value in found]


def attribute(tag: str, name: str) -> str | None:
    """The value of an attribute of a tag."""
    found = re.search(rf'\b{name}="([^"]*)"', tag)
    return None if found is None else unescape(found[1])


def text_of(markup: str) -> str:
    """What stands on a page, without its markup."""
    inside = re.sub(r"<(script|style)\b.*?</\1>", "", markup, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", inside)).split())
