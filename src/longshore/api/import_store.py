"""The store of imports, as the endpoints of all resource types see it."""

from collections.abc import Callable, Collection, Mapping, Sequence

from longshore.api.budget import Budget
from longshore.api.downloads import attachment_url
from longshore.api.import_attributes import import_attributes, import_meta
from longshore.api.inputs import echo_inputs
from longshore.api.stores import Criteria, Deferred, Reading, Resource, ResourceLink
from longshore.catalogue import Catalogue
from longshore.database import Database, Transaction
from longshore.imports import (
    LOG_BYTES_MAX,
    LOG_BYTES_MAX_LISTED,
    Import,
    ImportUnreadable,
    WaitsFor,
    errors_log,
    errors_log_holds,
    get_import,
    import_fields,
    warnings_log,
    warnings_log_holds,
)
from longshore.json_text import encode_json
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
        public_id = self._database.public_ids.encode(id_)
        try:
            import_ = get_import(reading.tx, reading.environment.number, id_)
        except ImportUnreadable as error:
            # Whoever lists imports is to see the others all the same.
            meta = {"unreadable": error.message}
            return Resource(key=id_, type="imports", id=public_id, attributes={}, meta=meta)
        assert import_ is not None, "it was found in the same snapshot"
        costly = _COSTLY if fields is None else _COSTLY & frozenset(fields)
        log_bytes = LOG_BYTES_MAX_LISTED if is_listed else LOG_BYTES_MAX
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
        if reading.asks_attachments:
            attributes |= {
                name: Deferred(self._reads(reading, import_, name, is_listed=is_listed))
                for name in sorted(costly & _OF_ATTACHMENT)
            }
        reading.budget.spend(attributes)
        return Resource(
            key=id_,
            type="imports",
            id=public_id,
            attributes=attributes,
            meta=import_meta(import_, self._older(reading.tx, import_)),
        )

    def _reads(
        self, reading: Reading, import_: Import, name: str, *, is_listed: bool
    ) -> Callable[[], object]:
        """What reads one of the attributes that the attachment tells."""
        base_url, budget = reading.base_url, reading.budget
        return lambda: self.of_attachment(
            import_, base_url, budget, wanted=[name], is_listed=is_listed
        )[name]

    def _older(self, tx: Transaction, import_: Import) -> WaitsFor | None:
        """What the import waits for; None also where that is an import that cannot be read."""
        try:
            return self._waits_for(tx, import_)
        except ImportUnreadable:
            return None

    def of_attachment(
        self,
        import_: Import,
        base_url: str,
        budget: Budget,
        *,
        wanted: Collection[str],
        is_listed: bool = False,
    ) -> dict[str, object]:
        """The attributes that are read from the attachment, those of them that are `wanted`."""
        values: dict[str, object] = {}
        if "inputs" in wanted:
            values["inputs"] = self._inputs(import_, budget, is_listed=is_listed)
        if "attachment_url" in wanted:
            values["attachment_url"] = self._attachment_url(import_, base_url)
        return values

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
            if (self._attachments.raw_bytes(name) or 0) > bytes_max:
                return None
            batches = self._attachments.open(name, import_.layout)
            inputs = echo_inputs(
                import_, batches, self._catalogue, rows_max=rows_max, bytes_max=bytes_max
            )
            if inputs is not None:
                budget.spend_echo(len(encode_json(inputs)))
            return inputs
        except (AttachmentMissing, AttachmentDamaged, *_ODDITIES):
            return None

    def _attachment_url(self, import_: Import, base_url: str) -> str | None:
        name = import_.attachment_name
        # A bucket need not be asked for what was removed.
        if import_.attachment_expired_at is not None or not self._attachments.exists(name):
            return None
        return self._attachments.signed_url(name) or attachment_url(
            import_,
            self._database.public_ids.encode(import_.id),
            base_url=base_url,
            key=self._database.url_secret,
        )


_HELD = {
    ("imports", "errors_log"): errors_log_holds,
    ("imports", "warnings_log"): warnings_log_holds,
}
# What an attachment raises that was damaged, or is not what its import says.
_ODDITIES = (ValueError, LookupError, TypeError)
# What is read apart from the import, and only where it is shown.
_OF_ATTACHMENT = frozenset(("inputs", "attachment_url"))
_COSTLY = frozenset(("errors_log", "warnings_log")) | _OF_ATTACHMENT
