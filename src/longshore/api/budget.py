"""How much one answer may hold, spent while it is read.

Numbers of rows and of resources bound no answer: a text may have a megabyte. So whoever reads for
an answer spends its bytes on the way, and stops when they are used up, before the rest is read.
"""

from collections.abc import Mapping

from longshore.api.errors import ApiError
from longshore.json_text import encode_json
from longshore.settings import Settings

_SMALL_BYTES = 16  # a number, a time, a null: as good as nothing beside a text


class Budget:
    """What is left for one answer."""

    def __init__(self, settings: Settings) -> None:
        self._bytes_max = settings.answer_bytes_max
        self._left = settings.answer_bytes_max
        self._echo_left = settings.inputs_echo_bytes

    def spend(self, attributes: Mapping[str, object]) -> None:
        """Take what the values of a resource need; raises ApiError when there is not enough."""
        self._left -= sum(map(_size, attributes.values()))
        if self._left < 0:
            raise ApiError("ANSWER_TOO_LARGE", bytes_max=self._bytes_max)

    @property
    def echo_bytes(self) -> int:
        """What is left for the rows that imports echo; what does not fit is not echoed."""
        return min(self._echo_left, self._left)

    def spend_echo(self, size: int) -> None:
        """Take what the rows of an import need."""
        self._echo_left -= size
        self._left -= size


def _size(value: object) -> int:
    """About the bytes of a value in JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict | list) and value:
        return len(encode_json(value))
    return _SMALL_BYTES
