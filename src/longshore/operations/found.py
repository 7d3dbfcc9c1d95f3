"""What an operation found that answers with one resource."""

from collections.abc import Sequence
from dataclasses import dataclass

from longshore.operations.inclusion import Included
from longshore.operations.stores import Resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A resource, with what was included of it."""

    resource: Resource
    included: Included
    warnings: Sequence[str] = ()  # of the write that has just made it so
