"""Records as files that an import takes back: exactly those that a list shows."""

from collections.abc import Callable
from functools import partial
from typing import BinaryIO

from starlette.responses import Response, StreamingResponse

from longshore.dashboard.endpoint import Page
from longshore.dashboard.records_shown import declared_of, filters_of
from longshore.dashboard.request import PageRequest
from longshore.records import ExportFormat
from longshore.web import GrowingFile
from longshore.workbooks import write_workbook

_PATIENCE_SECONDS = 20.0
_MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "ndjson": "application/x-ndjson",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def _export(format_: str, request: PageRequest) -> Response:
    """GET /records/{type}.csv, .ndjson and .xlsx?filter[q][...]=...; `safe`: none of the cells of
    a CSV can be taken for a formula."""
    name = declared_of(request).name
    is_guarded = format_ == "csv" and request.asked("safe") is not None
    write: Callable[[BinaryIO], None] = (
        partial(_write_sheet, request, name)
        if format_ == "xlsx"
        else partial(_write_text, request, name, ExportFormat(format_), is_guarded)
    )
    # What is refused within the patience is refused as a page; a longer file begins to come then,
    # before anybody between here and the browser takes the server for dead.
    sent = GrowingFile(write, patience_seconds=_PATIENCE_SECONDS)
    safe = ".spreadsheet-safe" if is_guarded else ""
    return StreamingResponse(
        sent,
        media_type=_MEDIA_TYPES[format_],
        headers={"Content-Disposition": f'attachment; filename="{name}{safe}.{format_}"'},
    )


def _write_text(
    request: PageRequest, name: str, format_: ExportFormat, is_guarded: bool, file: BinaryIO
) -> None:
    with request.operations.records.export(
        request.signed_in.environment,
        name,
        format_,
        filters=filters_of(request),
        is_guarded=is_guarded,
    ) as exported:
        for line in exported.lines:
            file.write(line.encode())


def _write_sheet(request: PageRequest, name: str, file: BinaryIO) -> None:
    with (
        request.operations.records.export_sheet(
            request.signed_in.environment, name, filters=filters_of(request)
        ) as exported,
        write_workbook(file) as workbook,
    ):
        exported.write(workbook)


def _page(format_: str) -> tuple[str, Page]:
    handler: Callable[[PageRequest], Response] = partial(_export, format_)
    return f"/records/{{type}}.{format_}", Page(handlers={"GET": handler})


PAGES = [*map(_page, _MEDIA_TYPES)]
