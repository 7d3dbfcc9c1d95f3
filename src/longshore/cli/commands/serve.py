"""`longshore serve`: the API and a worker."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longshore.cli.arenas import bound_arenas
from longshore.cli.commands.options import verbose_option
from longshore.cli.commands.worker import worker_command
from longshore.cli.credentials import show_credentials
from longshore.cli.farewell import bound_farewell
from longshore.cli.http_server import Listener, listen, serve_until_stopped
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.access import Credentials
    from longshore.assembly import Longshore
    from longshore.cli.connections import ConnectionLimits
    from longshore.settings import Settings

__all__ = ["serve"]

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("serve", short_help="Serve the API, and run the imports that it takes.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Port to listen at; 0 takes one that is free.",
)
@click.option("--tls-cert", type=_FILE, metavar="FILE", help="Certificate, to serve https.")
@click.option("--tls-key", type=_FILE, metavar="FILE", help="Its private key.")
@click.option(
    "--worker/--no-worker",
    "with_worker",
    default=True,
    help="Whether to run imports in processes beside it; without, longshore worker does.",
)
@verbose_option
@takes_place
def serve(
    place: Place,
    host: str,
    port: int,
    tls_cert: Path | None,
    tls_key: Path | None,
    with_worker: bool,
    verbose: bool,
) -> None:
    """Serve the API, and run the imports that it takes in processes beside it.

    The first start makes the organization `default` with an application that may do everything,
    and shows its credentials, on a terminal only. Each start shows a link there that opens the
    dashboard once; longshore dashboard makes another one. SIGTERM, SIGHUP and Ctrl-C stop it within
    seconds; an import that runs goes on with the next start, or with longshore resume.
    """
    if tls_key is not None and tls_cert is None:
        raise click.UsageError("--tls-key needs --tls-cert")
    from longshore.jobs import Bell

    bound_arenas()
    with (
        open_place(place, verbose=verbose, kind="server") as longshore,
        listen(host, port, tls=tls_cert, tls_key=tls_key) as listener,
    ):

        def on_ready() -> None:
            click.echo(listener.url)
            credentials = longshore.applications.create_first()
            _invite(longshore, place, listener)
            if credentials is None:
                pass
            elif sys.stdout.isatty():
                _welcome(longshore, listener, credentials)
            else:
                _tell_credentials(longshore, credentials)
            sys.stdout.flush()

        # What is refused here is told; in the server's start it is a traceback.
        longshore.presence.enter()
        command = worker_command(longshore, verbose=verbose) if with_worker else None
        application = longshore.server(command)
        bell = Bell.without_ringer()
        bound_farewell(bell.wait_for_stop, longshore.database.is_there)
        serve_until_stopped(
            application, listener, _limits(longshore.settings), on_ready=on_ready, on_stop=bell.stop
        )


def _limits(settings: Settings) -> ConnectionLimits:
    """What clients may take of the server, as far as the system gives it that."""
    from longshore.cli.connections import ConnectionLimits, open_files_max

    return ConnectionLimits(
        connections_max=min(settings.connections_max, open_files_max()),
        connections_per_address_max=settings.connections_per_address_max,
        trusted=settings.trusted_networks,
    )


def _invite(longshore: Longshore, place: Place, listener: Listener) -> None:
    """A link that opens the dashboard. Its code is a secret, so where nobody looks on, the command
    that makes one is named instead."""
    if not sys.stdout.isatty():
        say("longshore dashboard opens the dashboard in a browser")
        return
    try:
        environment = place.environment(longshore)
    except RequestRefused:
        return  # there are organizations, and none is `default`: whose page is asked for, is open
    code = longshore.sign_ins.create_code(environment)
    link = f"{_reached(listener)}/dashboard/sign-in/{code}"
    click.echo(f"Dashboard: {link} (good for 15 minutes, once)")


def _welcome(longshore: Longshore, listener: Listener, credentials: Credentials) -> None:
    """What the first start shows: credentials, and a line that imports something with them."""
    click.echo()
    show_credentials(longshore, credentials, organization="default")
    click.echo()
    click.echo("Import two SKUs:")
    click.echo()
    click.echo(_import_command(listener, credentials))


def _tell_credentials(longshore: Longshore, credentials: Credentials) -> None:
    """The same where nobody looks on: what is written there is kept, and secrets must not be."""
    public_id = longshore.public_ids.encode(credentials.application.id)
    say(
        "the organization default is made, with an application that may do everything; its secret "
        "is shown in terminals only",
        hint=f"longshore applications rotate {public_id} gives it another secret, and shows it",
    )


def _reached(listener: Listener) -> str:
    """How a program on this machine reaches the server, also one that listens everywhere."""
    return listener.url.replace("://0.0.0.0:", "://127.0.0.1:").replace("://[::]:", "://[::1]:")


def _import_command(listener: Listener, credentials: Credentials) -> str:
    curl = "curl -sS" if listener.tls is None else f"curl -sS --cacert {listener.tls.absolute()}"
    url = _reached(listener)
    application = credentials.application
    grant = (
        f"grant_type=client_credentials&client_id={application.client_id}"
        f"&client_secret={credentials.secret}"
    )
    rows = (
        '[{"code":"TSHIRT","name":"T-shirt","do_not_ship":true},'
        '{"code":"MUG","name":"Mug","do_not_ship":true}]'
    )
    document = (
        '{"data":{"type":"imports","attributes":{"resource_type":"skus","inputs":' + rows + "}}}"
    )
    return (
        f"TOKEN=$({curl} {url}/oauth/token -d '{grant}'"
        ' | sed \'s/.*"access_token":"\\([^"]*\\)".*/\\1/\')'
        f" && {curl} {url}/api/imports"
        ' -H "Authorization: Bearer $TOKEN"'
        " -H 'Content-Type: application/vnd.api+json'"
        f" -d '{document}'"
    )
