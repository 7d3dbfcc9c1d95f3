"""What is shown of an import group beside its members, each of which is shown as any import is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from longshore.clock import format_datetime
from longshore.engine import DryRun
from longshore.identifiers import PublicIds
from longshore.imports import GroupForm, ImportGroup, Status
from longshore.notices import Notice
from longshore.operations.group_source import GroupSource
from longshore.operations.import_plans import IMPORT_PLANS

IMPORT_GROUPS = "import_groups"

_IMPORTS = "imports"
_COUNTS = (
    "inputs_size",
    "processed_count",
    "errors_count",
    "warnings_count",
    "created_count",
    "updated_count",
    "unchanged_count",
    "skipped_count",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupShown:
    """A group as it is shown, its values as on the wire."""

    id: str | None  # public; None: it was only tried, and has no members either
    attributes: Mapping[str, Any]
    meta: Mapping[str, Any] = field(default_factory=dict)
    members: Sequence[tuple[str, str]] = ()  # type and public id of each, in their order


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupOrigin:
    """What there is to be told of the source of a group, stored or only tried."""

    form: GroupForm
    dialect: str | None
    source_name: str | None
    source_size: int | None  # rows
    why: Sequence[str]  # it was recognised
    options: Mapping[str, Any]
    notices: Sequence[Notice]
    examples: Mapping[str, Sequence[Mapping[str, Any]]]

    @classmethod
    def of_group(cls, group: ImportGroup) -> "GroupOrigin":
        """That of a stored group."""
        return cls(
            form=group.form,
            dialect=group.dialect,
            source_name=group.source_name,
            source_size=group.source_size,
            why=group.recognised,
            options=group.options,
            notices=group.notices,
            examples=group.examples,
        )

    @classmethod
    def of_source(cls, source: GroupSource) -> "GroupOrigin":
        """That of a source of which no group was made so far."""
        return cls(
            form=source.form,
            dialect=source.dialect,
            source_name=source.name,
            source_size=source.source_size,
            why=source.why,
            options=source.options,
            notices=source.notices,
            examples=source.examples,
        )

    def attributes(self) -> dict[str, Any]:
        """Those of its attributes that stand in the document of a group."""
        return {
            "form": str(self.form),
            "dialect": self.dialect,
            "source_name": self.source_name,
        }

    def meta(self) -> dict[str, Any]:
        """What stands in `meta` of it."""
        return {
            "source_size": self.source_size,
            "recognised": list(self.why),
            "options": dict(self.options),
            "warnings": [notice.to_dict() for notice in self.notices],
            "examples": {name: list(each) for name, each in self.examples.items()},
        }


def shown_group(
    group: ImportGroup, public_ids: PublicIds, *, undos: Mapping[str, Any] | None = None
) -> GroupShown:
    """A stored group; `undos` is what `meta` tells of what takes it back."""
    encode, members, origin = public_ids.encode, group.members, GroupOrigin.of_group(group)
    is_complete = group.status is Status.COMPLETED
    type_ = IMPORT_PLANS if group.is_plan else _IMPORTS
    return GroupShown(
        id=encode(group.id),
        attributes={
            "status": str(group.status),
            **origin.attributes(),
            **{name: group.total(name) for name in _COUNTS},
            "started_at": _time(min(_known(each.started_at for each in members), default=None)),
            "completed_at": (
                _time(max(_known(each.completed_at for each in members), default=None))
                if is_complete
                else None
            ),
            "interrupted_at": _time(
                max(_known(each.interrupted_at for each in members), default=None)
            ),
            "created_at": _time(group.created_at),
            "updated_at": _time(max(group.updated_at, *(each.updated_at for each in members)))
            if members
            else _time(group.updated_at),
            "reference": group.reference,
            "reference_origin": group.reference_origin,
            "metadata": dict(group.metadata),
        },
        meta={
            **origin.meta(),
            "is_plan": group.is_plan,
            "retry_of": None if group.retry_of is None else encode(group.retry_of),
            "plan_id": None if group.plan_id is None else encode(group.plan_id),
            **({"undo": None, "undos": []} if undos is None else undos),
        },
        members=[(type_, encode(each.id)) for each in members],
    )


def tried_group(origin: GroupOrigin, dry_runs: Sequence[DryRun]) -> GroupShown:
    """A group that was only tried: what its members would have done, in their order."""
    counts = {
        "inputs_size": sum(each.inputs_size for each in dry_runs),
        "processed_count": sum(each.consumed - each.failed for each in dry_runs),
        "errors_count": sum(each.failed for each in dry_runs),
        "warnings_count": sum(each.warned for each in dry_runs),
        "created_count": sum(each.created for each in dry_runs),
        "updated_count": sum(each.updated for each in dry_runs),
        # As of an import: a row that is skipped leaves its record unchanged.
        "unchanged_count": sum(each.unchanged + each.skipped for each in dry_runs),
        "skipped_count": sum(each.skipped for each in dry_runs),
    }
    is_stopped = any(each.interrupted for each in dry_runs)
    return GroupShown(
        id=None,
        attributes={
            "status": str(Status.INTERRUPTED if is_stopped else Status.COMPLETED),
            **origin.attributes(),
            **counts,
        },
        meta={**origin.meta(), "dry_run": True},
    )


def _known(times: Iterable[int | None]) -> list[int]:
    return [each for each in times if each is not None]


def _time(milliseconds: int | None) -> str | None:
    return None if milliseconds is None else format_datetime(milliseconds)
