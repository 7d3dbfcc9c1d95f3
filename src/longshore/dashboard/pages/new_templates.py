"""Templates: files with all columns of a type, and one row that imports."""

import csv
import io

from starlette.responses import Response

from longshore.access import Action
from longshore.catalogue import importable_type
from longshore.dashboard.endpoint import Page
from longshore.dashboard.request import PageRequest
from longshore.templates import template_columns, write_template
from longshore.workbooks import write_workbook

_WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _template(request: PageRequest) -> Response:
    """GET /new/templates?type=TYPE&format=csv|xlsx"""
    request.require(Action.CREATE, "imports")
    catalogue = request.services.catalogue
    name = importable_type(catalogue, request.asked("type") or "").name
    example = request.operations.records.template(request.signed_in.environment, name)
    if request.asked("format") == "xlsx":
        file = io.BytesIO()
        with write_workbook(file) as workbook:
            write_template(workbook, catalogue, name, example)
        return _download(f"{name}.xlsx", file.getvalue(), _WORKBOOK)
    text = io.StringIO()
    writer = csv.DictWriter(text, template_columns(catalogue, name), lineterminator="\n")
    writer.writeheader()
    writer.writerow(example.cells)
    return _download(f"{name}.csv", text.getvalue().encode(), "text/csv; charset=utf-8")


def _download(name: str, content: bytes, media_type: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=media_type, headers=headers)


PAGES = [("/new/templates", Page(handlers={"GET": _template}))]
