"""The columns of tables that a plan needs, collected first and then laid out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Form,
    Key,
    ResourceType,
    Sum,
    Table,
    ValueType,
    key_prefix,
)
from longshore.engine.plan.rule_needs import RULE_NEEDS
from longshore.engine.plan.table_plans import KeyPart, KeyPlan, PinnedAs, TablePlan
from longshore.engine.values.converters import converter

_TIMES = frozenset({"created_at", "updated_at"})  # of every record
_PINNED = {ValueType.BOOLEAN: PinnedAs.BOOLEAN, ValueType.FLOAT: PinnedAs.FLOAT}


@dataclass(slots=True)
class _TableDraft:
    """The columns that nodes have asked for so far."""

    columns: dict[str, None] = field(default_factory=dict)
    keys: dict[str, Key] = field(default_factory=dict)  # by column
    parents: dict[str, None] = field(default_factory=dict)
    texts: dict[str, None] = field(default_factory=dict)
    is_tagged: bool = False
    is_written: bool = False


class TableDrafts:
    """What the nodes of a plan need of tables; `lay_out` ends the collecting."""

    def __init__(self, catalogue: Catalogue, *, environment: int) -> None:
        self._catalogue = catalogue
        self._environment = environment
        self._drafts: dict[str, _TableDraft] = {}

    def need_table(self, table: str) -> None:
        """Records of the table are looked up."""
        self._draft(table)

    def need_written(self, resource_type: ResourceType) -> None:
        """Records of the type are created or changed: all keys of their table are computed."""
        self._draft(resource_type.table).is_written = True
        for key in self._catalogue.tables[resource_type.table].keys:
            self.need_key(resource_type.table, key)

    def need_tags(self, table: str) -> None:
        """Tags of the table's records are read or written."""
        self._draft(table).is_tagged = True

    def need_children(self, table: str, column: str) -> None:
        """Records of the table are looked up by the id of their parent in this column."""
        self.need(table, column)
        self._draft(table).parents.setdefault(column)

    def need(self, table: str, column: str) -> None:
        self._draft(table).columns.setdefault(column)

    def need_field(self, resource_type: ResourceType, name: str) -> None:
        """A field's column, where it has one."""
        for attribute in resource_type.attributes:
            if attribute.name == name and attribute.stored:
                self.need(resource_type.table, name)
        for relationship in resource_type.relationships:
            if relationship.name == name and relationship.has_column:
                self.need(resource_type.table, f"{name}_id")

    def need_rule(self, name: str | None) -> None:
        """What a rule reads, see `Rule`."""
        if name is None or name not in RULE_NEEDS:
            return
        for table, columns in RULE_NEEDS[name].reads.items():
            for column in columns:
                self.need(table, column)
        for table, parts in RULE_NEEDS[name].keys:
            self.need_key(table, Key(parts=parts))
        for table, column in RULE_NEEDS[name].children:
            self.need_children(table, column)

    def need_key(self, table: str, key: Key) -> None:
        """A key's value, and the parts from which it is computed anew when one changes."""
        keys = self._draft(table).keys
        if key.column in keys:
            return
        declared = {each.column: each for each in self._catalogue.tables[table].keys}
        keys[key.column] = declared[key.column]
        for part in declared[key.column].parts:
            self.need(table, self._catalogue.tables[table].part_column(part))
        self.need(table, key.column)

    def need_text(self, table: str, column: str) -> None:
        """Records of the table are looked up by a text that is no key of its own."""
        self.need(table, column)
        self._draft(table).texts.setdefault(column)

    def lay_out(self) -> dict[str, TablePlan]:
        """The tables, those of targets before those that refer to them."""
        return {
            name: self._lay_out(name, table)
            for name, table in self._catalogue.tables.items()
            if name in self._drafts
        }

    def _draft(self, table: str) -> _TableDraft:
        return self._drafts.setdefault(table, _TableDraft())

    def _lay_out(self, name: str, table: Table) -> TablePlan:
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
                        constants[attribute.name] = stored_default(attribute)
        # A key that is computed anew must not take the place of the text.
        assert not (draft.texts and draft.is_written), f"{name} is written and sought by a text"
        # Sorted, so that the order in which a row names its fields makes no other statements.
        columns = tuple(sorted(draft.columns))
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
            keys=(
                *(self._key_plan(table, key, index) for key in draft.keys.values()),
                *(_text_plan(table, column, index[column]) for column in draft.texts),
            ),
            texts=frozenset(draft.texts),
            environment=self._environment,
            parent_columns=tuple(index[column] for column in draft.parents),
            is_tagged=draft.is_tagged,
            is_written=draft.is_written,
            journaled=journaled,
            booleans=frozenset(
                each.name for each in table.attributes if each.type is ValueType.BOOLEAN
            ),
            amounts=table.amounts,
            pinned=self._pinned(
                table, [each for each in columns if each not in key_columns], index
            ),
            index=index,
        )

    def _pinned(
        self, table: Table, columns: Sequence[str], index: Mapping[str, int]
    ) -> tuple[tuple[int, PinnedAs], ...]:
        """The columns that a pin compares: neither what follows from others, nor the times of a
        record."""
        attributes = {each.name: each for each in table.attributes}
        links = {link.column for link in table.links}
        types = [self._catalogue.types[name] for name in table.types]
        stamped = {trigger.stamps for type_ in types for trigger in type_.triggers}
        pinned = []
        for column in columns:
            attribute = attributes.get(column)
            if column in links:
                how = PinnedAs.TARGET
            elif column in stamped:
                how = PinnedAs.MOMENT
            elif attribute is None:
                how = PinnedAs.PLAIN
            elif column in _TIMES or isinstance(attribute.computed, Sum):
                continue
            else:
                how = _PINNED.get(attribute.type, PinnedAs.PLAIN)
            pinned.append((index[column], how))
        return tuple(pinned)

    def _key_plan(self, table: Table, key: Key, index: Mapping[str, int]) -> KeyPlan:
        parts = []
        for part in key.parts:
            column = table.part_column(part)
            parts.append(
                KeyPart(
                    field=part,
                    column=index[column],
                    is_target=column != part,
                    is_nullable=part in key.nullable,
                    folds=_folds(table, part),
                )
            )
        return KeyPlan(
            parts=tuple(parts),
            column=index[key.column],
            is_unique=key.unique,
            matches=key.matches,
            prefix=key_prefix(self._environment),
        )


def _text_plan(table: Table, column: str, index: int) -> KeyPlan:
    """A text by which records are looked up as if it were a key that several may have."""
    part = KeyPart(
        field=column,
        column=index,
        is_target=False,
        is_nullable=False,
        folds=_folds(table, column),
    )
    return KeyPlan(parts=(part,), column=index, is_unique=False, matches=False, prefix="")


def _folds(table: Table, attribute: str) -> bool:
    """Whether case does not matter where the attribute is part of a key."""
    return any(each.name == attribute and each.form is Form.EMAIL for each in table.attributes)


def stored_default(attribute: Attribute) -> object:
    """An attribute's default as it is stored."""
    if attribute.type in (ValueType.OBJECT, ValueType.ARRAY) and attribute.default is not None:
        return converter(attribute, {}, 1 << 20)(attribute.default)
    return attribute.default
