"""A browser without JavaScript and without a socket: it keeps cookies, follows where it is sent,
and sends the forms that stand on a page."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import anyio
import httpx2

from longshore.access import Credentials, Environment, ensure_environment
from longshore.operations import Asker
from tests.behaviour.api.site import HOST, Site
from tests.behaviour.dashboard.markup import field_of, forms, main_text_of

SIGN_IN = "/dashboard/sign-in"


class Browser:
    """Somebody who looks at the dashboard: a stranger, until the browser has a session's cookie.

    What is sent by `send` and `send_form` is answered as it is; all others add the token of the
    session where one is due, and go on to the page that is shown in the end.
    """

    def __init__(
        self,
        site: Site,
        environment: Environment | None = None,  # into which its user has signed in
        *,
        base_url: str = HOST,
        client: str = "127.0.0.1",  # the address of its machine
    ) -> None:
        self.site = site
        self.base_url = base_url
        self.cookies: dict[str, str] = {}
        self._environment = environment
        self._client = client
        self._form_tokens: dict[str, str] = {}  # by the cookies of their sessions

    @property
    def environment(self) -> Environment:
        assert self._environment is not None
        return self._environment

    @property
    def asker(self) -> Asker:
        """Whoever uses the browser, as operations know them."""
        return Asker(environment=self.environment)

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str | None] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        """One request, and its answer as it is; headers that are None are left out."""
        sent: dict[str, str | None] = {"Accept": "text/html"}
        if method != "GET":
            sent["Origin"] = self.base_url
        if self.cookies:
            sent["Cookie"] = self._cookie()
        sent.update(headers or {})

        async def exchange() -> httpx2.Response:
            transport = httpx2.ASGITransport(self.site.server, client=(self._client, 40_000))
            async with httpx2.AsyncClient(transport=transport, base_url=self.base_url) as client:
                given = {name: value for name, value in sent.items() if value is not None}
                return await client.request(method, path, headers=given, content=content)

        answer = anyio.run(exchange)
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return answer

    def send_form(
        self,
        path: str,
        fields: Sequence[tuple[str, str]] | Mapping[str, str] = (),
        *,
        headers: Mapping[str, str | None] | None = None,
    ) -> httpx2.Response:
        """A form with these fields and no others, and its answer as it is."""
        form = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.send("POST", path, headers=form, content=urlencode(fields).encode())

    def get(self, path: str) -> httpx2.Response:
        """The page that is shown in the end."""
        return self._followed(self.send("GET", path))

    def page(self, path: str) -> str:
        """The markup of a page that is shown at this address, and at no other."""
        answer = self._settled(self.send("GET", path))
        assert answer.status_code == 200, (path, answer.status_code, answer.headers, answer.text)
        return answer.text

    def main_text(self, path: str) -> str:
        """The text of what a page is for."""
        return main_text_of(self.page(path))

    def post(
        self,
        path: str,
        fields: Sequence[tuple[str, str]] | Mapping[str, str] = (),
        *,
        follow: bool = True,
    ) -> httpx2.Response:
        """A form, with the token of the session where it names no other."""
        given = list(fields.items() if isinstance(fields, Mapping) else fields)
        if "form_token" not in dict(given):
            given.append(("form_token", self.form_token()))
        answer = self.send_form(path, given)
        return self._followed(answer) if follow else answer

    def submit(
        self, page: httpx2.Response, action: str, /, **changes: str | None
    ) -> httpx2.Response:
        """The form of a page whose action ends like that, as it was sent, but for what somebody
        has changed in it; None: a field that is not sent."""
        found = dict(forms(page.text))
        path = next(each for each in found if each.endswith(action))
        fields = [each for each in found[path] if each[0] not in changes]
        fields += [(name, value) for name, value in changes.items() if value is not None]
        return self.post(path, fields)

    def upload(
        self, path: str, file_name: str, content: bytes, /, follow: bool = True, **fields: str
    ) -> httpx2.Response:
        """A form with a file, as a browser without JavaScript sends it."""
        return self.upload_all(path, [(file_name, content)], follow=follow, **fields)

    def upload_all(
        self, path: str, files: Sequence[tuple[str, bytes]], follow: bool = True, **fields: str
    ) -> httpx2.Response:
        """The same with several files in one field."""
        boundary = "----a-boundary-of-the-tests"
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
            for key, value in {**fields, "form_token": self.form_token()}.items()
        ]
        body = "".join(parts).encode()
        for file_name, content in files:
            head = (
                f'--{boundary}\r\nContent-Disposition: form-data; name="file"; '
                f'filename="{file_name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
            )
            body += head.encode() + content + b"\r\n"
        answer = self.send(
            "POST",
            path,
            headers={"Content-Type": f"multipart/form-data; boundary={boundary}"},
            content=body + f"--{boundary}--\r\n".encode(),
        )
        return self._followed(answer) if follow else answer

    def module(self, method: str, path: str, content: bytes | None = None) -> tuple[int, Any]:
        """What a module of JavaScript sends: the status, and the document of the answer."""
        headers = {"Accept": "application/json", "X-Form-Token": self.form_token()}
        answer = self.send(method, path, headers=headers, content=content)
        return answer.status_code, answer.json()

    def form_token(self) -> str:
        """The token of the forms that this session is shown."""
        cookie = self._cookie()
        if cookie not in self._form_tokens:
            self._form_tokens[cookie] = field_of(self.page("/dashboard/keys"), "form_token")
        return self._form_tokens[cookie]

    def _cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _followed(self, answer: httpx2.Response) -> httpx2.Response:
        """The page that is shown in the end."""
        while answer.is_redirect:
            answer = self.send("GET", answer.headers["location"])
        return self._settled(answer)

    def _settled(self, answer: httpx2.Response) -> httpx2.Response:
        """The page once a file is read, for which it waits a moment; a browser looks again then."""
        while 'id="reading"' in answer.text:
            answer = self.send("GET", str(answer.url))
        return answer


def signed_in(
    site: Site,
    *,
    slug: str = "default",
    mode: str = "test",
    kind: str | None = None,
    base_url: str = HOST,
) -> Browser:
    """Somebody who has come in: by a one-time link, or with the credentials of an application of
    that kind."""
    environment = ensure_environment(site.database, slug, mode)
    browser = Browser(site, environment, base_url=base_url)
    if kind is None:
        answer = browser.send_form(sign_in_link(site, slug=slug, mode=mode))
    else:
        credentials = site.client(kind, slug=slug, mode=mode).credentials
        answer = browser.send_form(SIGN_IN, proof_of(credentials))
    assert answer.status_code == 303, answer.text
    return browser


def sign_in_link(site: Site, *, slug: str = "default", mode: str = "test") -> str:
    """The address of a one-time link into an environment."""
    environment = ensure_environment(site.database, slug, mode)
    return f"{SIGN_IN}/{site.longshore.sign_ins.create_code(environment)}"


def proof_of(credentials: Credentials, secret: str | None = None) -> dict[str, str]:
    """The form by which an application signs in: with its secret, or with another one."""
    given = secret or credentials.secret
    assert given is not None
    return {"client_id": credentials.application.client_id, "client_secret": given}
