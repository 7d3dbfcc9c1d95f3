"""The first pass of planning: from the names in a source to a tree of drafts of nodes."""

from collections.abc import Mapping
from dataclasses import dataclass

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Kind,
    Naming,
    Relationship,
    ResourceType,
    is_named_by_keys,
)
from longshore.engine.plan.binder import Binder
from longshore.engine.plan.currency_ways import currency_ways
from longshore.engine.plan.field_names import (
    Names,
    has_keys,
    input_names,
    name_tree,
    relationship_of,
)
from longshore.engine.plan.keyed_targets import keyed_target_draft, tables_of
from longshore.engine.plan.node_drafts import (
    TAGGING,
    CollectionDraft,
    MoneyDraft,
    NodeDraft,
    TagsDraft,
    TargetDraft,
    TargetNameDraft,
)
from longshore.engine.plan.plan_request import PlanRequest
from longshore.engine.plan.slot_converters import SlotConverters
from longshore.engine.values.money_units import is_of_cents

_NAMED = Names(is_named=True)


@dataclass(frozen=True, slots=True)
class _Place:
    """A resource type at one place of a row, its names bound."""

    type_: ResourceType
    path: str
    names: Mapping[str, Names]
    slots: Mapping[str, int]


class Drafter:
    """Drafts the nodes of one plan."""

    def __init__(
        self,
        request: PlanRequest,
        catalogue: Catalogue,
        binder: Binder,
        converters: SlotConverters,
    ) -> None:
        self._request = request
        self._catalogue = catalogue
        self._binder = binder
        self._converters = converters

    def root(self) -> NodeDraft:
        """The draft of what the rows themselves are."""
        request = self._request
        return self._node(
            self._catalogue.types[request.resource_type],
            path="",
            names=name_tree(each for each in request.columns if not request.ignores(each)),
            fill=request.parent,
            matches_by_key=request.matches_by_key,
        )

    def _node(
        self,
        type_: ResourceType,
        *,
        path: str,
        names: Mapping[str, Names],
        fill: int | None = None,
        owner: str | None = None,
        matches_by_key: bool = True,
    ) -> NodeDraft:
        """A node whose rows hold `names`; `owner` is the relationship to the record above."""
        fields = self._binder.slots(type_, path, names, owner=owner)
        place = _Place(type_, path, names, {each.name: slot for slot, each in enumerate(fields)})
        targets = [
            self._target(place, each, fill if each.name == type_.parent else None)
            for each in type_.relationships
            if each.has_column and each.name != owner
        ]
        return NodeDraft(
            resource_type=type_,
            path=path,
            fields=fields,
            slots=place.slots,
            matches_by_key=matches_by_key,
            objects=_objects(place),
            money=self._money(place),
            targets=tuple(each for each in targets if each is not None),
            checks=self._target_names(place, None),
            collections=self._collections(place),
            tags=self._tags(place),
        )

    def _money(self, place: _Place) -> tuple[MoneyDraft, ...]:
        return tuple(
            MoneyDraft(
                name=name,
                convert=self._converters.of_cents(place.type_, name),
                ways=currency_ways(self._catalogue, place.type_, name),
            )
            for name in place.slots
            if is_of_cents(name) and "." not in name
        )

    def _target(
        self, place: _Place, relationship: Relationship, fill: int | None
    ) -> TargetDraft | None:
        """How a to-one relationship is filled; None: it is not."""
        name, slots = relationship.name, place.slots
        namings = self._target_names(place, name)
        keyed = None
        if is_named_by_keys(self._catalogue, place.type_, relationship):
            keyed = keyed_target_draft(self._catalogue, relationship, name, slots)
        is_named = name in slots or f"{name}_id" in slots or namings or keyed is not None
        if not is_named and fill is None:
            return None
        links = self._catalogue.tables[place.type_.table].links
        return TargetDraft(
            relationship=relationship,
            type_column=next(each.type_column for each in links if each.relationship.name == name),
            tables=tables_of(self._catalogue, relationship),
            namings=namings,
            keyed=keyed,
            nested=self._inside(place, relationship) if name in slots else None,
            fill=fill,
        )

    def _target_names(self, place: _Place, relationship: str | None) -> tuple[TargetNameDraft, ...]:
        """The fields by which rows name targets of a relationship; None: of none."""
        return tuple(
            self._target_name(each, each.names)
            for each in place.type_.attributes
            if each.names is not None
            and each.names.relationship == relationship
            and each.name in place.slots
        )

    def _target_name(self, attribute: Attribute, naming: Naming) -> TargetNameDraft:
        creates = None
        if naming.create:
            target = self._catalogue.types[naming.target]
            creates = self._node(target, path="", names={naming.attribute: _NAMED})
        return TargetNameDraft(attribute=attribute, naming=naming, creates=creates)

    def _collections(self, place: _Place) -> tuple[CollectionDraft, ...]:
        nested = (relationship_of(place.type_, name) for name in place.type_.nested)
        return tuple(
            CollectionDraft(relationship=each, node=self._inside(place, each))
            for each in nested
            if each.name in place.slots and each.kind is Kind.TO_MANY and not each.linked
        )

    def _inside(self, place: _Place, relationship: Relationship) -> NodeDraft:
        """The node of the records that rows hold inside."""
        target = self._catalogue.types[relationship.targets[0]]
        path = f"{place.path}{relationship.name}."
        names: Mapping[str, Names] = place.names[relationship.name].below
        if not names and not self._request.is_tabular:
            # The survey did not look inside: all that there may be.
            names = name_tree(
                name
                for name in input_names(self._catalogue, target)
                if not self._request.ignores(path + name)
            )
        is_collection = relationship.kind is Kind.TO_MANY
        owner = relationship.inverse if is_collection else None
        assert owner is not None or not is_collection, f"{relationship.name} has no inverse"
        return self._node(target, path=path, names=names, owner=owner)

    def _tags(self, place: _Place) -> TagsDraft | None:
        linked = next((each for each in place.type_.relationships if each.linked), None)
        if linked is None:
            return None
        slots = place.slots
        set_slots = tuple(
            slots[name]
            for name in (linked.name, f"{linked.name}.id", f"{linked.name}.name")
            if name in slots
        )
        fires = {
            trigger.rule: slots[trigger.name]
            for trigger in place.type_.triggers
            if trigger.name in slots and trigger.rule in TAGGING
        }
        if not set_slots and not fires:
            return None
        count_max = self._request.flags["tags_max_allowed_number"]
        assert isinstance(count_max, int)
        return TagsDraft(
            set_slots=set_slots,
            whole_slot=slots.get(linked.name),
            add_slot=fires.get("add_tags"),
            remove_slot=fires.get("remove_tags"),
            node=self._node(
                self._catalogue.types[linked.targets[0]], path="", names={"name": _NAMED}
            ),
            count_max=count_max,
        )


def _objects(place: _Place) -> tuple[Attribute, ...]:
    """The objects of which the rows fill single keys."""
    return tuple(
        each
        for each in place.type_.attributes
        if has_keys(each) and any(name.startswith(f"{each.name}.") for name in place.slots)
    )
