"""From a resource type and the columns of a source to a plan.

Planning goes twice over the tree: first every node says which columns of which tables it needs,
then the tables are laid out and the nodes get the indexes of their columns. So load, apply and
flush name only the columns of the plan, the keys and the inputs of rules.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from longshore.catalogue import (
    PREDICATES,
    Attribute,
    Catalogue,
    Condition,
    Form,
    Key,
    Kind,
    Naming,
    Relationship,
    ResourceType,
    Sum,
    Trigger,
    ValueType,
    holds,
)
from longshore.engine.columns import memo, whole_column
from longshore.engine.generators import GENERATORS
from longshore.engine.plan import (
    ABSENT,
    Collection,
    Node,
    Plan,
    RequiredField,
    TagSlots,
    TargetName,
    TargetStep,
    TriggerStep,
    WholeColumn,
)
from longshore.engine.rules import RULES, Rule
from longshore.engine.tables import KEY_BYTES_MAX, KeyPart, KeyPlan, TablePlan
from longshore.engine.tag_lists import tag_list_converter, tag_names_converter
from longshore.engine.values import (
    BLANK,
    MUST_EXIST,
    Converter,
    ValueRefused,
    converter,
    to_boolean,
)

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
_TAGGING = ("add_tags", "remove_tags")  # rules of triggers that change a record's tags


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRequest:
    """What a plan is made for."""

    resource_type: str
    columns: Sequence[str]  # of the source, after renaming; dotted for what rows hold inside
    is_tabular: bool  # cells of text (CSV) rather than JSON values
    parent: int | None  # id that fills the type's parent relationship
    environment: int
    flags: Mapping[str, object]
    cell_bytes_max: int
    ignored: tuple[str, ...] = ()  # columns that are known to mean nothing


def make_plan(
    request: PlanRequest, *, catalogue: Catalogue, decode_id: Callable[[str], int | None]
) -> Plan:
    """The plan of an import; `decode_id` turns public ids into internal ones."""
    planner = _Planner(request, catalogue, decode_id)
    root = planner.node(
        catalogue.types[request.resource_type],
        path="",
        names=_tree(name for name in request.columns if name not in request.ignored),
        fill=request.parent,
    )
    tables = planner.finish()
    return Plan(
        root=root,
        tables=tables,
        environment=request.environment,
        flags=request.flags,
        unknown_columns=tuple(planner.unknown),
        read_only_columns=tuple(planner.read_only),
        identifier_names=IDENTIFIERS,
    )


def input_names(catalogue: Catalogue, resource_type: ResourceType) -> list[str]:
    """Every name that a row of this type may hold, to suggest the nearest for an unknown one."""
    names = ["id"]
    names += [each.name for each in resource_type.attributes if _is_input(each)]
    for each in resource_type.relationships:
        if each.has_column and (each.creatable or each.updatable):
            names.append(f"{each.name}_id")
    names += [each.name for each in resource_type.triggers if each.accepted]
    for name in resource_type.nested:
        relationship = _relationship(resource_type, name)
        names.append(name)
        if relationship.linked:
            names += [f"{name}.id", f"{name}.name"]
        else:
            target = catalogue.types[relationship.targets[0]]
            names += [f"{name}.{each.name}" for each in target.attributes if _is_input(each)]
    return names


def _tree(columns: Iterable[str]) -> dict[str, Any]:
    tree: dict[str, Any] = {}
    for column in columns:
        level = tree
        for part in column.split("."):
            level = level.setdefault(part, {})
    return tree


def _is_input(attribute: Attribute) -> bool:
    return attribute.creatable or attribute.updatable or attribute.accepted_with is not None


def _relationship(resource_type: ResourceType, name: str) -> Relationship:
    return next(each for each in resource_type.relationships if each.name == name)


@dataclass(slots=True)
class _TableDraft:
    """The columns that nodes have asked for so far."""

    columns: dict[str, None] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)  # by column
    parents: dict[str, None] = field(default_factory=dict)
    is_tagged: bool = False
    is_written: bool = False


class _Planner:
    def __init__(
        self, request: PlanRequest, catalogue: Catalogue, decode_id: Callable[[str], int | None]
    ) -> None:
        self._request = request
        self._catalogue = catalogue
        self._decode_id = decode_id
        self._drafts: dict[str, _TableDraft] = {}
        self._tables: dict[str, TablePlan] = {}
        self._finishers: list[Callable[[], None]] = []
        self.unknown: list[str] = []
        self.read_only: list[str] = []

    # First pass: what is needed

    def node(
        self,
        resource_type: ResourceType,
        *,
        path: str,
        names: Mapping[str, Any],
        fill: int | None = None,
        owner: str | None = None,
    ) -> Node:
        """A node whose rows hold `names`; `owner` is the relationship to the record above."""
        node = Node(resource_type=resource_type, path=path)
        draft = self._draft(resource_type.table)
        draft.is_written = True
        for key in self._keys_of(resource_type):
            self._need_key(resource_type.table, key)
        for name, below in names.items():
            self._bind(node, name, below)
        self._need_columns_of(node)
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
            self._collection(node, _relationship(resource_type, name), names[name])
            for name in resource_type.nested
            if name in node.slots and _relationship(resource_type, name).kind is Kind.TO_MANY
            if not _relationship(resource_type, name).linked
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

    def _bind(self, node: Node, name: str, below: Mapping[str, Any]) -> None:
        """Give a column or key of the source its slot, or note that it has none."""
        type_ = node.resource_type
        shown = node.path + name
        request = self._request
        attribute = next((each for each in type_.attributes if each.name == name), None)
        relationship = next((each for each in type_.relationships if each.name == name), None)
        trigger = next((each for each in type_.triggers if each.name == name), None)
        if name == "id":
            node.id_slot = self._slot(node, name, self._to_id, memo(self._to_id))
        elif attribute is not None:
            self._bind_attribute(node, attribute)
        elif trigger is not None:
            self._slot(node, name, self._trigger_converter(trigger))
        elif relationship is not None and relationship.linked:
            if request.is_tabular:
                for part in below:
                    if part in ("id", "name"):
                        by = self._to_id if part == "id" else self._tag_name_converter()
                        self._slot(node, f"{name}.{part}", tag_list_converter(part, by))
                    else:
                        self.unknown.append(f"{shown}.{part}")
                if not below:
                    names = tag_list_converter("name", self._tag_name_converter())
                    self._slot(node, name, names)
            else:
                self._slot(node, name, tag_names_converter(self._to_id, self._tag_name_converter()))
        elif relationship is not None and name in type_.nested:
            self._slot(node, name, None)
        elif relationship is not None:
            self.read_only.append(shown)
        elif (column := _relationship_of_id(type_, name)) is not None:
            if column.creatable or column.updatable:
                self._slot(node, name, self._to_id, memo(self._to_id))
            else:
                self.read_only.append(shown)
        elif _relationship_of_type(type_, name) is not None:
            self._slot(node, name, None)
        elif name == "type":
            # A document names its type; where there is no choice, it says nothing.
            self.read_only.append(shown)
        else:
            self.unknown.extend(_leaves(shown, below) if below else [shown])

    def _bind_attribute(self, node: Node, attribute: Attribute) -> None:
        if not _is_input(attribute):
            self.read_only.append(node.path + attribute.name)
            return
        convert, whole = self._converters(node, attribute)
        slot = self._slot(node, attribute.name, convert, whole)
        if not attribute.fetchable or attribute.confidential:
            node.masked.add(slot)

    def _converters(self, node: Node, attribute: Attribute) -> tuple[Converter, WholeColumn | None]:
        names = attribute.names
        if names is not None and names.create:
            # What creates a target must satisfy the target.
            target = self._catalogue.types[names.target]
            attribute = next(each for each in target.attributes if each.name == names.attribute)
        flags, bytes_max = self._request.flags, self._request.cell_bytes_max
        convert = converter(attribute, flags, bytes_max)
        keyed = {part for key in node.resource_type.keys for part in key.parts}
        if attribute.type == "string" and (attribute.name in keyed or names is not None):
            convert = _within_key(convert)
            bytes_max = min(bytes_max, KEY_BYTES_MAX)
        # No character takes more than four bytes of UTF-8.
        return convert, whole_column(attribute, convert, flags, characters_max=bytes_max // 4)

    def _trigger_converter(self, trigger: Trigger) -> Converter:
        if trigger.type == "boolean":
            return lambda value: False if value == "" else to_boolean(value)
        attribute = Attribute(name=trigger.name, type=trigger.type)
        return converter(attribute, self._request.flags, self._request.cell_bytes_max)

    def _tag_name_converter(self) -> Converter:
        name = next(
            each for each in self._catalogue.types["tags"].attributes if each.name == "name"
        )
        return converter(name, self._request.flags, self._request.cell_bytes_max)

    def _to_id(self, value: object) -> int | None:
        """An internal id; 0, which nothing has, for what is none of this environment."""
        if not isinstance(value, str):
            return 0
        text = value.strip()
        if not text:
            return None
        decoded = self._decode_id(text)
        if decoded is None or decoded >> 40 != self._request.environment:
            return 0
        return decoded

    def _slot(
        self,
        node: Node,
        name: str,
        convert: Converter | None,
        whole: WholeColumn | None = None,
    ) -> int:
        slot = node.slots.setdefault(name, len(node.template))
        if slot == len(node.template):
            node.template.append(ABSENT)
            node.converters.append(convert)
            node.whole_columns.append(whole)
        return slot

    def _need_columns_of(self, node: Node) -> None:
        """Columns of a node's own table beside its targets and keys."""
        type_ = node.resource_type
        table = type_.table
        attributes = {each.name: each for each in type_.attributes}
        for name in node.slots:
            bound = attributes.get(name)
            if bound is not None:
                if bound.stored:
                    self._need(table, name)
                if bound.marks is not None:
                    self._need(table, bound.marks)
        for attribute in type_.attributes:
            if attribute.stored and (attribute.required or attribute.generated):
                self._need(table, attribute.name)
            if attribute.name == "type":
                self._need(table, "type")
            for name in attribute.required.inputs if attribute.required else ():
                self._need_field(type_, name)
        for relationship in type_.relationships:
            if relationship.required and relationship.has_column:
                self._need(table, f"{relationship.name}_id")
            for name in relationship.required.inputs if relationship.required else ():
                self._need_field(type_, name)
        for trigger in type_.triggers:
            if trigger.name in node.slots:
                for name in (*trigger.sets, *trigger.clears):
                    self._need(table, name)
                if trigger.stamps:
                    self._need(table, trigger.stamps)
                self._need_rule(trigger.rule)
        for rule in type_.rules:
            self._need_rule(rule)

    def _need_field(self, type_: ResourceType, name: str) -> None:
        for attribute in type_.attributes:
            if attribute.name == name and attribute.stored:
                self._need(type_.table, name)
        for relationship in type_.relationships:
            if relationship.name == name and relationship.has_column:
                self._need(type_.table, f"{name}_id")

    def _need_rule(self, name: str | None) -> None:
        if name is None or name not in RULES:
            return
        for table, columns in RULES[name].reads.items():
            for column in columns:
                self._need(table, column)
        for table, parts in RULES[name].keys:
            self._need_key(table, Key(parts=parts))
        for table, column in RULES[name].children:
            self._need(table, column)
            self._draft(table).parents.setdefault(column)

    def _need(self, table: str, column: str) -> None:
        self._draft(table).columns.setdefault(column)

    def _need_key(self, table: str, key: Key) -> None:
        """A key's value, and the parts from which it is computed anew when one changes."""
        keys = self._draft(table).keys
        if key.column in keys:
            return
        declared = {each.column: each for each in self._catalogue.tables[table].keys}
        keys[key.column] = declared[key.column]
        for part in declared[key.column].parts:
            self._need(table, self._part_column(table, part))
        self._need(table, key.column)

    def _part_column(self, table: str, part: str) -> str:
        for link in self._catalogue.tables[table].links:
            if link.relationship.name == part:
                return link.column
        return part

    def _draft(self, table: str) -> _TableDraft:
        return self._drafts.setdefault(table, _TableDraft())

    def _keys_of(self, resource_type: ResourceType) -> Sequence[Key]:
        return self._catalogue.tables[resource_type.table].keys

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
        self._need(type_.table, f"{relationship.name}_id")
        groups = self._target_tables(relationship)
        for table in groups:
            self._draft(table)
            if len(groups[table]) and self._is_family(table):
                self._need(table, "type")
        links = self._catalogue.tables[type_.table].links
        type_column = next(
            each.type_column for each in links if each.relationship.name == relationship.name
        )
        if type_column is not None:
            self._need(type_.table, type_column)
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
                type_slot=node.slots.get(type_column) if type_column is not None else None,
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

    def _below(self, node: Node, relationship: Relationship) -> Mapping[str, Any]:
        names: Mapping[str, Any] = _tree(self._request.columns)
        for part in (node.path + relationship.name).split("."):
            names = names.get(part, {})
        return self._names_inside(relationship, names)

    def _names_inside(
        self, relationship: Relationship, names: Mapping[str, Any]
    ) -> Mapping[str, Any]:
        """The names in what rows hold inside; where the survey did not look, all there may be."""
        if names or self._request.is_tabular:
            return names
        return _tree(input_names(self._catalogue, self._catalogue.types[relationship.targets[0]]))

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
        self._need_key(target.table, key)
        creates = None
        if naming.create:
            creates = self.node(target, path="", names={naming.attribute: {}})
        folds = self._folds(target.table, naming.attribute)
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
                creates=creates,
            )

        return finish

    def _folds(self, table: str, attribute: str) -> bool:
        return any(
            each.name == attribute and each.form is Form.EMAIL
            for each in self._catalogue.tables[table].attributes
        )

    # Nested collections and tags

    def _collection(
        self, node: Node, relationship: Relationship, names: Mapping[str, Any]
    ) -> Callable[[], Collection]:
        child = self._catalogue.types[relationship.targets[0]]
        assert relationship.inverse is not None, f"{relationship.name} has no inverse"
        owner_column = f"{relationship.inverse}_id"
        slot = node.slots[relationship.name]
        nested = self.node(
            child,
            path=f"{node.path}{relationship.name}.",
            names=self._names_inside(relationship, names),
            owner=relationship.inverse,
        )
        node.nested[slot] = nested
        self._need(child.table, owner_column)
        self._draft(child.table).parents.setdefault(owner_column)
        for name in child.nested_signature:
            self._need(child.table, self._part_column(child.table, name))

        def finish() -> Collection:
            index = self._tables[child.table].index
            pairs = []
            for name in child.nested_signature:
                column = self._part_column(child.table, name)
                pairs.append((nested.slots.get(column), index[column]))
            return Collection(
                name=relationship.name,
                slot=slot,
                node=nested,
                owner_column=index[owner_column],
                signature=tuple(pairs),
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
        self._draft(node.resource_type.table).is_tagged = True
        creates = self.node(self._catalogue.types[linked.targets[0]], path="", names={"name": {}})
        count_max = self._request.flags["tags_max_allowed_number"]
        assert isinstance(count_max, int)

        def finish() -> TagSlots:
            return TagSlots(
                set_slots=set_slots,
                add_slot=fires.get("add_tags"),
                remove_slot=fires.get("remove_tags"),
                table=self._tables[linked.targets[0]],
                node=creates,
                count_max=count_max,
            )

        return finish

    # Second pass: where it stands

    def finish(self) -> Mapping[str, TablePlan]:
        for name, table in self._catalogue.tables.items():
            if name in self._drafts:
                self._tables[name] = self._lay_out(name, table)
        for finish in self._finishers:
            finish()
        return self._tables

    def _lay_out(self, name: str, table: Any) -> TablePlan:
        draft = self._drafts[name]
        family = len(table.types) > 1
        constants: dict[str, object] = {}
        if draft.is_written:
            for attribute in table.attributes:
                if isinstance(attribute.computed, Sum):
                    constants[attribute.name] = 0
                elif attribute.default is not None and attribute.name not in draft.columns:
                    if family:
                        draft.columns.setdefault(attribute.name)
                    else:
                        constants[attribute.name] = _stored_default(attribute)
        columns = tuple(draft.columns)
        index = {column: position for position, column in enumerate(columns)}
        attributes = {each.name: each for each in table.attributes}
        key_columns = set(draft.keys)
        journaled = tuple(
            (position, column)
            for column, position in index.items()
            if column not in key_columns
            and not (column in attributes and attributes[column].confidential)
        )
        return TablePlan(
            name=name,
            columns=columns,
            constants=constants,
            keys=tuple(self._key_plan(name, key, index) for key in draft.keys.values()),
            parent_columns=tuple(index[column] for column in draft.parents),
            is_tagged=draft.is_tagged,
            is_written=draft.is_written,
            journaled=journaled,
            booleans=frozenset(
                each.name for each in table.attributes if each.type is ValueType.BOOLEAN
            ),
            index=index,
        )

    def _key_plan(self, table: str, key: Key, index: Mapping[str, int]) -> KeyPlan:
        parts = []
        for part in key.parts:
            column = self._part_column(table, part)
            parts.append(
                KeyPart(
                    field=part,
                    column=index[column],
                    is_target=column != part,
                    is_nullable=part in key.nullable,
                    folds=self._folds(table, part),
                )
            )
        return KeyPlan(
            parts=tuple(parts),
            column=index[key.column],
            is_unique=key.unique,
            matches=key.matches,
            prefix=f"{self._request.environment}:",
        )

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
        node.marks = tuple(
            (slot, index[each.marks]) for slot, each in bound if each.marks is not None
        )
        node.type_slot = node.slots.get("type")
        if "type" in attributes:
            node.type_column = index["type"]
            node.types = frozenset(self._catalogue.concrete_types(type_.name))
        node.blank = [
            _stored_default(attributes[column]) if column in attributes else None
            for column in table.columns
        ]
        targets = [step() for step in steps]
        # A nested record without a key is the one that the matched record already has.
        node.deferred = tuple(
            step for step in targets if step.nested is not None and not step.nested.match_keys
        )
        node.targets = tuple(step for step in targets if step not in node.deferred)
        node.checks = tuple(check() for check in checks)
        node.collections = tuple(collection() for collection in collections)
        node.collection_slots = frozenset(each.slot for each in node.collections)
        node.tags = tags() if tags is not None else None
        node.generated = tuple(
            (index[each.name], each.generated)
            for each in type_.attributes
            if each.generated is not None and each.stored
        )
        assert all(name in GENERATORS for _, name in node.generated)
        node.triggers = tuple(
            self._trigger_step(node, trigger)
            for trigger in type_.triggers
            if trigger.name in node.slots and trigger.rule not in _TAGGING
        )
        node.rules = tuple(RULES[name] for name in type_.rules)
        node.required = tuple(self._required(node))
        node.match_keys = tuple(
            position
            for key in type_.keys
            if (position := _key_index(table, key.column)) >= 0 and table.keys[position].matches
        )

    def _trigger_step(self, node: Node, trigger: Trigger) -> TriggerStep:
        index = node.table.index
        rule: Rule | None = RULES[trigger.rule] if trigger.rule is not None else None
        return TriggerStep(
            slot=node.slots[trigger.name],
            name=trigger.name,
            accepted=trigger.accepted,
            sets=tuple((index[name], value) for name, value in trigger.sets.items()),
            stamp=index[trigger.stamps] if trigger.stamps else None,
            clears=tuple(index[name] for name in trigger.clears),
            rule=rule,
        )

    def _required(self, node: Node) -> Iterable[RequiredField]:
        type_ = node.resource_type
        index = node.table.index
        for attribute in type_.attributes:
            if attribute.required is not None and attribute.name != "type":
                yield RequiredField(
                    name=attribute.name,
                    column=index.get(self._column_of(type_, attribute.name) or ""),
                    slots=self._slots_of(node, attribute.name),
                    message=BLANK,
                    holds=self._condition(node, attribute.required),
                    inputs=self._inputs(node, attribute.name, attribute.required),
                )
        for relationship in type_.relationships:
            if relationship.required is not None and relationship.has_column:
                yield RequiredField(
                    name=relationship.name,
                    column=index[f"{relationship.name}_id"],
                    slots=(),
                    message=MUST_EXIST,
                    holds=self._condition(node, relationship.required),
                    inputs=self._inputs(node, relationship.name, relationship.required),
                )

    def _column_of(self, type_: ResourceType, name: str) -> str | None:
        """The column whose value tells whether a field is null."""
        for attribute in type_.attributes:
            if attribute.name == name:
                if attribute.stored:
                    return name
                if attribute.names is not None and attribute.names.relationship is not None:
                    return f"{attribute.names.relationship}_id"
        for relationship in type_.relationships:
            if relationship.name == name and relationship.has_column:
                return f"{name}_id"
        return None

    def _slots_of(self, node: Node, name: str) -> tuple[int, ...]:
        return (node.slots[name],) if name in node.slots else ()

    def _inputs(self, node: Node, name: str, condition: Condition) -> tuple[int, ...]:
        slots: list[int] = []
        for field_name in (name, *condition.inputs):
            slots += (
                node.slots[each]
                for each in (field_name, f"{field_name}_id", *self._names_of(node, field_name))
                if each in node.slots
            )
        return tuple(dict.fromkeys(slots))

    def _names_of(self, node: Node, relationship: str) -> list[str]:
        return [
            each.name
            for each in node.resource_type.attributes
            if each.names is not None and each.names.relationship == relationship
        ]

    def _condition(
        self, node: Node, condition: Condition
    ) -> Callable[[Sequence[Any], Sequence[Any]], bool] | None:
        if not condition.terms and not condition.alternatives:
            return None
        type_ = node.resource_type
        index = node.table.index
        flags = self._request.flags
        readers: dict[str, tuple[int | None, int | None, object]] = {}
        for part in (condition, *condition.alternatives):
            for term in part.terms:
                scope, _, flag = term.name.rpartition(".")
                column = self._column_of(type_, term.name)
                readers[term.name] = (
                    node.slots.get(term.name),
                    index.get(column) if column is not None else None,
                    flags[flag] if scope == "organization" else None,
                )

        def is_required(values: Sequence[Any], fields: Sequence[Any]) -> bool:
            def value_of(name: str) -> object:
                slot, column, constant = readers[name]
                if column is not None and values[column] is not None:
                    return values[column]
                if slot is not None and fields[slot] is not ABSENT:
                    return fields[slot]
                return constant

            return holds(condition, value_of, PREDICATES)

        return is_required


def _relationship_of_id(type_: ResourceType, name: str) -> Relationship | None:
    for each in type_.relationships:
        if name == f"{each.name}_id" and each.kind is Kind.TO_ONE and not each.virtual:
            return each if each.has_column else None
    return None


def _relationship_of_type(type_: ResourceType, name: str) -> Relationship | None:
    for each in type_.relationships:
        if name == f"{each.name}_type" and each.has_column and each.polymorphic:
            return each
    return None


def _leaves(shown: str, below: Mapping[str, Any]) -> list[str]:
    leaves = []
    for name, deeper in below.items():
        leaves += _leaves(f"{shown}.{name}", deeper) if deeper else [f"{shown}.{name}"]
    return leaves


def _key_index(table: TablePlan, column: str) -> int:
    for position, key in enumerate(table.keys):
        if table.columns[key.column] == column:
            return position
    return -1


def _stored_default(attribute: Attribute) -> object:
    if attribute.type in ("object", "array") and attribute.default is not None:
        return converter(attribute, {}, 1 << 20)(attribute.default)
    return attribute.default


def _within_key(convert: Converter) -> Converter:
    """A value that is compared as a key fits into an index entry."""

    def check(value: object) -> object:
        converted: Any = convert(value)
        is_long = isinstance(converted, str) and len(converted) * 4 > KEY_BYTES_MAX
        if is_long and len(converted.encode()) > KEY_BYTES_MAX:
            raise ValueRefused(f"is too long (maximum is {KEY_BYTES_MAX} bytes)")
        return converted

    return check
