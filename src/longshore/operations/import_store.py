"""The store of imports, and what an import looks like as a resource."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.imports import (
    LOG_BYTES_MAX,
    LOG_BYTES_MAX_LISTED,
    Import,
    ImportUnreadable,
    Stage,
    WaitsFor,
    errors_log,
    errors_log_holds,
    get_import,
    import_fields,
    same_content_of,
    warnings_log,
    warnings_log_holds,
)
from longshore.operations.attachment_addresses import attachment_address
from longshore.operations.budget import Budget
from longshore.operations.import_attributes import import_attributes, import_meta
from longshore.operations.inputs import echo_inputs
from longshore.operations.stores import Criteria, Deferred, Reading, Resource, ResourceLink
from longshore.operations.undo_attributes import kept_by, undos_meta
from longshore.records import RecordReader, record_tables
from longshore.settings import Settings
from longshore.sources import AttachmentDamaged, AttachmentMissing, AttachmentStore


class ImportStore:
    """Reads imports; any number of threads may."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        attachments: AttachmentStore,
        settings: Settings,
        *,
        waits_for: Callable[[Transaction, Import], WaitsFor | None],
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._attachments = attachments
        self._settings = settings
        self._waits_for = waits_for
        self._sources = {"imports": import_fields()}

    def find(
        self,
        reading: Reading,
        resource_type: str,
        criteria: Criteria,
        *,
        sort: Sequence[str] = (),
        offset: int = 0,
        limit: int | None = None,
        fields: Collection[str] | None = None,
        action: str = "list",
    ) -> list[Resource]:
        ids = self._reader(reading).find_ids(
            reading.tx,
            resource_type,
            filters=criteria.filters,
            within=criteria.within,
            sort=sort,
            # SQLite knows no offset without a limit, and nobody asks for one.
            offset=offset or None,
            limit=limit,
        )
        is_listed = action == "list"
        return [self._resource(reading, id_, fields, is_listed=is_listed) for id_ in ids]

    def count(self, reading: Reading, resource_type: str, criteria: Criteria) -> int:
        return self._reader(reading).count(
            reading.tx, resource_type, filters=criteria.filters, within=criteria.within
        )

    def links(
        self,
        reading: Reading,
        resource_type: str,
        relationship: str,
        owners: Collection[int],
        *,
        limit: int,
    ) -> list[ResourceLink]:
        raise AssertionError(f"{resource_type}.{relationship} leads to no imports")

    def _reader(self, reading: Reading) -> RecordReader:
        return RecordReader(
            self._catalogue,
            record_tables(),
            reading.environment.number,
            self._database.public_ids,
            sources=self._sources,
            held=_HELD,
        )

    def _resource(
        self, reading: Reading, id_: int, fields: Collection[str] | None, *, is_listed: bool
    ) -> Resource:
        try:
            import_ = get_import(reading.tx, reading.environment.number, id_)
        except ImportUnreadable as error:
            # Whoever lists imports is to see the others all the same.
            public_id = self._database.public_ids.encode(id_)
            meta = {"unreadable": error.message}
            return Resource(key=id_, type="imports", id=public_id, attributes={}, meta=meta)
        assert import_ is not None, "it was found in the same snapshot"
        return self.resource(reading, import_, fields, is_listed=is_listed)

    def resource(
        self,
        reading: Reading,
        import_: Import,
        fields: Collection[str] | None = None,
        *,
        is_listed: bool,
    ) -> Resource:
        """An import as it is shown; in a list its logs and the rows that it echoes are shorter.

        What its attachment tells is deferred.
        """
        costly = _COSTLY if fields is None else _COSTLY & frozenset(fields)
        is_short = is_listed and reading.budget.is_bounded
        log_bytes = LOG_BYTES_MAX_LISTED if is_short else LOG_BYTES_MAX
        attributes = import_attributes(
            import_,
            errors_log=(
                self._errors_log(reading, import_, log_bytes) if "errors_log" in costly else {}
            ),
            warnings_log=(
                self._warnings_log(reading, import_, log_bytes) if "warnings_log" in costly else {}
            ),
            inputs=None,
            attachment_url=None,
        )
        if "inputs" in costly:
            budget = reading.budget
            attributes["inputs"] = Deferred(
                lambda: self._inputs(import_, budget, is_listed=is_listed)
            )
        if "attachment_url" in costly:
            base_url = reading.asker.base_url
            attributes["attachment_url"] = Deferred(lambda: self._attachment_url(import_, base_url))
        reading.budget.spend(attributes)
        encode = self._database.public_ids.encode
        return Resource(
            key=import_.id,
            type="imports",
            id=encode(import_.id),
            attributes=attributes,
            meta=import_meta(
                import_,
                self._older(reading.tx, import_),
                same_content_of(reading.tx, import_),
                retry_of=None if import_.retry_of is None else encode(import_.retry_of),
                undos=undos_meta(reading.tx, import_.id),
                kept=self._kept(reading.tx, import_, is_listed=is_listed),
                plan_id=None if import_.plan_id is None else encode(import_.plan_id),
                group_id=None if import_.group_id is None else encode(import_.group_id),
            ),
        )

    def _kept(
        self, tx: Transaction, import_: Import, *, is_listed: bool
    ) -> Mapping[str, Any] | None:
        """What stays of an import that has gone back, or goes back; None: it does not."""
        if import_.stage is not Stage.GOING_BACK:
            return None
        log, counts = kept_by(tx, import_.id, is_listed=is_listed)
        return {"kept_log": log, **counts}

    def _older(self, tx: Transaction, import_: Import) -> WaitsFor | None:
        """What the import waits for; None also where that is an import that cannot be read."""
        try:
            return self._waits_for(tx, import_)
        except ImportUnreadable:
            return None

    def _errors_log(
        self, reading: Reading, import_: Import, bytes_max: int
    ) -> Mapping[str, Mapping[str, Sequence[str]]]:
        if not import_.errors_count and import_.interruption_reason is None:
            return {}
        identifiers_max = self._settings.errors_log_identifiers_max
        return errors_log(
            reading.tx, import_.id, identifiers_max=identifiers_max, bytes_max=bytes_max
        )

    def _warnings_log(
        self, reading: Reading, import_: Import, bytes_max: int
    ) -> Mapping[str, Sequence[str]]:
        if not import_.warnings_count:
            return {}
        identifiers_max = self._settings.errors_log_identifiers_max
        return warnings_log(
            reading.tx, import_.id, identifiers_max=identifiers_max, bytes_max=bytes_max
        )

    def _inputs(
        self, import_: Import, budget: Budget, *, is_listed: bool
    ) -> Sequence[object] | None:
        """The rows, unless they are too many or too long, or the attachment is gone or odd."""
        settings = self._settings
        rows_max = settings.inputs_echo_rows_listed if is_listed else settings.inputs_echo_rows
        if import_.inputs_size > rows_max or import_.attachment_expired_at is not None:
            return None
        name, bytes_max = import_.attachment_name, budget.echo_bytes
        try:
            # Looked at first: a window of a source may be much longer than what may be echoed.
            if bytes_max is not None and (self._attachments.raw_bytes(name) or 0) > bytes_max:
                return None
            batches = self._attachments.open(name, import_.layout)
            inputs = echo_inputs(
                import_, batches, self._catalogue, rows_max=rows_max, bytes_max=bytes_max
            )
            if inputs is not None:
                budget.spend_echo(inputs)
            return inputs
        except (AttachmentMissing, AttachmentDamaged, *_ODDITIES):
            return None

    def _attachment_url(self, import_: Import, base_url: str | None) -> str | None:
        """Signed by the store of its bucket or for our server; of its file, where none is asked."""
        name = import_.attachment_name
        # A bucket need not be asked for what was removed.
        if import_.attachment_expired_at is not None or not self._attachments.exists(name):
            return None
        if signed := self._attachments.signed_url(name):
            return signed
        if base_url is None:
            return self._attachments.path(name).resolve().as_uri()
        public_id = self._database.public_ids.encode(import_.id)
        return attachment_address(
            import_, public_id, base_url=base_url, key=self._database.url_secret
        )


_HELD = {
    ("imports", "errors_log"): errors_log_holds,
    ("imports", "warnings_log"): warnings_log_holds,
}
# What an attachment raises that was damaged, or is not what its import says.
_ODDITIES = (ValueError, LookupError, TypeError)
# What is read apart from the import, and only where it is shown.
_COSTLY = frozenset(("errors_log", "warnings_log", "inputs", "attachment_url"))
