"""Imports and records as JSON:API resources, read where the terminal is instead of a server."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.api import Origin
    from longshore.assembly import Longshore
    from longshore.catalogue import Catalogue, ResourceType
    from longshore.cli.record_fields import RecordField
    from longshore.imports import Import, ImportUnreadable
    from longshore.records import RecordReader, RecordView

__all__ = ["import_resource", "origin_of", "record_reader", "record_resources", "unreadable_import"]


def record_reader(longshore: Longshore, environment: Environment) -> RecordReader:
    """What reads the records of an environment."""
    from longshore.records import RecordReader, record_tables

    catalogue = longshore.catalogue
    return RecordReader(
        catalogue,
        record_tables(catalogue),
        environment.number,
        longshore.public_ids,
        longshore.database.record_secrets,
    )


def record_resources(
    longshore: Longshore,
    environment: Environment,
    views: Iterator[RecordView],
    fields: Sequence[RecordField] | None = None,
) -> Iterator[dict[str, Any]]:
    """The resource object of each record; with `fields` it has those alone, and says of each
    relationship among them which record it leads to."""
    from longshore.api import record_document

    origin = origin_of(environment)
    types = longshore.catalogue.types
    if fields is None:
        for view in views:
            yield record_document(view, types[view.type], origin)
        return
    names = {each.name for each in fields if each.name is not None}
    for view in views:
        declared = types[view.type]
        linkage = _linkage(longshore.catalogue, declared, view)
        yield record_document(view, declared, origin, fields=names, linkage=linkage)


def _linkage(catalogue: Catalogue, declared: ResourceType, view: RecordView) -> dict[str, Any]:
    """Where the relationships of a view lead; of one that may lead to several types nobody knows
    to which."""
    linkage: dict[str, Any] = {}
    for relationship in declared.relationships:
        targets = catalogue.targets_of(relationship)
        if relationship.name in view.to_one and len(targets) == 1:
            id_ = view.to_one[relationship.name]
            linkage[relationship.name] = id_ and {"type": targets[0], "id": id_}
    return linkage


def import_resource(
    longshore: Longshore, environment: Environment, import_: Import, *, listed: bool = False
) -> dict[str, Any]:
    """The resource object of an import; in a list fewer rows are echoed.

    The URL of the attachment is signed by the store of its bucket, or is the one of its file: no
    server of ours is there to sign one.
    """
    from longshore.api import echo_inputs, import_document
    from longshore.imports import errors_log, warnings_log
    from longshore.sources import AttachmentDamaged, AttachmentMissing

    settings = longshore.settings
    rows_max = settings.inputs_echo_rows_listed if listed else settings.inputs_echo_rows
    identifiers_max = settings.errors_log_identifiers_max
    with longshore.database.read() as tx:
        errors = errors_log(tx, import_.id, identifiers_max=identifiers_max)
        warnings = warnings_log(tx, import_.id, identifiers_max=identifiers_max)
        waits_for = longshore.waits_for(tx, import_)
    attachments, name = longshore.attachments, import_.attachment_name
    inputs = None
    is_expired = import_.attachment_expired_at is not None  # a bucket need not be asked
    if import_.inputs_size <= rows_max and not is_expired:
        try:
            batches = attachments.open(name, import_.layout)
            inputs = echo_inputs(import_, batches, longshore.catalogue, rows_max=rows_max)
        except (AttachmentDamaged, AttachmentMissing):
            pass  # the document says all that is known without it
    url = None
    if not is_expired and attachments.exists(name):
        url = attachments.signed_url(name) or attachments.path(name).resolve().as_uri()
    return import_document(
        import_,
        longshore.catalogue.types["imports"],
        longshore.public_ids,
        origin_of(environment),
        errors_log=errors,
        warnings_log=warnings,
        inputs=inputs,
        attachment_url=url,
        waits_for=waits_for,
    )


def unreadable_import(error: ImportUnreadable) -> dict[str, Any]:
    """The resource object of an import of which nothing but its id can be told."""
    meta = {"unreadable": error.message}
    return {"type": "imports", "id": error.public_id, "attributes": {}, "meta": meta}


def origin_of(environment: Environment) -> Origin:
    """What documents of an environment's records say about where they are from."""
    from longshore.api import Origin

    return Origin(mode=environment.mode, organization_id=environment.organization_id)
