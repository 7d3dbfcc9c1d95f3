"""What a page refuses."""


class PageRefused(Exception):
    """A request that is answered by a page that says why; `status` is that of HTTP."""

    def __init__(self, status: int, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = hint


class FormOutdated(PageRefused):
    """A form, or a module, that carries the token of another session."""


def not_found(what: str) -> PageRefused:
    """The refusal of what is not there, or is of another environment."""
    return PageRefused(404, f"there is no such {what} here")
