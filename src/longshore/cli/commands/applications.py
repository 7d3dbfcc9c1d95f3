"""`longshore applications`: the programs that may ask for tokens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.credentials import (
    application_document,
    credentials_document,
    show_credentials,
)
from longshore.cli.documents import write_document, write_list
from longshore.cli.messages import say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.tables import TableColumn, minute, write_table

if TYPE_CHECKING:
    from longshore.access import Application
    from longshore.assembly import Longshore
    from longshore.operations import ApplicationChoice

__all__ = ["KINDS", "applications"]

# As `longshore.access.ApplicationKind`, which would be slow to load for a line of help.
KINDS = ("integration", "sales_channel", "webapp", "cli", "imports")

_VALID_SECONDS_MAX = 30 * 24 * 3600

_COLUMNS = (
    TableColumn(title="application"),
    TableColumn(title="kind"),
    TableColumn(title="mode"),
    TableColumn(title="name", shortens=True),
    TableColumn(title="client id"),
    TableColumn(title="created (UTC)"),
)


def _kind_option(text: str, **how: Any) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    return click.option("--kind", type=click.Choice(KINDS), help=text, **how)


def _chosen(command: Callable[..., Any]) -> Callable[..., Any]:
    """What names one application: its id or client id, or enough of what it is."""
    for parameter in (
        click.option("--name", metavar="NAME", help="The one of this name."),
        _kind_option("The one of this kind."),
        click.argument("identifier", metavar="[ID]", required=False),
    ):
        command = parameter(command)
    return command


@click.group(
    "applications",
    short_help="Make credentials, list, renew and delete them.",
    invoke_without_command=True,
)
@click.pass_context
def applications(context: click.Context) -> None:
    """Make applications, which are credentials for one organization in one mode; list them, give
    them other secrets, delete them.

    \b
    integration    may do everything; for servers and scripts
    webapp, cli    the same, for the clients of these names
    imports        may import, and read what the imports app of the dashboard shows
    sales_channel  may read SKUs, prices, options and bundles; has no secret, for browsers
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@applications.command("create", short_help="Make an application.")
@_kind_option("What it is for, and hence what it may do.", default="integration", show_default=True)
@click.option("--name", metavar="NAME", help="What people call it.  [default: as its kind]")
@json_option
@takes_place
def create(place: Place, kind: str, name: str | None, as_json: bool) -> None:
    """Make an application in the organization and the mode; its secret is shown only now."""
    with open_place(place) as longshore:
        environment = place.environment(longshore)
        credentials = longshore.applications.create(environment, kind, name=name)
        if as_json:
            write_document({"data": credentials_document(longshore, credentials)})
        else:
            show_credentials(longshore, credentials, organization=environment.organization)


@applications.command("list", short_help="List the applications of an organization.")
@_kind_option("Only those of this kind.")
@json_option
@takes_place
def list_(place: Place, kind: str | None, as_json: bool) -> None:
    """List the applications of an organization, oldest first, of both modes without --mode."""
    with open_place(place, makes=False) as longshore:
        place.environment(longshore)
        found = longshore.applications.list(_choice(place, kind=kind))
        if as_json:
            write_list(application_document(longshore, each) for each in found)
            return
        if not found:
            say("no applications yet", hint="longshore applications create makes one")
            return
        encode = longshore.public_ids.encode
        write_table(
            _COLUMNS,
            (
                (
                    encode(each.id),
                    each.kind,
                    each.mode,
                    each.name,
                    each.client_id,
                    minute(each.created_at),
                )
                for each in found
            ),
        )


@applications.command("rotate", short_help="Give an application another secret.")
@_chosen
@json_option
@takes_place
def rotate(
    place: Place, identifier: str | None, kind: str | None, name: str | None, as_json: bool
) -> None:
    """Give an application another secret, which is shown only now.

    The secret before is worth nothing at once; tokens that were given for it last their time.
    ID is an application's id or its client id; without it, --kind and --name must name one.
    """
    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        choice = _choice(place, identifier=identifier, kind=kind, name=name)
        credentials = longshore.applications.rotate_secret(choice)
        if as_json:
            write_document({"data": credentials_document(longshore, credentials)})
        else:
            show_credentials(longshore, credentials, organization=environment.organization)


