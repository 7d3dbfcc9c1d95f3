"""What is removed by itself, because nobody needs it."""

from collections.abc import Callable

from longshore.access import forget_retired_keys
from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.drafts import expire_drafts, stored_draft_names
from longshore.engine import SourceSecrets
from longshore.errors import LongshoreError
from longshore.identifiers import ImportId
from longshore.imports import (
    Import,
    ImportUnreadable,
    attachment_names,
    ended_imports,
    expire_plan,
    expired_attachments,
    expired_group_attachments,
    expired_plans,
    group_attachments_with_secrets,
    note_expired,
    note_group_expired,
    note_secrets,
    shares_attachment,
    shares_group_attachment,
)
from longshore.observations import Observer, TidyingFailed
from longshore.request_keys import forget_old_keys
from longshore.runs import UNLOCKED
from longshore.settings import Settings
from longshore.sources import AttachmentStore
from longshore.uploads import expire_uploads, forget_uploads, stored_names

# Whoever writes an attachment touches it more often than this.
_LEFTOVER_SECONDS = 3600
_PAGE_IMPORTS = 100
# Whoever wonders what became of an upload may still ask.
_UPLOADS_KEPT_MILLISECONDS = 7 * 24 * 3600 * 1000
_HOUR_MILLISECONDS = 3600 * 1000
_DAY_MILLISECONDS = 24 * 3600 * 1000


