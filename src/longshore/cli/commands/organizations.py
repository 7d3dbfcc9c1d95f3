"""`longshore organizations`: whom data belongs to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.credentials import credentials_document, show_credentials
from longshore.cli.documents import write_document, write_list
from longshore.cli.endings import Exit
from longshore.cli.messages import fail, say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.progress import show_progress
from longshore.cli.tables import TableColumn, minute, write_facts, write_table
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from longshore.access import Organization
    from longshore.assembly import Longshore

__all__ = ["organizations"]

_COLUMNS = (
    TableColumn(title="organization"),
    TableColumn(title="name", shortens=True),
    TableColumn(title="modes"),
    TableColumn(title="flags", folds=True),
    TableColumn(title="created (UTC)"),
)

_BELONGINGS = (TableColumn(title="table"), TableColumn(title="rows", right=True))

_slug_argument = click.argument("slug", metavar="SLUG")
_pairs_argument = click.argument("pairs", metavar="[KEY=VALUE]...", nargs=-1)


@click.group(
    "organizations",
    short_help="Make organizations, list, set and delete them.",
    invoke_without_command=True,
)
@click.pass_context
def organizations(context: click.Context) -> None:
    """Make organizations, list them, set their flags, delete them.

    Nobody sees anything of another organization. The organization `default` is made on first use.
    """
    if context.invoked_subcommand is None:
        click.echo(context.get_help())


@organizations.command("create", short_help="Make an organization with an application.")
@_slug_argument
@_pairs_argument
@json_option
@takes_place
def create(place: Place, slug: str, pairs: Sequence[str], as_json: bool) -> None:
    """Make an organization, and an integration application that may do everything in it.

    The application's secret is shown only now. It is of the mode that --mode names; longshore
    applications create makes more of them. KEY=VALUE sets flags, as longshore organizations set
    does.
    """
    values = _values(pairs)
    with open_place(place) as longshore:
        created, credentials = longshore.organizations.create(
            slug, values, mode=place.mode or "test"
        )
        if as_json:
            document = _document(longshore, created)
            document["application"] = credentials_document(longshore, credentials)
            write_document({"data": document})
            return
        show_credentials(longshore, credentials, organization=created.slug)


@organizations.command("list", short_help="List the organizations.")
@json_option
@takes_place
def list_(place: Place, as_json: bool) -> None:
    """List the organizations, oldest first, with the flags that differ from their defaults."""
    with open_place(place, makes=False) as longshore:
        found = longshore.organizations.list()
        if as_json:
            write_list(_document(longshore, each) for each in found)
            return
        if not found:
            say("no organizations yet", hint="longshore organizations create SLUG makes one")
            return
        write_table(
            _COLUMNS,
            (
                (
                    each.slug,
                    each.name if each.deleting_at is None else f"{each.name} (being deleted)",
                    " ".join(each.modes),
                    " ".join(f"{key}={_text(value)}" for key, value in each.changed_flags.items()),
                    minute(each.created_at),
                )
                for each in found
            ),
        )


@organizations.command("set", short_help="Set flags of an organization, or its name.")
@_slug_argument
@_pairs_argument
@json_option
@takes_place
def set_(place: Place, slug: str, pairs: Sequence[str], as_json: bool) -> None:
    """Set the flags that validation and imports depend on, or the name, and show them all.

    \b
    longshore organizations set acme addresses_phone_required=false
    longshore organizations set acme tags_max_allowed_number=20 name="Acme Ltd"

    An empty value sets a flag to its default. Without any KEY=VALUE the flags are shown.
    """
    values = _values(pairs)
    with open_place(place, makes=False) as longshore:
        operations = longshore.organizations
        found = operations.set(slug, values) if values else operations.read(slug)
        if as_json:
            write_document({"data": _document(longshore, found)})
            return
        flags = sorted((key, _text(value)) for key, value in found.flags.items())
        write_facts([("organization", found.slug), ("name", found.name), *flags])


@organizations.command("delete", short_help="Delete an organization with all that it has.")
@_slug_argument
@click.option("--yes", "is_agreed", is_flag=True, help="Do not ask.")
@json_option
@takes_place
def delete(place: Place, slug: str, is_agreed: bool, as_json: bool) -> Exit:
    """Delete an organization with all that it has in both modes: records, imports with their
    attachments, histories, applications.

    It shows how many rows of each table would go, and asks. Nothing brings them back but a backup.
    First its applications are shut out, then its rows go in chunks, beside the work of others; if
    it is stopped, repeat it. Nobody else's rows are touched. While its imports wait or run, it is
    refused.
    """
    if not is_agreed and not sys.stdin.isatty():
        raise RequestRefused(
            "standard input is no terminal, so nobody can be asked; nothing was deleted",
            hint="--yes deletes without asking",
        )
    with open_place(place, makes=False) as longshore:
        belongings = longshore.organizations.belongings(slug)
        if not as_json:
            rows = [*belongings.rows.items(), ("(attachments)", belongings.attachments)]
            write_table(_BELONGINGS, (row for row in rows if row[1]))
            sys.stdout.flush()
        question = f"delete all of this, and the organization {slug}?"
        if not is_agreed and not click.confirm(question, err=True):
            fail("nothing was deleted")
            return Exit.HAD_ERRORS
        with show_progress() as progress:
            begun = ""

            def on_progress(table: str, done: int, total: int) -> None:
                nonlocal begun
                if table != begun:
                    progress.begin(f"deleting {table}")
                    begun = table
                progress.count(done, total, "rows")

            longshore.organizations.remove(belongings, on_progress=on_progress)
        if as_json:
            document = {
                "organization": slug,
                "rows": dict(belongings.rows),
                "attachments": belongings.attachments,
            }
            write_document({"data": document})
        else:
            say(f"the organization {slug} is deleted")
    return Exit.DONE


def _values(pairs: Sequence[str]) -> dict[str, str]:
    """What `KEY=VALUE` arguments say; raises RequestRefused for what is none."""
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise RequestRefused(
                f"expected KEY=VALUE, found {pair!r}",
                hint="for example addresses_phone_required=false",
            )
        if key in values:
            raise RequestRefused(f"{key} is set twice")
        values[key] = value
    return values


def _document(longshore: Longshore, organization: Organization) -> dict[str, Any]:
    from longshore.clock import format_datetime

    return {
        "id": longshore.public_ids.encode(organization.id),
        "slug": organization.slug,
        "name": organization.name,
        "modes": list(organization.modes),
        "flags": dict(organization.flags),
        "created_at": format_datetime(organization.created_at),
        "updated_at": format_datetime(organization.updated_at),
        "deleting_at": None
        if organization.deleting_at is None
        else format_datetime(organization.deleting_at),
    }


def _text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str("" if value is None else value)
