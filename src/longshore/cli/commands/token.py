"""`longshore token`: a token for scripts."""

from __future__ import annotations

import click

from longshore.cli.commands.applications import KINDS
from longshore.cli.places import Place, open_place, takes_place

__all__ = ["token"]


@click.command("token", short_help="Sign a token, to be used in a script.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="integration",
    show_default=True,
    help="Of which kind of application.",
)
@takes_place
def token(place: Place, kind: str) -> None:
    """Sign a token for the organization's oldest application of a kind in the mode, and write it
    to standard output, and nothing else. Where there is no such application, one is made.

    \b
    curl -H "Authorization: Bearer $(longshore token)" http://127.0.0.1:8000/api/skus

    Whoever may read the data folder may do this; no secret is asked for.
    """
    with open_place(place) as longshore:
        signed = longshore.applications.sign_token(place.environment(longshore), kind)
        click.echo(signed.token)