class Cleanup:
    """Removes what an installation has kept for long enough.

    An attachment that cannot be removed is observed, and tried again the next time.
    """

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        attachments: AttachmentStore,
        settings: Settings,
        observer: Observer,
        *,
        reports: bool,  # the process reads the sources of imports that have ended, to report
    ) -> None:
        self._database = database
        self._attachments = attachments
        self._settings = settings
        self._observer = observer
        self._reports = reports
        self._secrets = SourceSecrets(catalogue)
        self._is_owed = False  # an import has ended whose source may hold secrets

    def tidy(self) -> None:
        """Remove leftovers of killed processes, old attachments, old keys."""
        self.expire_uploads()
        self.expire_drafts()
        self.expire_plans()
        self.sweep_attachments()
        self.expire_attachments()
        self.expire_secrets()
        with self._database.write() as tx:
            forget_retired_keys(tx)
        self.forget_request_keys()

    def tidy_as_far_as_it_goes(self) -> None:
        """As `tidy`, for a worker, which must not end by it: what fails is told."""
        try:
            self.tidy()
        except (LongshoreError, OSError) as error:
            # The next time comes soon.
            self._observer.observe(TidyingFailed(reason=str(error)))

    def sweep_attachments(self) -> int:
        """Remove files that a killed process left in the attachments; their number."""
        with self._database.read() as tx:
            known = attachment_names(tx) | stored_names(tx) | stored_draft_names(tx)
        return self._attachments.sweep(
            known,
            older_than_seconds=_LEFTOVER_SECONDS,
            on_failure=self._observe_failure,
        )

    def expire_attachments(self) -> int:
        """Remove the attachments of imports and groups that ended longer ago than they are to be
        kept, and of groups of plans whose time is over; the number removed. 0 days keep those of
        imports for ever."""
        days = self._settings.attachment_retention_days
        with self._database.read() as tx:
            before = tx.now() - int(days * _DAY_MILLISECONDS) if days else None
            of_groups = expired_group_attachments(tx, ended_before=before)
            expired = [] if before is None else expired_attachments(tx, ended_before=before)
        gone = sum(self._has_group_expired(group_id, name) for group_id, name in of_groups)
        return gone + sum(self._has_expired(import_id, name) for import_id, name in expired)

    def expire_uploads(self) -> int:
        """Let uploads expire whose time is over, with their bytes; how many files or objects were
        removed. What is known of them is kept for a while."""
        removed = 0
        while True:
            with self._database.write() as tx:
                count, names = expire_uploads(tx)
            if not count:
                break
            try:
                self._attachments.delete_all(names)
                removed += len(names)
            except LongshoreError as error:
                self._observe_failure(error)  # what is left is swept later
        with self._database.write() as tx:
            while forget_uploads(tx, kept_milliseconds=_UPLOADS_KEPT_MILLISECONDS):
                pass
        return removed

    def expire_drafts(self) -> int:
        """Remove drafts whose time is over, with their files; how many files or objects."""
        removed = 0
        while True:
            with self._database.write() as tx:
                count, names = expire_drafts(tx)
            if not count:
                return removed
            try:
                self._attachments.parts.delete(names)
                removed += len(names)
            except LongshoreError as error:
                self._observe_failure(error)  # what is left is swept later

    def expire_plans(self) -> int:
        """Remove what plans have found whose time is over, with their attachments; how many. What
        they had counted is kept."""
        expired = 0
        while True:
            with self._database.read() as tx:
                found = expired_plans(tx, limit=_PAGE_IMPORTS)
            gone = sum(self._has_expired(plan_id, name, is_plan=True) for plan_id, name in found)
            expired += gone
            if not gone:
                return expired

    def forget_request_keys(self) -> None:
        """Remove what is kept of requests with keys, when they may not be sent again any more."""
        while True:
            with self._database.write(UNLOCKED) as tx:
                if not forget_old_keys(tx):
                    return

    def expire_secrets(self) -> int:
        """Remove the attachments in which passwords or keys stand in the open, of imports that
        ended longer ago than they are to be kept; the number removed."""
        hours = self._settings.secret_attachment_hours
        with self._database.read() as tx:
            of_groups = group_attachments_with_secrets(
                tx,
                self._secrets.resource_types,
                ended_before=tx.now() - int(hours * _HOUR_MILLISECONDS),
            )
        removed = sum(self._has_group_expired(group_id, name) for group_id, name in of_groups)
        after = 0
        while True:
            with self._database.read() as tx:
                ended = ended_imports(
                    tx,
                    self._secrets.resource_types,
                    ended_before=tx.now() - int(hours * _HOUR_MILLISECONDS),
                    after=after,
                    limit=_PAGE_IMPORTS,
                )
            for import_ in ended:
                after = import_.id
                if isinstance(import_, ImportUnreadable):
                    continue  # a later release knows what is in it
                if not self._secrets.are_in(import_):
                    with self._database.write() as tx:
                        note_secrets(tx, import_.id, has_secrets=False)
                else:
                    removed += self._has_expired(
                        import_.id, import_.attachment_name, is_plan=import_.is_plan
                    )
            if len(ended) < _PAGE_IMPORTS:
                return removed

    def after(self, import_: Import) -> None:
        """Remove the secrets of a finished import, if their time is over; a process that reports
        what it has run does so when it closes."""
        if import_.resource_type in self._secrets.resource_types:
            if self._reports:
                self._is_owed = True
            else:
                self.expire_secrets()

    def close(self) -> None:
        """Do what `after` has put off; what fails is told, and done the next time."""
        if not self._is_owed:
            return
        try:
            self.expire_secrets()
        except LongshoreError as error:
            self._observe_failure(error)

    def _has_expired(self, import_id: ImportId, name: str, *, is_plan: bool = False) -> bool:
        """Remove the attachment of an import or a plan, and say so; whether it could be."""
        return self._is_removed(
            name,
            is_shared=lambda tx: shares_attachment(tx, import_id),
            note=lambda tx: expire_plan(tx, import_id) if is_plan else note_expired(tx, import_id),
        )

    def _has_group_expired(self, group_id: int, name: str) -> bool:
        """Remove the attachment of a group, and say so; whether it could be."""
        return self._is_removed(
            name,
            is_shared=lambda tx: shares_group_attachment(tx, group_id),
            note=lambda tx: note_group_expired(tx, group_id),
        )

    def _is_removed(
        self,
        name: str,
        *,
        is_shared: Callable[[Transaction], bool],
        note: Callable[[Transaction], None],
    ) -> bool:
        """Remove an attachment, unless another one needs it as well, and `note` that of whatever it
        belongs to; False: it could not be removed."""
        try:
            with self._database.read() as tx:
                is_needed = is_shared(tx)
            if not is_needed:
                self._attachments.delete(name)
        except LongshoreError as error:
            self._observe_failure(error)
            return False
        with self._database.write() as tx:
            note(tx)
        return True

    def _observe_failure(self, error: LongshoreError) -> None:
        self._observer.observe(TidyingFailed(reason=error.message))
