"""Columns of a source to fields: what values look like, and which field and type were meant.

Promises: nothing is guessed that would change a value: an amount is suggested as decimal only
where its values show it, and neither a trigger nor an id is suggested for a column of another
name. Pure: knows no file, no database and no row; resource types only as the catalogue declares
them.
"""

from longshore.mapping.column_looks import ColumnLook, ColumnLooker
from longshore.mapping.field_choice import (
    Confidence,
    FieldSuggestion,
    Ground,
    SourceMeaning,
    is_alias,
    suggest_fields,
)
from longshore.mapping.type_choice import (
    TypeSuggestion,
    missing_fields,
    suggest_types,
    type_of_name,
)
from longshore.mapping.value_kinds import ValueKind

__all__ = [
    "ColumnLook",
    "ColumnLooker",
    "Confidence",
    "FieldSuggestion",
    "Ground",
    "SourceMeaning",
    "TypeSuggestion",
    "ValueKind",
    "is_alias",
    "missing_fields",
    "suggest_fields",
    "suggest_types",
    "type_of_name",
]
