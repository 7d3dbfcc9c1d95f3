"""The template of a type as a sheet: what each column wants stands at its header, cells of closed
lists and truth values offer what they may hold, and codes that somebody types stay texts."""

from longshore.catalogue import Attribute, Catalogue, ValueType
from longshore.templates.notes import note_of
from longshore.templates.template import Template, TemplateColumn, template_fields
from longshore.workbooks import Cell, SheetColumn, WorkbookWriter

_TRUTHS = ("TRUE", "FALSE")


def write_template(
    workbook: WorkbookWriter, catalogue: Catalogue, resource_type: str, template: Template
) -> None:
    """Write the sheet, with the row of the template below its header."""
    fields = template_fields(catalogue, resource_type)
    sheet = workbook.sheet(resource_type, [_column(each) for each in fields])
    values, texts = template.values, template.cells
    row: list[Cell] = []
    for field in fields:
        value = values.get(field.name)
        is_itself = isinstance(value, bool | int | float)
        row.append(value if is_itself else texts.get(field.name))
    sheet.write(row)


def _column(column: TemplateColumn) -> SheetColumn:
    field = column.field
    type_ = field.type if isinstance(field, Attribute) else ValueType.STRING
    choices = field.enum if isinstance(field, Attribute) and type_ is ValueType.STRING else ()
    return SheetColumn(
        name=column.name,
        is_text=type_ is ValueType.STRING,
        is_required=field.required is not None and not column.is_nested,
        note=note_of(column),
        choices=_TRUTHS if type_ is ValueType.BOOLEAN else choices,
    )
