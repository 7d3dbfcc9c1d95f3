"""Columns of a source to fields: mapping documents with their transforms, and suggestions.

A mapping document says which columns, constants and templates make the fields of a type, and by
which transforms; it is read strictly from TOML or JSON. Suggestions say which field and type were
meant, from names and from what values look like.

Promises: nothing is guessed that would change a value: an amount is suggested as decimal only
where its values show it, and neither a trigger nor an id is suggested for a column of another
name. Pure: knows no file, no database and no row; resource types only as the catalogue declares
them.
"""

from longshore.mapping.chain import Chain, chain_of, unit_left, unit_made
from longshore.mapping.column_looks import ColumnLook, ColumnLooker
from longshore.mapping.column_names import name_keys, shorter_names, words_of
from longshore.mapping.document import (
    MAPPING_VERSION,
    Blank,
    Constant,
    DecimalMark,
    FieldMapping,
    FromColumn,
    FromConstant,
    FromTemplate,
    MappingDocument,
    Origin,
)
from longshore.mapping.document_reader import (
    MAPPING_BYTES_MAX,
    parse_mapping,
    read_constant,
    read_mapping,
)
from longshore.mapping.drift import ChangedColumn, Drift, GoneColumn, drift_of
from longshore.mapping.field_choice import (
    Confidence,
    FieldSuggestion,
    Ground,
    SourceMeaning,
    is_alias,
    suggest_fields,
)
from longshore.mapping.field_template import FieldTemplate
from longshore.mapping.layer import MappingFailure, MappingLayer, failures_by_row
from longshore.mapping.made_field import MadeField
from longshore.mapping.mapping_refused import MappingRefused, place_of
from longshore.mapping.source_shape import ShapeColumn, SourceShape, read_shape, shape_of
from longshore.mapping.toml_text import comment, field_lines, mapping_toml
from longshore.mapping.transform import (
    Destination,
    Parameter,
    ParameterKind,
    Parameters,
    Step,
    Transform,
    TransformFailed,
    TransformUse,
)
from longshore.mapping.transforms import TRANSFORMS
from longshore.mapping.type_choice import (
    TypeSuggestion,
    missing_fields,
    suggest_types,
    type_of_name,
)
from longshore.mapping.value_kinds import ValueKind
from longshore.mapping.value_transforms import is_left_open

__all__ = [
    "MAPPING_BYTES_MAX",
    "MAPPING_VERSION",
    "TRANSFORMS",
    "Blank",
    "Chain",
    "ChangedColumn",
    "ColumnLook",
    "ColumnLooker",
    "Confidence",
    "Constant",
    "DecimalMark",
    "Destination",
    "Drift",
    "FieldMapping",
    "FieldSuggestion",
    "FieldTemplate",
    "FromColumn",
    "FromConstant",
    "FromTemplate",
    "GoneColumn",
    "Ground",
    "MadeField",
    "MappingDocument",
    "MappingFailure",
    "MappingLayer",
    "MappingRefused",
    "Origin",
    "Parameter",
    "ParameterKind",
    "Parameters",
    "ShapeColumn",
    "SourceMeaning",
    "SourceShape",
    "Step",
    "Transform",
    "TransformFailed",
    "TransformUse",
    "TypeSuggestion",
    "ValueKind",
    "chain_of",
    "comment",
    "drift_of",
    "failures_by_row",
    "field_lines",
    "is_alias",
    "is_left_open",
    "mapping_toml",
    "missing_fields",
    "name_keys",
    "parse_mapping",
    "place_of",
    "read_constant",
    "read_mapping",
    "read_shape",
    "shape_of",
    "shorter_names",
    "suggest_fields",
    "suggest_types",
    "type_of_name",
    "unit_left",
    "unit_made",
    "words_of",
]
