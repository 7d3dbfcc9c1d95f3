"""Whether a stored JSON text holds a given value, as SQLite's JSON functions can ask it.

The meaning is that of PostgreSQL's `@>` (manual, section "jsonb Containment and Existence"): an
object holds one whose members it all holds, an array one whose elements it all holds in any order,
numbers are compared as numbers, and an array also holds a lone scalar that is an element.
Members are found by comparison, not by a path, because a path cannot name every key.
"""

from sqlalchemy import ColumnElement, and_, false, func, literal, select


def holds_json(document: ColumnElement[str], value: object) -> ColumnElement[bool]:
    """Whether the JSON text holds the decoded value; null where the text is null."""
    if isinstance(value, dict | list):
        return _holds(func.json_type(document), document, value)
    return _holds(func.json_type(document), document, [value])


def _holds(
    kind: ColumnElement[str], content: ColumnElement[str], value: object
) -> ColumnElement[bool]:
    """Whether the JSON node of a kind and a content holds the value."""
    match value:
        case dict():
            members = (_has_member(content, key, inner) for key, inner in value.items())
            return and_(kind == "object", *members)
        case list():
            elements = (_has_member(content, None, inner) for inner in value)
            return and_(kind == "array", *elements)
        case str():
            return and_(kind == "text", content == literal(value))
        case bool():
            return kind == ("true" if value else "false")
        case int() | float():
            return and_(kind.in_(("integer", "real")), content == literal(value))
        case None:
            return kind == "null"
        case _:
            return false()


def _has_member(content: ColumnElement[str], key: str | None, value: object) -> ColumnElement[bool]:
    node = func.json_each(content).table_valued("key", "value", "type")
    found = select(literal(1)).select_from(node).where(_holds(node.c.type, node.c.value, value))
    if key is not None:
        found = found.where(node.c.key == key)
    return found.exists()
