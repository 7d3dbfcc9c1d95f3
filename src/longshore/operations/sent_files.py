"""The file that somebody sent, of which an import was made, as long as it is kept byte for byte."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import PurePath

from longshore.database import Transaction
from longshore.imports import GroupForm, Import, ImportGroup, get_import, read_group
from longshore.readers import Layout
from longshore.sources import AttachmentStore

# What is in such a file is kept unpacked, or with a comma behind each line.
_MADE_ANEW = frozenset((".gz", ".jsonl", ".ndjson", ".parquet", ".xlsm", ".xlsx", ".zip", ".zst"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SentFile:
    """A file as it was sent."""

    name: str  # as people know it
    blocks: Callable[[], Iterator[bytes]]


def find_sent_file(
    tx: Transaction, attachments: AttachmentStore, import_: Import
) -> SentFile | None:
    """The file of which an import was made; of a retry the one of which the first import was.

    None: it is not kept, or not as it was sent, or nobody has sent a file.
    """
    first = first_of(tx, import_)
    if first is None:
        return None
    group = None if first.group_id is None else read_group(tx, first.group_id)
    kept: Import | ImportGroup = first
    if group is not None and group.form is GroupForm.DOCUMENT:
        return None  # each member has its own rows
    if group is not None and group.form is GroupForm.DIALECT:
        kept = group
    name, attachment_name = kept.source_name, kept.attachment_name
    if name is None or attachment_name is None or kept.attachment_expired_at is not None:
        return None
    if not attachments.has_original(attachment_name) and _is_made_anew(name, kept.layout):
        return None
    return SentFile(name=name, blocks=partial(attachments.sent, attachment_name))


def first_of(tx: Transaction, import_: Import) -> Import | None:
    """The import itself, or the first whose rows a retry takes again; None: it was deleted."""
    if import_.retry_of is None:
        return import_
    return get_import(tx, import_.environment, import_.retry_of)


def _is_made_anew(name: str, layout: Layout | None) -> bool:
    """Whether what is kept of a file without an original is another text."""
    is_of_cells = layout is not None and layout.has_lines_of_rows
    return is_of_cells or PurePath(name).suffix.lower() in _MADE_ANEW
