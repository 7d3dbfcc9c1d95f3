"""What to write in place of values that their fields refuse, for the rows of one type."""

from collections.abc import Mapping

from longshore.catalogue import Attribute, Catalogue, ResourceType
from longshore.engine.plan.slot_converters import SlotConverters
from longshore.engine.values.converters import Converter
from longshore.engine.values.mending import mended

# How the end of a value is shown that is stored only in part.
_CUT = "…"


class ValueMender:
    """Mends values of fields, as an organization's flags judge them."""

    def __init__(
        self,
        catalogue: Catalogue,
        resource_type: ResourceType,
        *,
        flags: Mapping[str, object],
        cell_bytes_max: int,
        units: Mapping[str, str],
    ) -> None:
        self._catalogue = catalogue
        self._type = resource_type
        self._units = units  # of fields that are not given as the wire has them
        self._converters = SlotConverters(
            catalogue,
            lambda _text: None,
            environment=0,
            flags=flags,
            cell_bytes_max=cell_bytes_max,
        )
        self._known: dict[str, tuple[Attribute, Converter] | None] = {}

    def mend(self, field: str, value: str, *, currency: str | None = None) -> str | None:
        """What was most likely meant, as the field takes it; None: nobody can tell.

        `field` is that of an error, such as `line_items.quantity`; `currency` is that of its
        records, where all have the same.
        """
        if value.endswith(_CUT) or field in self._units:
            return None
        if field not in self._known:
            self._known[field] = self._field(field)
        known = self._known[field]
        return None if known is None else mended(known[0], value, known[1], currency=currency)

    def _field(self, field: str) -> tuple[Attribute, Converter] | None:
        *holders, name = field.split(".")
        declared = self._type
        for holder in holders:
            inside = _inside(self._catalogue, declared, holder)
            if inside is None:
                return None
            declared = inside
        for attribute in declared.attributes:
            if attribute.name == name:
                return attribute, self._converters.of_attribute(declared, attribute)[0]
        for trigger in declared.triggers:
            if trigger.name == name:
                return Attribute(name=name, type=trigger.type), self._converters.of_trigger(trigger)
        return None


def _inside(catalogue: Catalogue, declared: ResourceType, name: str) -> ResourceType | None:
    """The type of the records that a row of a type holds under a name."""
    for relationship in declared.relationships:
        if relationship.name == name:
            return catalogue.types.get(relationship.targets[0])
    return None
