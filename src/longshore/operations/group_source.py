"""What a group of imports is made of: a source with the rows of its members, and a request."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from longshore.errors import RequestRefused
from longshore.imports import GroupForm, ImportRequest, Only, StopRules
from longshore.mapping import MappingDocument
from longshore.notices import Notice
from longshore.sources import Source, StoredAttachment


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupMember:
    """Of what one member of a group is made."""

    resource_type: str
    source: Source  # its rows; read once
    column_map: Mapping[str, str] = field(default_factory=dict)  # column or key -> field, "": none
    mapping: MappingDocument | None = None
    # Of a member whose rows a dialect has made: field -> column of the file
    source_columns: Mapping[str, str] | None = None
    # What becomes of what is stored of the source, where that is another one with edits.
    stored_as: Callable[[StoredAttachment], StoredAttachment] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSource:
    """What was made of a file: the members of a group, in the order in which they depend on each
    other."""

    form: GroupForm
    name: str  # of the file, as people know it
    members: Sequence[GroupMember]
    dialect: str | None = None
    why: tuple[str, ...] = ()  # it was recognised as what it is, for people
    notices: tuple[Notice, ...] = ()  # of the file as a whole
    # The first three records of each type, before and after conversion:
    # {type: [{"row", "line", "source": {column: cell}, "fields": {field: value}}]}; of a dialect
    # also which cell a field is of, and which fail: "cells": {field: [column, cell]}, "failed"
    examples: Mapping[str, Sequence[Mapping[str, Any]]] = field(default_factory=dict)
    source_size: int | None = None  # rows of the file, where those of the members are made of these
    original: StoredAttachment | None = None  # the file itself, where a dialect has read it
    digest: str | None = None  # by which the same source, asked for in the same way, is known
    options: Mapping[str, Any] = field(default_factory=dict)  # as asked for, and resolved

    def check(self) -> None:
        """Raise RequestRefused where there is nothing to import."""
        if not self.members:
            raise RequestRefused(f"{self.name} has no rows of any type that can be imported")

    @contextmanager
    def refusals_naming(self, member: GroupMember) -> Iterator[None]:
        """Let what is refused within the block say of which member it is said."""
        try:
            yield
        except RequestRefused as refused:
            refused.found_in(self._place_of(member))
            raise

    def _place_of(self, member: GroupMember) -> str:
        type_, source = member.resource_type, member.source
        if source.sheet is not None:
            return f"the sheet {source.sheet!r} of {self.name} ({type_})"
        if source.name not in (None, self.name):
            return f"{source.name} ({type_})"
        return f"the rows of {type_} in {self.name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRequest:
    """What somebody asks for beside the source of a group."""

    application_id: int | None = None  # who asks; None: somebody at a terminal
    skip_errors: bool = False
    stop_rules: StopRules = field(default_factory=StopRules)
    once: bool = False  # refused where the same source was imported before
    only: Only | None = None  # which rows are to have an effect; None: all
    reference: str | None = None
    reference_origin: str | None = None
    metadata: Mapping[str, object] = field(default_factory=dict)

    def of(self, member: GroupMember) -> ImportRequest:
        """What is asked for of one member."""
        return ImportRequest(
            resource_type=member.resource_type,
            application_id=self.application_id,
            column_map=member.column_map,
            mapping=member.mapping,
            skip_errors=self.skip_errors,
            stop_rules=self.stop_rules,
            only=self.only,
            reference=self.reference,
            reference_origin=self.reference_origin,
            metadata=self.metadata,
            source_columns=member.source_columns,
        )


def group_digest(source: GroupSource, members: Sequence[str | None]) -> str:
    """By which a source is known that is imported again in the same way; `members` are those by
    which its members are."""
    if source.digest is not None:
        return source.digest
    return hashlib.sha256(json.dumps([str(source.form), *members]).encode()).hexdigest()
