"""What would mend a whole group of errors at once: another value for one that many cells have, or
one value for all rows that have none."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from longshore.catalogue import Catalogue, ResourceType, ValueType, is_named_by_keys, key_names
from longshore.database import Transaction
from longshore.engine import SourceColumns
from longshore.error_codes import ErrorCode
from longshore.identifiers import environment_range
from longshore.imports import ErrorGroup, Import
from longshore.operations.unit_columns import (
    UnitConversion,
    columns_of,
    conversion_by,
    is_unit_field,
    unit_of,
)
from longshore.records import read_distinct
from longshore.spellings import (
    DateOrder,
    clear_number,
    number_meanings,
    plain_decimal,
    read_date,
)

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
    meanings: Sequence[str] = ()  # what may be meant, where that is one of two things
    choices: Sequence[str] = ()  # one of which it must be; none: anything may be typed
    known: Sequence[str] = ()  # values of records that there are, to be offered
    target: str | None = None  # the type of which records are chosen from
    has_more: bool = False  # than are told
    is_unit: bool = False  # of numbers: another one alone makes others of them
    conversion: UnitConversion | None = None  # of the unit with the numbers beside it


class Fixes:
    """What would mend the groups of a plan; `may_read` says of which types records may be told."""

    def __init__(
        self,
        tx: Transaction,
        catalogue: Catalogue,
        plan: Import,
        *,
        may_read: Callable[[str], bool],
    ) -> None:
        self._tx = tx
        self._catalogue = catalogue
        self._plan = plan
        self._may_read = may_read
        self._type = catalogue.types[plan.resource_type]
        self._names: dict[_FixedTarget, Sequence[str]] = {}

    def of(self, group: ErrorGroup) -> Fix | None:
        """What would mend a group; None: each of its rows has to be looked at."""
        if group.other_values:
            return None
        if group.value:
            if group.column is None or _is_part_of_cell(group):
                return None
            return self._of_value(group, group.column, group.value)
        if group.code not in (ErrorCode.BLANK, ErrorCode.MUST_EXIST):
            return None
        fix = self._choice_of(_targets(self._catalogue, self._type, group.attribute))
        if group.column is not None:
            return replace(fix or Fix(kind="replace", name=""), kind="replace", name=group.column)
        if fix is None and any(each.name == group.attribute for each in self._type.attributes):
            return Fix(kind="constant", name=group.attribute)
        return fix

    def _of_value(self, group: ErrorGroup, column: str, value: str) -> Fix:
        """Another value for one that many cells have."""
        fix = Fix(kind="replace", name=column, old=value, suggestion=group.suggestion)
        if group.code == ErrorCode.MUST_EXIST:
            return replace(fix, known=self._known(group, column))
        if group.code != ErrorCode.NOT_IN_LIST:
            return replace(fix, meanings=_meanings(self._type, group, value))
        field = self._field_as_it_stands(column)
        if field is not None:
            fix = replace(fix, choices=_listed(self._type, field))
        return self._of_unit(group, fix) if is_unit_field(self._type, group.attribute) else fix

    def _of_unit(self, group: ErrorGroup, fix: Fix) -> Fix:
        """The same fix of a unit: with its conversion, and with no other suggestion than another
        word for the same unit."""
        known = unit_of(self._type, group.attribute, fix.old)
        if known is not None and known[1] == 1:
            return replace(fix, suggestion=known[0])
        conversion = None
        if self._columns is not None:
            conversion = conversion_by(
                self._type, self._columns, self._plan.mapping, column=fix.name, value=fix.old
            )
        return replace(fix, suggestion=None, is_unit=True, conversion=conversion)

    def _known(self, group: ErrorGroup, column: str) -> Sequence[str]:
        """Records that there are, by the key that a column gives."""
        field = self._field_as_it_stands(column)
        for each in _targets(self._catalogue, self._type, group.attribute):
            if each.field == field and self._may_read(each.resource_type):
                return self._names_of(each)[:CHOICES_MAX]
        return ()

    def _choice_of(self, targets: Sequence["_FixedTarget"]) -> Fix | None:
        """One record for all rows, by the first key that any record has."""
        fix: Fix | None = None
        for each in targets:
            may_read = self._may_read(each.resource_type)
            names = self._names_of(each) if may_read else []
            fix = Fix(
                kind="constant",
                name=each.field,
                choices=names[:CHOICES_MAX],
                target=each.resource_type if may_read else None,
                has_more=len(names) > CHOICES_MAX,
            )
            if names:
                break
        return fix

    def _names_of(self, target: "_FixedTarget") -> Sequence[str]:
        if target not in self._names:
            self._names[target] = target.names(self._tx, self._plan.environment)
        return self._names[target]

    @cached_property
    def _columns(self) -> SourceColumns | None:
        return columns_of(self._catalogue, self._plan)

    def _field_as_it_stands(self, column: str) -> str | None:
        """The field that the cells of a column are, without any transform and as on the wire."""
        if self._columns is None:
            return None
        fields = self._columns.fields_by_column().get(column, [])
        if len(fields) != 1 or fields[0] in self._columns.units:
            return None
        made = (each for each in self._columns.made if each.field == fields[0])
        return None if any(each.is_changed for each in made) else fields[0]


def _meanings(type_: ResourceType, group: ErrorGroup, value: str) -> Sequence[str]:
    """The two dates, or the two numbers, that a value may be."""
    found: Sequence[str | None] = ()
    if group.code == ErrorCode.AMBIGUOUS_AMOUNT:
        found = [plain_decimal(Decimal(each)) for each in number_meanings(value)]
        found = [each for each in found if each is not None and clear_number(each) == each]
    elif group.code == ErrorCode.INVALID and any(
        each.name == group.attribute and each.type is ValueType.DATETIME
        for each in type_.attributes
    ):
        orders = (DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST)
        found = [read_date(value, order) for order in orders]
    clear = list(dict.fromkeys(each for each in found if each is not None))
    return clear if len(clear) == 2 else ()


def _listed(type_: ResourceType, field: str) -> Sequence[str]:
    """The values of a closed list that a field takes."""
    for each in type_.attributes:
        if each.name == field and len(each.enum) <= CHOICES_MAX:
            return ("true", "false") if each.type is ValueType.BOOLEAN else each.enum
    return ()


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
