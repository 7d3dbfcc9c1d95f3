"""The transforms of one field, one after another."""

from collections.abc import Mapping, Sequence
from typing import Any

from longshore.mapping.document import DecimalMark, FieldMapping
from longshore.mapping.mapping_refused import MappingRefused, Path
from longshore.mapping.transform import Destination, Step, TransformFailed, TransformUse

_MEMO_SIZE = 4096


class Chain:
    """Takes texts through steps; remembers what became of them: columns repeat themselves."""

    def __init__(self, steps: Sequence[tuple[Step, bool]]) -> None:
        """With each step whether it takes blank texts."""
        self._steps = steps
        self._known = _Results(self)

    def result(self, text: str) -> str | None:
        """What becomes of a text; raises TransformFailed."""
        value: str | None = text
        for step, takes_blank in self._steps:
            if value is None:
                return None
            if takes_blank or (value and not value.isspace()):
                value = step(value)
        return value

    def results(
        self, cells: Sequence[str | None]
    ) -> tuple[list[str | None], list[tuple[int, TransformFailed]]]:
        """What becomes of the cells of a column, "" where that failed; and failures by index."""
        known = self._known
        if len(known) > _MEMO_SIZE:
            known.clear()
        known.failed = 0
        known[None] = None
        values = list(map(known.__getitem__, cells))
        if not known.failed:
            return values, []
        failures = []
        for index, value in enumerate(values):
            if value is _FAILED:
                try:
                    values[index] = self.result(cells[index] or "")
                except TransformFailed as failed:
                    values[index] = ""
                    # Its traceback would keep all cells of the chunk until the collector comes.
                    failures.append((index, failed.with_traceback(None)))
        return values, failures


_FAILED: Any = object()


class _Results(dict[str | None, str | None]):
    """Results by text; failed ones are not kept."""

    def __init__(self, chain: Chain) -> None:
        super().__init__()
        self._chain = chain
        self.failed = 0

    def __missing__(self, text: str) -> str | None:
        try:
            value = self[text] = self._chain.result(text)
        except TransformFailed:
            self.failed += 1
            return _FAILED  # type: ignore[no-any-return]
        return value


def chain_of(
    mapping: FieldMapping, destination: Destination, decimal: DecimalMark | None, path: Path
) -> Chain | None:
    """The transforms of a field; None where it has none. Raises MappingRefused."""
    transforms = mapping.transforms[: -1 if unit_left(mapping, decimal, path) else None]
    if not transforms:
        return None
    steps = []
    for index, use in enumerate(transforms):
        try:
            step = use.transform.step(_given(use, decimal), destination)
        except MappingRefused as error:
            at = (*path, "transforms", index, *error.path)
            raise MappingRefused(error.reason, path=at, hint=error.hint) from error
        steps.append((step, use.transform.takes_blank))
    return Chain(steps)


def unit_left(mapping: FieldMapping, decimal: DecimalMark | None, path: Path) -> str | None:
    """The unit of an amount that the last transform leaves to those who know its currency."""
    for index, use in enumerate(mapping.transforms):
        unit = use.transform.unit_left(_given(use, decimal))
        if unit is None:
            continue
        if index < len(mapping.transforms) - 1:
            raise MappingRefused(
                f"{use.transform.name} without a currency is the last transform",
                path=(*path, "transforms", index),
                hint="the currency of the record says how many cents it is, and is known later",
            )
        return unit
    return None


def unit_made(mapping: FieldMapping) -> str | None:
    """The unit of the weights that the transforms of a field make, as a column map has it; None
    where they make none."""
    made = [use.transform.unit_made(use.parameters) for use in mapping.transforms]
    return next((unit for unit in reversed(made) if unit is not None), None)


def _given(use: TransformUse, decimal: DecimalMark | None) -> Mapping[str, Any]:
    """The parameters of a use; what a document says of decimals holds where they do not say it."""
    asks = any(each.name == "decimal" for each in use.transform.parameters)
    if decimal is None or not asks or "decimal" in use.parameters:
        return use.parameters
    return {**use.parameters, "decimal": str(decimal)}
