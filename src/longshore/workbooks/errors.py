"""What keeps a workbook from being read."""

from longshore.errors import RequestRefused


class WorkbookRefused(RequestRefused):
    """The workbook is damaged, encrypted, or larger than what may be read; nothing of it is."""
