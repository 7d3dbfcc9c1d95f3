"""Ids as rows give them, so that an error can show what was written."""

from collections.abc import Callable
from dataclasses import dataclass


class NoId(int):
    """What is no id of this environment: 0, which nothing has, and the value as it was given."""

    given: object

    def __new__(cls, given: object) -> "NoId":
        no_id = super().__new__(cls, 0)
        no_id.given = given
        return no_id


@dataclass(frozen=True, slots=True)
class NamedId:
    """The value of a finding about an id that leads nowhere."""

    id: int

    def written(self, encode: Callable[[int], str]) -> object:
        """The id as its row has it; `encode` spells one that could be decoded."""
        return self.id.given if isinstance(self.id, NoId) else encode(self.id)


def as_written(value: object, encode: Callable[[int], str]) -> object:
    """The value of a finding, an id as its row has it."""
    return value.written(encode) if isinstance(value, NamedId) else value
