"""What is answered where something cannot be taken back."""

from longshore.api.errors import ApiError, validation_error
from longshore.operations import UndoConflict, UndoRefused

_POINTER = "/data/attributes/_undo"


def undo_refusal(error: UndoRefused) -> ApiError:
    """423 where something has to end before, else 422; with what is to be done."""
    told = error.message if error.hint is None else f"{error.message} ({error.hint})"
    if isinstance(error, UndoConflict):
        return ApiError("LOCKED", detail=told, pointer=_POINTER)
    return validation_error("_undo", told, pointer=_POINTER, value=True)
