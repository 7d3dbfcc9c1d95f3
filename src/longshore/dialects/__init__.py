"""The files of other systems as they are: which records their rows make.

Promises: a file is recognised by its header alone, or not at all; an amount is never another one by
a power of ten; memory does not grow with the file; rows in another order make the same records, or
fail with a name; a cell of which nothing can be made fails the record that it is for, and no other.
Each dialect is one module of `platforms`, a declaration and small pure functions; adding one
touches nothing else. Knows no database: what the store has is given to it.
"""

from longshore.dialects.amounts import cents_of
from longshore.dialects.conversion import Conversion
from longshore.dialects.converting import Converted, converted
from longshore.dialects.dialect import Dialect, FileReading, HeaderSignature
from longshore.dialects.exported_goods import (
    EXPORTED_TYPE,
    PRICES_BESIDE,
    STOCK_BESIDE,
    Beside,
    ExportedSku,
    exported_products,
)
from longshore.dialects.member_files import MEMBER_CSV, NULL_TOKEN, MemberFile
from longshore.dialects.options import DialectOptions
from longshore.dialects.registry import (
    Recognised,
    asked_dialect,
    dialects,
    is_header_name,
    reading_of,
    recognise,
)
from longshore.dialects.store_names import NAMED_TYPES, NamedRecord, StoreNames
from longshore.dialects.store_records import NO_RECORDS, KnownSku, StoreRecords
from longshore.dialects.targets import DialectRefused

__all__ = [
    "EXPORTED_TYPE",
    "MEMBER_CSV",
    "NAMED_TYPES",
    "NO_RECORDS",
    "NULL_TOKEN",
    "PRICES_BESIDE",
    "STOCK_BESIDE",
    "Beside",
    "Conversion",
    "Converted",
    "Dialect",
    "DialectOptions",
    "DialectRefused",
    "ExportedSku",
    "FileReading",
    "HeaderSignature",
    "KnownSku",
    "MemberFile",
    "NamedRecord",
    "Recognised",
    "StoreNames",
    "StoreRecords",
    "asked_dialect",
    "cents_of",
    "converted",
    "dialects",
    "exported_products",
    "is_header_name",
    "reading_of",
    "recognise",
]
