"""The store of drafts. All functions work in the caller's transaction; those that change a draft
are called by whoever has locked it (`lock_draft`)."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import delete, func, insert, select, update

from longshore.database import Transaction
from longshore.drafts.choices import DraftChoices
from longshore.drafts.draft import (
    PARTS_MAX,
    Draft,
    DraftChangedMeanwhile,
    DraftComplete,
    DraftFetch,
    DraftIncomplete,
    DraftLimits,
    DraftOffsetConflict,
    DraftTooLarge,
    FetchRefusal,
    NewDraft,
    TooManyDrafts,
)
from longshore.drafts.tables import import_draft_parts, import_drafts
from longshore.sources import StoredPart

_columns = import_drafts.c
_parts = import_draft_parts.c


def create_draft(tx: Transaction, new: NewDraft, limits: DraftLimits) -> Draft:
    """Store a draft that waits for its bytes. Raises TooManyDrafts and DraftTooLarge."""
    count, size = _totals(tx, new.environment)
    if count >= limits.open_max:
        raise TooManyDrafts(
            f"{count} imports are being prepared, at most {limits.open_max} may be",
            hint="import or discard one of them",
        )
    if new.source_size is not None:
        _check_size(new.source_size, size, limits)
    (id_,) = tx.reserve_ids(new.environment, 1)
    tx.connection.execute(
        insert(import_drafts).values(
            id=id_,
            environment=new.environment,
            application_id=new.application_id,
            source_name=new.source_name,
            source_size=new.source_size,
            is_received=False,
            choices=new.choices.to_json(),
            version=1,
            created_at=tx.now(),
            updated_at=tx.now(),
            expires_at=tx.now() + limits.kept_milliseconds,
            fetched_from=new.fetched_from,
            fetch_until=None if new.fetched_from is None else tx.now(),
        )
    )
    found = get_draft(tx, new.environment, id_)
    assert found is not None
    return found


def get_draft(tx: Transaction, environment: int, draft_id: int) -> Draft | None:
    """The draft of an environment, or None."""
    row = tx.connection.execute(_query(environment, draft_id)).mappings().one_or_none()
    return None if row is None else _draft(row)


def lock_draft(tx: Transaction, environment: int, draft_id: int) -> Draft | None:
    """The same, and nobody else changes it until the transaction ends."""
    query = _query(environment, draft_id).with_for_update()
    row = tx.connection.execute(query).mappings().one_or_none()
    return None if row is None else _draft(row)


def list_drafts(tx: Transaction, environment: int, *, limit: int) -> list[Draft]:
    """Drafts of which no import was made yet, that was changed last first."""
    query = (
        select(import_drafts)
        .where(_columns.environment == environment, _columns.import_id.is_(None))
        .order_by(_columns.updated_at.desc(), _columns.id.desc())
        .limit(limit)
    )
    return [_draft(row) for row in tx.connection.execute(query).mappings()]


def draft_of_import(tx: Transaction, environment: int, import_id: int) -> Draft | None:
    """The draft that an import, or import group, was made of; None: of none that is kept."""
    query = select(import_drafts).where(
        _columns.environment == environment, _columns.import_id == import_id
    )
    row = tx.connection.execute(query.limit(1)).mappings().one_or_none()
    return None if row is None else _draft(row)


def draft_part_at(tx: Transaction, draft_id: int, offset: int) -> StoredPart | None:
    """The part that begins there; None: none does."""
    query = select(import_draft_parts).where(
        _parts.draft_id == draft_id, _parts.first_byte == offset
    )
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else StoredPart(name=row.name, length=row.length, digest=row.digest)


def draft_parts_of(tx: Transaction, draft_id: int) -> list[StoredPart]:
    """All parts of the file of a draft, in their order."""
    query = select(import_draft_parts).where(_parts.draft_id == draft_id)
    return [
        StoredPart(name=row.name, length=row.length, digest=row.digest)
        for row in tx.connection.execute(query.order_by(_parts.first_byte))
    ]


def add_draft_part(
    tx: Transaction, draft: Draft, offset: int, part: StoredPart, limits: DraftLimits
) -> bool:
    """Take a part whose bytes are safe; False: the same one is there already, under another name.

    Raises DraftComplete, DraftOffsetConflict, DraftTooLarge and TooManyDrafts.
    """
    if draft.is_received:
        raise DraftComplete("all bytes of the file are there, and no more are taken")
    if offset != draft.received_bytes:
        known = draft_part_at(tx, draft.id, offset)
        if known is not None and (known.length, known.digest) == (part.length, part.digest):
            return False
        raise DraftOffsetConflict(received=draft.received_bytes, offset=offset)
    received = offset + part.length
    _, size = _totals(tx, draft.environment)
    _check_size(received, size - draft.received_bytes, limits)
    if draft.source_size is not None and received > draft.source_size:
        raise DraftTooLarge(
            f"the file was announced with {draft.source_size} bytes, and would have {received}"
        )
    count = select(func.count()).where(_parts.draft_id == draft.id)
    if tx.connection.execute(count).scalar_one() >= PARTS_MAX:
        raise DraftTooLarge(f"the file has {PARTS_MAX} parts: send longer ones")
    tx.connection.execute(
        insert(import_draft_parts).values(
            draft_id=draft.id,
            first_byte=offset,
            length=part.length,
            digest=part.digest,
            name=part.name,
        )
    )
    _change(tx, draft.id, received_bytes=received, **_kept(tx, limits))
    return True


def note_draft_answer(
    tx: Transaction, draft: Draft, *, name: str, size: int | None, limits: DraftLimits
) -> None:
    """What an address has answered: how its file is called, and its bytes; None: it does not say
    so. Raises DraftTooLarge and TooManyDrafts."""
    if size is not None:
        _, others = _totals(tx, draft.environment)
        _check_size(size, others - draft.received_bytes, limits)
    _change(tx, draft.id, source_name=name, source_size=size)


def note_draft_fetch(tx: Transaction, draft_id: int, *, milliseconds: int) -> None:
    """Somebody fetches the file, who is heard of again before so much time is over."""
    _change(tx, draft_id, fetch_until=tx.now() + milliseconds)


def note_draft_not_fetched(tx: Transaction, draft_id: int, refusal: FetchRefusal) -> None:
    """The file is not fetched any more, and why."""
    _change(tx, draft_id, fetch_refusal=msgspec.json.encode(refusal).decode())


def note_draft_received(tx: Transaction, draft: Draft) -> None:
    """All bytes are there. Raises DraftIncomplete."""
    if not draft.received_bytes:
        raise DraftIncomplete("the file is empty")
    if draft.source_size not in (None, draft.received_bytes):
        raise DraftIncomplete(
            f"{draft.received_bytes} of {draft.source_size} bytes of the file were sent"
        )
    _change(tx, draft.id, is_received=True)


def change_draft(
    tx: Transaction, draft: Draft, choices: DraftChoices, *, version: int, limits: DraftLimits
) -> None:
    """Change what was chosen; `version` is the one that whoever changes it has seen. Raises
    DraftChangedMeanwhile."""
    if draft.version != version:
        raise DraftChangedMeanwhile
    _change(tx, draft.id, choices=choices.to_json(), version=draft.version + 1, **_kept(tx, limits))


def note_draft_plan(
    tx: Transaction, draft_id: int, plan_id: int | None, choices: DraftChoices | None = None
) -> None:
    """The last plan of a draft, or group of plans; None: what was planned holds no more. `choices`
    are the draft's, with what is to be noted of the plan: nobody has chosen anything else."""
    noted = {} if choices is None else {"choices": choices.to_json()}
    _change(tx, draft_id, plan_id=plan_id, **noted)


