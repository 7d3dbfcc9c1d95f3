"""The page of transforms: what each does, what it takes, and what becomes of an example."""

import json
from collections.abc import Iterator

from longshore.mapping import TRANSFORMS, Parameter, ParameterKind, Transform

_KINDS = {
    ParameterKind.TEXT: "text",
    ParameterKind.INTEGER: "integer",
    ParameterKind.TEXTS: "list of texts",
    ParameterKind.TABLE: "table of texts by texts",
}


def transforms_page() -> str:
    """The page, made of the registry."""
    return "\n".join(_lines())


def _lines() -> Iterator[str]:
    yield "# Transforms"
    yield ""
    yield "A [mapping](../guides/mapping.md) names them under `transforms` of a field; they are"
    yield "applied in their order. Each takes the text of a cell and gives another one, or finds"
    yield "fault with it, which is an error of the row. Blank cells go past all of them but those"
    yield "that say otherwise, and so does null."
    yield ""
    for transform in TRANSFORMS.values():
        yield from _of(transform)


def _of(transform: Transform) -> Iterator[str]:
    yield f"## `{transform.name}`"
    yield ""
    yield transform.about + (" It is asked for blank cells too." if transform.takes_blank else "")
    yield ""
    if transform.parameters:
        yield "| parameter | takes | default | meaning |"
        yield "|---|---|---|---|"
        for each in transform.parameters:
            yield f"| `{each.name}` | {_takes(each)} | {_default(each)} | {_cell(each.about)} |"
        yield ""
    if transform.example is not None:
        before, after = (json.dumps(each, ensure_ascii=False) for each in transform.example)
        yield f"Example: `{before}` becomes `{after}`."
        yield ""


def _takes(parameter: Parameter) -> str:
    if parameter.kind is ParameterKind.CHOICE:
        return ", ".join(f"`{each}`" for each in parameter.choices)
    return _KINDS[parameter.kind]


def _default(parameter: Parameter) -> str:
    if parameter.is_required:
        return "(required)"
    if parameter.default is None or parameter.default == ():
        return ""
    return f"`{parameter.default}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
