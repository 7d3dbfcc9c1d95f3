"""What is told of many rows at once."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class RowsTold:
    """One warning about rows: how many, and the first of them."""

    text: str
    hint: str | None = None
    count: int = 0
    first: list[dict[str, object]] = field(default_factory=list)
