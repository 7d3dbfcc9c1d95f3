"""Workbooks that commands write: by what names, and to where."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from longshore.cli.files import is_special, written_whole
from longshore.cli.messages import is_terminal
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.workbooks import WorkbookWriter

__all__ = ["check_name", "check_output", "is_workbook_name", "written_workbook"]

_WORKBOOK = ".xlsx"
_OTHER_WORKBOOKS = (".xls", ".xlsm", ".xlsb", ".xlt", ".xltx", ".xltm", ".ods", ".fods", ".numbers")


def is_workbook_name(path: Path) -> bool:
    """Whether a file of this name is to be a workbook."""
    return path.suffix.lower() == _WORKBOOK


def check_name(path: Path) -> None:
    """Raise RequestRefused for the name of a workbook of another kind than what is written."""
    if path.suffix.lower() in _OTHER_WORKBOOKS:
        raise RequestRefused(
            f"{path} cannot be written: a workbook is written as {_WORKBOOK}, and as nothing else",
            hint=f"name it {path.with_suffix(_WORKBOOK).name}",
        )


def check_output(output: Path | None, *, is_workbook: bool) -> None:
    """Raise RequestRefused for a file whose name says something else than what is written, and
    for a workbook on a terminal."""
    if output is None:
        if is_workbook and is_terminal(error=False):
            raise RequestRefused(
                "a workbook is no text for a terminal",
                hint=f"send it to a file: > FILE{_WORKBOOK}",
            )
        return
    check_name(output)
    if is_workbook and not is_workbook_name(output) and not is_special(output):
        raise RequestRefused(
            f"{output} is no name of a workbook",
            hint=f"name it {output.with_suffix(_WORKBOOK).name}",
        )
    if not is_workbook and is_workbook_name(output):
        raise RequestRefused(
            f"{output} is the name of a workbook, and another format is written",
            hint="say --format xlsx",
        )


@contextmanager
def written_workbook(output: Path | None) -> Iterator[WorkbookWriter]:
    """A workbook that is written when the block ends well, to a file or to standard output.

    Raises PermanentError when the disk is full.
    """
    from longshore.workbooks import write_workbook

    if output is None:
        with write_workbook(sys.stdout.buffer) as workbook:
            yield workbook
        sys.stdout.flush()
        return
    with written_whole(output) as file, write_workbook(file) as workbook:
        yield workbook
