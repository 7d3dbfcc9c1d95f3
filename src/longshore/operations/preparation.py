"""From what somebody asks to be imported to a plan, and to the import that is stored."""

from collections.abc import Callable, Mapping

from longshore.access import Environment
from longshore.catalogue import Catalogue, ResourceType, importable_type
from longshore.database import Database
from longshore.engine import (
    Prepared,
    field_test,
    names_by_keys,
    nested_paths,
    prepare,
    record_tables_of,
)
from longshore.imports import Import, ImportRequest, NewImport, Only, source_digest
from longshore.mapping import MappingDocument
from longshore.notices import Notice
from longshore.operations.column_spellings import DecidedColumns, decide_columns, has_spellings
from longshore.operations.mapping_drift import drift_notices
from longshore.operations.parents import Parents
from longshore.readers import Layout
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source, StoredAttachment


class Preparation:
    """Prepares the imports of one installation."""

    def __init__(self, database: Database, catalogue: Catalogue, settings: Settings) -> None:
        self.catalogue = catalogue
        self._database = database
        self._settings = settings
        self._parents = Parents(database, catalogue)

    def importable_type(self, name: str) -> ResourceType:
        """The resource type of this name; raises RequestRefused when rows cannot be imported."""
        return importable_type(self.catalogue, name)

    def store(
        self,
        attachments: AttachmentStore,
        source: Source,
        request: ImportRequest,
        *,
        rows_max: int | None = None,
        on_read: Callable[[int, int | None], None] | None = None,
    ) -> StoredAttachment:
        """Keep a source whose rows are of the type that is asked for. Raises as
        `AttachmentStore.write` does, and RequestRefused for a type that cannot be imported."""
        type_ = self.importable_type(request.resource_type)
        return attachments.write(
            source,
            descend=nested_paths(self.catalogue, type_),
            is_field=field_test(self.catalogue, type_, request.column_map, request.mapping),
            rows_max=rows_max,
            progress=on_read,
        )

    def import_of(
        self,
        environment: Environment,
        source_name: str,
        request: ImportRequest,
        stored: StoredAttachment,
        attachments: AttachmentStore,
        *,
        parent: int | None,
    ) -> NewImport:
        """What is stored of a request, once its source is; raises RequestRefused."""
        type_ = self.importable_type(request.resource_type)
        drift = drift_notices(attachments, stored, request)
        decided = self.decided(type_, request, stored, attachments)
        prepared = self.of_request(
            environment, type_, stored.layout, request, decided, parent=parent
        )
        return self.new_import(
            environment, source_name, request, stored, parent, prepared, decided, drift
        )

    def of_request(
        self,
        environment: Environment,
        type_: ResourceType,
        layout: Layout,
        request: ImportRequest,
        decided: DecidedColumns,
        *,
        parent: int | None,
    ) -> Prepared:
        """How the rows of a source that was just read are converted."""
        return self._prepare(
            environment.number,
            environment.flags,
            type_,
            layout=layout,
            column_map=decided.column_map,
            mapping=decided.mapping,
            parent=parent,
            only=request.only,
            made_of=request.source_columns,
        )

    def decided(
        self,
        type_: ResourceType,
        request: ImportRequest,
        stored: StoredAttachment,
        attachments: AttachmentStore,
    ) -> DecidedColumns:
        """How the columns of a source that was just read are spelled; raises RequestRefused.

        Rows that were made of those of another file are spelled as on the wire.
        """
        layout = stored.layout
        if request.source_columns is not None:
            return DecidedColumns(column_map=request.column_map, mapping=request.mapping)
        return decide_columns(
            self.catalogue, type_, layout, request, lambda: attachments.open(stored.name, layout)
        )

    def of_retry(
        self,
        environment: Environment,
        import_: Import,
        layout: Layout,
        *,
        parent: int | None,
    ) -> Prepared:
        """The same for rows of an import that are taken again, from a source of this layout."""
        return self._prepare(
            environment.number,
            environment.flags,
            self.catalogue.types[import_.resource_type],
            layout=layout,
            column_map=import_.column_map,
            mapping=import_.mapping,
            parent=parent,
            made_of=import_.source_columns,
        )

    def of_import(self, import_: Import, flags: Mapping[str, object]) -> Prepared:
        """The same for a stored import; `flags` are those of its organization."""
        return self._prepare(
            import_.environment,
            flags,
            self.catalogue.types[import_.resource_type],
            layout=import_.layout,
            column_map=import_.column_map,
            mapping=import_.mapping,
            parent=import_.parent_id,
            only=import_.only,
            made_of=import_.source_columns,
        )

    def parent(self, environment: Environment, type_: ResourceType, text: str | None) -> int | None:
        """The id of the parent that a request names; raises RequestRefused when there is none."""
        return None if text is None else self._parents.find(environment, type_, text)

    def new_import(
        self,
        environment: Environment,
        source_name: str,
        request: ImportRequest,
        stored: StoredAttachment,
        parent: int | None,
        prepared: Prepared,
        decided: DecidedColumns,
        drift: tuple[Notice, ...] = (),
    ) -> NewImport:
        """What is stored of a request, once its source is; `drift` is told of it as well."""
        encode = self._database.public_ids.encode
        return NewImport(
            environment=environment.number,
            resource_type=request.resource_type,
            format=stored.layout.format.value,
            tables=record_tables_of(prepared.plan),
            inputs_size=stored.rows_count,
            attachment_name=stored.name,
            layout=stored.layout,
            application_id=request.application_id,
            parent_resource_id=request.parent_resource_id if parent is None else encode(parent),
            parent_id=parent,
            skip_errors=skips_errors(environment, request),
            reference=request.reference,
            reference_origin=request.reference_origin,
            metadata=request.metadata,
            source_name=source_name,
            column_map=decided.column_map,
            mapping=decided.mapping,
            mapping_reference=None
            if request.saved_mapping is None
            else request.saved_mapping.reference,
            is_spelled=has_spellings(decided.column_map),
            ignored_columns=prepared.ignored_columns,
            notices=(*stored.notices, *drift, *decided.notices, *prepared.notices),
            source_digest=self.source_digest(request, stored, parent),
            once=request.once,
            stop_rules=request.stop_rules,
            only=request.only,
            names_by_keys=names_by_keys(prepared.plan),
            all_or_nothing=request.all_or_nothing,
            source_columns=request.source_columns,
        )

    def source_digest(
        self, request: ImportRequest, stored: StoredAttachment, parent: int | None
    ) -> str:
        """By which a source that is imported again in the same way is known."""
        return source_digest(
            stored.content_digest,
            stored.layout,
            resource_type=request.resource_type,
            column_map=request.column_map,
            parent_id=parent,
            part_of=request.part_of,
            only=request.only,
            mapping=request.mapping,
            decimal=request.decimal,
        )

    def _prepare(
        self,
        environment: int,
        flags: Mapping[str, object],
        type_: ResourceType,
        *,
        layout: Layout,
        column_map: Mapping[str, str],
        mapping: MappingDocument | None,
        parent: int | None,
        only: Only | None = None,
        made_of: Mapping[str, str] | None = None,
    ) -> Prepared:
        return prepare(
            type_,
            layout,
            column_map,
            catalogue=self.catalogue,
            public_ids=self._database.public_ids,
            parent=parent,
            environment=environment,
            flags=flags,
            cell_bytes_max=self._settings.cell_bytes_max,
            elements_max=self._settings.nested_elements_max,
            only=only,
            mapping=mapping,
            made_of=made_of,
        )


def skips_errors(environment: Environment, request: ImportRequest) -> bool:
    """Whether failed rows never stop the import: it says so, or its organization does for those
    that are not all or nothing."""
    if request.all_or_nothing:
        return False
    return request.skip_errors or bool(environment.flags["imports_skip_errors"])
