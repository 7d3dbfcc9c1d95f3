"""From a resource type and the columns of a source to a plan.

Planning goes twice over the tree: first every node says which columns of which tables it needs,
then the tables are laid out and the nodes get the indexes of their columns. So load, apply and
flush name only the columns of the plan, the keys and the inputs of rules.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import product

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Key,
    Kind,
    Naming,
    Relationship,
    ResourceType,
    Trigger,
)
from longshore.engine.plan.binder import Binder, PlanRequest
from longshore.engine.plan.currency_ways import CurrencyWay, currency_ways
from longshore.engine.plan.field_names import (
    Names,
    has_keys,
    input_names,
    name_tree,
    relationship_of,
)
from longshore.engine.plan.generators import generators
from longshore.engine.plan.nodes import (
    Collection,
    CurrencyPath,
    MoneyStep,
    NestedKey,
    Node,
    ObjectKeys,
    Plan,
    SignatureStep,
    TagSlots,
    TargetName,
    TargetStep,
    TriggerStep,
)
from longshore.engine.plan.required_fields import required_fields
from longshore.engine.plan.table_drafts import TableDrafts, stored_default
from longshore.engine.plan.table_plans import TablePlan
from longshore.engine.values.money_units import is_of_cents
from longshore.identifiers import PublicIds

# Fields that name a row in the error log, the first that the row holds (spec: importing, 9).
IDENTIFIERS = (
    "code",
    "number",
    "email",
    "name",
    "sku_code",
    "customer_email",
    "reference",
    "id",
)
_NAMED = Names(is_named=True)
_TAGGING = ("add_tags", "remove_tags")  # rules of triggers that change a record's tags


def make_plan(request: PlanRequest, *, catalogue: Catalogue, public_ids: PublicIds) -> Plan:
    """The plan of an import into the installation that has these public ids."""
    planner = _Planner(request, catalogue, public_ids)
    root = planner.node(
        catalogue.types[request.resource_type],
        path="",
        names=name_tree(planner.names),
        fill=request.parent,
    )
    tables = planner.finish()
    return Plan(
        root=root,
        tables=tables,
        environment=request.environment,
        flags=request.flags,
        unknown_columns=tuple(planner.binder.unknown),
        read_only_columns=tuple(planner.binder.read_only),
        column_names=request.column_names,
        identifier_names=IDENTIFIERS,
    )


class _Planner:
    def __init__(self, request: PlanRequest, catalogue: Catalogue, public_ids: PublicIds) -> None:
        self._request = request
        self._catalogue = catalogue
        self.names = [each for each in request.columns if not _is_ignored(each, request)]
        self._drafts = TableDrafts(catalogue, environment=request.environment)
        self._tables: dict[str, TablePlan] = {}
        self._finishers: list[Callable[[], None]] = []
        self._generators = generators(public_ids)
        self.binder = Binder(request, catalogue, public_ids.decode)

    # First pass: what is needed

    def node(
        self,
        resource_type: ResourceType,
        *,
        path: str,
        names: Mapping[str, Names],
        fill: int | None = None,
        owner: str | None = None,
    ) -> Node:
        """A node whose rows hold `names`; `owner` is the relationship to the record above."""
        node = Node(resource_type=resource_type, path=path)
        self._drafts.need_written(resource_type)
        for name, inside in names.items():
            self.binder.bind(node, name, inside)
        self._need_columns_of(node)
        self._need_siblings(node)
        steps = [
            self._target_step(node, relationship, fill)
            for relationship in resource_type.relationships
            if relationship.has_column and relationship.name != owner
        ]
        checks = [
            self._target_name(node, attribute, attribute.names)
            for attribute in resource_type.attributes
            if attribute.names is not None
            and attribute.names.relationship is None
            and attribute.name in node.slots
        ]
        collections = [
            self._collection(node, relationship_of(resource_type, name), names[name].below)
            for name in resource_type.nested
            if name in node.slots and relationship_of(resource_type, name).kind is Kind.TO_MANY
            if not relationship_of(resource_type, name).linked
        ]
        tags = self._tag_slots(node)
        self._finishers.append(
            lambda: self._finish_node(
                node,
                steps=[step for step in steps if step is not None],
                checks=checks,
                collections=collections,
                tags=tags,
            )
        )
        return node

    def _need_columns_of(self, node: Node) -> None:
        """Columns of a node's own table beside its targets and keys."""
        type_ = node.resource_type
        table = type_.table
        attributes = {each.name: each for each in type_.attributes}
        for name in node.slots:
            bound = attributes.get(name)
            if bound is not None:
                if bound.stored:
                    self._drafts.need(table, name)
                if bound.marks is not None:
                    self._drafts.need(table, bound.marks)
        for attribute in _filled_by_keys(node):
            self._drafts.need(table, attribute.name)
        for name in _money_names(node):
            for way in currency_ways(self._catalogue, type_, name):
                for each in way.columns:
                    self._drafts.need(*each)
        for attribute in type_.attributes:
            if attribute.stored and (attribute.required or attribute.generated):
                self._drafts.need(table, attribute.name)
            if attribute.name == "type":
                self._drafts.need(table, "type")
            for name in attribute.required.inputs if attribute.required else ():
                self._drafts.need_field(type_, name)
        for relationship in type_.relationships:
            if relationship.required and relationship.has_column:
                self._drafts.need(table, f"{relationship.name}_id")
            for name in relationship.required.inputs if relationship.required else ():
                self._drafts.need_field(type_, name)
        for trigger in type_.triggers:
            if trigger.name in node.slots:
                for name in (*trigger.sets, *trigger.clears):
                    self._drafts.need(table, name)
                if trigger.stamps:
                    self._drafts.need(table, trigger.stamps)
                self._drafts.need_rule(trigger.rule)
        for rule in type_.rules:
            self._drafts.need_rule(rule)

    def _need_siblings(self, node: Node) -> None:
        """Records of the same parent, where a key ends in a nested record without a key."""
        type_ = node.resource_type
        links = {each.name: each for each in type_.relationships if each.has_column}
        for key in type_.keys:
            nested = [part for part in key.parts if part in links and part in node.slots]
            if key.matches and any(self._is_keyless(links[part]) for part in nested):
                for part in key.parts:
                    if part in links and not self._is_keyless(links[part]):
                        self._drafts.need_children(type_.table, f"{part}_id")
                        break

    def _is_keyless(self, relationship: Relationship) -> bool:
        targets = (self._catalogue.types[each] for each in relationship.targets)
        return not any(key.matches for target in targets for key in target.keys)

    # Targets

    def _target_step(
        self, node: Node, relationship: Relationship, fill: int | None
    ) -> Callable[[], TargetStep] | None:
        type_ = node.resource_type
        namings = [
            self._target_name(node, attribute, attribute.names)
            for attribute in type_.attributes
            if attribute.names is not None
            and attribute.names.relationship == relationship.name
            and attribute.name in node.slots
        ]
        id_slot = node.slots.get(f"{relationship.name}_id")
        nested_slot = node.slots.get(relationship.name)
        parent = fill if relationship.name == type_.parent else None
        if id_slot is None and nested_slot is None and not namings and parent is None:
            return None
        self._drafts.need(type_.table, f"{relationship.name}_id")
        groups = self._target_tables(relationship)
        for table in groups:
            self._drafts.need_table(table)
            if self._is_family(table):
                self._drafts.need(table, "type")
        links = self._catalogue.tables[type_.table].links
        type_column = next(
            each.type_column for each in links if each.relationship.name == relationship.name
        )
        if type_column is not None:
            self._drafts.need(type_.table, type_column)
        nested = node.nested.get(nested_slot) if nested_slot is not None else None
        if nested_slot is not None and nested is None:
            target = self._catalogue.types[relationship.targets[0]]
            nested = self.node(
                target,
                path=f"{node.path}{relationship.name}.",
                names=self._below(node, relationship),
            )
            node.nested[nested_slot] = nested

        def finish() -> TargetStep:
            index = self._tables[type_.table].index
            return TargetStep(
                name=relationship.name,
                column=index[f"{relationship.name}_id"],
                type_column=index[type_column] if type_column is not None else None,
                id_slot=id_slot,
                type_slot=node.slots.get(type_column or f"{relationship.name}_type"),
                tables=tuple(
                    (
                        self._tables[table],
                        frozenset(types) if self._is_family(table) else None,
                        types[0],
                    )
                    for table, types in groups.items()
                ),
                namings=tuple(naming() for naming in namings),
                nested_slot=nested_slot,
                nested=nested,
                fill=parent,
                creatable=relationship.creatable,
                updatable=relationship.updatable,
            )

        return finish

    def _below(self, node: Node, relationship: Relationship) -> Mapping[str, Names]:
        names: Mapping[str, Names] = name_tree(self.names)
        for part in (node.path + relationship.name).split("."):
            names = names[part].below if part in names else {}
        return self._names_inside(node, relationship, names)

    def _names_inside(
        self, node: Node, relationship: Relationship, names: Mapping[str, Names]
    ) -> Mapping[str, Names]:
        """The names in what rows hold inside; where the survey did not look, all there may be."""
        if names or self._request.is_tabular:
            return names
        target = self._catalogue.types[relationship.targets[0]]
        path = f"{node.path}{relationship.name}."
        return name_tree(
            name
            for name in input_names(self._catalogue, target)
            if not _is_ignored(path + name, self._request)
        )

    def _is_family(self, table: str) -> bool:
        return bool(self._catalogue.types[table].concrete)

    def _target_tables(self, relationship: Relationship) -> dict[str, list[str]]:
        """The tables that a relationship may point into, with the types allowed there."""
        groups: dict[str, list[str]] = {}
        for target in relationship.targets:
            table = self._catalogue.types[target].table if target in self._catalogue.types else ""
            if table in self._catalogue.tables:  # else outside longshore's scope: it is empty
                groups.setdefault(table, []).extend(self._catalogue.concrete_types(target))
        return groups

    def _target_name(
        self, node: Node, attribute: Attribute, naming: Naming
    ) -> Callable[[], TargetName]:
        target = self._catalogue.types[naming.target]
        key = Key(parts=(naming.attribute,))
        self._drafts.need_key(target.table, key)
        creates = None
        if naming.create:
            creates = self.node(target, path="", names={naming.attribute: _NAMED})
        folds = self._drafts.folds(target.table, naming.attribute)
        error_field = naming.error_field or naming.relationship or attribute.name

        def finish() -> TargetName:
            table = self._tables[target.table]
            return TargetName(
                slot=node.slots[attribute.name],
                field=error_field,
                message=naming.message,
                table=table,
                key=_key_index(table, key.column),
                folds=folds,
                updatable=attribute.updatable,
                creates=creates,
            )

        return finish

    # Nested collections and tags

    def _collection(
        self, node: Node, relationship: Relationship, names: Mapping[str, Names]
    ) -> Callable[[], Collection]:
        child = self._catalogue.types[relationship.targets[0]]
        assert relationship.inverse is not None, f"{relationship.name} has no inverse"
        owner_column = f"{relationship.inverse}_id"
        slot = node.slots[relationship.name]
        nested = self.node(
            child,
            path=f"{node.path}{relationship.name}.",
            names=self._names_inside(node, relationship, names),
            owner=relationship.inverse,
        )
        node.nested[slot] = nested
        self._drafts.need_children(child.table, owner_column)
        for name in child.nested_signature:
            self._drafts.need(child.table, self._drafts.part_column(child.table, name))

        def finish() -> Collection:
            index = self._tables[child.table].index
            attributes = {each.name: each for each in child.attributes}
            steps = []
            for name in child.nested_signature:
                column = self._drafts.part_column(child.table, name)
                steps.append(
                    SignatureStep(
                        slot=nested.slots.get(column),
                        column=index[column],
                        is_key_text=name in attributes and child.is_key_text(attributes[name]),
                    )
                )
            return Collection(
                name=relationship.name,
                slot=slot,
                node=nested,
                owner_column=index[owner_column],
                signature=tuple(steps),
            )

        return finish

    def _tag_slots(self, node: Node) -> Callable[[], TagSlots] | None:
        linked = next((each for each in node.resource_type.relationships if each.linked), None)
        if linked is None:
            return None
        set_slots = tuple(
            node.slots[name]
            for name in (linked.name, f"{linked.name}.id", f"{linked.name}.name")
            if name in node.slots
        )
        fires = {
            trigger.rule: node.slots[trigger.name]
            for trigger in node.resource_type.triggers
            if trigger.name in node.slots and trigger.rule in _TAGGING
        }
        if not set_slots and not fires:
            return None
        self._drafts.need_tags(node.resource_type.table)
        creates = self.node(
            self._catalogue.types[linked.targets[0]], path="", names={"name": _NAMED}
        )
        count_max = self._request.flags["tags_max_allowed_number"]
        assert isinstance(count_max, int)

        def finish() -> TagSlots:
            return TagSlots(
                set_slots=set_slots,
                whole_slot=node.slots.get(linked.name),
                add_slot=fires.get("add_tags"),
                remove_slot=fires.get("remove_tags"),
                table=self._tables[linked.targets[0]],
                node=creates,
                count_max=count_max,
            )

        return finish

    # Second pass: where it stands

    def finish(self) -> Mapping[str, TablePlan]:
        """Lay the tables out and complete the nodes."""
        self._tables = self._drafts.lay_out()
        for finish in self._finishers:
            finish()
        return self._tables

    def _finish_node(
        self,
        node: Node,
        *,
        steps: Sequence[Callable[[], TargetStep]],
        checks: Sequence[Callable[[], TargetName]],
        collections: Sequence[Callable[[], Collection]],
        tags: Callable[[], TagSlots] | None,
    ) -> None:
        type_ = node.resource_type
        table = self._tables[type_.table]
        node.table = table
        index = table.index
        attributes = {each.name: each for each in type_.attributes}
        bound = [
            (slot, attributes[name]) for name, slot in node.slots.items() if name in attributes
        ]
        stored = [(slot, each) for slot, each in bound if each.stored and not each.accepted_with]
        node.create_assigns = tuple(
            (slot, index[each.name]) for slot, each in stored if each.name != "type"
        )
        node.update_assigns = tuple(
            (slot, index[each.name])
            for slot, each in stored
            if each.updatable and each.name != "type"
        )
        node.accepted_with = tuple(
            (slot, index[each.name], node.slots.get(each.accepted_with, -1))
            for slot, each in bound
            if each.accepted_with is not None
        )
        node.money = tuple(self._money_step(node, name) for name in _money_names(node))
        node.objects = tuple(self._object_keys(node, each) for each in _filled_by_keys(node))
        node.marks = tuple(
            (slot, index[each.marks]) for slot, each in bound if each.marks is not None
        )
        node.type_slot = node.slots.get("type")
        if "type" in attributes:
            node.type_column = index["type"]
            node.types = frozenset(self._catalogue.concrete_types(type_.name))
        node.blank = [
            stored_default(attributes[column]) if column in attributes else None
            for column in table.columns
        ]
        targets = [step() for step in steps]
        # A nested record without a key is the one that the matched record already has.
        node.deferred = tuple(
            step for step in targets if step.nested is not None and not step.nested.match_keys
        )
        node.targets = tuple(step for step in targets if step not in node.deferred)
        node.key_slots = tuple(slot for slot, each in bound if type_.is_key_text(each))
        node.checks = tuple(check() for check in checks)
        node.collections = tuple(collection() for collection in collections)
        node.collection_slots = frozenset(each.slot for each in node.collections)
        node.tags = tags() if tags is not None else None
        node.generated = tuple(
            (index[each.name], self._generators[each.generated])
            for each in type_.attributes
            if each.generated is not None and each.stored
        )
        node.triggers = tuple(
            self._trigger_step(node, trigger)
            for trigger in type_.triggers
            if trigger.name in node.slots and trigger.rule not in _TAGGING
        )
        node.rules = type_.rules
        node.required = tuple(required_fields(node, self._request.flags))
        node.match_keys = tuple(
            position
            for key in type_.keys
            if (position := _key_index(table, key.column)) >= 0 and table.keys[position].matches
        )
        node.nested_keys = tuple(_nested_keys(node))

    def _money_step(self, node: Node, name: str) -> MoneyStep:
        ways = currency_ways(self._catalogue, node.resource_type, name)
        return MoneyStep(
            slot=node.slots[name],
            name=name,
            column=node.table.index.get(name),
            convert=self.binder.cents_converter(node, name),
            currencies=tuple(self._currency_path(way) for way in ways),
            depends_on=frozenset(way.field for way in ways),
        )

    def _currency_path(self, way: CurrencyWay) -> CurrencyPath:
        columns = [self._tables[table].index[column] for table, column in way.columns]
        tables = [table for table, _ in way.columns[1:]]
        return CurrencyPath(hops=tuple(zip(columns, tables, strict=False)), column=columns[-1])

    def _object_keys(self, node: Node, attribute: Attribute) -> ObjectKeys:
        prefix = f"{attribute.name}."
        return ObjectKeys(
            name=attribute.name,
            column=node.table.index[attribute.name],
            slot=node.slots.get(attribute.name),
            keys=tuple(
                (slot, name.removeprefix(prefix))
                for name, slot in node.slots.items()
                if name.startswith(prefix)
            ),
            bytes_max=self._request.cell_bytes_max,
        )

    def _trigger_step(self, node: Node, trigger: Trigger) -> TriggerStep:
        index = node.table.index
        return TriggerStep(
            slot=node.slots[trigger.name],
            name=trigger.name,
            accepted=trigger.accepted,
            sets=tuple((index[name], value) for name, value in trigger.sets.items()),
            stamp=index[trigger.stamps] if trigger.stamps else None,
            clears=tuple(index[name] for name in trigger.clears),
            rule=trigger.rule,
        )


