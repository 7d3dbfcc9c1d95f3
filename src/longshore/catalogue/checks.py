"""What the declarations must fulfil together, checked when the catalogue is loaded.

A fault here is a mistake in a declaration, never one of a user.
"""

from collections.abc import Iterable, Iterator

from longshore.catalogue.conditions import Condition
from longshore.catalogue.countries import PREDICATES
from longshore.catalogue.declarations import (
    Attribute,
    Count,
    Days,
    Derived,
    Key,
    Kind,
    Later,
    MoneyFloat,
    MoneyText,
    Product,
    Relationship,
    ResourceType,
    Sum,
    Through,
    Total,
    Trigger,
    ValueType,
)
from longshore.catalogue.derivations import DERIVATIONS
from longshore.catalogue.outside import OUTSIDE_TYPES


class CatalogueFault(AssertionError):
    """A declaration contradicts itself or another one."""


def check(types: tuple[ResourceType, ...]) -> None:
    """Raise CatalogueFault with the first thing that is wrong with the declarations."""
    for fault in _Check(types).faults():
        raise CatalogueFault(fault)


class _Check:
    """Walks the declarations and says in sentences what is wrong."""

    def __init__(self, types: tuple[ResourceType, ...]) -> None:
        self.types = {type_.name: type_ for type_ in types}
        self.all = types
        self.attributes = {t.name: {a.name: a for a in t.attributes} for t in types}
        self.relationships = {t.name: {r.name: r for r in t.relationships} for t in types}

    def faults(self) -> Iterator[str]:
        yield from _repeated("resource type", (t.name for t in self.all))
        for type_ in self.all:
            names = [attribute.name for attribute in type_.attributes]
            names += [relationship.name for relationship in type_.relationships]
            names += [trigger.name for trigger in type_.triggers]
            yield from _repeated(f"field of {type_.name}", names)
            for attribute in type_.attributes:
                yield from self.of_attribute(type_, attribute)
            for relationship in type_.relationships:
                yield from self.of_relationship(type_, relationship)
            for trigger in type_.triggers:
                yield from self.of_trigger(type_, trigger)
            for key in type_.keys:
                yield from self.of_key(type_, key)
            yield from self.of_type(type_)
        yield from self.of_families()

    def of_attribute(self, type_: ResourceType, attribute: Attribute) -> Iterator[str]:
        where = f"{type_.name}.{attribute.name}"
        if attribute.enum:
            allowed = (*attribute.enum, None)
            if attribute.default not in allowed:
                yield f"{where}: the default {attribute.default!r} is none of its values"
            if not set(attribute.spellings.values()) <= set(attribute.enum):
                yield f"{where}: a spelling stands for none of its values"
        if attribute.required is not None:
            yield from self.of_condition(type_, where, attribute.required)
        bounds = (attribute.minimum, attribute.above, attribute.maximum)
        for bound in (*bounds, attribute.length_min, attribute.length_max):
            if isinstance(bound, str) and bound not in self.attributes["organizations"]:
                yield f"{where}: the organization has no flag {bound}"
        if attribute.unit is not None and not self.has_list(type_, attribute.unit):
            yield f"{where}: its unit is in {attribute.unit}, which is no attribute with a list"
        if attribute.marks is not None and not self.has_boolean(type_, attribute.marks):
            yield f"{where}: marks {attribute.marks}, which is no boolean attribute"
        if attribute.accepted_with is not None:
            yield from self.of_trigger_name(type_, where, attribute.accepted_with)
        match attribute.fallback:
            case Through(path=path):
                yield from self.of_path(type_, where, path)
            case Later() as later:
                yield from self.of_later(type_, where, later)
            case _:
                pass
        yield from self.of_naming(type_, attribute, where)
        yield from self.of_computed(type_, attribute, where)

    def of_condition(self, type_: ResourceType, where: str, condition: Condition) -> Iterator[str]:
        known = {*self.attributes[type_.name], *self.relationships[type_.name]}
        known |= {trigger.name for trigger in type_.triggers}
        for name in condition.inputs:
            if name not in known:
                yield f"{where}: its condition reads {name}, which does not exist"
        parts = condition.alternatives or (condition,)
        for term in (term for part in parts for term in part.terms):
            scope, _, name = term.name.rpartition(".")
            if scope == "organization" and name not in self.attributes["organizations"]:
                yield f"{where}: the organization has no flag {name}"
            if term.predicate is not None and term.predicate not in PREDICATES:
                yield f"{where}: there is no predicate {term.predicate}"

    def of_naming(self, type_: ResourceType, attribute: Attribute, where: str) -> Iterator[str]:
        naming = attribute.names
        if naming is None:
            return
        if naming.relationship is not None:
            relationship = self.relationships[type_.name].get(naming.relationship)
            if relationship is None or naming.target not in relationship.targets:
                yield f"{where}: names {naming.relationship}, which is no link to {naming.target}"
        keys = self.types[naming.target].keys if naming.target in self.types else ()
        if (naming.attribute,) not in {key.parts for key in keys}:
            yield f"{where}: {naming.target} has no key {naming.attribute}"

    def of_computed(self, type_: ResourceType, attribute: Attribute, where: str) -> Iterator[str]:
        own = self.attributes[type_.name]
        match attribute.computed:
            case Through(path=path) | Days(hours=path):
                yield from self.of_path(type_, where, path)
            case MoneyFloat(cents=cents, currency=path) | MoneyText(cents=cents, currency=path):
                if cents not in own:
                    yield f"{where}: there is no attribute {cents}"
                yield from self.of_path(type_, where, path, is_stored=False)
            case Product(factors=names) | Total(of=names):
                for name in names:
                    if name not in own or own[name].type is not ValueType.INTEGER:
                        yield f"{where}: {name} is no integer attribute"
            case Later() as later:
                yield from self.of_later(type_, where, later)
            case Sum():
                yield from self.of_sum(type_, attribute.computed, where)
            case Count(relationship=name):
                relationship = self.relationships[type_.name].get(name)
                if relationship is None or relationship.kind is not Kind.TO_MANY:
                    yield f"{where}: there is no to-many relationship {name}"
            case Derived(function=function, inputs=inputs):
                if function not in DERIVATIONS:
                    yield f"{where}: there is no derivation {function}"
                for name in inputs:
                    if name not in ("id", "now", "secret"):
                        yield from self.of_path(type_, where, tuple(name.split(".")))
                if attribute.filterable or attribute.sortable:
                    yield f"{where}: is computed in Python and cannot be filtered or sorted"
            case _:
                pass

    def of_later(self, type_: ResourceType, where: str, later: Later) -> Iterator[str]:
        before = self.attributes[type_.name].get(later.than)
        if before is None or before.type is not ValueType.DATETIME or not before.stored:
            yield f"{where}: there is no stored datetime attribute {later.than}"

    def of_sum(self, type_: ResourceType, sum_: Sum, where: str) -> Iterator[str]:
        relationship = self.relationships[type_.name].get(sum_.relationship)
        if relationship is None or relationship.inverse is None:
            yield f"{where}: {sum_.relationship} is no relationship with an inverse"
            return
        children = self.attributes[relationship.targets[0]]
        for name in (sum_.of, *(sum_.where or ())[:1]):
            if name not in children:
                yield f"{where}: the children have no attribute {name}"

    def of_path(
        self, type_: ResourceType, where: str, path: tuple[str, ...], *, is_stored: bool = True
    ) -> Iterator[str]:
        """A path of to-one relationships ends in an attribute or a relationship with a column."""
        *steps, last = path
        for step in steps:
            relationship = self.relationships[type_.name].get(step)
            known = [t for t in relationship.targets if t in self.types] if relationship else []
            if relationship is None or not relationship.has_column or not known:
                yield f"{where}: {type_.name} has no to-one relationship {step}"
                return
            type_ = self.types[known[0]]
        attribute = self.attributes[type_.name].get(last)
        relationship = self.relationships[type_.name].get(last)
        if attribute is None and (relationship is None or not relationship.has_column):
            yield f"{where}: {type_.name} has no field {last}"
        if is_stored and attribute is not None and not attribute.stored:
            yield f"{where}: {type_.name}.{last} is not stored"

    def of_relationship(self, type_: ResourceType, relationship: Relationship) -> Iterator[str]:
        where = f"{type_.name}.{relationship.name}"
        for target in relationship.targets:
            if target not in self.types and target not in OUTSIDE_TYPES:
                yield f"{where}: there is no resource type {target}"
        known = [target for target in relationship.targets if target in self.types]
        if not known and not relationship.empty:
            yield f"{where}: leads only outside and is not declared empty"
        if relationship.required is not None:
            yield from self.of_condition(type_, where, relationship.required)
        if relationship.inverse is not None:
            for target in known:
                back = self.relationships[target].get(relationship.inverse)
                if back is None or not back.has_column or not self.is_target(type_, back):
                    yield f"{where}: {target}.{relationship.inverse} does not point back"
        if relationship.path:
            yield from self.of_relationship_path(type_, relationship, where)
        if relationship.view_of is not None and not self.has_link(type_, relationship.view_of):
            yield f"{where}: views {relationship.view_of}, which does not exist"
        if relationship.type_attribute and not self.has_stored(type_, relationship.type_attribute):
            yield f"{where}: there is no attribute {relationship.type_attribute}"
        kept_here = all(self.types[target].kept_by == "records" for target in known)
        ways = (relationship.inverse, relationship.path, relationship.linked, relationship.empty)
        if relationship.kind is Kind.TO_MANY and kept_here and sum(map(bool, ways)) != 1:
            yield f"{where}: needs one of inverse, path, linked and empty"

    def of_relationship_path(
        self, type_: ResourceType, relationship: Relationship, where: str
    ) -> Iterator[str]:
        current = type_
        for step in relationship.path:
            found = self.relationships[current.name].get(step)
            if found is None:
                yield f"{where}: {current.name} has no relationship {step}"
                return
            current = self.types[found.targets[0]]
        if current.name not in relationship.targets:
            yield f"{where}: its path leads to {current.name}"

    def of_trigger(self, type_: ResourceType, trigger: Trigger) -> Iterator[str]:
        where = f"{type_.name}.{trigger.name}"
        own = self.attributes[type_.name]
        for name in (*trigger.sets, *trigger.clears):
            if name not in own or not own[name].stored:
                yield f"{where}: there is no stored attribute {name}"
        for name, value in trigger.sets.items():
            if name in own and own[name].enum and value not in own[name].enum:
                yield f"{where}: {value!r} is no value of {name}"
        stamped = own.get(trigger.stamps) if trigger.stamps else None
        if trigger.stamps and (stamped is None or stamped.type is not ValueType.DATETIME):
            yield f"{where}: there is no datetime attribute {trigger.stamps}"

    def of_trigger_name(self, type_: ResourceType, where: str, name: str) -> Iterator[str]:
        if name not in {trigger.name for trigger in type_.triggers}:
            yield f"{where}: there is no trigger {name}"

    def of_key(self, type_: ResourceType, key: Key) -> Iterator[str]:
        where = f"{type_.name}: key {', '.join(key.parts)}"
        for part in key.parts:
            if not self.has_stored(type_, part) and not self.has_link(type_, part):
                yield f"{where}: there is no stored field {part}"
        if not set(key.nullable) <= set(key.parts):
            yield f"{where}: nullable names a field that is no part"
        if key.column in self.attributes[type_.name]:
            yield f"{where}: its column is called like an attribute"

    def of_type(self, type_: ResourceType) -> Iterator[str]:
        links = self.relationships[type_.name]
        parent = links.get(type_.parent) if type_.parent else None
        if type_.parent and (parent is None or not parent.has_column):
            yield f"{type_.name}: its parent {type_.parent} is no to-one relationship"
        for name in type_.computes_from:
            if name not in self.types:
                yield f"{type_.name}: it computes values from {name}, which does not exist"
        for name in type_.nested:
            nested = links.get(name)
            if nested is None:
                yield f"{type_.name}: nests {name}, which is no relationship"
            elif nested.kind is Kind.TO_MANY and not nested.linked and nested.inverse is None:
                yield f"{type_.name}: the records in {name} do not point back"
        for name in type_.nested_signature:
            if not self.has_stored(type_, name) and not self.has_link(type_, name):
                yield f"{type_.name}: its signature reads {name}, which does not exist"

    def of_families(self) -> Iterator[str]:
        for type_ in self.all:
            for name in type_.concrete:
                if name not in self.types or self.types[name].base != type_.name:
                    yield f"{type_.name}: {name} is no concrete type of it"
            if type_.base is not None and type_.name not in self.types[type_.base].concrete:
                yield f"{type_.name}: {type_.base} does not know it"
        shared: dict[tuple[str, str], ValueType] = {}
        for type_ in self.all:
            for attribute in (a for a in type_.attributes if a.stored):
                known = shared.setdefault((type_.table, attribute.name), attribute.type)
                if known is not attribute.type:
                    yield f"{type_.name}.{attribute.name}: has another type in its family"

    def is_target(self, type_: ResourceType, relationship: Relationship) -> bool:
        return bool({type_.name, type_.base, *type_.concrete} & set(relationship.targets))

    def has_boolean(self, type_: ResourceType, name: str) -> bool:
        attribute = self.attributes[type_.name].get(name)
        return attribute is not None and attribute.type is ValueType.BOOLEAN and attribute.stored

    def has_list(self, type_: ResourceType, name: str) -> bool:
        attribute = self.attributes[type_.name].get(name)
        return attribute is not None and bool(attribute.enum) and attribute.stored

    def has_stored(self, type_: ResourceType, name: str) -> bool:
        attribute = self.attributes[type_.name].get(name)
        return attribute is not None and attribute.stored

    def has_link(self, type_: ResourceType, name: str) -> bool:
        relationship = self.relationships[type_.name].get(name)
        return relationship is not None and relationship.has_column


def _repeated(what: str, names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield f"{what} {name} is declared twice"
        seen.add(name)
