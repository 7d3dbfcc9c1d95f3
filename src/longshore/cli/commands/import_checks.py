"""What is asked of an import that does not go together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from longshore.cli.asking import check_can_ask
from longshore.cli.places import Place

if TYPE_CHECKING:
    from longshore.cli.commands.import_options import ToImport

__all__ = ["check_ask_options", "check_can_be_group", "check_server_options"]


def check_ask_options(
    *, dry_run: bool, supersede: bool, all_or_nothing: bool, server: str | None, as_json: bool
) -> None:
    """Refuse what goes with no question, and a question that nobody can answer."""
    if dry_run:
        raise click.UsageError("--ask shows what --dry-run would tell, and asks: leave one of both")
    if supersede:
        raise click.UsageError(
            "--ask and --supersede: interrupt what is in the way first, with longshore interrupt"
        )
    if all_or_nothing:
        raise click.UsageError(
            "--ask and --all-or-nothing: --ask shows which rows would fail before any is written"
        )
    if server is not None:
        raise click.UsageError(
            "--ask works in a data folder: at a server POST /api/import_plans makes a plan, and "
            "PATCH /api/import_plans/ID with _apply applies it"
        )
    if as_json:
        raise click.UsageError(
            "--ask and --json: longshore plan --json and longshore apply --json are for programs"
        )
    check_can_ask()


def check_server_options(place: Place, *, dry_run: bool, supersede: bool) -> None:
    """Refuse what only a data folder of this machine can do."""
    if supersede:
        raise click.UsageError(
            "--supersede works in a data folder: at a server the imports run in the order in which "
            "they were created, and PATCH /api/imports/ID with _interrupt ends one"
        )
    if dry_run:
        raise click.UsageError("--dry-run works in a data folder: a server has no dry run")
    if place != Place():
        raise click.UsageError(
            "--data, --database, --organization and --mode name a place of your own: at a server "
            "the token says whose records it is about"
        )


def check_can_be_group(wanted: ToImport) -> None:
    """Refuse what was asked for of rows of one type, once the file has shown several."""
    if wanted.all_or_nothing:
        raise click.UsageError(
            "--all-or-nothing is for rows of one type, and the file has several: --dry-run tells "
            "which rows would fail before any is written, and longshore undo takes all back"
        )
    if wanted.of_one_type is not None:
        raise click.UsageError(
            f"{wanted.of_one_type} is for rows of one type, and the file has several: name the "
            "type before the file to import it as that"
        )