@applications.command("delete", short_help="Shut an application out.")
@_chosen
@json_option
@takes_place
def delete(
    place: Place, identifier: str | None, kind: str | None, name: str | None, as_json: bool
) -> None:
    """Delete an application: its secret and all its tokens are worth nothing at once.

    What it wrote stays. ID is an application's id or its client id; without it, --kind and --name
    must name one.
    """
    with open_place(place, makes=False) as longshore:
        place.environment(longshore)
        choice = _choice(place, identifier=identifier, kind=kind, name=name)
        chosen = longshore.applications.delete(choice)
        _tell(longshore, chosen, "the {} is deleted, and shut out", as_json=as_json)


@applications.command("revoke-tokens", short_help="End all tokens of an application.")
@_chosen
@json_option
@takes_place
def revoke_tokens(
    place: Place, identifier: str | None, kind: str | None, name: str | None, as_json: bool
) -> None:
    """Make every token that an application was given worth nothing at once.

    Its secret stays, so it may ask for another token; longshore applications rotate gives it
    another secret. ID is an application's id or its client id; without it, --kind and --name must
    name one.
    """
    with open_place(place, makes=False) as longshore:
        place.environment(longshore)
        choice = _choice(place, identifier=identifier, kind=kind, name=name)
        chosen = longshore.applications.revoke_tokens(choice)
        _tell(longshore, chosen, "all tokens of the {} are revoked", as_json=as_json)


@applications.command("rotate-signing-key", short_help="Sign tokens with another key.")
@click.option(
    "--valid-for",
    "valid_seconds",
    type=click.IntRange(0, _VALID_SECONDS_MAX),
    metavar="SECONDS",
    default=14_400,
    show_default="14400, which no token outlives",
    help="How long tokens of the key before are good.",
)
@click.option(
    "--now", "at_once", is_flag=True, help="End all tokens that were given, of everybody, at once."
)
@json_option
@takes_place
@click.pass_context
def rotate_signing_key(
    context: click.Context, place: Place, valid_seconds: int, at_once: bool, as_json: bool
) -> None:
    """Sign the tokens of all organizations with another key from now on.

    Tokens of the key before are good for a while, so nobody notices; with --now, after somebody
    has seen the key, everybody needs another token. Servers need no restart.
    """
    from longshore.clock import format_datetime

    given = context.get_parameter_source("valid_seconds")
    if at_once and given is click.core.ParameterSource.COMMANDLINE:
        raise click.UsageError("--now and --valid-for exclude each other")
    with open_place(place, makes=False) as longshore:
        rotation = longshore.applications.rotate_signing_key(
            valid_seconds=0 if at_once else valid_seconds
        )
        if as_json:
            retiring = [
                {"kid": each.kid, "valid_until": format_datetime(each.retires_at)}
                for each in rotation.retiring
            ]
            write_document({"data": {"kid": rotation.kid, "retiring": retiring}})
            return
        say(f"the key {rotation.kid} signs tokens from now on")
        for each in rotation.retiring:
            until = format_datetime(each.retires_at)
            say(f"tokens of the key {each.kid} are good until {until}")
        if not rotation.retiring:
            say("tokens that were given before are worth nothing")


def _tell(longshore: Longshore, chosen: Application, done: str, *, as_json: bool) -> None:
    """Say what was done to an application, which stands for the braces of `done`."""
    if as_json:
        write_document({"data": application_document(longshore, chosen)})
    else:
        say(done.format(f"{chosen.kind} application {longshore.public_ids.encode(chosen.id)}"))


def _choice(
    place: Place,
    *,
    identifier: str | None = None,
    kind: str | None = None,
    name: str | None = None,
) -> ApplicationChoice:
    """The applications of the place's organization that somebody means."""
    from longshore.operations import ApplicationChoice

    return ApplicationChoice(
        organization=place.organization or "default",
        mode=place.mode,
        identifier=identifier,
        kind=kind,
        name=name,
    )
