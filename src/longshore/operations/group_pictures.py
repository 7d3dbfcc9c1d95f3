"""What the members of a group of plans would leave, for the members behind them.

Theory: plans are runs of their own, one after the other, and each stands on a picture of the
records as the members before it would leave them. The process that has gone through one member
keeps the picture for the next. Whoever has none, because another process went through the members
before, or died, makes it once more: it goes through their rows again, and stores nothing of them.
If the store has moved in between, what is stored of them and what is pictured may differ; then the
group cannot be applied, because the counters of its tables say so.
"""

from collections.abc import Callable, Mapping, Sequence
from threading import Lock
from types import TracebackType

from longshore.database import Database
from longshore.engine import Picture, Prepared, judge
from longshore.imports import Import, members_of
from longshore.operations.preparation import Preparation
from longshore.settings import Settings
from longshore.sources import AttachmentStore


class MemberPicture:
    """The picture for one member: as those before it leave it. It is gone with the block, unless it
    is kept for the next member."""

    def __init__(
        self, members: Sequence[Import], prepared: Sequence[Prepared], picture: Picture, at: int
    ) -> None:
        self.picture = picture
        self.at = at  # position of the member
        self.is_kept = False
        self._members = members
        self._prepared = prepared

    def __enter__(self) -> "MemberPicture":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if not self.is_kept:
            self.picture.close()

    @property
    def prepared(self) -> Prepared:
        """How the rows of the member are converted: it has the columns that are pictured."""
        return self._prepared[self.at]

    @property
    def is_last(self) -> bool:
        """Whether no member is behind this one."""
        return self.at + 1 == len(self._members)

    def is_for(self, plan: Import, flags: Mapping[str, object]) -> bool:
        """Whether it is the picture for this member."""
        own = self._members[self.at]
        return own.id == plan.id and self.prepared.plan.flags == flags

    def next(self) -> "MemberPicture":
        """The picture for the next member, once the rows of this one are in it."""
        return MemberPicture(self._members, self._prepared, self.picture, self.at + 1)


class GroupPictures:
    """The pictures of the groups of plans that this process goes through: one at a time is kept."""

    def __init__(
        self,
        database: Database,
        settings: Settings,
        attachments: AttachmentStore,
        preparation: Preparation,
    ) -> None:
        self._database = database
        self._settings = settings
        self._attachments = attachments
        self._preparation = preparation
        self._kept: MemberPicture | None = None
        self._lock = Lock()

    def take(
        self, plan: Import, flags: Mapping[str, object], *, should_stop: Callable[[], bool]
    ) -> MemberPicture | None:
        """The picture for a member, whose members before it are completed; None: `should_stop` said
        so before it was there.

        Raises AttachmentMissing and AttachmentDamaged, and JudgementTooLarge.
        """
        with self._lock:
            kept, self._kept = self._kept, None
        if kept is not None:
            if kept.is_for(plan, flags):
                return kept
            kept.picture.close()
        return self._made(plan, flags, should_stop)

    def keep(self, done: MemberPicture) -> None:
        """Keep the picture of a member, whose rows are in it, for the next one."""
        if done.is_last:
            return
        done.is_kept = True
        with self._lock:
            before, self._kept = self._kept, done.next()
        if before is not None:
            before.picture.close()

    def _made(
        self, plan: Import, flags: Mapping[str, object], should_stop: Callable[[], bool]
    ) -> MemberPicture | None:
        assert plan.group_id is not None
        assert plan.group_position is not None
        with self._database.read() as tx:
            members = members_of(tx, plan.group_id)
        prepared = [self._preparation.of_import(each, flags) for each in members]
        picture = Picture([each.plan for each in prepared])
        before = list(zip(members, prepared, strict=True))[: plan.group_position]
        try:
            for member, how in before:
                if not self._gone_through(member, how, picture, should_stop):
                    picture.close()
                    return None
        except BaseException:
            picture.close()
            raise
        return MemberPicture(members, prepared, picture, plan.group_position)

    def _gone_through(
        self,
        member: Import,
        prepared: Prepared,
        picture: Picture,
        should_stop: Callable[[], bool],
    ) -> bool:
        """Picture what a member would leave; False: `should_stop` said so."""
        return judge(
            self._database,
            self._settings,
            prepared,
            batches=self._attachments.open(member.attachment_name, member.layout),
            inputs_size=member.inputs_size,
            skip_errors=True,  # it was gone through to its end
            disk_bytes_max=self._settings.plan_bytes,
            on_range=lambda _judged: not should_stop(),
            picture=picture,
        )
