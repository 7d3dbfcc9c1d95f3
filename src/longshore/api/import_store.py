"""The store of imports, as the endpoints of all resource types see it."""

from collections.abc import Collection, Mapping, Sequence

from longshore.api.downloads import attachment_url
from longshore.api.import_attributes import import_attributes, import_meta
from longshore.api.inputs import echo_inputs
from longshore.api.stores import Criteria, Link, Reading, Resource
from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.imports import (
    AttachmentDamaged,
    AttachmentMissing,
    AttachmentStore,
    Import,
    errors_log,
    get_import,
    import_fields,
    warnings_log,
)
from longshore.records import MATCHERS, Filter, FilterRefused, RecordReader, record_tables
from longshore.settings import Settings


class ImportStore:
    """Reads imports; any number of threads may."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        attachments: AttachmentStore,
        settings: Settings,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._attachments = attachments
        self._settings = settings
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
        _refuse_search_in_logs(criteria.filters)
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
        settings = self._settings
        echo_rows = (
            settings.inputs_echo_rows_listed if action == "list" else settings.inputs_echo_rows
        )
        return [self._resource(reading, id_, fields, echo_rows) for id_ in ids]

    def count(self, reading: Reading, resource_type: str, criteria: Criteria) -> int:
        _refuse_search_in_logs(criteria.filters)
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
    ) -> list[Link]:
        raise AssertionError(f"{resource_type}.{relationship} leads to no imports")

    def _reader(self, reading: Reading) -> RecordReader:
        return RecordReader(
            self._catalogue,
            record_tables(),
            reading.environment.number,
            self._database.public_ids,
            sources=self._sources,
        )

    def _resource(
        self, reading: Reading, id_: int, fields: Collection[str] | None, echo_rows: int
    ) -> Resource:
        public_id = self._database.public_ids.encode(id_)
        try:
            import_ = get_import(reading.tx, reading.environment.number, id_)
        except _ODDITIES as error:
            # Whoever lists imports is to see the others all the same.
            reason = f"what is stored of the import cannot be read: {error!r}"
            return Resource(
                key=id_, type="imports", id=public_id, attributes={}, meta={"unreadable": reason}
            )
        assert import_ is not None, "it was found in the same snapshot"
        costly = _COSTLY if fields is None else _COSTLY & frozenset(fields)
        return Resource(
            key=id_,
            type="imports",
            id=public_id,
            attributes=import_attributes(
                import_,
                errors_log=self._errors_log(reading, import_) if "errors_log" in costly else {},
                warnings_log=(
                    self._warnings_log(reading, import_) if "warnings_log" in costly else {}
                ),
                inputs=self._inputs(import_, echo_rows) if "inputs" in costly else None,
                attachment_url=(
                    self._attachment_url(reading, import_, public_id)
                    if "attachment_url" in costly
                    else None
                ),
            ),
            meta=import_meta(import_),
        )

    def _errors_log(
        self, reading: Reading, import_: Import
    ) -> Mapping[str, Mapping[str, Sequence[str]]]:
        if not import_.errors_count and import_.interruption_reason is None:
            return {}
        identifiers_max = self._settings.errors_log_identifiers_max
        return errors_log(reading.tx, import_.id, identifiers_max=identifiers_max)

    def _warnings_log(self, reading: Reading, import_: Import) -> Mapping[str, Sequence[str]]:
        if not import_.warnings_count:
            return {}
        identifiers_max = self._settings.errors_log_identifiers_max
        return warnings_log(reading.tx, import_.id, identifiers_max=identifiers_max)

    def _inputs(self, import_: Import, rows_max: int) -> Sequence[object] | None:
        """The rows, unless there are too many, or the attachment is gone or odd."""
        if import_.inputs_size > rows_max or import_.attachment_expired_at is not None:
            return None
        try:
            batches = self._attachments.open(import_.attachment_name, import_.layout)
            return echo_inputs(import_, batches, self._catalogue, rows_max=rows_max)
        except (AttachmentMissing, AttachmentDamaged, *_ODDITIES):
            return None

    def _attachment_url(self, reading: Reading, import_: Import, public_id: str) -> str | None:
        name = import_.attachment_name
        # A bucket need not be asked for what was removed.
        if import_.attachment_expired_at is not None or not self._attachments.exists(name):
            return None
        return self._attachments.signed_url(name) or attachment_url(
            import_, public_id, base_url=reading.base_url, key=self._database.url_secret
        )


# What decoding raises for a stored value that this release does not know, or that was damaged.
_ODDITIES = (ValueError, LookupError, TypeError)
# What is read apart from the import, and only where it is shown.
_COSTLY = frozenset(("errors_log", "warnings_log", "inputs", "attachment_url"))
_LOGS = frozenset(("errors_log", "warnings_log"))


def _refuse_search_in_logs(filters: Sequence[Filter]) -> None:
    """Refuse to look into logs: they are made when they are read, and can be long."""
    for filter_ in filters:
        for condition in filter_.conditions:
            names = {path.attribute for path in condition.alternatives}
            if names & _LOGS and condition.matcher == MATCHERS["jcont"]:
                raise FilterRefused(
                    f"a log cannot be searched: {filter_.key}",
                    code="FILTER_NOT_ALLOWED",
                    key=filter_.key,
                    hint="it can be asked whether there is one: errors_log_present",
                )
