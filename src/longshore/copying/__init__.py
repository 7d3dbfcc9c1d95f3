"""A whole installation moved from one database to another.

Promises: what is there afterwards is what was there before, compared row by row; a copy that
was ended at any moment can be repeated; and nobody works with the target before it is whole.
*Must not know:* what a table means, and how an import is run.

Theory of operation. The source is held by a write transaction from beginning to end, so that it
stands still. The target is filled chunk by chunk, each in a transaction of its own together with
the word on how far the copy is (`installation.copying`), which also keeps everybody else out. At
the end all rows of both sides are read again and compared.
"""

from longshore.copying.attachments import CopiedAttachments
from longshore.copying.contents import ContentsDiffer
from longshore.copying.installation import Copied, copy_installation
from longshore.copying.order import TableOrder, tables_in_order
from longshore.copying.transfer import CopiedTable, Progress

__all__ = [
    "ContentsDiffer",
    "Copied",
    "CopiedAttachments",
    "CopiedTable",
    "Progress",
    "TableOrder",
    "copy_installation",
    "tables_in_order",
]
