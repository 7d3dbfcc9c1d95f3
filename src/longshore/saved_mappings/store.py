"""The store of saved mappings. All functions work in the caller's transaction.

Whoever saves or deletes has the environment's mappings for themselves (`Locks`), so versions follow
one another without gaps.
"""

import json
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

from sqlalchemy import Row, and_, delete, func, insert, select, update

from longshore.database import Transaction
from longshore.errors import PermanentError, RequestRefused
from longshore.json_text import decode_stored, encode_json
from longshore.mapping import (
    MappingDocument,
    MappingRefused,
    SourceShape,
    read_mapping,
    read_shape,
)
from longshore.saved_mappings.saved_mapping import (
    DOCUMENT_BYTES_MAX,
    NAMES_MAX,
    VERSIONS_KEPT,
    MappingSummary,
    SavedMapping,
    check_name,
)
from longshore.saved_mappings.tables import saved_mappings

_mappings = saved_mappings.c


def save_mapping(
    tx: Transaction,
    environment: int,
    name: str,
    document: MappingDocument,
    shape: SourceShape | None = None,
    *,
    application_id: int | None = None,
) -> tuple[SavedMapping, bool]:
    """Save a mapping as the next version of its name; False beside it: the newest version says the
    same, and nothing was saved.

    Raises RequestRefused for a name that cannot be, too long a document, and too many names.
    """
    check_name(name)
    text = _json(document.to_dict(), "the mapping")
    shape_text = None if shape is None else _json(shape.to_dict(), "what is said of the file")
    newest = find_mapping(tx, environment, name)
    if newest is None:
        _refuse_too_many(tx, environment)
    elif newest.document == document and newest.shape == shape:
        return newest, False
    version = 1 if newest is None else newest.version + 1
    (id_,) = tx.reserve_ids(environment, 1)
    tx.connection.execute(
        insert(saved_mappings).values(
            id=id_,
            environment=environment,
            name=name,
            version=version,
            document=text,
            shape=shape_text,
            application_id=application_id,
            created_at=tx.now(),
        )
    )
    tx.connection.execute(
        delete(saved_mappings).where(
            _is_named(environment, name), _mappings.version <= version - VERSIONS_KEPT
        )
    )
    saved = SavedMapping(
        name=name,
        version=version,
        document=document,
        shape=shape,
        created_at=tx.now(),
        application_id=application_id,
    )
    return saved, True


def find_mapping(
    tx: Transaction, environment: int, name: str, version: int | None = None
) -> SavedMapping | None:
    """A version of a mapping, the newest where none is named; None: there is none."""
    query = select(saved_mappings).where(_is_named(environment, name))
    if version is not None:
        query = query.where(_mappings.version == version)
    row = tx.connection.execute(query.order_by(_mappings.version.desc()).limit(1)).first()
    return None if row is None else _saved(row)


def list_mappings(tx: Transaction, environment: int) -> Sequence[MappingSummary]:
    """The newest version of each mapping of an environment, by name; there are not many."""
    newest = (
        select(_mappings.name, func.max(_mappings.version).label("version"))
        .where(_mappings.environment == environment)
        .group_by(_mappings.name)
        .subquery()
    )
    query = (
        select(saved_mappings)
        .join(
            newest,
            and_(_mappings.name == newest.c.name, _mappings.version == newest.c.version),
        )
        .where(_mappings.environment == environment)
        .order_by(_mappings.name)
        .limit(NAMES_MAX)
    )
    return [_summary(row) for row in tx.connection.execute(query)]


def list_versions(tx: Transaction, environment: int, name: str) -> Sequence[MappingSummary]:
    """The versions of a mapping that are kept, the newest first."""
    query = (
        select(saved_mappings)
        .where(_is_named(environment, name))
        .order_by(_mappings.version.desc())
        .limit(VERSIONS_KEPT)
    )
    return [_summary(row) for row in tx.connection.execute(query)]


def rename_mapping(tx: Transaction, environment: int, name: str, to: str) -> bool:
    """Give all versions of a mapping a name that none has; whether there were any. Raises
    RequestRefused for a name that cannot be."""
    check_name(to)
    renamed = tx.connection.execute(
        update(saved_mappings).where(_is_named(environment, name)).values(name=to)
    )
    return bool(renamed.rowcount)


def delete_mapping(tx: Transaction, environment: int, name: str) -> bool:
    """Delete all versions of a mapping; whether there were any."""
    removed = tx.connection.execute(delete(saved_mappings).where(_is_named(environment, name)))
    return bool(removed.rowcount)


def no_such_mapping(
    tx: Transaction, environment: int, name: str, version: int | None = None
) -> RequestRefused:
    """The refusal of a name, or of a version of it, that is not there."""
    names = list(
        tx.connection.execute(
            select(_mappings.name).where(_mappings.environment == environment).distinct()
        ).scalars()
    )
    if version is not None and name in names:
        newest = find_mapping(tx, environment, name)
        kept = f"the newest is {newest.version}" if newest else "there is none"
        return RequestRefused(
            f"the mapping {name!r} has no version {version} (any more)",
            hint=f"{kept}; longshore mappings show {name} --versions lists them",
        )
    close = get_close_matches(name, names, n=1)
    hint = f"did you mean {close[0]}?" if close else "longshore mappings list shows them"
    return RequestRefused(f"there is no mapping {name[:100]!r}", hint=hint)


def _refuse_too_many(tx: Transaction, environment: int) -> None:
    query = select(func.count(_mappings.name.distinct())).where(
        _mappings.environment == environment
    )
    if tx.connection.execute(query).scalar_one() >= NAMES_MAX:
        raise RequestRefused(
            f"there are {NAMES_MAX:,} mappings, which is as many as may be",
            hint="delete one that nobody needs",
        )


def _json(values: dict[str, Any], what: str) -> str:
    text = encode_json(values)
    if len(text) > DOCUMENT_BYTES_MAX:
        raise RequestRefused(
            f"{what} has {len(text):,} bytes, at most {DOCUMENT_BYTES_MAX:,} are saved"
        )
    if b"\\u0000" in text:
        raise RequestRefused(f"{what} holds a NUL character, which no database keeps")
    return text.decode()


def _is_named(environment: int, name: str) -> Any:
    return and_(_mappings.environment == environment, _mappings.name == name)


def _summary(row: Row[Any]) -> MappingSummary:
    # A list is not to fail for one mapping that cannot be read.
    values = decode_stored(row.document)
    values = values if isinstance(values, dict) else {}
    return MappingSummary(
        name=row.name,
        version=row.version,
        resource_type=values.get("type"),
        fields_count=len(values.get("fields", ())),
        created_at=row.created_at,
    )


def _saved(row: Row[Any]) -> SavedMapping:
    try:
        document = read_mapping(json.loads(row.document))
        shape = None if row.shape is None else read_shape(json.loads(row.shape))
    # A later release has saved what this one does not know.
    except (ValueError, MappingRefused) as error:
        raise PermanentError(
            f"the mapping {row.name!r}, version {row.version}, cannot be read: {error}"
        ) from error
    return SavedMapping(
        name=row.name,
        version=row.version,
        document=document,
        shape=shape,
        created_at=row.created_at,
        application_id=row.application_id,
    )
