"""The store of request keys.

A claim is fenced by its id: an answer is kept only by whoever has the claim, in the transaction
that does what the request asks for. So a request whose key was taken over does nothing at all.
"""

import zlib
from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, and_, delete, func, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from longshore.database import Transaction
from longshore.request_keys.request_key import (
    KEPT_MILLISECONDS,
    ClaimTaken,
    KeptAnswer,
    KeyClaim,
    KeyState,
    RequestKey,
)
from longshore.request_keys.tables import request_keys

_keys = request_keys.c
_FORGOTTEN_AT_ONCE = 1_000


def claim_key(
    tx: Transaction,
    claim: KeyClaim,
    *,
    process: str,
    is_held: Callable[[str, str], bool],
) -> KeptAnswer | KeyState:
    """Claim a key: whether that was done or another request has it, or what is kept of it.

    `is_held` tells whether a process still works on a claim: it is asked with both their names.
    """
    if _has_inserted(tx, claim, process):
        return KeyState.CLAIMED
    row = _read(tx, claim.key)
    if row is None:
        return KeyState.TAKEN  # until a moment ago
    if not _is_old(tx, row):
        if row.answered_at is not None:
            return _kept(row)
        if is_held(row.process, row.claim):
            return KeyState.TAKEN
    # Another request may be faster.
    return KeyState.CLAIMED if _has_taken(tx, row, claim, process) else KeyState.TAKEN


def read_answer(tx: Transaction, key: RequestKey) -> KeptAnswer | KeyState:
    """What is kept of a key; otherwise whether a request has it."""
    row = _read(tx, key)
    if row is None or _is_old(tx, row):
        return KeyState.FREE
    return KeyState.TAKEN if row.answered_at is None else _kept(row)


def keep_answer(
    tx: Transaction,
    claim: KeyClaim,
    *,
    status: int,
    answer: bytes | None,
    resource_type: str | None = None,
    resource_id: int | None = None,
) -> None:
    """Keep what a request is answered; raises ClaimTaken when another one has the key."""
    kept = tx.connection.execute(
        update(request_keys)
        .where(_is_of(claim.key), _keys.claim == claim.id, _keys.answered_at.is_(None))
        .values(
            answered_at=tx.now(),
            digest=claim.digest(),
            status=status,
            resource_type=resource_type,
            resource_id=resource_id,
            answer=None if answer is None else zlib.compress(answer, 1),
        )
    )
    if not kept.rowcount:
        raise ClaimTaken
    claim.is_kept = True


def release_key(tx: Transaction, claim: KeyClaim) -> None:
    """Let the next request with the key be worked on, if nothing is kept of it."""
    tx.connection.execute(
        delete(request_keys).where(
            _is_of(claim.key), _keys.claim == claim.id, _keys.answered_at.is_(None)
        )
    )


def forget_old_keys(tx: Transaction) -> int:
    """Remove what was kept for long enough, the first rows of very many; how many those were.

    A claim as old as that is nobody's, and if it were somebody's, its request would be void.
    """
    before = tx.now() - KEPT_MILLISECONDS
    is_old = and_(
        _keys.claimed_at < before,
        func.coalesce(_keys.answered_at, _keys.claimed_at) < before,
    )
    first = select(_keys.application_id, _keys.name).where(is_old).limit(_FORGOTTEN_AT_ONCE)
    # Asked twice: somebody may take one over between the look and the removal.
    forgotten = delete(request_keys).where(
        tuple_(_keys.application_id, _keys.name).in_(first), is_old
    )
    return tx.connection.execute(forgotten).rowcount


def _has_inserted(tx: Transaction, claim: KeyClaim, process: str) -> bool:
    dialect = postgresql if tx.connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(request_keys).values(
        application_id=claim.key.application_id,
        name=claim.key.name,
        claim=claim.id,
        process=process,
        claimed_at=tx.now(),
    )
    inserted = tx.connection.execute(
        statement.on_conflict_do_nothing(), execution_options={"preserve_rowcount": True}
    )
    return inserted.rowcount == 1


def _has_taken(tx: Transaction, row: "Row[Any]", claim: KeyClaim, process: str) -> bool:
    """Take a key over from the claim that was read, or from an answer that is old; False: somebody
    was faster."""
    taken = tx.connection.execute(
        update(request_keys)
        .where(
            _is_of(claim.key),
            _keys.claim == row.claim,
            _keys.answered_at.is_not_distinct_from(row.answered_at),
        )
        .values(
            claim=claim.id,
            process=process,
            claimed_at=tx.now(),
            answered_at=None,
            digest=None,
            status=None,
            resource_type=None,
            resource_id=None,
            answer=None,
        )
    )
    return taken.rowcount == 1


def _read(tx: Transaction, key: RequestKey) -> "Row[Any] | None":
    return tx.connection.execute(select(request_keys).where(_is_of(key))).one_or_none()


def _is_of(key: RequestKey) -> Any:
    return and_(_keys.application_id == key.application_id, _keys.name == key.name)


def _is_old(tx: Transaction, row: "Row[Any]") -> bool:
    since: int = row.claimed_at if row.answered_at is None else row.answered_at
    return since < tx.now() - KEPT_MILLISECONDS


def _kept(row: "Row[Any]") -> KeptAnswer:
    return KeptAnswer(
        digest=row.digest,
        status=row.status,
        resource_type=row.resource_type,
        resource_id=row.resource_id,
        answer=None if row.answer is None else zlib.decompress(row.answer),
    )
