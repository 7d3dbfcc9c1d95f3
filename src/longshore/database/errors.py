"""What a database can answer instead of doing what it was told.

DatabaseBusy       RetryableError   other writers hold it for longer than the settings allow
DatabaseAway       RetryableError   it cannot be reached; nothing is known to be written
StatementTimedOut  DatabaseBusy     a statement took longer than it may
StorageFull        PermanentError   no space left; what was under way is rolled back
StorageDamaged     PermanentError   the file does not hold what was written to it
StatementRefused   PermanentError   a constraint or a limit of the database refused the statement
DatabaseUnusable   RequestRefused   its place, its rights or its server are not as they must be
NotPermitted       DatabaseUnusable  its user may not do what is to be done
ReadTooLong        RequestRefused   what was to be read takes longer than the caller wants to wait
"""

from longshore.errors import PermanentError, RequestRefused, RetryableError


class DatabaseBusy(RetryableError):
    """Another writer holds the database; nothing was written."""


class StatementTimedOut(DatabaseBusy):
    """A statement took longer than the settings allow; what was under way is rolled back."""


class DatabaseAway(RetryableError):
    """The database cannot be reached at the moment; what was under way is rolled back."""


class StorageFull(PermanentError):
    """There is no space left; the transaction is rolled back, what was there is intact."""


class StorageDamaged(PermanentError):
    """The database cannot be read or written as a database."""


class StatementRefused(PermanentError):
    """The database refused a statement for what it holds: a constraint, a value, a size.

    Repeating it as it is will be refused again.
    """


class DatabaseUnusable(RequestRefused):
    """The database cannot be used until somebody mends its place, its rights or its server.

    The message names places, so it is for those who run the installation.
    """


class NotPermitted(DatabaseUnusable):
    """The user of the database lacks a right."""

    def __init__(self, message: str, *, reason: str, hint: str | None = None) -> None:
        super().__init__(message, hint=hint)
        self.reason = reason  # in the words of the database


class ReadTooLong(RequestRefused):
    """What was to be read takes too long; asking for less may help."""
