"""Why something was not fetched."""

from longshore.errors import RequestRefused, RetryableError


class OutgoingRefused(RequestRefused):
    """What the address names is not fetched, and trying again will not help."""


class InternalHost(OutgoingRefused):
    """The address leads inside of a network."""


class OutgoingFailed(RetryableError):
    """The network or the other server failed; the same may succeed later."""
