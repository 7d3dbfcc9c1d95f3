"""The import itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from longshore.errors import PermanentError
from longshore.identifiers import ImportId
from longshore.imports.only import Only
from longshore.imports.stage import Stage
from longshore.imports.status import Status
from longshore.imports.stop_rules import StoppedBy, StopRules
from longshore.imports.store_moved import StoreMoved
from longshore.mapping import MappingDocument
from longshore.notices import Notice
from longshore.readers import Layout, Position
from longshore.runs import Run
from longshore.saved_mappings import MappingReference, SavedMapping
from longshore.spellings import DecimalMark


class ImportUnreadable(PermanentError):
    """What is stored of an import is damaged, or of a later release."""

    def __init__(self, import_id: ImportId, public_id: str, cause: Exception) -> None:
        super().__init__(
            f"what is stored of the import {public_id} cannot be read: {cause!r}",
            hint="a later release may have stored it; otherwise the database was damaged",
        )
        self.id = import_id
        self.public_id = public_id


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportRequest:
    """What somebody asks to be imported, beside the source."""

    resource_type: str
    application_id: int | None = None  # who asks; None: somebody at a terminal
    parent: str | None = None  # an id, or a natural key: fills the type's parent relationship
    parent_resource_id: str | None = None  # shown as the parent where there is none
    column_map: Mapping[str, str] = field(default_factory=dict)  # column or key -> field, "": none
    skip_errors: bool = False
    once: bool = False  # refused where the same content was imported before
    part_of: str | None = None  # tells the whole that the rows are a part of from others
    reference: str | None = None
    reference_origin: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    stop_rules: StopRules = field(default_factory=StopRules)
    only: Only | None = None  # which rows are to have an effect; None: all
    mapping: MappingDocument | None = None  # on which `column_map` is laid
    decimal: DecimalMark | None = None  # of all columns; None: each shows it
    all_or_nothing: bool = False  # nothing is to be written if any row fails
    saved_mapping: SavedMapping | None = None  # that the mapping is of; None: it has no name
    # Of rows that were made of those of another file: field -> column there; None: they were not.
    source_columns: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImport:
    """A request to load many records of one resource type, its source stored already."""

    environment: int
    resource_type: str
    format: str  # "json" or "csv", as the stored source is
    tables: frozenset[str]  # of the records that it may write, which imports after it wait for
    inputs_size: int  # number of rows
    attachment_name: str
    layout: Layout
    application_id: int | None = None  # who asks for it; None: somebody at a terminal
    parent_resource_id: str | None = None  # public id, as it was given
    parent_id: int | None = None  # None also where the type has no parent
    skip_errors: bool = False
    reference: str | None = None
    reference_origin: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)
    source_name: str | None = None  # as people know it: the file's name
    column_map: Mapping[str, str] = field(default_factory=dict)  # column -> field
    ignored_columns: tuple[str, ...] = ()  # columns and keys that no field bears
    notices: tuple[Notice, ...] = ()
    retry_of: ImportId | None = None  # the first import, whose failed rows it takes again
    source_digest: str | None = None  # None: it is the same as no other
    once: bool = False
    stop_rules: StopRules = field(default_factory=StopRules)
    only: Only | None = None  # which rows are to have an effect; None: all
    names_by_keys: bool = False  # rows name targets by fields of these, such as `price_list.name`
    mapping: MappingDocument | None = None  # on which `column_map` is laid
    is_spelled: bool = False  # columns are read as people write values, not as the wire does
    mapping_reference: MappingReference | None = None  # what named it; None: it was no saved one
    is_plan: bool = False  # it is to write no records
    all_or_nothing: bool = False  # nothing is to be written if any row fails
    plan_id: ImportId | None = None  # the plan that it applies
    group_id: int | None = None  # the import group that it is a member of
    group_position: int | None = None  # among its members, from 0
    # Of a member whose rows a dialect has made: field -> column of the file
    source_columns: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """A stored import at one moment; times are milliseconds since 1970."""

    id: ImportId  # also that of its run
    run: Run  # as it was at the same moment
    environment: int
    resource_type: str
    format: str
    application_id: int | None  # who asked for it; None: somebody at a terminal
    parent_resource_id: str | None  # public id, as it was given
    parent_id: int | None  # None also where the type has no parent
    skip_errors: bool
    reference: str | None
    reference_origin: str | None
    metadata: Mapping[str, object]
    source_name: str | None
    attachment_name: str
    layout: Layout
    column_map: Mapping[str, str]
    ignored_columns: tuple[str, ...]
    notices: tuple[Notice, ...]  # of its source, and of the whole of its rows
    first_amounts: tuple[Mapping[str, Any], ...]  # amounts of its first rows as money
    stop_rules: StopRules
    only: Only | None  # which rows are to have an effect; None: all
    mapping: MappingDocument | None  # on which `column_map` is laid
    mapping_reference: MappingReference | None  # what named it; None: it was no saved one
    inputs_size: int
    status: Status
    started_at: int | None
    completed_at: int | None
    interrupted_at: int | None
    interruption_reason: str | None  # None also when its errors, or a user, interrupted it
    stopped_by: StoppedBy | None  # the rule that interrupted it; None also for that of the wire
    moved: StoreMoved | None  # what was not as it was judged, and interrupted it
    processed_count: int
    errors_count: int
    warnings_count: int
    created_count: int
    updated_count: int
    unchanged_count: int
    skipped_count: int
    checkpoint: Position | None  # where the last committed row starts; None: none is committed
    retry_of: ImportId | None  # the first import, whose failed rows it takes again
    same_content_as: ImportId | None  # an earlier import, when this one was created
    is_plan: bool  # it writes no records
    all_or_nothing: bool  # nothing is written if any row fails
    stage: Stage | None  # of what is all or nothing, since it was claimed
    taken_back_row: int | None  # the first row of the chunk that was taken back last
    plan_id: ImportId | None  # the plan that it applies
    expires_at: int | None  # of a plan
    group_id: int | None  # the import group that it is a member of
    group_position: int | None  # among its members, from 0
    # Of a member whose rows a dialect has made: field -> column of the file
    source_columns: Mapping[str, str] | None
    attachment_expired_at: int | None  # when its attachment was removed; None: it was not
    created_at: int
    updated_at: int
    deleted_at: int | None

    @property
    def noun(self) -> str:
        """What people call it."""
        return "plan" if self.is_plan else "import"

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status.is_finished

    @property
    def consumed_count(self) -> int:
        """Rows gone through; also the number of the last of them."""
        return self.processed_count + self.errors_count
