"""Between the two passes of planning: which columns of which tables a tree of drafts needs."""

from collections.abc import Mapping

from longshore.catalogue import Catalogue, Key, Relationship
from longshore.engine.plan.keyed_targets import need_lookups
from longshore.engine.plan.node_drafts import (
    CollectionDraft,
    NodeDraft,
    TargetDraft,
    TargetNameDraft,
)
from longshore.engine.plan.table_drafts import TableDrafts
from longshore.engine.plan.table_plans import TablePlan


def laid_out_tables(
    root: NodeDraft, catalogue: Catalogue, *, environment: int
) -> Mapping[str, TablePlan]:
    """The tables that the drafts need, those of targets before those that refer to them."""
    drafts = TableDrafts(catalogue, environment=environment)
    _ColumnNeeds(catalogue, drafts).of_node(root)
    return drafts.lay_out()


class _ColumnNeeds:
    def __init__(self, catalogue: Catalogue, tables: TableDrafts) -> None:
        self._catalogue = catalogue
        self._tables = tables

    def of_node(self, node: NodeDraft) -> None:
        self._tables.need_written(node.resource_type)
        self._of_fields(node)
        self._of_type(node)
        self._of_triggers(node)
        self._of_siblings(node)
        for target in node.targets:
            self._of_target(node, target)
        for check in node.checks:
            self._of_target_name(check)
        for collection in node.collections:
            self._of_collection(collection)
        if node.tags is not None:
            self._tables.need_tags(node.resource_type.table)
            self.of_node(node.tags.node)

    def _of_fields(self, node: NodeDraft) -> None:
        table = node.resource_type.table
        attributes = {each.name: each for each in node.resource_type.attributes}
        for name in node.slots:
            bound = attributes.get(name)
            if bound is not None:
                if bound.stored:
                    self._tables.need(table, name)
                if bound.marks is not None:
                    self._tables.need(table, bound.marks)
        for attribute in node.objects:
            self._tables.need(table, attribute.name)
        for money in node.money:
            for way in money.ways:
                for each in way.columns:
                    self._tables.need(*each)

    def _of_type(self, node: NodeDraft) -> None:
        """What every record of the type must have, or is given."""
        type_ = node.resource_type
        for attribute in type_.attributes:
            if attribute.stored and (attribute.required or attribute.generated):
                self._tables.need(type_.table, attribute.name)
            if attribute.name == "type":
                self._tables.need(type_.table, "type")
            for name in attribute.required.inputs if attribute.required else ():
                self._tables.need_field(type_, name)
        for relationship in type_.relationships:
            if relationship.required and relationship.has_column:
                self._tables.need(type_.table, f"{relationship.name}_id")
            for name in relationship.required.inputs if relationship.required else ():
                self._tables.need_field(type_, name)

    def _of_triggers(self, node: NodeDraft) -> None:
        """What triggers change and rules read."""
        type_ = node.resource_type
        for trigger in type_.triggers:
            if trigger.name in node.slots:
                for name in (*trigger.sets, *trigger.clears):
                    self._tables.need(type_.table, name)
                if trigger.stamps:
                    self._tables.need(type_.table, trigger.stamps)
                self._tables.need_rule(trigger.rule)
        for rule in type_.rules:
            self._tables.need_rule(rule)

    def _of_siblings(self, node: NodeDraft) -> None:
        """Records of the same parent, where a key ends in a nested record without a key."""
        type_ = node.resource_type
        links = {each.name: each for each in type_.relationships if each.has_column}
        for key in type_.keys:
            nested = [part for part in key.parts if part in links and part in node.slots]
            if key.matches and any(self._is_keyless(links[part]) for part in nested):
                for part in key.parts:
                    if part in links and not self._is_keyless(links[part]):
                        self._tables.need_children(type_.table, f"{part}_id")
                        break

    def _is_keyless(self, relationship: Relationship) -> bool:
        targets = (self._catalogue.types[each] for each in relationship.targets)
        return not any(key.matches for target in targets for key in target.keys)

    def _of_target(self, node: NodeDraft, target: TargetDraft) -> None:
        own = node.resource_type.table
        for naming in target.namings:
            self._of_target_name(naming)
        if target.keyed is not None:
            need_lookups(target.keyed, self._catalogue, self._tables)
        self._tables.need(own, f"{target.relationship.name}_id")
        for table in target.tables:
            self._tables.need_table(table)
            if self._catalogue.types[table].concrete:
                self._tables.need(table, "type")
        if target.type_column is not None:
            self._tables.need(own, target.type_column)
        if target.nested is not None:
            self.of_node(target.nested)

    def _of_target_name(self, name: TargetNameDraft) -> None:
        target = self._catalogue.types[name.naming.target]
        self._tables.need_key(target.table, Key(parts=(name.naming.attribute,)))
        if name.creates is not None:
            self.of_node(name.creates)

    def _of_collection(self, collection: CollectionDraft) -> None:
        self.of_node(collection.node)
        child = collection.node.resource_type
        self._tables.need_children(child.table, collection.owner_column)
        table = self._catalogue.tables[child.table]
        for name in child.nested_signature:
            self._tables.need(child.table, table.part_column(name))
