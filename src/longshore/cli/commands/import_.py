"""`longshore import`: a file becomes records."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import click

from longshore.cli.commands.group_options import CommandWithDialects
from longshore.cli.commands.import_checks import check_ask_options, check_server_options
from longshore.cli.commands.import_options import ImportOptions, import_options
from longshore.cli.commands.importing import Importing
from longshore.cli.commands.options import json_option, spreadsheet_safe_option, verbose_option
from longshore.cli.commands.source_options import path_of, warn_of_guarded
from longshore.cli.endings import Exit
from longshore.cli.failed_rows import STANDARD_OUTPUT, FailedRowsFile
from longshore.cli.import_work import Work
from longshore.cli.places import Place, open_place, place_to_try, takes_place
from longshore.cli.stops import watch_for_stops

__all__ = ["import_"]


@click.command("import", cls=CommandWithDialects, short_help="Import a file.")
@import_options
@click.option(
    "--all-or-nothing",
    is_flag=True,
    help="Write nothing if any row fails: all rows are judged first. What is written when "
    "something comes between is taken back.",
)
@click.option(
    "--supersede",
    is_flag=True,
    help="Interrupt older imports that write the same tables and have not ended, in place of "
    "finishing them first.",
)
@click.option(
    "--ask",
    "asks",
    is_flag=True,
    help="Plan the import first, show what it would do, and ask whether to do exactly that.",
)
@click.option("--dry-run", is_flag=True, help="Tell what an import would do, and write nothing.")
@click.option(
    "--errors",
    "errors_file",
    type=click.Path(path_type=Path, allow_dash=True),
    metavar="FILE",
    help="Write the failed rows to a CSV, JSON or XLSX file that can be mended and imported; - "
    "writes them to standard output, and the report to standard error.",
)
@spreadsheet_safe_option(
    "Take the apostrophe off cells of a CSV that an export with this option wrote before = + - @, "
    "and write it into the failed rows; their file then has .spreadsheet-safe in its name."
)
@click.option(
    "--server",
    metavar="URL",
    help="Import at a server that is reached at this address; one that takes no uploads gets the "
    "rows in parts of 10,000. Who asks is in LONGSHORE_TOKEN, or in LONGSHORE_CLIENT_ID and "
    "LONGSHORE_CLIENT_SECRET.",
)
@click.option(
    "--ca-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Certificate to trust the server by, where the machine does not know it.",
)
@json_option
@verbose_option
@takes_place
def import_(
    place: Place,
    options: ImportOptions,
    all_or_nothing: bool,
    supersede: bool,
    asks: bool,
    dry_run: bool,
    errors_file: Path | None,
    is_guarded: bool,
    server: str | None,
    ca_file: Path | None,
    as_json: bool,
    verbose: bool,
) -> Exit:
    """Import the rows of FILE as records of TYPE; each row creates the record that it names, or
    updates it, or finds it unchanged.

    Without TYPE the file shows what it is: one that another system has written, such as a product
    file of Shopify, a list of articles with prices or stock, a workbook, an archive or a JSON
    object with several types, or rows of one type. What has several types is imported as one group.

    FILE is CSV, JSON, NDJSON, a workbook (.xlsx, .xlsm, .ods) or Parquet, plain, compressed with
    gzip or zstd, or alone in a zip archive; an address (https://...) is fetched, and - reads
    standard input. What cannot be read is refused whole. A row that fails stops no other, unless
    more than 10 % fail.

    Imports that write the same tables run in the order in which they were created. What a stopped
    process left open is finished first, what another process runs is waited for; --supersede ends
    both.

    --ask shows what the import would do, row by row and field by field, and asks on the terminal
    whether to do it. What is then imported is exactly what was shown: where others have changed
    records meanwhile, nothing is written, and the rows are named.

    The report says when the same was imported before. --once refuses it then, unless that import
    was interrupted, or none of its rows succeeded.

    Ctrl-C interrupts the import after the rows in hand. SIGTERM and SIGHUP stop the process
    likewise, but leave the import open for `longshore resume`.

    With --all-or-nothing Ctrl-C while the rows are judged ends the import with nothing written;
    while they are written it has taken back what is written before it ends.

    With --server the rows go to a server, and Ctrl-C interrupts the import there; SIGTERM and
    SIGHUP leave it to the server, which goes on with what was sent.

    Exit status: 0 all rows are in; 1 rows failed, or the import was interrupted; 2 nothing was
    done, because the command or the file cannot be understood.
    """
    wanted = options.to_import(place, server=server)
    if server is not None:
        check_server_options(place, dry_run=dry_run, supersede=supersede)
    elif ca_file is not None:
        raise click.UsageError("--ca-file needs --server")
    if all_or_nothing and options.skip_errors:
        raise click.UsageError(
            "--skip-errors writes rows though others fail, --all-or-nothing writes none then"
        )
    if asks:
        check_ask_options(
            dry_run=dry_run,
            supersede=supersede,
            all_or_nothing=all_or_nothing,
            server=server,
            as_json=as_json,
        )
    if dry_run and supersede:
        raise click.UsageError("--supersede interrupts imports, and --dry-run changes nothing")
    failed_rows = None
    if errors_file is not None:
        if as_json and errors_file == STANDARD_OUTPUT:
            raise click.UsageError("--json and --errors - both want standard output: name a file")
        failed_rows = FailedRowsFile.of_option(
            errors_file,
            is_spreadsheet_safe=is_guarded,
            source=path_of(wanted.file),
        )
    if not is_guarded:
        warn_of_guarded(wanted.file)
    wanted = replace(wanted, all_or_nothing=all_or_nothing)
    if server is not None:
        request = wanted.request(wanted.named_type)
        from longshore.cli.remote import RemoteCredentials, RemoteWork, Server, import_at_server

        with watch_for_stops() as stops:
            remote = RemoteWork(
                server=Server.at(server, ca_file=ca_file),
                credentials=RemoteCredentials.from_environment(os.environ),
                stops=stops,
                verbose=verbose,
                as_json=as_json,
                failed_rows=failed_rows,
            )
            source = wanted.source(stops, is_guarded=is_guarded)
            return import_at_server(remote, source, request)
    with (
        place_to_try(place) if dry_run else nullcontext(place) as place,
        open_place(place, verbose=verbose) as longshore,
        watch_for_stops() as stops,
    ):
        work = Work(longshore, place.environment(longshore), stops, verbose)
        to_import = Importing(
            work=work, wanted=wanted, is_guarded=is_guarded, failed_rows=failed_rows
        )
        if asks:
            return to_import.when_agreed()
        if dry_run:
            return to_import.only_tried(as_json=as_json)
        return to_import.done(supersedes=supersede, as_json=as_json)
