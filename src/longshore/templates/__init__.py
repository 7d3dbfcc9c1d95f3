"""The example file of a type: its columns, and one row that imports.

Promises: the row imports as it stands, or says which records must exist first. Knows nothing of
imports; the catalogue and the records that exist are all that it reads.
"""

from longshore.templates.sheet import write_template
from longshore.templates.template import (
    Template,
    template_columns,
    template_row,
)

__all__ = [
    "Template",
    "template_columns",
    "template_row",
    "write_template",
]