def _money_names(node: Node) -> list[str]:
    """The fields of cents that rows give."""
    return [name for name in node.slots if is_of_cents(name) and "." not in name]


def _filled_by_keys(node: Node) -> list[Attribute]:
    """The objects of which the rows fill single keys."""
    return [
        each
        for each in node.resource_type.attributes
        if has_keys(each) and any(name.startswith(f"{each.name}.") for name in node.slots)
    ]


def _is_ignored(name: str, request: PlanRequest) -> bool:
    """Whether a name is known to mean nothing."""
    return not name or name in request.ignored


def _key_index(table: TablePlan, column: str) -> int:
    """Where a table's key stands; -1 when the plan does not have it."""
    for position, key in enumerate(table.keys):
        if table.columns[key.column] == column:
            return position
    return -1


def _nested_keys(node: Node) -> Iterator[NestedKey]:
    """The keys of a node that end in a nested record without a key."""
    for index, step in product(node.match_keys, node.deferred):
        parts = node.table.keys[index].parts
        others = [part for part in parts if part.column != step.column]
        parent = next((part for part in others if part.is_target), None)
        if len(others) < len(parts) and parent is not None:
            yield NestedKey(
                step=step,
                parent_column=parent.column,
                others=tuple(
                    (part.column, part.is_nullable) for part in others if part is not parent
                ),
            )
