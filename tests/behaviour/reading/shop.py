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
from longshore.records import ExportFormat, RecordReader, export_records, record_tables
from longshore.sources import Source
from longshore.templates import Template, template_columns, template_row


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
        path = self.folder / f"{resource_type}.{suffix}"
        path.write_bytes(text.encode())
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

    def csv_of(self, resource_type: str) -> str:
        """The template of a type as a CSV file."""
        columns = template_columns(self.catalogue, resource_type)
        file = io.StringIO()
        writer = csv.DictWriter(file, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerow(self.template(resource_type).cells)
        return file.getvalue()
