"""Whether the cells of a source are guarded against spreadsheets, where nobody has said it.

A file that this program guarded says so in its name, until somebody gives it another one; then its
cells show it. What may be either is kept as it stands, and told.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from longshore.notices import Notice, NoticeCode
from longshore.readers import Format, GuardEvidence, Layout, Rows
from longshore.spreadsheet_cells import SPREADSHEET_SAFE

# Such a cell in any encoding in which an apostrophe is one unit.
_MARK = re.compile(rb"'\x00?[=+\-@\t\r]")
_MARK_BYTES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardJudgement:
    """Whether the cells of a source are guarded, and what is to be told of it."""

    is_guarded: bool
    notices: tuple[Notice, ...] = ()


class GuardLook:
    """Looks at a source while it is read, and once more at its rows if its bytes leave it open."""

    def __init__(self, is_guarded: bool | None) -> None:
        """`is_guarded` is what somebody has said of the source."""
        self._said = is_guarded
        self._has_mark = False

    def watch(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """The same blocks."""
        if self._said is not None:
            yield from blocks
            return
        end = b""
        for block in blocks:
            if not self._has_mark:
                seen = end + block
                self._has_mark = _MARK.search(seen) is not None
                end = seen[1 - _MARK_BYTES :]
            yield block

    def judged(
        self, name: str, layout: Layout, rows: Callable[[], Iterable[Rows]]
    ) -> GuardJudgement:
        """What is to be thought of a source of this name; `rows` are read where its bytes leave it
        open."""
        if self._said is not None:
            return GuardJudgement(is_guarded=self._said)
        if layout.format is not Format.CSV or not self._has_mark:
            return GuardJudgement(is_guarded=False)
        found = GuardEvidence()
        found.look(layout.header_line, layout.columns)
        for batch in rows():
            for line, cells in zip(batch.lines, batch.values, strict=True):
                if isinstance(cells, list):
                    found.look(line, cells)
        if not found.count:
            return GuardJudgement(is_guarded=False)
        is_named = SPREADSHEET_SAFE in name
        notice = _taken_off(found, is_named) if is_named or found.is_certain else _kept(found)
        return GuardJudgement(is_guarded=is_named or found.is_certain, notices=(notice,))


def _taken_off(found: GuardEvidence, is_named: bool) -> Notice:
    why = (
        "the name of the file says that it is safe for spreadsheets"
        if is_named
        else "all that begin so have one, as in files that are safe for spreadsheets"
    )
    return Notice(
        code=NoticeCode.APOSTROPHES_GUARD,
        message=f"{_cells(found)} an apostrophe before = + - @, which is taken off: {why}",
        count=found.count,
    )


def _kept(found: GuardEvidence) -> Notice:
    other = (
        f"line {found.other_line} has one before something else"
        if found.formula_line is None
        else f"line {found.formula_line} has a cell that begins so without one"
    )
    return Notice(
        code=NoticeCode.APOSTROPHES_KEPT,
        message=f"{_cells(found)} an apostrophe before = + - @, which is kept: {other}",
        hint="if the file was written to be safe for spreadsheets, say so in the step File, and it "
        "is taken off",
        count=found.count,
    )


def _cells(found: GuardEvidence) -> str:
    place = f", the first on line {found.first_line}," if found.count > 1 else ""
    return (
        f"{found.count:,} cells{place} have" if place else f"a cell on line {found.first_line} has"
    )
