"""A plan of a draft, as it is looked at: of one type, or of a group of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from longshore.imports import Import, ImportGroup, Status
from longshore.readers import Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftPlan:
    """The last plan of a draft: of one type, or a group of them."""

    group: ImportGroup | None
    members: Sequence[Import]
    is_current: bool  # it was made with all changes, and nothing was taken back since
    is_expired: bool
    made_with: Sequence[str]  # ids of changes

    @property
    def is_finished(self) -> bool:
        return all(each.is_finished for each in self.members)

    @property
    def is_whole(self) -> bool:
        """Whether all rows were gone through."""
        return all(each.status is Status.COMPLETED for each in self.members)

    @property
    def interruption_reason(self) -> str | None:
        """Why it was stopped before its last row."""
        reasons = [each.interruption_reason for each in self.members]
        return next(filter(None, reasons), None)

    def total(self, count: str) -> int:
        """The sum of a count, such as `created_count`."""
        return sum(getattr(each, count) for each in self.members)

    @property
    def to_write(self) -> int:
        """How many rows would create or update a record."""
        return self.total("created_count") + self.total("updated_count")

    def member(self, resource_type: str | None) -> Import:
        """The plan of a type; without one, or of one that it does not have, the first with errors,
        or the first."""
        named = [each for each in self.members if each.resource_type == resource_type]
        failed = [each for each in self.members if each.errors_count]
        return (named or failed or list(self.members))[0]

    @property
    def is_of_dialect(self) -> bool:
        """Whether its rows were made of those of a file of another system."""
        return self.group is not None and self.group.dialect is not None

    def layout_of(self, member: Import) -> Layout:
        """How the rows of a file are read that people see: of a dialect's file its own."""
        if self.is_of_dialect and self.group is not None and self.group.layout is not None:
            return self.group.layout
        return member.layout


class PlannedMeanwhile(Exception):
    """Another window has done the same."""
