"""What the run of an upload does to it: it is read, and is ready then, or refused."""

import json
from dataclasses import asdict

from sqlalchemy import ColumnElement, Update, case, select, update

from longshore.database import Transaction
from longshore.identifiers import RunId
from longshore.outgoing import OutgoingUrl
from longshore.runs import Ending, Run, RunLife, claim_lost, end_claimed, is_claimed
from longshore.sources import StoredAttachment
from longshore.uploads.store import CHECK, found_of
from longshore.uploads.tables import uploads
from longshore.uploads.upload import CheckedColumns, CheckRefusal
from longshore.uploads.upload_state import UploadState

__all__ = ["CHECK", "UploadLife", "note_read", "note_ready", "note_refused"]

_columns = uploads.c


class UploadLife(RunLife):
    """What happens to an upload when its run is claimed (`runs.RunLife`)."""

    def __init__(self, *, kept_milliseconds: int) -> None:
        self._kept_milliseconds = kept_milliseconds  # after the check

    def hold(self, tx: Transaction, run_id: RunId) -> None:
        """Wait for whoever is about to store how far the check is, or its end."""
        tx.connection.execute(select(_columns.id).where(_columns.id == run_id).with_for_update())

    def claimed(self, tx: Transaction, run: Run) -> None:
        """It is read from its start."""
        tx.connection.execute(_of(run).values(read_bytes=0, updated_at=tx.now()))

    def interrupted(self, tx: Transaction, run: Run, reason: str) -> None:
        """It cannot be checked."""
        refusal = CheckRefusal(message=reason, hint=None, line=None, column=None)
        _refuse(tx, run, _of(run), refusal, kept_milliseconds=self._kept_milliseconds)


def note_read(tx: Transaction, run: Run, read_bytes: int) -> None:
    """Say how far the check is. Raises ClaimLost."""
    noted = _claimed(run).values(
        read_bytes=read_bytes, received_bytes=_received(read_bytes), updated_at=tx.now()
    )
    if tx.connection.execute(noted).rowcount != 1:
        raise claim_lost()


def note_ready(
    tx: Transaction,
    run: Run,
    stored: StoredAttachment,
    columns: CheckedColumns | None,
    *,
    read_bytes: int,
    kept_milliseconds: int,
) -> None:
    """The source is kept as an attachment, and the check is over. Raises ClaimLost."""
    noted = _claimed(run).values(
        state=UploadState.READY,
        attachment_name=stored.name,
        found=json.dumps(found_of(stored, columns)),
        read_bytes=_received(read_bytes),
        received_bytes=_received(read_bytes),
        source_url=_without_secrets(tx, run),
        updated_at=tx.now(),
        checked_at=tx.now(),
        expires_at=tx.now() + kept_milliseconds,
    )
    if tx.connection.execute(noted).rowcount != 1:
        raise claim_lost()
    end_claimed(tx, run.id, run.fence, Ending.COMPLETED)


def note_refused(
    tx: Transaction, run: Run, refusal: CheckRefusal, *, kept_milliseconds: int
) -> None:
    """The source cannot be read, and the check is over. Raises ClaimLost."""
    if not _refuse(tx, run, _claimed(run), refusal, kept_milliseconds=kept_milliseconds):
        raise claim_lost()
    end_claimed(tx, run.id, run.fence, Ending.COMPLETED)


def _refuse(
    tx: Transaction, run: Run, of: Update, refusal: CheckRefusal, *, kept_milliseconds: int
) -> bool:
    refused = of.values(
        source_url=_without_secrets(tx, run),
        state=UploadState.REFUSED,
        refusal=json.dumps(asdict(refusal)),
        updated_at=tx.now(),
        checked_at=tx.now(),
        expires_at=tx.now() + kept_milliseconds,
    )
    return tx.connection.execute(refused).rowcount == 1


def _received(read_bytes: int) -> ColumnElement[int]:
    """How many bytes have come: of what is fetched, those that were read."""
    is_fetched = _columns.source_url.is_not(None)
    return case((is_fetched, read_bytes), else_=_columns.received_bytes)


def _without_secrets(tx: Transaction, run: Run) -> str | None:
    """Where the bytes came from, as it may be shown: the rest is of no use any more."""
    query = select(_columns.source_url).where(_columns.id == run.id)
    text = tx.connection.execute(query).scalar_one_or_none()
    return None if text is None else OutgoingUrl.read(text).shown


def _of(run: Run) -> Update:
    return update(uploads).where(_columns.id == run.id, _columns.state == UploadState.CHECKING)


def _claimed(run: Run) -> Update:
    return _of(run).where(is_claimed(run.id, run.fence))
