"""The unit of weights that were converted, where their rows do not give it."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.catalogue import ResourceType
from longshore.engine.chunk.candidates import Candidates, RowConverter
from longshore.engine.plan.field_kinds import weight_unit_field
from longshore.engine.plan.nodes import Node
from longshore.engine.plan.source_columns import SourceColumns
from longshore.engine.values.candidate import ABSENT, Finding
from longshore.engine.values.converters import given_twice
from longshore.engine.values.money_units import is_of_cents
from longshore.spellings import WEIGHT_UNITS, Spelling


def weight_units(type_: ResourceType, columns: SourceColumns) -> dict[str, str]:
    """The weights of a source that are converted, each with the field that says their unit."""
    return {
        field: name
        for field, unit in columns.units.items()
        if not is_of_cents(field) and Spelling.of(unit).unit is not None
        if (name := weight_unit_field(type_, field)) is not None
    }


class WeightUnits:
    """Converts rows, and gives those with a converted weight its unit.

    A row that gives another unit itself contradicts its weight, and fails.
    """

    def __init__(
        self,
        convert: RowConverter,
        root: Node,
        units: Mapping[str, str],
        weights: Mapping[str, str],
    ) -> None:
        self._convert = convert
        self._weights = []
        for field, name in weights.items():
            unit = Spelling.of(units[field]).unit
            assert unit is not None
            self._weights.append((root.slots[field], root.slots[name], WEIGHT_UNITS[unit][0], name))

    def __call__(self, rows: Sequence[Any]) -> Candidates:
        candidates = self._convert(rows)
        found: dict[int, Sequence[Finding]] = {}
        for slot, unit_slot, unit, name in self._weights:
            units = list(candidates.column(unit_slot))
            for index, weight in enumerate(candidates.column(slot)):
                if weight is ABSENT or weight is None:
                    continue
                given = units[index]
                if given is ABSENT or given is None:
                    units[index] = unit
                elif given != unit:
                    found[index] = ((name, given_twice(unit, given), given),)
            candidates = candidates.with_column(unit_slot, units)
        return candidates.with_findings(found) if found else candidates
