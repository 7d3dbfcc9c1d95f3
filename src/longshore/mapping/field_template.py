"""Templates: a text with the names of columns in braces, such as `{Name} - {Colour}`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from longshore.mapping.mapping_refused import MappingRefused, Path

_COLUMNS_MAX = 50
_PART = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]|[^{}]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTemplate:
    """A template, taken apart."""

    text: str  # as it is written
    parts: tuple[tuple[str, bool], ...]  # texts, and whether each is the name of a column

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that it names, each once."""
        return tuple(dict.fromkeys(name for name, is_column in self.parts if is_column))

    def filled(self, cells: Sequence[str]) -> str:
        """The text with cells in the place of `columns`; blank where all of them are blank."""
        if not any(cell and not cell.isspace() for cell in cells):
            return ""
        by_name = dict(zip(self.columns, cells, strict=True))
        return "".join(by_name[part] if is_column else part for part, is_column in self.parts)


def parse_template(text: str, path: Path) -> FieldTemplate:
    """A template as it is written; raises MappingRefused."""
    parts: list[tuple[str, bool]] = []
    for found in _PART.finditer(text):
        part = found[0]
        if part in ("{{", "}}"):
            parts.append((part[0], False))
        elif part in ("{", "}"):
            raise MappingRefused(
                f"{part} at character {found.start() + 1} has no other one",
                path=path,
                hint="write {{ and }} for braces that are part of the text",
            )
        elif found[1] is not None:
            if not found[1].strip():
                raise MappingRefused("braces without the name of a column", path=path)
            parts.append((found[1].strip(), True))
        else:
            parts.append((part, False))
    template = FieldTemplate(text=text, parts=tuple(parts))
    if not template.columns:
        raise MappingRefused(
            "names no column in braces", path=path, hint="a constant is the same in every row"
        )
    if len(template.columns) > _COLUMNS_MAX:
        raise MappingRefused(f"names more than {_COLUMNS_MAX} columns", path=path)
    return template
