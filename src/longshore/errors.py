"""Failed operations, split by what the caller can do about them.

LongshoreError                 root of everything raised on purpose
├── RetryableError             the same call may succeed later: a lock, a database that is away
├── PermanentError             repeating does not help: a full disk, a damaged attachment
└── RequestRefused             what was asked cannot be done as asked; the message says what was
                               found, what was expected and what to do

A bad row is a value, not an exception (`engine.RowError`); a bug is an assertion.
"""


class LongshoreError(Exception):
    """Root of the exceptions that longshore raises on purpose.

    `hint` is a next step for the person who reads the message, or None.
    """

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def found_in(self, place: str) -> None:
        """Say before the message where it was found; the exception stays of its kind."""
        self.message = f"{place}: {self.message}"
        self.args = (self.message,)


class RetryableError(LongshoreError):
    """The operation may succeed when it is repeated later."""


class PermanentError(LongshoreError):
    """Repeating the operation will not help."""


class RequestRefused(LongshoreError):
    """What was asked is not possible as asked: misuse, unreadable input, an unknown name."""
