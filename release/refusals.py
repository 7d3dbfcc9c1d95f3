"""What ends a release."""

__all__ = ["ReleaseRefused", "expect"]


class ReleaseRefused(Exception):
    """Something is not as whoever installs the release needs it; the message says what."""


def expect(holds: bool, message: str) -> None:
    """Refuse the release where something does not hold."""
    if not holds:
        raise ReleaseRefused(message)
