"""How much one answer may hold, spent while it is read.

Numbers of rows and of resources bound no answer: a text may have a megabyte. So whoever reads for
an answer spends its bytes on the way, and stops when they are used up, before the rest is read.
"""

from collections.abc import Mapping

from longshore.errors import RequestRefused
from longshore.json_text import encode_json
from longshore.settings import Settings

_SMALL_BYTES = 16  # a number, a time, a null: as good as nothing beside a text


class AnswerTooLarge(RequestRefused):
    """The answer would hold more than one may."""

    def __init__(self, bytes_max: int) -> None:
        super().__init__(f"the answer would be longer than {bytes_max} bytes")
        self.bytes_max = bytes_max


class Budget:
    """What is left for one answer; without settings there is no end of it."""

    def __init__(self, settings: Settings | None) -> None:
        self.is_bounded = settings is not None
        self._bytes_max = 0 if settings is None else settings.answer_bytes_max
        self._left = self._bytes_max
        self._echo_left = 0 if settings is None else settings.inputs_echo_bytes

    def spend(self, attributes: Mapping[str, object]) -> None:
        """Take what the values of a resource need; raises AnswerTooLarge when there is not
        enough."""
        if not self.is_bounded:
            return
        self._left -= sum(map(_size, attributes.values()))
        if self._left < 0:
            raise AnswerTooLarge(self._bytes_max)

    @property
    def echo_bytes(self) -> int | None:
        """What is left for the rows that imports echo; what does not fit is not echoed. None:
        there is no end of it."""
        return min(self._echo_left, self._left) if self.is_bounded else None

    def spend_echo(self, inputs: object) -> None:
        """Take what the rows of an import need."""
        if self.is_bounded:
            size = len(encode_json(inputs))
            self._echo_left -= size
            self._left -= size


def _size(value: object) -> int:
    """About the bytes of a value in JSON."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict | list) and value:
        return len(encode_json(value))
    return _SMALL_BYTES
