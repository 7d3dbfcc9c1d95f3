"""Opening a workbook of whichever format."""

from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from typing import BinaryIO, Protocol

from longshore.workbooks.errors import WorkbookRefused
from longshore.workbooks.ods import CONTENT, OdsWorkbook
from longshore.workbooks.package import Package
from longshore.workbooks.sheet_rows import SheetName, SheetRow
from longshore.workbooks.xlsx import XlsxWorkbook


class Workbook(Protocol):
    """A workbook whose file is open."""

    @property
    def sheets(self) -> tuple[SheetName, ...]:
        """Its sheets, in their order."""

    def rows(self, sheet: str) -> Iterator[SheetRow]:
        """The rows of a sheet that hold something, in their order. Raises WorkbookRefused."""

    def close(self) -> None:
        """Nothing more is read."""


@contextmanager
def open_workbook(file: BinaryIO) -> Iterator[Workbook]:
    """The workbook in a file that can be sought, which stays open meanwhile.

    Raises WorkbookRefused for whatever is none.
    """
    with closing(_workbook(Package(file))) as workbook:
        yield workbook


def is_workbook(names: Collection[str]) -> bool:
    """Whether an archive with parts of these names is to be read as a workbook."""
    return not _WORKBOOK_PARTS.isdisjoint(names)


_CONTENT_TYPES = "[Content_Types].xml"
_WORKBOOK_PARTS = {CONTENT, _CONTENT_TYPES}


def _workbook(package: Package) -> Workbook:
    workbook: Workbook
    if package.has(CONTENT):
        workbook = OdsWorkbook(package)
    else:
        workbook = XlsxWorkbook(package)
    if not workbook.sheets:
        raise WorkbookRefused("the workbook has no sheet of cells")
    return workbook
