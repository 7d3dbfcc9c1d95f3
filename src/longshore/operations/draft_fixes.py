"""What would mend a whole group of errors at once: another value for one that many cells have, or
one value for all rows that have none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from longshore.catalogue import Catalogue, ResourceType, is_named_by_keys, key_names
from longshore.database import Transaction
from longshore.error_codes import ErrorCode
from longshore.identifiers import environment_range
from longshore.imports import ErrorGroup, Import
from longshore.operations.unit_columns import (
    UnitConversion,
    conversion_of,
    is_unit_field,
    unit_of,
)
from longshore.records import read_distinct

CHOICES_MAX = 100
_CUT = "…"  # at the end of a value that is too long to be told


@dataclass(frozen=True, slots=True, kw_only=True)
class Fix:
    """How a group of errors can be mended; nothing is known to be right but by a check."""

    # replace, of a value in a column; constant, of a field for all rows
    kind: str
    name: str  # of the column, or of the field
    old: str = ""  # what is replaced; "": a blank cell
    suggestion: str | None = None
    choices: Sequence[str] = ()  # that there are; none: anything may be typed
    target: str | None = None  # the type of which records are chosen from
    has_more: bool = False  # than are told
    is_unit: bool = False  # of numbers: another one alone makes others of them
    conversion: UnitConversion | None = None  # of the unit with the numbers beside it


def fix_of(
    tx: Transaction,
    catalogue: Catalogue,
    plan: Import,
    group: ErrorGroup,
    *,
    may_read: Callable[[str], bool],
) -> Fix | None:
    """What would mend a group; None: each of its rows has to be looked at. `may_read` says of which
    types records may be told."""
    if group.other_values:
        return None
    if group.value:
        if group.column is None or _is_part_of_cell(group):
            return None
        of_value = Fix(
            kind="replace", name=group.column, old=group.value, suggestion=group.suggestion
        )
        return _of_unit(catalogue, plan, group, of_value)
    if group.code not in (ErrorCode.BLANK, ErrorCode.MUST_EXIST):
        return None
    type_ = catalogue.types[plan.resource_type]
    fix = _choice_of(tx, _targets(catalogue, type_, group.attribute), plan, may_read)
    if group.column is not None:
        return replace(fix or Fix(kind="replace", name=""), kind="replace", name=group.column)
    if fix is None and any(each.name == group.attribute for each in type_.attributes):
        return Fix(kind="constant", name=group.attribute)
    return fix


def _of_unit(catalogue: Catalogue, plan: Import, group: ErrorGroup, fix: Fix) -> Fix:
    """The same fix, where the value is a unit: with its conversion, and with no other suggestion
    than another word for the same unit."""
    type_ = catalogue.types[plan.resource_type]
    if group.code != ErrorCode.NOT_IN_LIST or not is_unit_field(type_, group.attribute):
        return fix
    known = unit_of(type_, group.attribute, fix.old)
    if known is not None and known[1] == 1:
        return replace(fix, suggestion=known[0])
    conversion = conversion_of(catalogue, plan, fix.name, fix.old)
    return replace(fix, suggestion=None, is_unit=True, conversion=conversion)


def _choice_of(
    tx: Transaction,
    targets: Sequence["_FixedTarget"],
    plan: Import,
    may_read: Callable[[str], bool],
) -> Fix | None:
    """One record for all rows, by the first key that any record has."""
    fix: Fix | None = None
    for each in targets:
        names = each.names(tx, plan.environment) if may_read(each.resource_type) else []
        fix = Fix(
            kind="constant",
            name=each.field,
            choices=names[:CHOICES_MAX],
            target=each.resource_type if may_read(each.resource_type) else None,
            has_more=len(names) > CHOICES_MAX,
        )
        if names:
            break
    return fix


def _is_part_of_cell(group: ErrorGroup) -> bool:
    """Whether the value is one of the names that a cell holds, or was cut."""
    in_list = group.attribute.split(".")[-2:-1] == ["tags"] or group.attribute == "tags"
    return in_list or (group.value or "").endswith(_CUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class _FixedTarget:
    """What a relationship points at, by a key by which rows may name it."""

    field: str
    resource_type: str
    table: str
    column: str

    def names(self, tx: Transaction, environment: int) -> list[str]:
        within = environment_range(environment)
        return read_distinct(tx, self.table, self.column, within=within, limit=CHOICES_MAX + 1)


def _targets(catalogue: Catalogue, type_: ResourceType, attribute: str) -> list[_FixedTarget]:
    """One for each key that is a single text, because records may have some of them."""
    for each in type_.relationships:
        if each.name != attribute or len(each.targets) != 1:
            continue
        if not is_named_by_keys(catalogue, type_, each):
            return []
        target = catalogue.types[each.targets[0]]
        return [
            _FixedTarget(
                field=f"{attribute}.{key}",
                resource_type=target.name,
                table=target.table,
                column=key,
            )
            for key in key_names(catalogue, each)
            if "." not in key
        ]
    return []
