"""What a page refuses."""

from longshore.dashboard.words import page_hint


class PageRefused(Exception):
    """A request that is answered by a page that says why; `status` is that of HTTP, `way` where to
    go instead: an address and its words. A hint for a terminal is not shown."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        hint: str | None = None,
        way: tuple[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.hint = page_hint(hint)
        self.way = way


class FormOutdated(PageRefused):
    """A form, or a module, that carries the token of another session."""


def not_found(what: str) -> PageRefused:
    """The refusal of what is not there, or is of another environment."""
    return PageRefused(404, f"there is no such {what} here")
