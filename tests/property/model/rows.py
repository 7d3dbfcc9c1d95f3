"""Rows as they are written: the object that a CSV row stands for, and what the logs call a row."""

from dataclasses import dataclass

from longshore.catalogue import Catalogue
from tests.property.model.state import relationships_of
from tests.property.model.values import is_blank

IDENTIFIERS = (
    "code",
    "number",
    "email",
    "name",
    "sku_code",
    "customer_email",
    "reference",
    "id",
)


@dataclass(frozen=True, slots=True)
class CsvRow:
    """A row of a CSV source, as it was read."""

    columns: tuple[str, ...]
    cells: tuple[str, ...]

    @property
    def has_cells_beyond_header(self) -> bool:
        return any(not is_blank(cell) for cell in self.cells[len(self.columns) :])


def object_of_cells(catalogue: Catalogue, resource_type: str, row: CsvRow) -> dict[str, object]:
    """Blank cells are absent, dotted headers are nested, tags are lists within a cell."""
    declared = catalogue.types[resource_type]
    plain: dict[str, object] = {}
    nested: dict[str, dict[str, str]] = {}
    for column, cell in zip(row.columns, row.cells, strict=False):
        if is_blank(cell):
            continue
        head, dot, tail = column.partition(".")
        if not dot:
            plain[column] = cell
        elif head in declared.nested:
            nested.setdefault(head, {})[tail] = cell
    for name, element in nested.items():
        relationship = relationships_of(declared)[name]
        if relationship.linked:
            plain[name] = [
                {member: part.strip()}
                for member, cell in element.items()
                for part in cell.split(",")
                if part.strip()
            ]
        else:
            plain[name] = [element] if relationship.kind == "to_many" else element
    return plain


def identifier_of(row: object) -> str:
    """The first of the identifying fields that the row has, as it is written."""
    if isinstance(row, CsvRow):
        row = dict(zip(row.columns, row.cells, strict=False))
    if isinstance(row, dict):
        for name in IDENTIFIERS:
            value = row.get(name)
            is_text = isinstance(value, str | int | float) and not isinstance(value, bool)
            if is_text and not is_blank(value):
                return str(value).strip().replace("\0", "\N{REPLACEMENT CHARACTER}")[:200]
    return "unknown"
