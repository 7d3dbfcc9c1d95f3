"""What somebody has chosen of an import that is being prepared."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftChoices:
    """All that was said so far, as JSON-safe values in the words of the API; None: nothing was."""

    # How the file is read.
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None  # "none": quotes are text
    escape: str | None = None
    header_row: int | None = None
    header_rows: int | None = None  # how many lines from there on are the header
    sheet: str | None = None
    is_guarded: bool | None = None  # an apostrophe before = + - @ is taken off; None: as it shows
    # What it is: rows of one type, or a file of another system, with that dialect's options.
    resource_type: str | None = None
    dialect: str | None = None
    dialect_options: Mapping[str, Any] = field(default_factory=dict)
    # Which columns become which fields.
    mapping: Mapping[str, Any] | None = None  # a mapping document
    mapping_reference: str | None = None  # NAME@VERSION of a saved one, as long as it is that
    columns_are_seen: bool = False  # somebody has looked at the columns, and agreed
    parent: str | None = None
    # What the import does.
    only: str | None = None  # create or update
    stop_rules: Mapping[str, Any] = field(default_factory=dict)  # as StopRules.to_dict
    skip_errors: bool = False
    blank: str | None = None  # what a blank cell means: keep, clear, error; None: the mapping says
    all_or_nothing: bool = False
    # Changes of cells, the newest last, each {"id", "kind": "cell" | "set" | "replace", ...}.
    edits: Sequence[Mapping[str, Any]] = ()
    # The ids of the edits that the last plan was made with; None: no plan was made.
    planned_edits: Sequence[str] | None = None

    def to_json(self) -> str:
        """The choices as they are kept."""
        return msgspec.json.encode(self).decode()

    @classmethod
    def from_json(cls, text: str) -> "DraftChoices":
        """What `to_json` wrote, of this release or an earlier one."""
        return msgspec.json.decode(text, type=cls)
