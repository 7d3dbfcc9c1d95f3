"""Stop rules of a source that goes to a server in parts: each part is told what is left of them.

A server knows the rows of one part. Counts and shares of failed rows are counted on from part to
part here, so the rule that a part is stopped by may stand for one of the whole source.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from decimal import Decimal

    from longshore.imports import StoppedBy, StopRule, StopRules

__all__ = ["PartRules"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PartRules:
    """What a part is told, and what of the source its count of failed rows stands for."""

    told: StopRules
    counts_for: tuple[StopRule, int | Decimal] | None = None  # None: the part is told no count

    @classmethod
    def of(cls, rules: StopRules, *, rows_count: int, failed_count: int) -> PartRules | None:
        """The rules of the next part of a source of so many rows, of which so many have failed;
        None: they have stopped it already."""
        from longshore.imports import StopRule

        # Where one row reaches both, the count is told before the share.
        limits: list[tuple[int, tuple[StopRule, int | Decimal]]] = []
        if rules.after is not None:
            limits.append((rules.after, (StopRule.AFTER, rules.after)))
        if rules.at is not None and (count := rules.at_count(rows_count)) is not None:
            limits.append((count, (StopRule.AT, rules.at)))
        if not limits:
            return cls(told=rules)
        count, counts_for = min(limits, key=lambda limit: limit[0])
        left = count - failed_count
        if left < 1:
            return None
        return cls(told=replace(rules, after=left, at=None), counts_for=counts_for)

    def of_source(self, stopped_by: StoppedBy, *, first: int) -> StoppedBy:
        """What stopped a part, by rule and row of the source; `first` is the part's first row."""
        from longshore.imports import StopRule

        row = stopped_by.row + first - 1
        if stopped_by.rule is StopRule.AFTER and self.counts_for is not None:
            rule, value = self.counts_for
            return replace(stopped_by, rule=rule, value=value, row=row)
        return replace(stopped_by, row=row)
