"""Undos: runs that take back what an import, or an undo, has changed.

Promises: what an undo says of itself is true at every moment, whatever crashes. Knows nothing of
how a change is taken back.
"""

from longshore.undos.extent import (
    Extent,
    TakenBackSoFar,
    extent_of_all,
    taken_back_so_far,
    undone_imports,
)
from longshore.undos.glances import UndoGlance, undo_glances_at
from longshore.undos.life import (
    UndoLife,
    UndoneStep,
    complete_undo,
    interrupt_undo,
    note_step,
)
from longshore.undos.overview import (
    count_kept_parts,
    first_kept,
    last_undo_of,
    list_kept,
    open_undos,
    page_of_undos,
)
from longshore.undos.store import (
    KIND,
    FieldsOfRecords,
    count_kept,
    create_undo,
    forget_kept,
    get_undo,
    hold_undo,
    kept_of,
    list_undos,
    note_kept,
    read_undo,
    revise_kept,
    revised,
    undos_of,
    undos_of_group,
    write_undo,
)
from longshore.undos.tables import import_undos, undo_kept
from longshore.undos.undo import KeptPart, KeptReason, NewUndo, Undo, UndoStatus

__all__ = [
    "KIND",
    "Extent",
    "FieldsOfRecords",
    "KeptPart",
    "KeptReason",
    "NewUndo",
    "TakenBackSoFar",
    "Undo",
    "UndoGlance",
    "UndoLife",
    "UndoStatus",
    "UndoneStep",
    "complete_undo",
    "count_kept",
    "count_kept_parts",
    "create_undo",
    "extent_of_all",
    "first_kept",
    "forget_kept",
    "get_undo",
    "hold_undo",
    "import_undos",
    "interrupt_undo",
    "kept_of",
    "last_undo_of",
    "list_kept",
    "list_undos",
    "note_kept",
    "note_step",
    "open_undos",
    "page_of_undos",
    "read_undo",
    "revise_kept",
    "revised",
    "taken_back_so_far",
    "undo_glances_at",
    "undo_kept",
    "undone_imports",
    "undos_of",
    "undos_of_group",
    "write_undo",
]
