"""The dashboard without a socket and without a browser: its application, and who looks at it."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import anyio
import httpx2

from longshore.access import Credentials, Environment, create_application, ensure_environment
from longshore.assembly import open_longshore
from longshore.observations import Observation
from longshore.operations import Asker, Door
from longshore.settings import Settings

HOST = "http://127.0.0.1:8000"


class Observed:
    """Remembers everything that would be logged."""

    def __init__(self) -> None:
        self.observations: list[Observation] = []

    def observe(self, observation: Observation) -> None:
        self.observations.append(observation)


class Site:
    """One installation, of which pages are asked."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        # Tests ask more within a minute than anybody does.
        self.settings = Settings(**{"data": folder, "rate_limit_requests": 1_000_000, **settings})
        self.observed = Observed()
        self.longshore = open_longshore(self.settings, kind="server", observer=self.observed)
        self.database = self.longshore.database
        self.application = self.longshore.server(None)

    def close(self) -> None:
        self.longshore.close()

    def environment(self, slug: str = "default", mode: str = "test") -> Environment:
        return ensure_environment(self.database, slug, mode)

    def credentials(self, environment: Environment, kind: str = "integration") -> Credentials:
        with self.database.write() as tx:
            return create_application(tx, environment, kind)

    def browser(self, **options: Any) -> "Browser":
        """Somebody who has not signed in."""
        return Browser(self, **options)

    def signed_in(self, slug: str = "default", mode: str = "test", **options: Any) -> "Browser":
        """Somebody who has come in by a one-time code."""
        browser = self.browser(**options)
        browser.environment = self.environment(slug, mode)
        code = self.longshore.sign_ins.create_code(browser.environment)
        answer = browser.post(f"/dashboard/sign-in/{code}")
        assert answer.status_code == 303, answer.text
        return browser

    def signed_in_as(self, kind: str, slug: str = "default") -> "Browser":
        """Somebody who has come in by the credentials of an application of a kind."""
        browser = self.browser()
        browser.environment = self.environment(slug)
        credentials = self.credentials(browser.environment, kind)
        session = self.longshore.sign_ins.by_credentials(
            credentials.application.client_id,
            credentials.secret or "",
            Door(client="test", organization=None),
        )
        browser.cookies = {"longshore_session": session.token}
        return browser


class Browser:
    """Sends requests as a browser does that runs no JavaScript: with cookies, and as forms."""

    def __init__(self, site: Site, *, base_url: str = HOST, client: str = "127.0.0.1") -> None:
        self.site = site
        self.base_url = base_url
        self.client = client
        self.cookies: dict[str, str] = {}
        self.environment: Environment | None = None

    @property
    def asker(self) -> Asker:
        assert self.environment is not None
        return Asker(environment=self.environment, application_id=None, base_url=self.base_url)

    def send(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str | None] | None = None,
        content: bytes | None = None,
    ) -> httpx2.Response:
        """One request; headers that are None are left out, redirects are not followed."""
        sent: dict[str, str | None] = {"Accept": "text/html"}
        if method != "GET":
            sent["Origin"] = self.base_url
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent.update(headers or {})

        async def exchange() -> httpx2.Response:
            transport = httpx2.ASGITransport(self.site.application, client=(self.client, 40_000))
            async with httpx2.AsyncClient(transport=transport, base_url=self.base_url) as client:
                given = {name: value for name, value in sent.items() if value is not None}
                return await client.request(method, path, headers=given, content=content)

        # In a thread of its own: that of the tests may belong to the loop of a real browser.
        with ThreadPoolExecutor(1) as thread:
            answer = thread.submit(anyio.run, exchange).result()
        for cookie in answer.headers.get_list("set-cookie"):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
            if not self.cookies[name]:
                del self.cookies[name]
        return answer

    def get(self, path: str, **options: Any) -> httpx2.Response:
        return self.send("GET", path, **options)

    def page(self, path: str) -> str:
        """The markup of a page that is shown."""
        answer = self.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers, answer.text)
        return answer.text

    def text(self, path: str) -> str:
        """What a page says, without its markup."""
        return shown(self.page(path))

    def post(
        self,
        path: str,
        fields: Sequence[tuple[str, str]] | Mapping[str, str] = (),
        *,
        headers: Mapping[str, str | None] | None = None,
    ) -> httpx2.Response:
        """A form as it stands."""
        form = {"Content-Type": "application/x-www-form-urlencoded", **(headers or {})}
        return self.send("POST", path, headers=form, content=urlencode(fields).encode())

    def submit(
        self, path: str, fields: Mapping[str, str] | None = None, *, headers: Any = None
    ) -> httpx2.Response:
        """A form with the token of the session."""
        return self.post(path, {"form_token": self.form_token(), **(fields or {})}, headers=headers)

    def form_token(self) -> str:
        """The token of the forms that this session is shown."""
        return field(self.page("/dashboard/keys"), "form_token")


def shown(markup: str) -> str:
    """The text of a page, blanks joined."""
    body = markup.partition("<main")[2].partition(">")[2].partition("</main>")[0]
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", body)).split())


def field(markup: str, name: str) -> str:
    """What a hidden field of a page holds."""
    found = re.search(f'name="{name}" value="([^"]*)"', markup)
    assert found is not None, markup
    return unescape(found[1])
