"""`longshore dashboard`: a link by which somebody at a terminal comes into the dashboard."""

from __future__ import annotations

import socket
import webbrowser
from urllib.parse import urlsplit

import click

from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place
from longshore.errors import RequestRefused

__all__ = ["dashboard"]

_ANSWER_SECONDS = 3.0


@click.command("dashboard", short_help="Open the dashboard in a browser, signed in.")
@click.option(
    "--open/--no-open",
    "opens",
    default=True,
    help="Whether to open a browser; without, the link is written to standard output.",
)
@click.option(
    "--url",
    metavar="URL",
    help="Where the server of this data answers, as its first line says; needed where it is not at"
    " the setting base_url.  [default: LONGSHORE_BASE_URL, else http://127.0.0.1:8000]",
)
@takes_place
def dashboard(place: Place, opens: bool, url: str | None) -> None:
    """Open the dashboard of a server that runs, signed in to the organization and the mode of
    --organization and --mode, with everything allowed.

    The link is good once, for 15 minutes. Whoever may read the data folder may do this; no secret
    is asked for.
    """
    settings = place.settings()
    address = settings.base_url if url is None else _address(url)
    if opens:
        _check_answers(address)
    with open_place(place, makes=False) as longshore:
        code = longshore.sign_ins.create_code(place.environment(longshore))
    link = f"{address}/dashboard/sign-in/{code}"
    if not opens:
        click.echo(link)
    elif webbrowser.open(link):
        say("the dashboard is opened in a browser")
    else:
        click.echo(link)
        say("no browser was found here; the link above is good for 15 minutes, once")


def _address(url: str) -> str:
    """The address of a server, without what may stand behind its host."""
    parts = urlsplit(url)
    try:
        port = parts.port
    except ValueError:
        port = -1
    if parts.scheme not in ("http", "https") or not parts.hostname or port == -1:
        raise click.BadParameter(
            f"expected http:// or https:// and a host, found {url!r}", param_hint="'--url'"
        )
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _check_answers(address: str) -> None:
    """Refuse to open a page that no server answers."""
    parts = urlsplit(address)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((parts.hostname, port), timeout=_ANSWER_SECONDS).close()
    except OSError as error:
        raise RequestRefused(
            f"no server answers at {address}",
            hint="longshore serve starts one; --url names another address",
        ) from error
