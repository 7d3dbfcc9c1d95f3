"""`longshore import`: a file becomes records."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from longshore.cli.commands.mapping_options import MappingOptions, mapping_options
from longshore.cli.commands.options import (
    json_option,
    spreadsheet_safe_option,
    type_argument,
    verbose_option,
)
from longshore.cli.commands.source_options import (
    path_of,
    shown_source,
    source_of,
    source_options,
)
from longshore.cli.commands.stop_options import stop_options
from longshore.cli.endings import Exit
from longshore.cli.failed_rows import STANDARD_OUTPUT, FailedRowsFile, SourceForm
from longshore.cli.files import SPREADSHEET_SAFE
from longshore.cli.findings import name_ignored_columns, warn_of, write_dry_run
from longshore.cli.import_end import run_to_end
from longshore.cli.import_work import Work
from longshore.cli.messages import fail, printable, warn
from longshore.cli.places import Place, open_place, place_to_try, takes_place
from longshore.cli.report import exit_of_dry_run, report_dry_run
from longshore.cli.stops import StopRequested, Stops, watch_for_stops
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from decimal import Decimal

    from longshore.error_codes import ErrorCode
    from longshore.imports import ImportRequest
    from longshore.mapping import MappingDocument
    from longshore.notices import Notice
    from longshore.saved_mappings import SavedMapping
    from longshore.sources import Source

__all__ = ["import_"]


@click.command("import", short_help="Import a file.")
@type_argument
@click.argument("file", metavar="FILE")
@source_options
@click.option(
    "--parent",
    metavar="ID",
    help="Id or natural key of the record that rows belong to which name none, such as the "
    "shipping category of SKUs or the price list of prices.",
)
@click.option(
    "--map",
    "mappings",
    multiple=True,
    metavar="COLUMN=FIELD",
    help="Read a column as a field of another name; may be given again. Onto a field of cents, "
    "with :cents or :decimal behind it.",
)
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="COLUMN",
    help="Leave a column out, as if the file did not have it; may be given again.",
)
@mapping_options
@click.option(
    "--decimal",
    type=click.Choice(["comma", "point"]),
    help="What stands before the decimals in all columns; without it, the values of each column "
    "show it.",
)
@click.option(
    "--skip-errors", is_flag=True, help="Go on to the end even if more than 10 % of the rows fail."
)
@stop_options
@click.option(
    "--supersede",
    is_flag=True,
    help="Interrupt older imports that write the same tables and have not ended, in place of "
    "finishing them first.",
)
@click.option(
    "--once",
    is_flag=True,
    help="Refuse a file that was imported before in the same way: the same content, read and "
    "mapped alike, as the same type with the same parent.",
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
    resource_type: str,
    file: str,
    format_: str | None,
    encoding: str | None,
    delimiter: str | None,
    quote: str | None,
    escape: str | None,
    header_row: str | None,
    sheet: str | None,
    parent: str | None,
    mappings: tuple[str, ...],
    ignored: tuple[str, ...],
    mapping: str | None,
    constants: tuple[str, ...],
    blank: str | None,
    null: str | None,
    decimal: str | None,
    skip_errors: bool,
    stop_after: int | None,
    stop_at: Decimal | None,
    stop_consecutive: int | None,
    stop_on: tuple[ErrorCode, ...],
    only: str | None,
    supersede: bool,
    once: bool,
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

    The report says when the same was imported before. --once refuses it then, unless that import
    was interrupted, or none of its rows succeeded.

    Ctrl-C interrupts the import after the rows in hand. SIGTERM and SIGHUP stop the process
    likewise, but leave the import open for `longshore resume`.

    With --server the rows go to a server, and Ctrl-C interrupts the import there; SIGTERM and
    SIGHUP leave it to the server, which goes on with what was sent.

    Exit status: 0 all rows are in; 1 rows failed, or the import was interrupted; 2 nothing was
    done, because the command or the file cannot be understood.
    """
    from longshore.catalogue import importable_type, load_catalogue
    from longshore.imports import ImportRequest, Only, StopRules
    from longshore.readers import CsvOptions
    from longshore.spellings import DecimalMark

    column_map = _column_map(mappings, ignored)
    saved: list[SavedMapping] = []

    def find_saved(name: str) -> MappingDocument:
        saved.append(_saved_mapping(place, name, server=server))
        return saved[0].document

    document = MappingOptions(
        mapping=mapping, constants=constants, blank=blank, null=null
    ).document(_fields(column_map), saved=find_saved)
    if document is not None:
        if header_row is None and document.header_row is not None:
            header_row = str(document.header_row)
        sheet = sheet or document.sheet
    csv = CsvOptions.parse(delimiter=delimiter, quote=quote, escape=escape, header_row=header_row)
    if server is not None:
        _check_server_options(place, dry_run=dry_run, supersede=supersede)
    elif ca_file is not None:
        raise click.UsageError("--ca-file needs --server")
    if dry_run and supersede:
        raise click.UsageError("--supersede interrupts imports, and --dry-run changes nothing")
    declared = importable_type(load_catalogue(), resource_type)
    request = ImportRequest(
        resource_type=declared.name,
        parent=parent,
        column_map=column_map,
        mapping=document,
        saved_mapping=saved[0] if saved else None,
        skip_errors=skip_errors,
        once=once,
        stop_rules=StopRules(
            on=tuple(dict.fromkeys(stop_on)),
            consecutive=stop_consecutive,
            after=stop_after,
            at=stop_at,
        ),
        only=None if only is None else Only(only),
        decimal=None if decimal is None else DecimalMark(decimal),
    )
    failed_rows = None
    if errors_file is not None:
        if as_json and errors_file == STANDARD_OUTPUT:
            raise click.UsageError("--json and --errors - both want standard output: name a file")
        failed_rows = FailedRowsFile.of_option(
            errors_file,
            is_spreadsheet_safe=is_guarded,
            source=path_of(file),
        )
    if not is_guarded and SPREADSHEET_SAFE in Path(file).suffixes:
        warn(
            f"the name of {printable(shown_source(file))} says that cells have an apostrophe "
            "before = + - @",
            hint="--spreadsheet-safe takes it off",
        )

    def source_in_form(stops: Stops) -> Source:
        source = source_of(
            file, format_=format_, encoding=encoding, csv=csv, sheet=sheet, stops=stops
        )
        return replace(source, is_guarded=is_guarded)

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
            source = source_in_form(stops)
            return import_at_server(remote, source, request)
    with (
        place_to_try(place) if dry_run else nullcontext(place) as place,
        open_place(place, verbose=verbose) as longshore,
        watch_for_stops() as stops,
    ):
        work = Work(longshore, place.environment(longshore), stops, verbose)
        source = source_in_form(stops)
        if dry_run:
            return _try(work, source, request, failed_rows, as_json=as_json)
        return _import(work, source, request, failed_rows, supersedes=supersede, as_json=as_json)


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
    _warn_of_source(work, request, import_.ignored_columns, import_.notices)
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
            _warn_of_source(work, request, result.ignored_columns, result.notices)
            if failed_rows is not None:
                form = SourceForm(trial.layout, trial.text_form())
                failed_rows.write(trial.failed_rows(), form)
            if as_json:
                write_dry_run(trial)
            else:
                with nullcontext() if failed_rows is None else failed_rows.beside():
                    report_dry_run(trial, request.only)
    except StopRequested:
        fail("stopped before the end of the dry run; nothing was written")
        return Exit.HAD_ERRORS
    return exit_of_dry_run(result)


