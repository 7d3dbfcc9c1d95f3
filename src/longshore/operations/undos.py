"""What imports, and undos, have changed taken back: begun, tried, looked at, stopped."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from longshore.access import Environment, read_environment
from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.engine import Undone, UndoTrial, try_undos
from longshore.errors import RequestRefused
from longshore.imports import Import, ImportGroup, WaitsFor, read_group
from longshore.operations.asker import Asker
from longshore.operations.run_here import run_here
from longshore.operations.undo_attributes import (
    KeptShown,
    group_undos_meta,
    trial_attributes,
    undo_attributes,
)
from longshore.operations.undo_starts import (
    NoSuchUndo,
    UndoFinished,
    UndoRefused,
    begin_group_undo,
    begin_undo,
    find_undoable,
    find_undoable_group,
    new_undo,
    newest_undo,
    shown_name,
    undoable_members,
)
from longshore.operations.undo_takers import UndoTakers, made_on_the_way, takers_of
from longshore.request_keys import keep_answer
from longshore.runs import Claims, RunDriver, read_run
from longshore.settings import Settings
from longshore.undos import (
    Undo,
    count_kept_parts,
    get_undo,
    hold_undo,
    interrupt_undo,
    kept_of,
    last_undo_of,
    list_kept,
    list_undos,
    open_undos,
    page_of_undos,
    read_undo,
    undos_of_group,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class UndoShown:
    """An undo as it is shown, by the terminal as over HTTP."""

    id: str | None  # public; None: it is only tried
    attributes: Mapping[str, Any]
    meta: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class UndosPage:
    """Some of the undos of an environment, newest first."""

    undos: Sequence[UndoShown]
    count: int  # of all


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPage:
    """Some of the parts that an undo keeps, as they are shown."""

    parts: Sequence[Mapping[str, Any]]
    count: int  # of all


class Undos:
    """The undos of one installation; each operation is one snapshot, or one transaction."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        settings: Settings,
        claims: Claims,
        driver: RunDriver,
        *,
        waits_for: Callable[[Transaction, Import | Undo], WaitsFor | None],
        enter: Callable[[], None],  # says that this process is there, before it has a run
        read_seconds: float,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._settings = settings
        self._claims = claims
        self._driver = driver
        self._waits_for = waits_for
        self._enter = enter
        self._read_seconds = read_seconds

    # Begun

    def undoable(self, environment: Environment, public_id: str) -> Import | Undo:
        """The import or undo of an environment that is to be taken back; RequestRefused: there is
        neither."""
        id = self._database.public_ids.decode(public_id.strip())
        with self._database.read() as tx:
            found = None if id is None else find_undoable(tx, environment.number, id)
        if found is None:
            raise RequestRefused(
                f"there is no import or undo {public_id!r}",
                hint="`longshore imports` lists imports, `longshore undos` undos",
            )
        return found

    def start(
        self, asker: Asker, of: Import | Undo, *, to_run: bool = False, seen: str | None = None
    ) -> Undo:
        """Create the pending undo of an import or of an undo; `to_run` keeps it for this process.
        `seen` is what `newest` has said when somebody was shown what it would do.

        Raises UndoRefused, and UndoConflict where something has to end before.
        """
        if to_run:
            self._enter()
        with self._database.write() as tx:
            undo = begin_undo(
                tx, self._catalogue, of, application_id=asker.application_id, seen=seen
            )
            if to_run:
                self._claims.reserve(tx, undo.run)
            else:
                self._claims.announce(tx, undo.run)
        return undo

    def newest(self, of: Import | Undo | ImportGroup) -> str:
        """The undo that was begun last of what belongs to something that is to be taken back: its
        public id, or nothing. Whoever shows what an undo would do asks before."""
        with self._database.read() as tx:
            return newest_undo(tx, of.members if isinstance(of, ImportGroup) else [of])

    def undoable_group(self, environment: Environment, public_id: str) -> ImportGroup | None:
        """The import group of an environment that is to be taken back; None: it has none."""
        id = self._database.public_ids.decode(public_id.strip())
        with self._database.read() as tx:
            return None if id is None else find_undoable_group(tx, environment.number, id)

    def start_group(
        self,
        asker: Asker,
        group: ImportGroup,
        *,
        to_run: bool = False,
        seen: str | None = None,
        on_created: Callable[[Transaction, Sequence[Undo]], None] = lambda _tx, _undos: None,
    ) -> Sequence[Undo]:
        """Create the pending undos of all members of a group that have changed something, in the
        order in which they run, in one transaction, in which `on_created` is called.

        Raises as `start` does.
        """
        if to_run:
            self._enter()
        with self._database.write() as tx:
            undos = begin_group_undo(
                tx, self._catalogue, group.id, application_id=asker.application_id, seen=seen
            )
            for undo in undos:
                if to_run:
                    self._claims.reserve(tx, undo.run)
                else:
                    self._claims.announce(tx, undo.run)
            on_created(tx, undos)
        return undos

    def try_group(
        self, group: ImportGroup, *, on_progress: Callable[[int, int], None] = lambda *_: None
    ) -> list[tuple[Import, UndoTrial, UndoShown]]:
        """What undos of the members of a group would do, in the order in which they would run; each
        sees what those before it would have done. As `try_` else."""
        with self._database.read() as tx:
            members = undoable_members(tx, read_group(tx, group.id))
            changes = sum(new_undo(tx, self._catalogue, each).changes_count for each in members)
        trials = try_undos(
            self._database,
            self._catalogue,
            self._settings,
            [Undone(import_id=each.id, undo_id=None) for each in members],
            environment=group.environment,
            on_progress=lambda done: on_progress(done, changes),
        )
        told = []
        with self._database.read() as tx:
            for member, trial in zip(members, trials, strict=True):
                attributes, meta = trial_attributes(tx, member, trial)
                told.append((member, trial, UndoShown(id=None, attributes=attributes, meta=meta)))
        return told

    def meta_of_group(self, group: ImportGroup) -> Mapping[str, Any]:
        """What stands in `meta` of a group on what takes it back."""
        with self._database.read() as tx:
            return group_undos_meta(tx, group.id)

    def of_group(self, group: ImportGroup) -> Sequence[Undo]:
        """The undos of a group, oldest first."""
        with self._database.read() as tx:
            return undos_of_group(tx, group.id)

    def try_(
        self, of: Import | Undo, *, on_progress: Callable[[int, int], None] = lambda *_: None
    ) -> tuple[UndoTrial, UndoShown]:
        """What an undo would do; nothing is written. Raises as `start` does.

        `on_progress` is told how many changes were looked at, of how many; what it raises ends the
        trial.
        """
        with self._database.read() as tx:
            new = new_undo(tx, self._catalogue, of)
        undone = Undone(import_id=new.import_id, undo_id=new.undo_id)
        (trial,) = try_undos(
            self._database,
            self._catalogue,
            self._settings,
            [undone],
            environment=of.environment,
            on_progress=lambda done: on_progress(done, new.changes_count),
        )
        with self._database.read() as tx:
            attributes, meta = trial_attributes(tx, of, trial)
        return trial, UndoShown(id=None, attributes=attributes, meta=meta)

    def undo_undo(
        self, asker: Asker, key: int, *, answer: Callable[[UndoShown], bytes]
    ) -> UndoShown:
        """Begin to take back what an undo has done: that undo, whose `meta` names the new one;
        `answer` makes what is kept for a request that is sent again.

        Raises NoSuchUndo, UndoRefused and UndoConflict.
        """
        with self._database.write() as tx:
            of = _addressed(tx, asker, key)
            undo = begin_undo(tx, self._catalogue, of, application_id=asker.application_id)
            self._claims.announce(tx, undo.run)
            shown = _shown(tx, of)
            if asker.claim is not None:
                status = asker.claim.created_status
                keep_answer(tx, asker.claim, status=status, answer=answer(shown))
        return shown

    # Run by this process

    def run(
        self,
        undo_id: int,
        *,
        on_progress: Callable[[Undo], None] = lambda _undo: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Undo:
        """Run an undo to its end, or until `should_stop`; the undo as it is then.

        Raises RequestRefused when another process runs it, or older runs come first.
        """
        run_here(
            self._driver,
            undo_id,
            f"undo {self._database.public_ids.encode(undo_id)}",
            on_progress=on_progress,
            should_stop=should_stop,
        )
        return self.read(undo_id)

    def waits_for(self, undo: Undo) -> WaitsFor | None:
        """The oldest import or undo that an undo waits for, if it does."""
        with self._database.read() as tx:
            return self._waits_for(tx, undo)

    def is_running(self, undo: Undo) -> bool:
        """Whether a process runs the undo at this moment."""
        with self._database.read() as tx:
            return undo.id in self._claims.runners_of(tx, [read_run(tx, undo.id)])

    # Looked at

    def find(self, environment: Environment, public_id: str) -> Undo | None:
        """The undo of an environment, or None."""
        id = self._database.public_ids.decode(public_id.strip())
        with self._database.read() as tx:
            return None if id is None else get_undo(tx, environment.number, id)

    def read(self, undo_id: int) -> Undo:
        """The undo with this id, which exists, as it is at this moment."""
        with self._database.read() as tx:
            return read_undo(tx, undo_id)

    def last_of(self, import_: Import) -> tuple[str, str] | None:
        """The newest undo of an import, by its public id, and how it stands."""
        with self._database.read() as tx:
            last = last_undo_of(tx, import_.id)
        return None if last is None else (self._database.public_ids.encode(last[0]), str(last[1]))

    def takers(self, undo: Undo) -> UndoTakers:
        """What takes an undo back."""
        with self._database.read() as tx:
            return takers_of(tx, undo.id)

    def made_on_the_way(self, import_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
        """Of which types imports have created records beside those that they count; an undo removes
        and counts these as well. Nothing is said of the others."""
        with self._database.read() as tx:
            return made_on_the_way(tx, self._catalogue, import_ids)

    def refusal(self, of: Import | Undo) -> UndoRefused | None:
        """Why an import or an undo cannot be taken back; None: it can."""
        with self._database.read() as tx:
            try:
                new_undo(tx, self._catalogue, of)
            except UndoRefused as refused:
                return refused
        return None

    def environment_of(self, undo: Undo) -> Environment:
        """The environment that an undo belongs to."""
        with self._database.read() as tx:
            return read_environment(tx, undo.environment)

    def shown(self, undo: Undo, *, is_listed: bool = False) -> UndoShown:
        """An undo as it is shown."""
        with self._database.read() as tx:
            return _shown(tx, read_undo(tx, undo.id), is_listed=is_listed)

    def shown_of(self, asker: Asker, key: int) -> UndoShown:
        """The undo of an environment as it is shown; raises NoSuchUndo."""
        with self._database.read(seconds=self._read_seconds) as tx:
            return _shown(tx, _addressed(tx, asker, key))

    def list(self, environment: Environment, *, limit: int | None = None) -> Sequence[Undo]:
        """The undos of an environment, newest first."""
        with self._database.read() as tx:
            return list_undos(tx, environment.number, limit=limit)

    def open(self) -> Sequence[Undo]:
        """Undos that wait, or were left unfinished, in all environments; of each the oldest
        first."""
        with self._database.read() as tx:
            return open_undos(tx)

    def page(self, asker: Asker, *, offset: int, limit: int) -> UndosPage:
        """A page of the undos of an environment."""
        with self._database.read(seconds=self._read_seconds) as tx:
            found, count = page_of_undos(tx, asker.environment.number, offset=offset, limit=limit)
            return UndosPage(
                undos=[_shown(tx, each, is_listed=True) for each in found], count=count
            )

    def kept(self, by: Undo | Import, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
        """What an undo keeps, or an import that has gone back, as it is shown, by record, in one
        snapshot."""
        with self._database.read() as tx:
            shown = KeptShown(tx)
            for part in kept_of(tx, by.id, limit=limit):
                yield shown.with_reason(part)

    def kept_page(self, asker: Asker, key: int, *, offset: int, limit: int) -> KeptPage:
        """A page of what an undo keeps; raises NoSuchUndo."""
        with self._database.read(seconds=self._read_seconds) as tx:
            undo = _addressed(tx, asker, key)
            parts = list_kept(tx, undo.id, offset=offset, limit=limit)
            return KeptPage(
                parts=[*map(KeptShown(tx).with_reason, parts)],
                count=sum(count_kept_parts(tx, undo.id).values()),
            )

    # Stopped

    def interrupt(self, asker: Asker, key: int) -> UndoShown:
        """Stop a pending or running undo at its last committed step; what it has given back stays.

        Raises UndoFinished, and NoSuchUndo when the environment has no such undo.
        """
        with self._database.write() as tx:
            undo = _addressed(tx, asker, key)
            hold_undo(tx, undo.id)  # whoever runs it may be about to end it
            undo = read_undo(tx, undo.id)
            if undo.is_finished:
                raise UndoFinished(
                    f"the {shown_name(tx, undo)} is {undo.status} already, only pending and "
                    "running ones can be interrupted",
                    status=undo.status,
                )
            shown = _shown(tx, interrupt_undo(tx, undo.id))
        self._claims.announce_freed(asker.environment.number)
        return shown


def _addressed(tx: Transaction, asker: Asker, key: int) -> Undo:
    undo = get_undo(tx, asker.environment.number, key)
    if undo is None:
        raise NoSuchUndo
    return undo


def _shown(tx: Transaction, undo: Undo, *, is_listed: bool = False) -> UndoShown:
    attributes, meta = undo_attributes(tx, undo, is_listed=is_listed)
    return UndoShown(id=tx.public_ids.encode(undo.id), attributes=attributes, meta=meta)
