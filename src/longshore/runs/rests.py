"""Rests: how long a run is left alone that could not be gone on with, so that it does not take all
the turns."""

_REST_SECONDS = 1.0  # after the first failure; doubled up to the next
_REST_SECONDS_MAX = 60.0


def rest_seconds(failures: int) -> float:
    """How long a run rests that has failed so often in a row."""
    return float(min(_REST_SECONDS * 2.0 ** min(failures - 1, 10), _REST_SECONDS_MAX))
