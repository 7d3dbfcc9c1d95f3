"""`longshore import --server`, from the source to the report."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from longshore.cli.documents import write_document
from longshore.cli.endings import Exit, silence_output
from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.findings import name_ignored_columns, warn_of
from longshore.cli.messages import fail, printable, say, warn
from longshore.cli.progress import show_progress
from longshore.cli.remote.client import ApiClient
from longshore.cli.remote.parents import parent_id
from longshore.cli.remote.parts import StoredSource
from longshore.cli.remote.remote_errors import failed_rows
from longshore.cli.remote.remote_import import RemoteImport, Sending
from longshore.cli.remote.remote_report import report_remote_import, warn_of_remote_rows
from longshore.cli.remote.server import RemoteCredentials, Server
from longshore.cli.remote.uploading import discard_upload, upload
from longshore.cli.stops import StopRequested, Stops
from longshore.errors import LongshoreError, PermanentError, RequestRefused

if TYPE_CHECKING:
    from longshore.catalogue import ResourceType
    from longshore.imports import ImportRequest
    from longshore.notices import Notice
    from longshore.sources import Source

__all__ = ["RemoteWork", "import_at_server"]

_BLOCK_BYTES = 1 << 18


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteWork:
    """Where an import goes, and how the command was asked to behave."""

    server: Server
    credentials: RemoteCredentials
    stops: Stops
    verbose: bool  # a line for each request, in place of progress
    as_json: bool
    failed_rows: FailedRowsFile | None


def import_at_server(work: RemoteWork, source: Source, request: ImportRequest) -> Exit:
    """Import a source at a server, and report. Raises LongshoreError when nothing was done."""
    from longshore.catalogue import load_catalogue

    if work.server.is_overheard:
        warn(
            f"token and data travel unencrypted to {work.server.url}",
            hint="name the server with https://, or reach it through a tunnel",
        )
    declared = load_catalogue().types[request.resource_type]
    request = _with_decimal(request)
    on_exchange = say if work.verbose else _ignore
    with ApiClient(work.server, work.credentials, work.stops, on_exchange=on_exchange) as client:
        try:
            parent = None
            if request.parent is not None:
                parent = parent_id(client, load_catalogue(), declared, request.parent)
            with _stored(source, request, declared, work) as (stored, file):
                warn_of(stored.stored.notices)
                upload_id = None
                if _is_to_be_uploaded(stored, declared, request):
                    read = _as_it_was_read(source, stored, request)
                    upload_id = upload(client, file, read, request, hidden=work.verbose)
                if upload_id is None:
                    _refuse_units(stored, declared, request)
                sending = Sending(client, stored, request, parent, upload_id=upload_id)
                _tell_of_rules(request, sending.result.parts_count)
                _refuse_parts(request, sending.result.parts_count)
                try:
                    result = _sent(sending, declared, work)
                except (LongshoreError, StopRequested):
                    if upload_id is not None and not sending.result.sent:
                        discard_upload(client, upload_id)
                    raise
                _name_ignored(result, request, declared, work)
                _warn_of_sent(result, told=stored.stored.notices)
                return _report(work, client, stored, result)
        except StopRequested:
            fail("stopped before anything was sent; nothing was imported")
            return Exit.HAD_ERRORS


def _with_decimal(request: ImportRequest) -> ImportRequest:
    """The request with the decimal mark of its columns in its mapping, which a server takes."""
    from longshore.mapping import MappingDocument

    if request.decimal is None:
        return request
    mapping = replace(request.mapping or MappingDocument(), decimal=request.decimal)
    return replace(request, mapping=mapping, decimal=None)


@contextmanager
def _stored(
    source: Source, request: ImportRequest, declared: ResourceType, work: RemoteWork
) -> Iterator[tuple[StoredSource, Path]]:
    """The source, read to its end, and the file that it is in; both are kept for as long as the
    block lasts.

    Raises RequestRefused for what cannot be read or renamed, and StopRequested.
    """
    from longshore.catalogue import load_catalogue
    from longshore.engine import (
        field_test,
        merged_mapping,
        nested_paths,
        source_columns,
    )
    from longshore.readers import Format
    from longshore.sources import AttachmentStore

    with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
        attachments = AttachmentStore(Path(folder) / "attachments")
        with show_progress(hidden=work.verbose) as progress:
            progress.begin("reading")
            file = source.path
            if file is None or _is_read_once(file):
                file = _kept(source, Path(folder) / "source", work)
                source = replace(source, stream=None, path=file)

            def on_read(done: int, total: int | None) -> None:
                work.stops.check()
                progress.bytes(done, total)

            stored = attachments.write(
                source,
                descend=nested_paths(load_catalogue(), declared),
                is_field=field_test(
                    load_catalogue(), declared, request.column_map, request.mapping
                ),
                progress=on_read,
            )
        columns = source_columns(
            load_catalogue(), declared, stored.layout, request.column_map, request.mapping
        )
        stored_source = StoredSource(
            resource_type=declared.name,
            name=source.name,
            attachments=attachments,
            stored=stored,
            columns=[
                None if name in columns.asked else field
                for name, field in zip(columns.names, columns.fields, strict=True)
            ]
            if stored.layout.format is Format.CSV and request.mapping is None
            else stored.layout.columns,
            column_map=columns.renamed if request.mapping is None else {},
            mapping=None
            if request.mapping is None
            else replace(
                merged_mapping(request.mapping, request.column_map), header_row=None, sheet=None
            ),
        )
        if stored.layout.has_resources:
            _refuse_other_types(stored_source, declared)
        yield stored_source, file


def _is_read_once(path: Path) -> bool:
    """Whether it is a pipe or the like, which gives its bytes to the first who reads it."""
    return path.exists() and not path.is_file() and not path.is_dir()


def _kept(source: Source, file: Path, work: RemoteWork) -> Path:
    """What can be read only once as a file: it is read here first, and then sent."""
    try:
        with ExitStack() as opened:
            kept = opened.enter_context(open(file, "wb"))
            stream: BinaryIO | None = source.stream
            if source.path is not None:
                stream = opened.enter_context(open(source.path, "rb"))
            assert stream is not None
            while block := stream.read(_BLOCK_BYTES):
                work.stops.check()
                kept.write(block)
    except OSError as error:
        raise RequestRefused(f"{source.name} cannot be read: {error.strerror or error}") from error
    return file


def _is_to_be_uploaded(
    stored: StoredSource, declared: ResourceType, request: ImportRequest
) -> bool:
    """Whether a server that takes files is sent the file as it is: what fits in one request is an
    import at once, unless errors have cells, or amounts units, that the rows alone do not tell."""
    layout = stored.stored.layout
    if layout.sheet or _unit(stored, declared, request) is not None:
        return True
    return len(stored.parts()) > 1


def _as_it_was_read(source: Source, stored: StoredSource, request: ImportRequest) -> Source:
    """The source with what was found of its header where a mapping names the columns, because the
    server does not have the mapping when it looks for the header."""
    from longshore.readers import Format

    layout = stored.stored.layout
    if request.mapping is None or layout.format is not Format.CSV or not layout.header_line:
        return source
    csv = replace(source.csv, header_row=layout.header_line, header_rows=layout.header_rows)
    return replace(source, csv=csv, sheet=layout.sheet or source.sheet)


def _refuse_units(source: StoredSource, declared: ResourceType, request: ImportRequest) -> None:
    """Refuse amounts that are not in cents, where rows are sent as they are."""
    from longshore.engine import is_unit

    unit = _unit(source, declared, request)
    if unit is not None:
        raise RequestRefused(
            f":{unit} works in a data folder: a server takes amounts in cents"
            if is_unit(unit)
            else f":{unit} works in a data folder: a server takes values as the wire has them",
            hint="convert the column first, or import where the data is",
        )


def _unit(source: StoredSource, declared: ResourceType, request: ImportRequest) -> str | None:
    """A unit in which amounts of a column are written; None: all are as a server takes them."""
    from longshore.catalogue import load_catalogue
    from longshore.engine import source_columns

    if request.mapping is not None:
        return None
    layout = source.stored.layout
    columns = source_columns(load_catalogue(), declared, layout, request.column_map)
    return next((str(unit) for unit in columns.units.values()), None)


def _tell_of_rules(request: ImportRequest, parts_count: int) -> None:
    """Say how stop rules are judged where the source is several imports; raises RequestRefused for
    one that cannot be."""
    if not request.stop_rules or parts_count == 1:
        return
    if request.stop_rules.consecutive is not None:
        raise RequestRefused(
            f"--stop-consecutive cannot be judged over the {parts_count} imports that the rows are "
            "at a server",
            hint="import where the data is, or 10,000 rows at a time",
        )
    say(
        f"the rows are {parts_count} imports at the server, which are sent one after another: "
        "stop rules are judged over all of them"
    )


def _refuse_parts(request: ImportRequest, parts_count: int) -> None:
    """Refuse to import in parts what is all or nothing: each part would be so by itself."""
    if request.all_or_nothing and parts_count > 1:
        raise RequestRefused(
            f"--all-or-nothing cannot hold over the {parts_count} imports that the rows are at a "
            "server which takes no uploads",
            hint="import where the data is, or 10,000 rows at a time",
        )


def _refuse_other_types(source: StoredSource, declared: ResourceType) -> None:
    """Refuse resources of another type: a server takes rows, and does not ask of which type."""
    from longshore.engine import is_of_other_type

    for rows in source.rows():
        for index, row in enumerate(rows.values):
            if is_of_other_type(row, {declared.name}):
                raise RequestRefused(
                    f"row {rows.first + index}, line {rows.lines[index]}: the type must be "
                    f"{declared.name}, found {row['type']!r}",
                    hint="leave out what is of other types, or import each type alone",
                )


def _sent(sending: Sending, declared: ResourceType, work: RemoteWork) -> RemoteImport:
    """The source after it was sent; what then goes wrong is no misuse any more."""
    try:
        result = sending.run(hidden=work.verbose, with_inputs=work.as_json)
    except LongshoreError as error:
        sent = [each.id for each in sending.result.sent]
        if not sent:
            raise
        say(f"the server goes on with what was sent: {', '.join(sent)}")
        if isinstance(error, RequestRefused):
            raise PermanentError(error.message, hint=error.hint) from error
        raise
    return result


def _warn_of_sent(result: RemoteImport, *, told: Sequence[Notice]) -> None:
    """Say what the server found of the whole of a part that was not told when it was read here."""
    codes = {str(notice.code) for notice in told}
    for sent in result.sent:
        for each in sent.notices:
            if each.get("code") in codes:
                continue
            # Rows and lines are those of the part, which is an import of its own.
            part = f"import {sent.id}: " if result.parts_count > 1 else ""
            hint = each.get("hint")
            warn(
                part + printable(each["message"]),
                hint=printable(hint) if isinstance(hint, str) else None,
            )


def _name_ignored(
    result: RemoteImport, request: ImportRequest, declared: ResourceType, work: RemoteWork
) -> None:
    """Name what the server left out, and where details are wanted what was not even sent."""
    from longshore.engine import IGNORED

    asked = [column for column, field in request.column_map.items() if field == IGNORED]
    asked += request.mapping.ignore if request.mapping is not None else ()
    columns = dict.fromkeys(asked if work.verbose else ())
    columns |= {name: None for sent in result.sent for name in sent.ignored_columns}
    name_ignored_columns(list(columns), declared, asked=asked, verbose=work.verbose)


def _report(
    work: RemoteWork, client: ApiClient, source: StoredSource, result: RemoteImport
) -> Exit:
    from longshore.operations import SourceForm

    failed = [(each.part, each.id) for each in result.sent if each.count("errors_count")]
    code = Exit.DONE if result.is_clean else Exit.HAD_ERRORS
    if work.failed_rows is not None:
        layout = source.stored.layout
        form = source.attachments.text_form(source.stored.name, layout)
        try:
            rows = failed_rows(client, source, failed)
            work.failed_rows.write(rows, SourceForm(layout, form))
        except PermanentError as error:
            # The import ended as it did, and that is to be told as well.
            fail(error.message, hint=error.hint)
            code = Exit.HAD_ERRORS
    warn_of_remote_rows(result)
    try:
        if work.as_json:
            documents = [each.resource for each in result.sent]
            write_document({"data": documents[0] if result.parts_count == 1 else documents})
        else:
            with nullcontext() if work.failed_rows is None else work.failed_rows.beside():
                rows = failed_rows(client, source, failed)
                report_remote_import(result, client.server, source, rows)
        sys.stdout.flush()
    except BrokenPipeError:
        silence_output()  # nobody reads the report, and the import ended as it did
    if result.failure is not None:
        fail(f"not all rows were sent: {result.failure.message}", hint=result.failure.hint)
    return code


def _ignore(_line: str) -> None:
    pass
