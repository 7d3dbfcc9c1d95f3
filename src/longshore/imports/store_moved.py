"""What is not as it was judged, where an import was to do exactly that, or nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

MOVED_ROWS_MAX = 100  # that are named


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedRow:
    """A row that would do something else, or for another reason."""

    row: int
    line: int
    key: str | None  # by which people know it in the source
    record: Mapping[str, str] | None  # type and public id of what has changed, where it is known
    what: str  # has changed

    def __str__(self) -> str:
        return f"row {self.row:,} (line {self.line:,}): {self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreMoved:
    """What an import that is pinned has found otherwise."""

    message: str
    rows: Sequence[MovedRow] = ()  # the first of them; none where it is something about all rows
    count: int = 0  # of all rows that are known

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON-safe values, as `meta.moved` shows them."""
        rows = [
            {
                "row": row.row,
                "line": row.line,
                "key": row.key,
                "record": None if row.record is None else dict(row.record),
                "what": row.what,
            }
            for row in self.rows
        ]
        return {"message": self.message, "count": self.count, "rows": rows}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "StoreMoved":
        """What `to_dict` described."""
        return cls(
            message=values["message"],
            count=values["count"],
            rows=tuple(MovedRow(**row) for row in values["rows"]),
        )
