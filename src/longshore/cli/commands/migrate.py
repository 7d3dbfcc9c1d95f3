"""`longshore migrate`: make the schema of the database this version's."""

from __future__ import annotations

import click

from longshore.cli.commands.options import json_option
from longshore.cli.documents import write_document
from longshore.cli.messages import counted, warn
from longshore.cli.places import Place, takes_place

__all__ = ["migrate"]


@click.command("migrate", short_help="Prepare or upgrade the database.")
@json_option
@takes_place
def migrate(place: Place, as_json: bool) -> None:
    """Prepare an empty database, or upgrade the schema of an older version.

    It may be run twice, and by several machines at once. Servers and workers of the version before
    may go on meanwhile; restart them afterwards with this one. The database of a data folder is
    migrated by every command that opens it.
    """
    from longshore.assembly import migrate_database

    done, keys = migrate_database(place.settings())
    if as_json:
        write_document(
            {
                "data": {
                    "database": done.place,
                    "before": done.before,
                    "after": done.after,
                    "changed": done.has_changed,
                    "keys": {"changed": keys.changed, "left": keys.met},
                }
            }
        )
    elif not done.has_changed:
        click.echo(f"nothing to do: {done.place} has schema {done.after}")
    elif done.before is None:
        click.echo(f"prepared {done.place}: schema {done.after}")
    else:
        click.echo(f"upgraded {done.place}: schema {done.before} to {done.after}")
    if keys.changed and not as_json:
        click.echo(f"spelled the keys of {counted(keys.changed, 'record')} as keys are")
    if keys.met:
        warn(
            f"keys of {counted(keys.met, 'record')} stay as an older release has stored them: "
            "others have the keys that they would get",
            hint="`longshore doctor keys` lists them",
        )
