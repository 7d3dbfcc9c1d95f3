"""Rows of another system's file of which rows were made that failed, as they stand in that file."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from longshore.database import Database
from longshore.imports import GroupForm, Import, ImportGroup
from longshore.operations.failed_cells import SourceForm
from longshore.operations.failed_rows import FailedRow, read_failed_file_rows
from longshore.sources import AttachmentStore


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedInFile:
    """The rows of a file of which rows of its types failed."""

    source_name: str | None  # of the file
    form: Callable[[], SourceForm]  # raises AttachmentMissing, as reading the rows does
    rows: Callable[[], Iterator[FailedRow]]


def find_failed_in_file(
    database: Database,
    attachments: AttachmentStore,
    kept: ImportGroup,
    members: Sequence[Import],
) -> FailedInFile | None:
    """The rows of the file that was kept with a group, of which rows of members were made; these
    may be of a retry. None: the group has no such file, or not any more."""
    name, layout = kept.attachment_name, kept.layout
    if kept.form is not GroupForm.DIALECT or name is None or layout is None:
        return None
    if kept.attachment_expired_at is not None or kept.deleted_at is not None:
        return None
    return FailedInFile(
        source_name=kept.source_name,
        form=lambda: SourceForm(layout, attachments.text_form(name, layout)),
        rows=partial(read_failed_file_rows, database, attachments, name, layout, members),
    )
