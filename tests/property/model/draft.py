"""A row on its way to a record: what it names, converted, and what was found wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from longshore.catalogue import Attribute, Bound, Key, Relationship, ResourceType, Trigger
from tests.property.model.state import Record, State, attributes_of, key_part
from tests.property.model.values import (
    KEY_BYTES_MAX,
    Refused,
    convert,
    is_blank,
)


@dataclass(slots=True)
class Findings:
    """Errors by attribute, and warnings, of one row."""

    errors: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)

    def add(self, attribute: str, message: str) -> None:
        messages = self.errors.setdefault(attribute, [])
        if message not in messages:
            messages.append(message)

    def adopt(self, prefix: str, inner: "Findings") -> None:
        """Take over what was found inside, under dotted names."""
        for attribute, messages in inner.errors.items():
            for message in messages:
                self.add(f"{prefix}.{attribute}", message)
        self.warnings += inner.warnings

    def concern(self, name: str) -> bool:
        """Whether there is an error of the field or of something nested in it."""
        return any(one == name or one.startswith(f"{name}.") for one in self.errors)


@dataclass(frozen=True, slots=True)
class Journey:
    """What every step of one row needs."""

    state: State
    flags: Mapping[str, object]
    row_number: int
    # Keys that a record of the row does not have, because of an error: its part is wrong, or
    # another record holds it. The row fails, and nobody is matched by such a key.
    keyless: set[tuple[int, tuple[str, ...]]] = field(default_factory=set)

    def bound(self, bound: Bound) -> float:
        """A bound, or the organization's flag that holds it."""
        number = self.flags[bound] if isinstance(bound, str) else bound
        assert isinstance(number, int | float)
        return number


@dataclass(slots=True)
class RowDraft:
    """A row of one type on its way to a record."""

    declared: ResourceType
    row: dict[str, object]
    findings: Findings
    parent: tuple[str, str | int] | None = None  # relationship, and the id that fills it
    is_nested: bool = False  # the parent is certain, and no field of the row can change it
    values: dict[str, object] = field(default_factory=dict)  # attributes that the row names
    named: set[str] = field(default_factory=set)  # fields that the row names
    triggers: set[str] = field(default_factory=set)  # triggers that fire
    record: Record = field(default_factory=dict)
    old: Record = field(default_factory=dict)  # the record before the row; empty for a new one
    is_new: bool = True
    key: Key | None = None  # by which the record was found
    has_key: bool = False  # the row names a key in full, whether a record has it or not

    def gives(self, name: str) -> bool:
        """Whether the row has a value for the attribute."""
        return not is_blank(self.values.get(name))

    def is_parent(self, relationship: str) -> bool:
        return self.parent is not None and self.parent[0] == relationship

    def id_of(self, relationship: str) -> object:
        """The id that the row gives for a relationship, as written; None when it gives none."""
        written = self.row.get(f"{relationship}_id")
        return None if is_blank(written) else written

    def element_of(self, relationship: str) -> object:
        """What is nested under the name of a relationship; None when nothing is."""
        return self.row.get(relationship) if relationship in self.declared.nested else None

    def shortcut_of(self, relationship: str) -> Attribute | None:
        """The shortcut by which the row names a target (`sku_code`), if it does."""
        for attribute in self.declared.attributes:
            if attribute.names is None or attribute.names.relationship != relationship:
                continue
            if attribute.name in self.findings.errors or self.gives(attribute.name):
                return attribute
        return None


def read_draft(journey: Journey, draft: RowDraft) -> None:
    """Convert what the row says, with an error for each value that is none."""
    if draft.declared.is_abstract:
        _settle_type(journey, draft)
    for trigger in draft.declared.triggers:
        if trigger.name not in draft.row:
            continue
        draft.named.add(trigger.name)
        try:
            fires = _fires(journey, trigger, draft.row[trigger.name])
        except Refused as refused:
            draft.findings.add(trigger.name, str(refused))
            continue
        if fires:
            draft.triggers.add(trigger.name)
    for attribute in draft.declared.attributes:
        if attribute.name in draft.row and _is_taken(attribute):
            _read_attribute(journey, draft, attribute)
    _read_tags(journey, draft)
    for relationship in draft.declared.relationships:
        if relationship.has_column and _names(draft, relationship):
            draft.named.add(relationship.name)


def _fires(journey: Journey, trigger: Trigger, value: object) -> bool:
    """Whether a trigger with this value fires: everything but null, blank and false does."""
    declared = Attribute(name=trigger.name, type=trigger.type)
    return bool(convert(declared, value, journey.bound))


def _settle_type(journey: Journey, draft: RowDraft) -> None:
    """A row of an abstract type is one of a concrete type: its record's, else the one it names."""
    found = journey.state.find(draft.declared.name, draft.row.get("id"))
    attribute = attributes_of(draft.declared)["type"]
    chosen: object = None
    try:
        chosen = convert(attribute, draft.row.get("type"), journey.bound)
    except Refused as refused:
        draft.findings.add("type", str(refused))
    if found is not None:
        chosen = journey.state.records[found]["type"]
    draft.declared = journey.state.catalogue.types[str(chosen or attribute.default)]


def _is_taken(attribute: Attribute) -> bool:
    """Whether an import looks at the attribute at all; the type is settled before."""
    is_input = attribute.creatable or attribute.updatable or attribute.accepted_with is not None
    return is_input and attribute.name != "type"


def _read_attribute(journey: Journey, draft: RowDraft, attribute: Attribute) -> None:
    name = attribute.name
    draft.named.add(name)
    try:
        is_key = any(name in key.parts for key in draft.declared.keys)
        is_key = is_key or attribute.names is not None or attribute.is_code
        value = convert(attribute, draft.row[name], journey.bound, is_key=is_key)
        if is_key:
            compared = key_part(draft.declared, name, value)
            if isinstance(compared, str) and len(compared.encode()) > KEY_BYTES_MAX:
                raise Refused(f"is too long (maximum is {KEY_BYTES_MAX} bytes)")
        draft.values[name] = value
    except Refused as refused:
        draft.findings.add(name, str(refused))


def _read_tags(journey: Journey, draft: RowDraft) -> None:
    """A wrong name of a tag is told whatever else becomes of the row."""
    elements = draft.element_of("tags")
    if elements is None:
        return
    if not isinstance(elements, list):
        draft.findings.add("tags", "is invalid")
        return
    declared = attributes_of(journey.state.catalogue.types["tags"])["name"]
    for element in elements:
        if not isinstance(element, dict):
            draft.findings.add("tags", "is invalid")
        elif is_blank(element.get("id")):
            try:
                if is_blank(convert(declared, element.get("name"), journey.bound, is_key=True)):
                    raise Refused("can't be blank")
            except Refused as refused:
                draft.findings.add("tags.name", str(refused))


def _names(draft: RowDraft, relationship: Relationship) -> bool:
    name = relationship.name
    if f"{name}_id" in draft.row or draft.element_of(name) is not None or draft.is_parent(name):
        return True
    return any(
        attribute.names is not None
        and attribute.names.relationship == name
        and attribute.name in draft.named
        for attribute in draft.declared.attributes
    )
