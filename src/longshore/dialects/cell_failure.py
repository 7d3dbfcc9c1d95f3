"""A cell of a file of which no value can be made."""

from typing import NamedTuple

from longshore.error_codes import ErrorCode, Message, arguments_of


class CellFailure(NamedTuple):
    """What is wrong with it; the record that it is for is imported, and fails with it."""

    field: str  # that the value was for
    column: str  # of the file
    cell: str
    code: ErrorCode
    arguments: tuple[object, ...] = ()  # of the message of the code

    @classmethod
    def of(cls, field: str, column: str, cell: str, message: Message) -> "CellFailure":
        """The failure that a message tells."""
        return cls(field, column, cell, message.code, arguments_of(message))
