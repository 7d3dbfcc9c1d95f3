"""`longshore import`: a file becomes records."""

from __future__ import annotations

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longshore.cli.asking import check_can_ask, import_when_agreed
from longshore.cli.commands.import_options import ImportOptions, import_options
from longshore.cli.commands.options import json_option, spreadsheet_safe_option, verbose_option
from longshore.cli.commands.source_options import path_of, warn_of_guarded
from longshore.cli.endings import Exit
from longshore.cli.failed_rows import STANDARD_OUTPUT, FailedRowsFile, SourceForm
from longshore.cli.findings import warn_of_source, write_dry_run
from longshore.cli.import_end import run_to_end
from longshore.cli.import_work import Work
from longshore.cli.messages import fail
from longshore.cli.places import Place, open_place, place_to_try, takes_place
from longshore.cli.report import exit_of_dry_run, report_dry_run
from longshore.cli.stops import StopRequested, watch_for_stops

if TYPE_CHECKING:
    from longshore.imports import ImportRequest
    from longshore.sources import Source

__all__ = ["import_"]


@click.command("import", short_help="Import a file.")
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
    request = replace(wanted.request, all_or_nothing=all_or_nothing)
    if server is not None:
        _check_server_options(place, dry_run=dry_run, supersede=supersede)
    elif ca_file is not None:
        raise click.UsageError("--ca-file needs --server")
    if all_or_nothing and options.skip_errors:
        raise click.UsageError(
            "--skip-errors writes rows though others fail, --all-or-nothing writes none then"
        )
    if asks:
        _check_ask_options(
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
    if server is not None:
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
        source = wanted.source(stops, is_guarded=is_guarded)
        if asks:
            return import_when_agreed(work, source, request, failed_rows)
        if dry_run:
            return _try(work, source, request, failed_rows, as_json=as_json)
        return _import(work, source, request, failed_rows, supersedes=supersede, as_json=as_json)


def _check_ask_options(
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


def _check_server_options(place: Place, *, dry_run: bool, supersede: bool) -> None:
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


def _import(
    work: Work,
    source: Source,
    request: ImportRequest,
    failed_rows: FailedRowsFile | None,
    *,
    supersedes: bool,
    as_json: bool,
) -> Exit:
    try:
        import_ = work.submit(source, request, supersedes=supersedes)
    except StopRequested:
        fail("stopped while the source was read; nothing was imported")
        return Exit.HAD_ERRORS
    warn_of_source(work.longshore, request, import_, verbose=work.verbose)
    return run_to_end(work, import_, failed_rows, as_json=as_json)


def _try(
    work: Work,
    source: Source,
    request: ImportRequest,
    failed_rows: FailedRowsFile | None,
    *,
    as_json: bool,
) -> Exit:
    try:
        with work.try_import(source, request) as trial:
            result = trial.result
            warn_of_source(work.longshore, request, result, verbose=work.verbose)
            if failed_rows is not None:
                form = SourceForm(trial.layout, trial.text_form())
                failed_rows.write(trial.failed_rows(), form)
            if as_json:
                write_dry_run(trial)
            else:
                with nullcontext() if failed_rows is None else failed_rows.beside():
                    report_dry_run(trial, request)
    except StopRequested:
        fail("stopped before the end of the dry run; nothing was written")
        return Exit.HAD_ERRORS
    return exit_of_dry_run(result)
