"""What a column of a template wants, in a few lines for whoever fills it."""

from collections.abc import Iterator, Mapping

from longshore.catalogue import (
    Attribute,
    Relationship,
    ValueType,
    key_names,
    load_catalogue,
    rules_of,
    when,
)
from longshore.templates.template import TemplateColumn

_TYPES: Mapping[ValueType, str] = {
    ValueType.STRING: "a text",
    ValueType.INTEGER: "a whole number, such as 12",
    ValueType.FLOAT: "a number, such as 12.5",
    ValueType.BOOLEAN: "TRUE or FALSE",
    ValueType.DATETIME: "a date and time, such as 2030-01-31T08:30:00Z",
    ValueType.OBJECT: 'an object in JSON, such as {"color": "red"}',
    ValueType.ARRAY: 'a list in JSON, such as ["a", "b"]',
}


def note_of(column: TemplateColumn) -> str:
    """Whether a cell has to be filled, what it takes, and what holds when it is blank."""
    return "\n".join(_lines(column)).replace("`", "")


def _lines(column: TemplateColumn) -> Iterator[str]:
    field = column.field
    required = when(field.required)
    if required:
        holder = f" in a record of {column.name.rpartition('.')[0]}" if column.is_nested else ""
        condition = "" if required == "yes" else f" {required}"
        yield f"required{holder}{condition}"
    if isinstance(field, Relationship):
        yield f"the id of one of the {' or '.join(field.targets)}"
        place = column.name.removesuffix("_id")
        names = [each for each in key_names(load_catalogue(), field) if "." not in each]
        if names:
            columns = " or ".join(f"{place}.{each}" for each in names)
            yield f"instead, a column {columns} names it"
        return
    yield _taken(field)
    if field.default is not None and field.type is not ValueType.OBJECT:
        default = str(field.default)
        yield f"when blank: {default.upper() if isinstance(field.default, bool) else default}"


def _taken(attribute: Attribute) -> str:
    rules = list(rules_of(attribute))
    if attribute.form is not None or attribute.enum:
        return "; ".join(rules)  # the first of them says more than the type
    return "; ".join([_TYPES[attribute.type], *rules])
