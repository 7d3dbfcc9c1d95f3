"""Whether a stored JSON text holds a given value, as each database can be asked.

The meaning is that of PostgreSQL's `@>` (manual, section "jsonb Containment and Existence"): an
object holds one whose members it all holds, an array one whose elements it all holds in any order,
numbers are compared as numbers, and an array also holds a lone scalar that is an element.

SQLite is asked by its JSON functions. Members are found by comparison, not by a path, because a
path cannot name every key. Objects within objects are joined in one subquery, because their members
can be asked for one by one; an element of an array must hold all of its value at once, so it takes
a subquery of its own.
"""

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    TableValuedAlias,
    and_,
    false,
    func,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


def holds_json(document: ColumnElement[str], value: object) -> ColumnElement[bool]:
    """Whether the JSON text holds the decoded value; null where the text is null."""
    whole = value if isinstance(value, dict | list) else [value]
    kind = "object" if isinstance(whole, dict) else "array"
    asked = and_(func.json_type(document) == kind, *_parts(document, [], whole))
    return _Holds(document, literal(json.dumps(whole)), asked)


class _Holds(FunctionElement[bool]):
    """A document, what it shall hold, and the conditions for a database without an operator."""

    type = Boolean()
    inherit_cache = True


@compiles(_Holds, "sqlite")
def _compile_conditions(holds: _Holds, compiler: SQLCompiler, **options: Any) -> str:
    *_, asked = holds.clauses
    return f"({compiler.process(asked, **options)})"


@compiles(_Holds, "postgresql")
def _compile_operator(holds: _Holds, compiler: SQLCompiler, **options: Any) -> str:
    document, value, _ = holds.clauses
    return (
        f"(CAST({compiler.process(document, **options)} AS jsonb)"
        f" @> CAST({compiler.process(value, **options)} AS jsonb))"
    )


def _parts(
    content: ColumnElement[Any], way: Sequence[tuple[TableValuedAlias, str]], value: object
) -> Iterator[ColumnElement[bool]]:
    """What must hold for a node to hold the value; `way` are the members that lead to the node."""
    if isinstance(value, dict) and value:
        for key, inner in value.items():
            member = _nodes(content)
            yield from _parts(member.c.value, [*way, (member, key)], inner)
        return
    conditions = [_is(way[-1][0], value)] if way else []
    if isinstance(value, list):
        conditions += [_has_element(content, inner) for inner in value]
    if not way:
        yield from conditions
        return
    (first, key), *others = way
    reached: FromClause = first
    conditions.append(first.c.key == key)
    before = first
    for member, name in others:
        within = and_(before.c.type == "object", member.c.key == name)
        reached, before = reached.join(member, within), member
    yield select(literal(1)).select_from(reached).where(*conditions).exists()


def _has_element(content: ColumnElement[Any], value: object) -> ColumnElement[bool]:
    node = _nodes(content)
    inner = _parts(node.c.value, [], value) if isinstance(value, dict | list) else ()
    return select(literal(1)).select_from(node).where(_is(node, value), *inner).exists()


def _is(node: TableValuedAlias, value: object) -> ColumnElement[bool]:
    """Whether a node is the scalar, or is an object or an array like the value."""
    kind, content = node.c.type, node.c.value
    match value:
        case dict():
            return kind == "object"
        case list():
            return kind == "array"
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


def _nodes(content: ColumnElement[Any]) -> TableValuedAlias:
    """The members of an object, or the elements of an array."""
    return func.json_each(content).table_valued("key", "value", "type")
