"""The sources of imports, taken from one store to the other."""

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from longshore.copying.contents import ContentsDiffer
from longshore.copying.transfer import Progress
from longshore.database import Transaction
from longshore.drafts import stored_draft_names
from longshore.imports import attachment_names
from longshore.sources import AttachmentDamaged, AttachmentMissing, AttachmentStore
from longshore.uploads import stored_names, upload_attachments


@dataclass(frozen=True, slots=True, kw_only=True)
class CopiedAttachments:
    """What became of the attachments."""

    count: int  # that are the same on both sides
    raw_bytes: int  # of these, uncompressed
    missing: tuple[str, ...]  # were lost or damaged before


def copy_attachments(
    tx: Transaction, source: AttachmentStore, target: AttachmentStore, on_progress: Progress
) -> CopiedAttachments:
    """Bring every attachment of an import to the target, and compare what arrived.

    What is there already, as of a copy that was ended or because both are one folder, is compared
    only; what only the target has was kept there from the beginning. An attachment that is lost
    keeps nothing else from being copied.
    """
    _take_parts(tx, source, target)
    names = sorted(attachment_names(tx) | upload_attachments(tx))
    count = raw_bytes = 0
    missing = []
    for number, name in enumerate(names, start=1):
        on_progress("copying attachments", number, len(names), "attachments")
        expected = _digest(source, name)
        found = _digest(target, name)
        if expected is None:
            expected = found
        if expected is None:
            missing.append(name)
            continue
        if found != expected:
            target.take(name, source)
            if _digest(target, name) != expected:
                raise ContentsDiffer(f"the attachment {name} is not what it was")
        count += 1
        raw_bytes += expected[0]
    return CopiedAttachments(count=count, raw_bytes=raw_bytes, missing=tuple(missing))


def _take_parts(tx: Transaction, source: AttachmentStore, target: AttachmentStore) -> None:
    """Bring the parts of unfinished uploads; which of them are lost is found by the check."""
    for name in sorted((stored_names(tx) | stored_draft_names(tx)) - upload_attachments(tx)):
        if target.exists(name):
            continue
        with suppress(AttachmentMissing):
            target.parts.take(name, source.parts)


def _digest(store: AttachmentStore, name: str) -> tuple[int, str] | None:
    """Size and SHA-256 of the bytes of a source; None: they are not there, or not whole."""
    digest = hashlib.sha256()
    size = 0
    try:
        for block in store.blocks(name):
            digest.update(block)
            size += len(block)
    except (AttachmentMissing, AttachmentDamaged):
        return None
    return size, digest.hexdigest()
