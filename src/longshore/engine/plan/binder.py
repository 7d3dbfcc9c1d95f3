"""Names in the source to slots of a node, each with the converters of its values."""

from collections.abc import Iterator, Mapping

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Relationship,
    ResourceType,
    all_names,
    is_named_by_keys,
)
from longshore.engine.plan.field_names import (
    ALL_KEYS,
    Names,
    has_keys,
    is_input,
    leaves,
    relationship_of_id,
    relationship_of_type,
)
from longshore.engine.plan.node_drafts import SlotDraft
from longshore.engine.plan.slot_converters import SlotConverters
from longshore.engine.values.amounts import amount_converter
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.money_units import is_of_cents
from longshore.engine.values.spelled import spelled_column
from longshore.engine.values.tag_lists import tag_list_converter, tag_names_converter
from longshore.engine.values.whole_columns import memo
from longshore.spellings import Spelling


class Binder:
    """Binds names for one plan; notes those that are unknown or never taken from a row.

    `units` says of fields how the source gives them otherwise than the wire, by their dotted names:
    amounts in decimals, and values as people spell them.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        converters: SlotConverters,
        units: Mapping[str, str],
        *,
        is_tabular: bool,
    ) -> None:
        self._catalogue = catalogue
        self._converters = converters
        self._units = units
        self._is_tabular = is_tabular
        self.unknown: list[str] = []
        self.read_only: list[str] = []

    def slots(
        self, type_: ResourceType, path: str, names: Mapping[str, Names], *, owner: str | None
    ) -> tuple[SlotDraft, ...]:
        """The slots of the names that rows of a type hold at a place.

        `owner` is the relationship to the record that holds them: it is named by that alone.
        """
        slots: list[SlotDraft] = []
        for name, inside in names.items():
            keyed = None if name == owner else self._named_by_keys(type_, name)
            if keyed is not None and inside.below:
                slots += self._bind_keys(path, keyed, inside)
            else:
                slots += self._bind(type_, path, name, inside)
        return tuple(slots)

    def _named_by_keys(self, type_: ResourceType, name: str) -> Relationship | None:
        """The relationship of this name, if rows may name its target by keys."""
        relationship = next((each for each in type_.relationships if each.name == name), None)
        if relationship is None or not is_named_by_keys(self._catalogue, type_, relationship):
            return None
        return relationship

    def _bind_keys(
        self, path: str, relationship: Relationship, names: Names
    ) -> Iterator[SlotDraft]:
        """The slots of the fields of a target by which rows name it."""
        if names.is_named and self._is_tabular:
            self.unknown.append(path + relationship.name)
        known = all_names(self._catalogue, relationship)
        given = tuple(leaves(names.below))
        for inside in given:
            name = f"{relationship.name}.{inside}"
            last = inside.rpartition(".")[2]
            if inside not in known:
                is_object = any(each.startswith(f"{inside}.") for each in known)
                if last == "type":
                    self.read_only.append(path + name)
                elif self._is_tabular or not is_object:
                    self.unknown.append(path + name)
                elif not any(each.startswith(f"{inside}.") for each in given):
                    yield self._of_id(f"{name}.id")  # null in all rows, which says something
            elif last == "id":
                yield self._of_id(name)
            elif last == "type":
                yield SlotDraft(name=name)
            else:
                convert = self._converters.of_target_key()
                yield SlotDraft(name=name, convert=convert, whole=memo(convert))

    def _bind(self, type_: ResourceType, path: str, name: str, names: Names) -> Iterator[SlotDraft]:
        """The slots of a column or key of the source and of what is inside it, if it has any."""
        relationship = next((each for each in type_.relationships if each.name == name), None)
        if relationship is not None and relationship.linked:
            yield from self._bind_tags(path, relationship, names)
            return
        if relationship is not None and name in type_.nested:
            is_cell = names.is_named and self._is_tabular
            if is_cell:
                self.unknown.append(path + name)
            if names.below or not is_cell:
                yield SlotDraft(name=name)
            return
        attribute = next((each for each in type_.attributes if each.name == name), None)
        if names.is_named:
            slot = self._bind_itself(type_, path, name, attribute)
            if slot is not None:
                yield slot
        for inside in leaves(names.below):
            if attribute is not None and has_keys(attribute) and inside == ALL_KEYS:
                convert = self._converters.of_keys(type_, attribute)
                yield SlotDraft(name=f"{name}.{inside}", convert=convert, null=convert({}))
            elif attribute is not None and has_keys(attribute) and inside:
                yield SlotDraft(name=f"{name}.{inside}", convert=self._converters.of_key())
            else:
                self.unknown.append(f"{path}{name}.{inside}")

    def _bind_itself(
        self, type_: ResourceType, path: str, name: str, attribute: Attribute | None
    ) -> SlotDraft | None:
        trigger = next((each for each in type_.triggers if each.name == name), None)
        of_id = relationship_of_id(type_, name)
        if name == "id":
            return self._of_id(name)
        if attribute is not None and is_input(attribute):
            return self._of_attribute(type_, path, attribute)
        if trigger is not None:
            unit = self._units.get(path + name)
            convert = (
                self._converters.of_trigger(trigger)
                if unit is None
                else amount_converter(unit, is_tabular=self._is_tabular)
            )
            return SlotDraft(name=name, convert=convert)
        if of_id is not None and of_id.has_column and (of_id.creatable or of_id.updatable):
            return self._of_id(name)
        if relationship_of_type(type_, name) is not None:
            return SlotDraft(name=name)
        if (attribute is not None and attribute.fetchable) or name == "type":
            # Files that were exported somewhere show these. A document names its type, too; where
            # there is no choice, it says nothing.
            self.read_only.append(path + name)
        else:
            self.unknown.append(path + name)
        return None

    def _of_id(self, name: str) -> SlotDraft:
        to_id = self._converters.to_id
        return SlotDraft(name=name, convert=to_id, whole=memo(to_id))

    def _of_attribute(self, type_: ResourceType, path: str, attribute: Attribute) -> SlotDraft:
        convert, whole = self._converters.of_attribute(type_, attribute)
        unit = self._units.get(path + attribute.name)
        if unit is not None and is_of_cents(attribute.name):
            convert, whole = amount_converter(unit, is_tabular=self._is_tabular), None
        elif unit is not None:
            convert, whole = spelled_column(Spelling.of(unit), convert, whole)
        return SlotDraft(
            name=attribute.name,
            convert=convert,
            whole=whole,
            null=convert(attribute.default) if has_keys(attribute) else ABSENT,
            is_masked=not attribute.fetchable or attribute.confidential,
        )

    def _bind_tags(
        self, path: str, relationship: Relationship, names: Names
    ) -> Iterator[SlotDraft]:
        name = relationship.name
        to_id, to_name = self._converters.to_id, self._converters.of_tag_name()
        if names.is_named and self._is_tabular:
            convert = tag_list_converter("name", to_name)
            yield SlotDraft(name=name, convert=convert, whole=memo(convert))
        elif names.is_named:
            yield SlotDraft(name=name, convert=tag_names_converter(to_id, to_name))
        for part in leaves(names.below):
            if part in ("id", "name"):
                convert = tag_list_converter(part, to_id if part == "id" else to_name)
                yield SlotDraft(name=f"{name}.{part}", convert=convert, whole=memo(convert))
            elif part != "type":
                self.unknown.append(f"{path}{name}.{part}")
