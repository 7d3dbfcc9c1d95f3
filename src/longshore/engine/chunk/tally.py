"""When failed rows end an import, judged row by row in their order."""

from dataclasses import dataclass


@dataclass(slots=True, kw_only=True)
class Tally:
    """How far the rows of an import have come, and when too many have failed."""

    inputs_size: int
    skip_errors: bool
    errors: int  # before the chunk
    amounts_wanted: int = 0  # rows whose amounts are still to be shown as money

    @property
    def is_over_threshold(self) -> bool:
        """More than 10 % of all rows have failed, and that matters."""
        return not self.skip_errors and self.errors * 10 > self.inputs_size
