"""`longshore template`: what a file looks like."""

from __future__ import annotations

import csv
import io
import json

import click

from longshore.cli.commands.options import type_argument
from longshore.cli.documents import write_bytes
from longshore.cli.messages import warn
from longshore.cli.places import Place, open_place, place_to_try, takes_place
from longshore.cli.workbooks import check_output, written_workbook

__all__ = ["template"]


@click.command("template", short_help="Write an example file of a type.")
@type_argument
@click.option(
    "--format",
    "format_",
    type=click.Choice(["csv", "json", "xlsx"]),
    default="csv",
    show_default=True,
)
@takes_place
def template(place: Place, resource_type: str, format_: str) -> None:
    """Write a file with every column of a type and one row that imports.

    The row's relationships lead to records that exist; what must exist first is named on
    standard error. A workbook (xlsx) says at each header what its column wants, and offers what a
    cell may hold.
    """
    from longshore.catalogue import importable_type, load_catalogue
    from longshore.templates import template_columns, write_template

    declared = importable_type(load_catalogue(), resource_type)
    check_output(None, is_workbook=format_ == "xlsx")
    with place_to_try(place) as tried, open_place(tried) as longshore:
        environment = place.environment(longshore)
        example = longshore.records.template(environment, declared.name)
        if format_ == "xlsx":
            with written_workbook(None) as workbook:
                write_template(workbook, longshore.catalogue, declared.name, example)
        elif format_ == "json":
            text = json.dumps([example.row], ensure_ascii=False, indent=2) + "\n"
            write_bytes(text.encode())
        else:
            text = _csv(template_columns(longshore.catalogue, declared.name), example.cells)
            write_bytes(text.encode())
    for missing in example.missing:
        warn(
            f"the row needs one of the {missing}, and there are none",
            hint=f"longshore template {missing}",
        )


def _csv(columns: list[str], cells: dict[str, str]) -> str:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerow(cells)
    return text.getvalue()
