"""Edits: changes of single cells, laid over a source that stays as it is.

Promises: an edited row differs from its source in what an edit names, and in nothing else. Knows
nothing of resource types, of what a column means, nor of where rows come from and go to.
"""

from longshore.edits.conversion import ConversionEdit, ConversionLayer
from longshore.edits.edits import (
    CellEdit,
    EditRefused,
    Edits,
    Replacement,
    Scalar,
    SetEdit,
)
from longshore.edits.layer import EditLayer, field_text
from longshore.edits.options import parse_replacement, parse_set, replacement_text

__all__ = [
    "CellEdit",
    "ConversionEdit",
    "ConversionLayer",
    "EditLayer",
    "EditRefused",
    "Edits",
    "Replacement",
    "Scalar",
    "SetEdit",
    "field_text",
    "parse_replacement",
    "parse_set",
    "replacement_text",
]
