"""The exception for a value that cannot be taken."""

from longshore.error_codes import Message


class ValueRefused(ValueError):
    """A value that its attribute cannot take; the message is the one of the error log."""

    def __init__(self, message: Message, *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field  # to report under, when it is not the value's own
