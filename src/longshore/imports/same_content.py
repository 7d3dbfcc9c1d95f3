"""Whether a source was imported before in the same way.

Theory: what decides is a digest of the bytes of a source, of how they are read and of what is made
of them. An import keeps it. Whoever creates the next one looks for it in the transaction that
gives a place, of which there is one at a time: of two imports that are to be created once at the
same moment, exactly one is.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from longshore.clock import format_datetime
from longshore.database import Transaction
from longshore.errors import RequestRefused
from longshore.imports.import_ import Import
from longshore.imports.only import Only
from longshore.imports.status import UNFINISHED, Status
from longshore.imports.tables import imports
from longshore.mapping import MappingDocument
from longshore.readers import Layout
from longshore.spellings import DecimalMark


@dataclass(frozen=True, slots=True, kw_only=True)
class SameContent:
    """An earlier import of the same content, in the same way."""

    id: int
    public_id: str
    status: Status
    created_at: int  # milliseconds since 1970
    is_in: bool  # its rows are imported, or about to be
    noun: str = "import"


class SourceRepeated(RequestRefused):
    """The source was to be imported once, and was imported before."""

    def __init__(self, earlier: SameContent) -> None:
        super().__init__(
            "the same source was imported before in the same way, by the "
            f"{earlier.noun} {earlier.public_id} of {format_datetime(earlier.created_at)} "
            f"({earlier.status})",
            hint="without --once it is imported again",
        )
        self.earlier = earlier


def source_digest(
    content_digest: str,
    layout: Layout,
    *,
    resource_type: str,
    column_map: Mapping[str, str],
    parent_id: int | None = None,
    part_of: str | None = None,
    only: Only | None = None,
    mapping: MappingDocument | None = None,
    decimal: DecimalMark | None = None,
) -> str:
    """What two imports have in common that make the same of the same content.

    When rows stop an import is not part of it. Changing what is makes sources of before new.
    """
    way = {
        "content": content_digest,
        "resource_type": resource_type,
        "parent": parent_id,
        "column_map": dict(column_map),
        "format": layout.format.value,
        "encoding": layout.encoding,
        "delimiter": layout.delimiter,
        "quote": layout.quote,
        "escape": layout.escape,
        "header_line": layout.header_line,
        "is_guarded": layout.is_guarded,
        "part_of": part_of,
    }
    if layout.header_rows != 1:
        way["header_rows"] = layout.header_rows
    if only is not None:
        way["only"] = str(only)
    if mapping is not None:
        way["mapping"] = mapping.to_dict()
    if decimal is not None:
        way["decimal"] = str(decimal)
    return hashlib.sha256(json.dumps(way, sort_keys=True).encode()).hexdigest()


def find_same_content(tx: Transaction, environment: int, digest: str) -> SameContent | None:
    """The last import of the same content: of those whose rows are in, if there is one."""
    return _first(
        tx,
        and_(imports.c.environment == environment, imports.c.source_digest == digest),
    )


def same_content_of(tx: Transaction, import_: Import) -> SameContent | None:
    """The import of the same content that an import was created behind; None also for one that was
    deleted since."""
    if import_.same_content_as is None:
        return None
    return _first(tx, imports.c.id == import_.same_content_as)


def _first(tx: Transaction, condition: ColumnElement[bool]) -> SameContent | None:
    columns = imports.c
    # One that was interrupted, or of which no row succeeded, is to be repeated.
    is_in = or_(
        columns.status.in_(UNFINISHED),
        and_(columns.status == Status.COMPLETED, columns.processed_count > 0),
    )
    query = (
        select(columns.id, columns.status, columns.created_at, is_in.label("is_in"))
        # A plan has done nothing.
        .where(condition, columns.deleted_at.is_(None), columns.kind.is_(None))
        .order_by(is_in.desc(), columns.id.desc())
        .limit(1)
    )
    row = tx.connection.execute(query).one_or_none()
    if row is None:
        return None
    return SameContent(
        id=row.id,
        public_id=tx.public_ids.encode(row.id),
        status=Status(row.status),
        created_at=row.created_at,
        is_in=bool(row.is_in),
    )
