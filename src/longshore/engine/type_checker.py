"""Rows that were resource objects of JSON:API say of which type they are; it must be right."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.catalogue import Catalogue, ResourceType
from longshore.engine.chunk.candidates import Candidates, RowConverter
from longshore.engine.values.candidate import Finding
from longshore.error_codes import ErrorCode, message

TYPE = "type"


class TypeChecker:
    """Converts rows, and finds fault with those of another type than is imported."""

    def __init__(self, convert: RowConverter, catalogue: Catalogue, type_: ResourceType) -> None:
        self._convert = convert
        self._names = {type_.name, *catalogue.concrete_types(type_.name)}
        self._message = message(ErrorCode.OTHER_TYPE, type_.name)

    def __call__(self, rows: Sequence[Any]) -> Candidates:
        """The candidates of the rows."""
        findings: dict[int, Sequence[Finding]] = {}
        for index, row in enumerate(rows):
            if is_of_other_type(row, self._names):
                findings[index] = ((TYPE, self._message, row[TYPE]),)
        candidates = self._convert(rows)
        return candidates.with_findings(findings) if findings else candidates


def is_of_other_type(row: object, names: set[str]) -> bool:
    """Whether a row says that it is of another type than these."""
    if not isinstance(row, Mapping):
        return False
    given = row.get(TYPE)
    return isinstance(given, str) and given not in names
