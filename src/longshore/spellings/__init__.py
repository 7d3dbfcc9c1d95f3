"""Values as people write them, read under a spelling that is decided for a whole column.

Promises: a text is read as exactly one value, or not at all. What two conventions read differently
(`1.234`, `03/04/2026`) is read only under a decided spelling, and the evidence for that is gathered
over all values of a column. Pure: knows no file, no row of an import and no resource type.
"""

from longshore.spellings.amounts import Amount, amount_of, clear_cents
from longshore.spellings.boolean_words import BOOLEAN_WORDS, read_boolean
from longshore.spellings.column_evidence import (
    ColumnEvidence,
    ColumnKind,
    ColumnVerdict,
    Example,
    VerdictKind,
    is_blank_token,
    is_error_token,
)
from longshore.spellings.cut_codes import is_scientific, scientific_cells
from longshore.spellings.date_texts import DateOrder, clear_date, read_date
from longshore.spellings.number_texts import (
    DecimalMark,
    clear_number,
    clear_whole_number,
    mark_of,
    marked_number,
    number_meanings,
    plain_decimal,
    read_number,
)
from longshore.spellings.refused import ValueRefused
from longshore.spellings.spelling import Spelling, SpellingRefused
from longshore.spellings.totals import looks_like_total
from longshore.spellings.weights import WEIGHT_UNITS, read_weight, weight_of, weight_unit_of

__all__ = [
    "BOOLEAN_WORDS",
    "WEIGHT_UNITS",
    "Amount",
    "ColumnEvidence",
    "ColumnKind",
    "ColumnVerdict",
    "DateOrder",
    "DecimalMark",
    "Example",
    "Spelling",
    "SpellingRefused",
    "ValueRefused",
    "VerdictKind",
    "amount_of",
    "clear_cents",
    "clear_date",
    "clear_number",
    "clear_whole_number",
    "is_blank_token",
    "is_error_token",
    "is_scientific",
    "looks_like_total",
    "mark_of",
    "marked_number",
    "number_meanings",
    "plain_decimal",
    "read_boolean",
    "read_date",
    "read_number",
    "read_weight",
    "scientific_cells",
    "weight_of",
    "weight_unit_of",
]
