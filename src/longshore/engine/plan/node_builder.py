"""The second pass of planning: from a tree of drafts to finished nodes, the tables laid out."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from longshore.catalogue import Attribute, Catalogue, Key, Trigger
from longshore.engine.plan.currency_ways import CurrencyWay
from longshore.engine.plan.field_names import ALL_KEYS
from longshore.engine.plan.generators import Generator
from longshore.engine.plan.keyed_targets import EncodeId, keyed_target
from longshore.engine.plan.match_keys import key_index, match_keys_of, nested_keys_of
from longshore.engine.plan.node_drafts import (
    TAGGING,
    CollectionDraft,
    MoneyDraft,
    NodeDraft,
    TagsDraft,
    TargetDraft,
    TargetNameDraft,
)
from longshore.engine.plan.nodes import (
    Collection,
    CurrencyPath,
    KeyedTarget,
    MoneyStep,
    Node,
    ObjectKeys,
    SignatureStep,
    TagSlots,
    TargetName,
    TargetStep,
    TriggerStep,
)
from longshore.engine.plan.required_fields import required_fields
from longshore.engine.plan.table_drafts import stored_default
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.values.candidate import ABSENT


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeBuilder:
    """Builds the nodes of one plan."""

    catalogue: Catalogue
    tables: Mapping[str, TablePlan]
    generators: Mapping[str, Generator]
    encode_id: EncodeId
    flags: Mapping[str, object]
    cell_bytes_max: int

    def node(self, draft: NodeDraft) -> Node:
        """The node of a draft, with those that it refers to."""
        type_, slots = draft.resource_type, draft.slots
        table = self.tables[type_.table]
        index = table.index
        attributes = {each.name: each for each in type_.attributes}
        bound = [(slot, attributes[name]) for name, slot in slots.items() if name in attributes]
        stored = [
            (slot, each)
            for slot, each in bound
            if each.stored and not each.accepted_with and each.name != "type"
        ]
        steps = [self._target_step(draft, each) for each in draft.targets]
        # A nested record without a key is the one that the matched record already has.
        deferred = tuple(step for step in steps if _is_deferred(step))
        collections = tuple(self._collection(draft, each) for each in draft.collections)
        match_keys = match_keys_of(draft, table)
        has_types = "type" in attributes
        return Node(
            resource_type=type_,
            path=draft.path,
            table=table,
            slots=slots,
            template=(ABSENT,) * len(slots),
            converters=tuple(each.convert for each in draft.fields),
            whole_columns=tuple(each.whole for each in draft.fields),
            nested=_nested(steps, collections),
            nulls={
                slot: each.null for slot, each in enumerate(draft.fields) if each.null is not ABSENT
            },
            masked=frozenset(slot for slot, each in enumerate(draft.fields) if each.is_masked),
            id_slot=slots.get("id"),
            type_slot=slots.get("type"),
            type_column=index["type"] if has_types else None,
            types=frozenset(self.catalogue.concrete_types(type_.name)) if has_types else None,
            blank=tuple(
                stored_default(attributes[column]) if column in attributes else None
                for column in table.columns
            ),
            create_assigns=tuple((slot, index[each.name]) for slot, each in stored),
            update_assigns=tuple(
                (slot, index[each.name]) for slot, each in stored if each.updatable
            ),
            objects=tuple(self._object_keys(draft, table, each) for each in draft.objects),
            money=tuple(self._money_step(draft, table, each) for each in draft.money),
            accepted_with=tuple(
                (slot, index[each.name], slots.get(each.accepted_with, -1))
                for slot, each in bound
                if each.accepted_with is not None
            ),
            marks=tuple(
                (slot, index[each.marks]) for slot, each in bound if each.marks is not None
            ),
            targets=tuple(step for step in steps if not _is_deferred(step)),
            checks=tuple(self._target_name(draft, each) for each in draft.checks),
            generated=tuple(
                (index[each.name], self.generators[each.generated])
                for each in type_.attributes
                if each.generated is not None and each.stored
            ),
            triggers=tuple(
                _trigger_step(draft, table, each)
                for each in type_.triggers
                if each.name in slots and each.rule not in TAGGING
            ),
            rules=type_.rules,
            required=tuple(required_fields(draft, table, self.flags)),
            match_keys=match_keys,
            key_slots=(
                *(slot for slot, each in bound if type_.is_key_text(each)),
                *_text_slots(step.keyed for step in steps),
            ),
            deferred=deferred,
            nested_keys=tuple(nested_keys_of(table, match_keys, deferred)),
            collections=collections,
            collection_slots=frozenset(each.slot for each in collections),
            tags=None if draft.tags is None else self._tag_slots(draft.tags),
            keyed={
                step.name: {name: slot for name, slot in slots.items() if slot in step.keyed.slots}
                for step in steps
                if step.keyed is not None
            },
        )

    def _target_step(self, node: NodeDraft, draft: TargetDraft) -> TargetStep:
        relationship, type_column = draft.relationship, draft.type_column
        name, slots = relationship.name, node.slots
        index = self.tables[node.resource_type.table].index
        return TargetStep(
            name=name,
            column=index[f"{name}_id"],
            type_column=None if type_column is None else index[type_column],
            id_slot=slots.get(f"{name}_id"),
            type_slot=slots.get(type_column or f"{name}_type"),
            tables=tuple(
                (
                    self.tables[table],
                    frozenset(types) if self.catalogue.types[table].concrete else None,
                    types[0],
                )
                for table, types in draft.tables.items()
            ),
            namings=tuple(self._target_name(node, each) for each in draft.namings),
            keyed=self._keyed_target(node, draft),
            nested_slot=slots.get(name),
            nested=None if draft.nested is None else self.node(draft.nested),
            fill=draft.fill,
            creatable=relationship.creatable,
            updatable=relationship.updatable,
        )

    def _target_name(self, node: NodeDraft, draft: TargetNameDraft) -> TargetName:
        attribute, naming = draft.attribute, draft.naming
        table = self.tables[self.catalogue.types[naming.target].table]
        key = key_index(table, Key(parts=(naming.attribute,)))
        return TargetName(
            slot=node.slots[attribute.name],
            name=attribute.name,
            field=naming.error_field or naming.relationship or attribute.name,
            message=naming.message,
            table=table,
            key=key,
            folds=table.keys[key].parts[0].folds,
            updatable=attribute.updatable,
            creates=None if draft.creates is None else self.node(draft.creates),
        )

    def _keyed_target(self, node: NodeDraft, draft: TargetDraft) -> KeyedTarget | None:
        if draft.keyed is None:
            return None
        return keyed_target(draft.keyed, self.catalogue, self.tables, node.slots, self.encode_id)

    def _collection(self, node: NodeDraft, draft: CollectionDraft) -> Collection:
        child = self.node(draft.node)
        return Collection(
            name=draft.relationship.name,
            slot=node.slots[draft.relationship.name],
            node=child,
            owner_column=child.table.index[draft.owner_column],
            signature=tuple(self._signature(child)),
        )

    def _signature(self, child: Node) -> Iterator[SignatureStep]:
        type_ = child.resource_type
        attributes = {each.name: each for each in type_.attributes}
        for name in type_.nested_signature:
            column = self.catalogue.tables[type_.table].part_column(name)
            yield SignatureStep(
                slot=child.slots.get(column),
                column=child.table.index[column],
                is_key_text=name in attributes and type_.is_key_text(attributes[name]),
            )

    def _tag_slots(self, draft: TagsDraft) -> TagSlots:
        node = self.node(draft.node)
        return TagSlots(
            set_slots=draft.set_slots,
            whole_slot=draft.whole_slot,
            add_slot=draft.add_slot,
            remove_slot=draft.remove_slot,
            table=node.table,
            node=node,
            count_max=draft.count_max,
        )

    def _money_step(self, node: NodeDraft, table: TablePlan, draft: MoneyDraft) -> MoneyStep:
        return MoneyStep(
            slot=node.slots[draft.name],
            name=draft.name,
            column=table.index.get(draft.name),
            convert=draft.convert,
            currencies=tuple(self._currency_path(way) for way in draft.ways),
            depends_on=frozenset(way.field for way in draft.ways),
        )

    def _currency_path(self, way: CurrencyWay) -> CurrencyPath:
        columns = [self.tables[table].index[column] for table, column in way.columns]
        tables = [table for table, _ in way.columns[1:]]
        return CurrencyPath(hops=tuple(zip(columns, tables, strict=False)), column=columns[-1])

    def _object_keys(self, node: NodeDraft, table: TablePlan, attribute: Attribute) -> ObjectKeys:
        prefix = f"{attribute.name}."
        return ObjectKeys(
            name=attribute.name,
            column=table.index[attribute.name],
            slot=node.slots.get(attribute.name),
            keys=tuple(
                (slot, name.removeprefix(prefix))
                for name, slot in node.slots.items()
                if name.startswith(prefix) and name != prefix + ALL_KEYS
            ),
            all_keys_slot=node.slots.get(prefix + ALL_KEYS),
            bytes_max=self.cell_bytes_max,
        )


def _text_slots(targets: Iterable[KeyedTarget | None]) -> Iterator[int]:
    """The slots of texts by which targets are named."""
    for target in targets:
        if target is not None:
            yield from (slot for _, slot in target.texts)
            yield from _text_slots(each for _, each in target.inner)


def _is_deferred(step: TargetStep) -> bool:
    """Whether a target is found only once the record is matched."""
    return step.nested is not None and not step.nested.match_keys


def _nested(steps: Sequence[TargetStep], collections: Sequence[Collection]) -> dict[int, Node]:
    """The nodes of what rows hold inside, by slot."""
    nested = {
        step.nested_slot: step.nested
        for step in steps
        if step.nested_slot is not None and step.nested is not None
    }
    return nested | {each.slot: each.node for each in collections}


def _trigger_step(node: NodeDraft, table: TablePlan, trigger: Trigger) -> TriggerStep:
    index = table.index
    return TriggerStep(
        slot=node.slots[trigger.name],
        name=trigger.name,
        accepted=trigger.accepted,
        sets=tuple((index[name], value) for name, value in trigger.sets.items()),
        stamp=index[trigger.stamps] if trigger.stamps else None,
        clears=tuple(index[name] for name in trigger.clears),
        rule=trigger.rule,
    )
