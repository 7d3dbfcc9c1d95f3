"""`longshore groups`: the files of several types that were imported."""

from __future__ import annotations

import click

from longshore.cli.commands.options import json_option, limit_option
from longshore.cli.documents import write_list
from longshore.cli.messages import counted, say
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.resources import group_resource
from longshore.cli.tables import TableColumn, minute, write_table

__all__ = ["groups"]

_SHOWN = 25
_LISTED_MAX = 1_000_000_000  # all
_COLUMNS = (
    TableColumn(title="group"),
    TableColumn(title="what", shortens=True),
    TableColumn(title="status"),
    TableColumn(title="rows", right=True),
    TableColumn(title="failed", right=True),
    TableColumn(title="created (UTC)"),
    TableColumn(title="source", shortens=True),
    TableColumn(title="types", folds=True),
)


@click.command("groups", short_help="List the import groups, newest first.")
@click.option("--plans", "are_plans", is_flag=True, help="Those whose members are plans.")
@limit_option(f"At most so many.  [default: {_SHOWN}, all with --json]")
@json_option
@takes_place
def groups(place: Place, are_plans: bool, limit: int | None, as_json: bool) -> None:
    """List the import groups of an organization in one mode, newest first: each is a file of which
    several types were imported. `longshore show GROUP` shows one; its members are imports like any
    other.
    """
    from longshore.operations import Asker

    with open_place(place, makes=False) as longshore:
        environment = place.environment(longshore)
        page = longshore.import_groups.page(
            Asker(environment=environment),
            offset=0,
            limit=limit or (_LISTED_MAX if as_json else _SHOWN),
            are_plans=are_plans,
        )
        if as_json:
            write_list(group_resource(longshore, environment, each) for each in page.groups)
            return
        if not page.groups:
            verb = "plan" if are_plans else "import"
            say(
                f"no {'groups of plans' if are_plans else 'import groups'} yet",
                hint=f"longshore {verb} FILE makes one of a file with several types",
            )
            return
        encode = longshore.public_ids.encode
        write_table(
            _COLUMNS,
            (
                (
                    encode(each.id),
                    each.dialect or str(each.form),
                    str(each.status),
                    each.total("inputs_size"),
                    each.total("errors_count"),
                    minute(each.created_at),
                    each.source_name,
                    ", ".join(member.resource_type for member in each.members),
                )
                for each in page.groups
            ),
        )
        if page.count > len(page.groups):
            more = counted(page.count - len(page.groups), "older group")
            say(f"and {more}: --limit N shows more")
