"""Undos: runs that take back what an import, or an undo, has changed.

Promises: what an undo says of itself is true at every moment, whatever crashes. Knows nothing of
how a change is taken back.
"""

from longshore.undos.store import (
    KIND,
    count_kept,
    create_undo,
    forget_kept,
    get_undo,
    hold_undo,
    kept_of,
    list_undos,
    note_kept,
    read_undo,
    undos_of,
    write_undo,
)
from longshore.undos.tables import import_undos, undo_kept
from longshore.undos.undo import KeptPart, KeptReason, NewUndo, Undo, UndoStatus

__all__ = [
    "KIND",
    "KeptPart",
    "KeptReason",
    "NewUndo",
    "Undo",
    "UndoStatus",
    "count_kept",
    "create_undo",
    "forget_kept",
    "get_undo",
    "hold_undo",
    "import_undos",
    "kept_of",
    "list_undos",
    "note_kept",
    "read_undo",
    "undo_kept",
    "undos_of",
    "write_undo",
]
