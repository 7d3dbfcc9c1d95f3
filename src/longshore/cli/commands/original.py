"""`longshore original`: the workbook that an import was made from."""

from __future__ import annotations

import sys

import click

from longshore.cli.commands.options import import_argument
from longshore.cli.documents import write_bytes
from longshore.cli.messages import is_terminal
from longshore.cli.places import Place, open_place, takes_place
from longshore.errors import RequestRefused

__all__ = ["original"]


@click.command("original", short_help="Write the workbook that an import was made from.")
@import_argument
@takes_place
def original(place: Place, public_id: str) -> None:
    """Write the workbook, the archive or the Parquet file that an import was made from to standard
    output, byte for byte: `longshore original ID > products.xlsx`. Of a file of which rows were
    changed in the dashboard before, it is the file as it was sent; of a retry, that of the first
    import.

    It is kept beside the rows that were read of it, up to 256 MiB, and removed with them.
    """
    if is_terminal(error=False):
        raise RequestRefused(
            "the original is no text for a terminal", hint="send it to a file: > FILE"
        )
    with open_place(place, makes=False) as longshore:
        import_ = longshore.imports.find(place.environment(longshore), public_id)
        for block in longshore.imports.original(import_):
            write_bytes(block)
    sys.stdout.flush()
