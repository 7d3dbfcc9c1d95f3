"""When failed rows end an import, judged row by row in their order."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from longshore.engine.values.candidate import Finding
from longshore.imports import StoppedBy, StopRule, StopRules

_NO_RULES = StopRules()


@dataclass(slots=True, kw_only=True)
class Tally:
    """How far the rows of an import have come, and whether they may go on.

    Those of a member of a group are judged together with the rows of all members: then sizes,
    errors and series are with these.
    """

    inputs_size: int
    skip_errors: bool
    errors: int  # before the chunk
    amounts_wanted: int = 0  # rows whose amounts are still to be shown as money
    rules: StopRules = _NO_RULES
    last_failed: int = 0  # the number of a row
    series: int = 0  # failed rows one directly after another, up to that one
    stopped_by: StoppedBy | None = None

    @property
    def is_over_threshold(self) -> bool:
        """More than 10 % of all rows have failed, and that matters."""
        return not self.skip_errors and self.errors * 10 > self.inputs_size

    def fail(self, row: int, findings: Sequence[Finding]) -> bool:
        """Count a failed row; whether the rows may go on behind it."""
        self.errors += 1
        if self.rules:
            self.series = self.series + 1 if row == self.last_failed + 1 else 1
            self.last_failed = row
            self.stopped_by = self._reached(row, findings)
        return self.stopped_by is None and not self.is_over_threshold

    def take(self, other: "Tally") -> None:
        """Be as far as another tally of the same import is."""
        self.errors, self.amounts_wanted = other.errors, other.amounts_wanted
        self.last_failed, self.series = other.last_failed, other.series

    def behind(self, rows: int) -> "Tally":
        """Where the rows of the next source begin that is judged together with this one, of so
        many rows, all of which are counted."""
        ends_failed = self.last_failed == rows
        return replace(self, last_failed=0, series=self.series if ends_failed else 0)

    def _reached(self, row: int, findings: Sequence[Finding]) -> StoppedBy | None:
        """The first of the rules that a failed row reaches."""
        rules = self.rules
        if rules.on:
            codes = (message.code for _, message, _ in findings)
            code = next((code for code in codes if code in rules.on), None)
            if code is not None:
                return StoppedBy(rule=StopRule.ON, value=code, row=row)
        if rules.consecutive is not None and self.series >= rules.consecutive:
            return StoppedBy(rule=StopRule.CONSECUTIVE, value=rules.consecutive, row=row)
        if rules.after is not None and self.errors >= rules.after:
            return StoppedBy(rule=StopRule.AFTER, value=rules.after, row=row)
        at_count = rules.at_count(self.inputs_size)
        if rules.at is not None and at_count is not None and self.errors >= at_count:
            return StoppedBy(rule=StopRule.AT, value=rules.at, row=row)
        return None
