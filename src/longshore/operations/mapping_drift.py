"""Whether a saved mapping still fits the file that is imported by it."""

from collections.abc import Iterator

from longshore.engine import merged_mapping
from longshore.imports import ImportRequest
from longshore.mapping import ColumnLook, ColumnLooker, MappingRefused, drift_of
from longshore.notices import Notice, NoticeCode
from longshore.sources import AttachmentStore, StoredAttachment

_ROWS_MAX = 1_000  # that are looked at


def drift_notices(
    attachments: AttachmentStore, stored: StoredAttachment, request: ImportRequest
) -> tuple[Notice, ...]:
    """What has changed since the request's mapping was saved, where it was.

    Raises MappingRefused when the source has not all columns that the mapping needs.
    """
    saved = request.saved_mapping
    if saved is None or request.mapping is None:
        return ()
    document = merged_mapping(request.mapping, request.column_map)
    looks = _looks(attachments, stored) if saved.shape is not None else []
    drift = drift_of(document, saved.shape, stored.layout.columns, looks)
    label = f"the mapping {saved.name} (version {saved.version})"
    if drift.refusal is not None:
        raise MappingRefused(f"{label} does not fit: {drift.refusal}", hint=drift.hint)
    return tuple(_notices(label, drift.notices()))


def _looks(attachments: AttachmentStore, stored: StoredAttachment) -> list[ColumnLook]:
    """What the first rows hold."""
    looker = ColumnLooker(stored.layout)
    for rows in attachments.open(stored.name, stored.layout):
        looker.look(rows.values[: _ROWS_MAX - looker.rows_count])
        if looker.rows_count >= _ROWS_MAX:
            break
    return looker.columns()


def _notices(label: str, told: Iterator[str]) -> Iterator[Notice]:
    for each in told:
        yield Notice(
            code=NoticeCode.MAPPING_DRIFTED,
            message=f"since {label} was saved: {each}",
            hint="longshore mappings save NAME FILE --for SOURCE says that it is meant so",
        )