def note_draft_import(tx: Transaction, draft_id: int, import_id: int | None) -> None:
    """The import, or import group, that was made of a draft; None: it has written nothing, and
    another one is to be made."""
    _change(tx, draft_id, import_id=import_id)


def delete_draft(tx: Transaction, draft_id: int) -> list[str]:
    """Remove a draft; the names of what was kept of its file."""
    of = _parts.draft_id == draft_id
    names = list(tx.connection.execute(select(_parts.name).where(of)).scalars())
    tx.connection.execute(delete(import_draft_parts).where(of))
    tx.connection.execute(delete(import_drafts).where(_columns.id == draft_id))
    return names


def stored_draft_names(tx: Transaction, *, environment: int | None = None) -> set[str]:
    """The names of all that is kept of the files of drafts, or of those of an environment."""
    query = select(_parts.name)
    if environment is not None:
        query = query.join(import_drafts).where(_columns.environment == environment)
    return set(tx.connection.execute(query).scalars())


def _totals(tx: Transaction, environment: int) -> tuple[int, int]:
    """How many drafts are open, and the bytes of their files. One that was imported is not: nobody
    can do anything about it, and it goes by itself."""
    query = select(func.count(), func.coalesce(func.sum(_columns.received_bytes), 0)).where(
        _columns.environment == environment, _columns.import_id.is_(None)
    )
    count, size = tx.connection.execute(query).one()
    return int(count), int(size)


def _check_size(size: int, others: int, limits: DraftLimits) -> None:
    if size > limits.bytes_max:
        raise DraftTooLarge(f"a file may have {limits.bytes_max:,} bytes, and this has {size:,}")
    if size + others > limits.open_bytes_max:
        raise TooManyDrafts(
            f"the files of all imports that are being prepared may have {limits.open_bytes_max:,} "
            f"bytes, and would have {size + others:,}",
            hint="import or discard one of them",
        )


def _kept(tx: Transaction, limits: DraftLimits) -> dict[str, int]:
    return {"expires_at": tx.now() + limits.kept_milliseconds}


def _change(tx: Transaction, draft_id: int, **values: object) -> None:
    changed = update(import_drafts).where(_columns.id == draft_id)
    tx.connection.execute(changed.values(updated_at=tx.now(), **values))


def _query(environment: int, draft_id: int) -> Any:
    return select(import_drafts).where(_columns.id == draft_id, _columns.environment == environment)


def _draft(row: Mapping[Any, Any]) -> Draft:
    values = dict(row)
    choices = DraftChoices.from_json(values.pop("choices"))
    return Draft(choices=choices, fetch=_fetch(values), **values)


def _fetch(values: dict[Any, Any]) -> DraftFetch | None:
    """How the file is fetched, taken out of the columns of a draft; None: it is sent."""
    names = ("fetched_from", "fetch_until", "fetch_refusal")
    address, until, refusal = (values.pop(name) for name in names)
    if address is None:
        return None
    return DraftFetch(
        address=address,
        until=until,
        refusal=None if refusal is None else msgspec.json.decode(refusal, type=FetchRefusal),
    )
