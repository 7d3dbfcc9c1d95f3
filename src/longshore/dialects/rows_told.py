"""What is told of many rows at once."""

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class RowsTold:
    """One warning about rows: how many, and the first of them."""

    text: str
    hint: str | None = None
    named: str | None = None  # how each of the first is named behind the text; None: none is
    count: int = 0
    first: list[dict[str, object]] = field(default_factory=list)
