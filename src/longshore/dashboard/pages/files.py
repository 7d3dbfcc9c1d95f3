"""What an import was made from, and what of it failed, to be kept as files."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import PurePath
from urllib.parse import quote

from starlette.responses import Response, StreamingResponse

from longshore.dashboard.endpoint import Page
from longshore.dashboard.pages.groups import found_group
from longshore.dashboard.pages.imports import found_import, shown_import
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import PageRequest
from longshore.imports import Import, ImportGroup
from longshore.operations import (
    FailedInFile,
    FailedRow,
    FailedText,
    SourceForm,
    write_failed_sheet,
)
from longshore.spreadsheet_cells import SPREADSHEET_SAFE
from longshore.workbooks import DoesNotFit, write_workbook

_BLOCK_BYTES = 1 << 16
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_SHEET = "failed.xlsx"
# What is in the address, what a file of it is called, and of which media type it is.
_TEXTS = {
    "failed.csv": (".csv", "text/csv"),
    "failed.tsv": (".tsv", "text/tab-separated-values"),
    "failed.json": (".json", "application/json"),
}


def _files(request: PageRequest) -> Response:
    """GET /imports/{id}/files"""
    import_ = found_import(request)
    attachments = request.services.attachments
    is_kept = import_.attachment_expired_at is None
    return shown_import(
        request,
        import_,
        "import_files.html",
        tab="/files",
        is_kept=is_kept,
        sent=request.operations.imports.sent_file(import_),
        in_file=request.operations.import_groups.failed_of_member(import_),
        kept_size=attachments.raw_bytes(import_.attachment_name) if is_kept else None,
    )


def _original(request: PageRequest) -> Response:
    """GET /imports/{id}/original: the file as it was sent."""
    sent = request.operations.imports.sent_file(found_import(request))
    if sent is None:
        raise PageRefused(404, "the file of this import is not kept as it was sent")
    return _download(sent.blocks(), sent.name, "application/octet-stream")


def _original_of_group(request: PageRequest) -> Response:
    """GET /groups/{id}/original"""
    group = found_group(request)
    if group.attachment_name is None or group.attachment_expired_at is not None:
        raise PageRefused(404, "the file of this import is not kept")
    blocks = request.operations.import_groups.original(group)
    name = group.source_name or "import"
    return _download(blocks, name, "application/octet-stream")


def _rows_as_kept(request: PageRequest) -> Response:
    """GET /imports/{id}/attachment: the rows as they are imported."""
    import_ = found_import(request)
    _check_kept(import_)
    blocks = request.services.attachments.blocks(import_.attachment_name)
    name = f"{_stem(import_)}.rows.{import_.format}"
    return _download(blocks, name, "application/octet-stream")


def _failed_text(address: str, request: PageRequest) -> Response:
    """GET /imports/{id}/failed.csv and its like."""
    return failed_text(request, found_import(request), address)


def failed_text(request: PageRequest, import_: Import, address: str) -> Response:
    """The failed rows of an import, or of a plan, as the text that an address names."""
    rows = request.operations.imports.failed_rows(import_)
    return _text(request, address, _form(request, import_), rows, _stem(import_))


def failed_file_text(request: PageRequest, group: ImportGroup, address: str) -> Response:
    """The rows of another system's file of which rows failed in a group, or in a group of plans,
    likewise."""
    return _of_file(request, address, request.operations.import_groups.failed_in_file(group))


def _failed_of_group(address: str, request: PageRequest) -> Response:
    """GET /groups/{id}/failed.csv and its like: the rows as they stand in the file."""
    return failed_file_text(request, found_group(request), address)


def _failed_in_file(address: str, request: PageRequest) -> Response:
    """GET /imports/{id}/in-file/failed.csv and its like: those of one member of a group."""
    found = request.operations.import_groups.failed_of_member(found_import(request))
    return _of_file(request, address, found)


def _of_file(request: PageRequest, address: str, found: FailedInFile | None) -> Response:
    if found is None:
        raise PageRefused(404, "the file of this import is not kept")
    stem = PurePath(found.source_name or "import").stem or "import"
    if address == _SHEET:
        return _workbook(found.form(), found.rows(), stem)
    return _text(request, address, found.form(), found.rows(), stem)


def _text(
    request: PageRequest, address: str, form: SourceForm, rows: Iterable[FailedRow], stem: str
) -> Response:
    extension, media_type = _TEXTS[address]
    # Guarded is what a spreadsheet opens; its name says so, and a retry takes that off.
    is_guarded = extension != ".json" and request.asked("safe") != "no"
    text = FailedText(form, rows, extension=extension, is_guarded=is_guarded)
    stack = ExitStack()
    written = stack.enter_context(text.written())

    def blocks() -> Iterator[bytes]:
        with stack:
            yield from written.blocks

    safe = SPREADSHEET_SAFE if is_guarded else ""
    return _download(blocks(), f"{stem}.failed{safe}{extension}", media_type)


def _failed_workbook(request: PageRequest) -> Response:
    """GET /imports/{id}/failed.xlsx"""
    import_ = found_import(request)
    rows = request.operations.imports.failed_rows(import_)
    return _workbook(_form(request, import_), rows, _stem(import_))


def _workbook(form: SourceForm, rows: Iterable[FailedRow], stem: str) -> Response:
    with ExitStack() as stack:
        file = stack.enter_context(tempfile.TemporaryFile())
        try:
            with write_workbook(file) as workbook:
                write_failed_sheet(workbook, rows, form)
        except DoesNotFit as error:
            hint = "take the CSV: it can hold all of the rows"
            raise PageRefused(422, error.message, hint=hint) from error
        file.seek(0)
        kept = stack.pop_all()  # until it is sent

    def blocks() -> Iterator[bytes]:
        with kept:
            while block := file.read(_BLOCK_BYTES):
                yield block

    return _download(blocks(), f"{stem}.failed.xlsx", _XLSX)


def _form(request: PageRequest, import_: Import) -> SourceForm:
    text = request.services.attachments.text_form(import_.attachment_name, import_.layout)
    return SourceForm(import_.layout, text)


def _check_kept(import_: Import) -> None:
    if import_.attachment_expired_at is not None:
        raise PageRefused(404, "the file of this import is not kept any more")


def _stem(import_: Import) -> str:
    return PurePath(import_.source_name or import_.resource_type).stem or import_.resource_type


def _download(blocks: Iterator[bytes], name: str, media_type: str) -> Response:
    """Bytes to be kept under a name, never shown by the browser itself."""
    plain = "".join(each if each.isascii() and each.isprintable() else "_" for each in name)
    plain = plain.replace('"', "_").replace("\\", "_")
    named = f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Disposition": named, "X-Content-Type-Options": "nosniff"}
    return StreamingResponse(blocks, media_type=media_type, headers=headers)


def _at(
    path: str, addresses: Iterable[str], answer: Callable[[str, PageRequest], Response]
) -> Iterator[tuple[str, Page]]:
    """The pages that one function answers, at each of these addresses below a path."""
    for address in addresses:
        handler: Callable[[PageRequest], Response] = partial(answer, address)
        yield f"{path}/{address}", Page(handlers={"GET": handler})


PAGES = [
    ("/imports/{id}/files", Page(handlers={"GET": _files})),
    ("/imports/{id}/original", Page(handlers={"GET": _original})),
    ("/imports/{id}/attachment", Page(handlers={"GET": _rows_as_kept})),
    (f"/imports/{{id}}/{_SHEET}", Page(handlers={"GET": _failed_workbook})),
    ("/groups/{id}/original", Page(handlers={"GET": _original_of_group})),
    *_at("/imports/{id}", _TEXTS, _failed_text),
    *_at("/imports/{id}/in-file", (*_TEXTS, _SHEET), _failed_in_file),
    *_at("/groups/{id}", (*_TEXTS, _SHEET), _failed_of_group),
]
