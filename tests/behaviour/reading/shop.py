"""A whole installation, filled by nothing but its own templates."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from longshore.assembly import Longshore
from longshore.catalogue import Catalogue
from longshore.imports import Import, ImportRequest, errors_of
from longshore.records import (
    ExportFormat,
    RecordReader,
    export_cells,
    export_columns,
    export_records,
    record_tables,
)
from longshore.sources import Source
from longshore.templates import Template, template_columns, template_row, write_template
from longshore.workbooks import SheetColumn, write_workbook


class Shop:
    """Imports and exports in one environment."""

    def __init__(
        self, longshore: Longshore, folder: Path, *, slug: str = "default", mode: str = "test"
    ) -> None:
        self.longshore = longshore
        self.folder = folder
        self.environment = longshore.organizations.environment(slug, mode)
        self.catalogue: Catalogue = longshore.catalogue
        self.reader = RecordReader(
            self.catalogue,
            record_tables(self.catalogue),
            self.environment.number,
            longshore.public_ids,
            longshore.database.record_secrets,
        )

    def import_text(
        self, resource_type: str, text: str, *, suffix: str, is_guarded: bool = False
    ) -> Import:
        return self.import_bytes(resource_type, text.encode(), suffix=suffix, is_guarded=is_guarded)

    def import_bytes(
        self, resource_type: str, content: bytes, *, suffix: str, is_guarded: bool = False
    ) -> Import:
        path = self.folder / f"{resource_type}.{suffix}"
        path.write_bytes(content)
        request = ImportRequest(resource_type=resource_type, skip_errors=True)
        source = replace(Source.from_path(path), is_guarded=is_guarded)
        submitted = self.longshore.submissions.submit(self.environment, source, request)
        return self.longshore.import_runs.run(submitted.id)

    def complaints(self, import_: Import) -> list[str]:
        """What an import found wrong."""
        with self.longshore.database.read() as tx:
            found = [f"{each.attribute} {each.message}" for each in errors_of(tx, import_.id)]
        return [*found, *(f"unknown column {name}" for name in import_.ignored_columns)]

    def export(self, resource_type: str, format_: ExportFormat, *, is_guarded: bool = False) -> str:
        with self.longshore.database.read() as tx:
            lines = export_records(self.reader, tx, resource_type, format_, is_guarded=is_guarded)
            return "".join(lines)

    def export_workbook(self, resource_type: str) -> bytes:
        columns = export_columns(self.catalogue, resource_type)
        file = io.BytesIO()
        with self.longshore.database.read() as tx, write_workbook(file) as workbook:
            named = [SheetColumn(name=each.name, is_text=each.is_text) for each in columns]
            sheet = workbook.sheet(resource_type, named)
            for row in export_cells(self.reader, tx, resource_type):
                sheet.write(row)
        return file.getvalue()

    def workbook_of(self, resource_type: str) -> bytes:
        """The template of a type as a workbook."""
        file = io.BytesIO()
        with write_workbook(file) as workbook:
            write_template(workbook, self.catalogue, resource_type, self.template(resource_type))
        return file.getvalue()

    def template(self, resource_type: str) -> Template:
        with self.longshore.database.read() as tx:
            return template_row(self.catalogue, resource_type, self.reader, tx, self.environment)

    def fill(self, resource_types: Iterable[str]) -> dict[str, list[str]]:
        """Import the template of each type, after those that it waits for; complaints by type."""
        complaints: dict[str, list[str]] = {}
        for resource_type in resource_types:
            self._fill(resource_type, complaints)
        return complaints

    def _fill(self, resource_type: str, complaints: dict[str, list[str]]) -> None:
        if resource_type in complaints:
            return
        complaints[resource_type] = []
        for awaited in self.template(resource_type).missing:
            self._fill(awaited, complaints)
        template = self.template(resource_type)
        assert not template.missing, f"{resource_type} still waits for {template.missing}"
        as_json = self.import_text(resource_type, json.dumps([template.row]), suffix="json")
        as_csv = self.import_text(resource_type, self.csv_of(resource_type), suffix="csv")
        complaints[resource_type] += self.complaints(as_json) + self.complaints(as_csv)
        workbook = self.workbook_of(resource_type)
        as_workbook = self.import_bytes(resource_type, workbook, suffix="xlsx")
        complaints[resource_type] += self.complaints(as_workbook)

    def csv_of(self, resource_type: str) -> str:
        """The template of a type as a CSV file."""
        columns = template_columns(self.catalogue, resource_type)
        file = io.StringIO()
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerow(self.template(resource_type).cells)
        return file.getvalue()
