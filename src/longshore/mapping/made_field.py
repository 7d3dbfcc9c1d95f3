"""A field that a mapping makes: of cells of a row, or of nothing."""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from longshore.mapping.chain import Chain
from longshore.mapping.document import Constant
from longshore.mapping.field_template import FieldTemplate
from longshore.mapping.transform import TransformFailed


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeField:
    """One such field, ready to be made."""

    field: str
    columns: tuple[str, ...] = ()  # of the source; none: it is a constant
    template: FieldTemplate | None = None  # of `columns`; None: there is one at the most
    constant: Constant = None
    chain: Chain | None = None

    @property
    def is_constant(self) -> bool:
        return not self.columns

    @property
    def is_changed(self) -> bool:
        """Whether it may be another text than that of its column."""
        return self.template is not None or self.chain is not None

    def leaves(self, text: str) -> bool:
        """Whether a text of its column stays what it is."""
        if self.template is not None or self.is_constant:
            return False
        try:
            return self.chain is None or self.chain.result(text) == text
        except TransformFailed:
            return False

    def mended(self, text: str) -> str | None:
        """A text that would do in its column in place of one that its transforms refuse."""
        try:
            if self.chain is not None and self.template is None:
                self.chain.result(text)
        except TransformFailed as failed:
            return failed.suggestion
        return None

    def text_of(self, cells: Sequence[str | None]) -> str | None:
        """What its chain begins with, of a row's cells in `columns`."""
        if self.template is None:
            return cells[0]
        return self.template.filled([cell or "" for cell in cells])


def as_text(value: Constant) -> str | None:
    """A constant as the cell of a table has it; None is null."""
    return value if value is None or isinstance(value, str) else json.dumps(value)
