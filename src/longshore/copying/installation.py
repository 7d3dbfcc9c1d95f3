"""The copy as a whole: who may be copied to where, in which order, and when it is complete."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from longshore.catalogue import load_catalogue
from longshore.copying.attachments import CopiedAttachments, copy_attachments
from longshore.copying.contents import ContentsDiffer
from longshore.copying.order import tables_in_order
from longshore.copying.postgresql import clear, may_settle, settle
from longshore.copying.transfer import (
    CopiedRows,
    CopiedTable,
    Progress,
    compare,
    transfer,
)
from longshore.database import (
    Database,
    StatementRefused,
    Transaction,
    become_installation,
    read_installation,
)
from longshore.errors import RequestRefused
from longshore.jobs import is_running, list_processes
from longshore.records import close_all_zones
from longshore.runs import open_runs
from longshore.sources import AttachmentStore

# Who said nothing for so long does not run any more.
_SILENT_MILLISECONDS = 60_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """What a copy has brought over; both sides were compared."""

    tables: Sequence[CopiedTable]
    attachments: CopiedAttachments
    unfinished: int  # imports that go on at the target


def copy_installation(
    source: Database,
    target: Database,
    *,
    source_attachments: AttachmentStore,
    target_attachments: AttachmentStore,
    on_progress: Progress = lambda _step, _done, _total, _unit: None,
) -> Copied:
    """Bring everything of an embedded database to one of PostgreSQL, opened `to_copy`.

    The source stands still meanwhile: whoever wants to write to it waits, and gives up. A copy
    that did not come to its end goes on where it stopped. Raises RequestRefused when imports of
    the source are running, or the target holds anything else; ContentsDiffer when what arrived is
    not what was there.
    """
    assert source.is_embedded, "only its write lock makes it stand still"
    assert not target.is_embedded
    with source.write() as tx:
        unfinished = _refuse_running(tx, source)
        copied = _begin(tx, target)
        is_continued = not copied.is_empty
        while True:
            try:
                transfer(tx, target, copied, on_progress)
                tables = compare(tx, target, on_progress)
                break
            except (StatementRefused, ContentsDiffer):
                if not is_continued:
                    raise
            # The source was written to since the copy that this one goes on with.
            is_continued = False
            with target.write() as target_tx:
                clear(target_tx)
                copied.start_anew(target_tx)
        attachments = copy_attachments(tx, source_attachments, target_attachments, on_progress)
        with target.write() as target_tx:
            settle(target_tx, last_number=_last_number(tx))
            _copy_last_environment(tx, target_tx)
            close_all_zones(target_tx, load_catalogue())
            copied.close(target_tx)
    return Copied(tables=tables, attachments=attachments, unfinished=unfinished)


def _refuse_running(tx: Transaction, source: Database) -> int:
    """How many imports are unfinished, none of which may be running."""
    left = open_runs(tx)
    running = [each for each in left if is_running(source.folder, each.id)]
    if running:
        names = ", ".join(tx.public_ids.encode(each.id) for each in running)
        raise RequestRefused(
            f"imports of {source.place} are running: {names}",
            hint="stop `longshore serve` and every `longshore import` there, then copy again; "
            "they go on at the target",
        )
    return len(left)


def _begin(source: Transaction, target: Database) -> CopiedRows:
    """Make the target a copy that has begun, if it may be one."""
    ours = read_installation(source)
    with target.write() as tx:
        if not may_settle(tx):
            raise RequestRefused(
                f"the user of the database {target.place} may not copy to it",
                hint="copy as the user who owns the database",
            )
        theirs = read_installation(tx)
        if theirs.copying is not None:
            if theirs.public_id_secret != ours.public_id_secret:
                raise RequestRefused(
                    f"the database {target.place} holds an unfinished copy of another installation",
                    hint="finish that one, or name an empty database",
                )
            return CopiedRows(theirs.copying)
        if any(tx.fetch(f'SELECT 1 FROM "{each.name}" LIMIT 1') for each in tables_in_order()):
            is_ours = theirs.public_id_secret == ours.public_id_secret
            what = "a complete copy of this installation already" if is_ours else "other data"
            raise RequestRefused(
                f"the database {target.place} holds {what}", hint="name an empty database"
            )
        _refuse_processes(tx, target)
        begun = replace(ours, copying=CopiedRows.empty())
        become_installation(tx, begun)
    return CopiedRows(CopiedRows.empty())


def _refuse_processes(tx: Transaction, target: Database) -> None:
    """Nobody may know the target by the secrets that it had."""
    heard_after = tx.now() - _SILENT_MILLISECONDS
    living = [each for each in list_processes(tx) if each.heartbeat_at > heard_after]
    if living:
        names = ", ".join(f"{each.kind} {each.pid} on {each.host}" for each in living)
        raise RequestRefused(
            f"processes work with the database {target.place}: {names}",
            hint="stop them, and start them again when the copy is complete",
        )


def _last_number(source: Transaction) -> int:
    ((last,),) = source.fetch("SELECT value FROM sequences WHERE name = 'ids'")
    assert isinstance(last, int)
    return last


def _copy_last_environment(source: Transaction, target: Transaction) -> None:
    """Numbers of environments that were deleted are given to no other one, here either."""
    rows = source.fetch("SELECT name, value FROM sequences WHERE name <> 'ids'")
    target.execute("DELETE FROM sequences WHERE name <> 'ids'")
    for name, value in rows:
        target.execute("INSERT INTO sequences (name, value) VALUES (?, ?)", (name, value))