def _column_map(mappings: Sequence[str], ignored: Sequence[str]) -> dict[str, str]:
    """Fields by column; a column's name may hold a `=`, a field's never does."""
    from longshore.engine import IGNORED

    column_map: dict[str, str] = {}
    for mapping in mappings:
        column, equals, name = (part.strip() for part in mapping.rpartition("="))
        if not (column and equals and name):
            raise click.BadParameter(
                f"expected COLUMN=FIELD, found {mapping!r}", param_hint="'--map'"
            )
        if column_map.setdefault(column, name) != name:
            raise click.BadParameter(f"{column!r} is mapped twice", param_hint="'--map'")
    for column in dict.fromkeys(map(str.strip, ignored)):
        if column in column_map:
            raise click.BadParameter(f"{column!r} is mapped as well", param_hint="'--ignore'")
        column_map[column] = IGNORED
    return column_map


def _saved_mapping(place: Place, name: str, *, server: str | None) -> SavedMapping:
    """The mapping that is saved under a name; what is no name is a file that is not there."""
    from longshore.operations import Asker
    from longshore.saved_mappings import MappingReference, is_name

    if not is_name(name.partition("@")[0]):
        raise RequestRefused(
            f"there is no file {printable(name)}",
            hint="--mapping names a file of TOML or JSON, or a saved mapping",
        )
    if server is not None:
        raise RequestRefused(
            f"there is no file {printable(name)}, and with --server no saved mapping is looked for",
            hint=f"write it to a file: longshore mappings show {printable(name)} > map.toml",
        )
    with open_place(place, makes=False) as longshore:
        asker = Asker(environment=place.environment(longshore))
        return longshore.saved_mappings.named(asker, MappingReference.parse(name))


def _fields(column_map: Mapping[str, str]) -> set[str]:
    """The fields that columns are mapped to."""
    from longshore.engine import split_unit

    return {split_unit(meaning)[0] for meaning in column_map.values()}


def _warn_of_source(
    work: Work,
    request: ImportRequest,
    ignored_columns: Sequence[str],
    notices: Sequence[Notice],
) -> None:
    warn_of(notices)
    declared = work.longshore.catalogue.types[request.resource_type]
    asked = {*request.column_map, *(request.mapping.ignore if request.mapping else ())}
    name_ignored_columns(ignored_columns, declared, asked=asked, verbose=work.verbose)
