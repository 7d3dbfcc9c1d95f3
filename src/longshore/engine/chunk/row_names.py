"""What rows are called in the logs, and the keys by which others name their records."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Protocol

from longshore.engine.plan.nodes import Plan
from longshore.readers import Unreadable

_IDENTIFIER_CHARACTERS = 200


class Identify(Protocol):
    """What the logs take from the raw values of a row."""

    def __call__(self, row: Any) -> str | None:
        """What names the row; None: nothing does."""


class RowKeys(Protocol):
    """What says by which texts others may name the record of a row."""

    def __call__(self, row: Any) -> Sequence[str]:
        """The keys of the row that are one field each."""


def row_identifier(
    plan: Plan,
    columns: Sequence[str],
    *,
    is_tabular: bool,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> Identify:
    """How rows of this source are named: the first of the plan's fields that a row holds.

    `columns` and `renamed` are those of `row_converter`.
    """
    if is_tabular:
        return _CellIdentifier(plan.identifier_names, columns)
    return _ObjectIdentifier(plan.identifier_names, renamed)


class _CellIdentifier:
    def __init__(self, names: Sequence[str], columns: Sequence[str]) -> None:
        self._positions = [columns.index(name) for name in names if name in columns]

    def __call__(self, row: Sequence[str]) -> str | None:
        if isinstance(row, Unreadable):
            return None
        present = (row[position] for position in self._positions if position < len(row))
        return next((text for cell in present if (text := _text(cell))), None)


class _ObjectIdentifier:
    def __init__(self, names: Sequence[str], renamed: Mapping[str, str]) -> None:
        keys = {name: key for key, name in renamed.items()}
        self._names = [keys.get(name, name) for name in names]

    def __call__(self, row: Any) -> str | None:
        if not isinstance(row, Mapping):
            return None
        return next((text for name in self._names if (text := _text(row.get(name)))), None)


def row_keys(
    names: Sequence[str],
    columns: Sequence[str],
    *,
    is_tabular: bool,
    renamed: Mapping[str, str] = MappingProxyType({}),
) -> RowKeys:
    """What says the keys of the records of a source's rows, which are the fields of these `names`.

    `columns` and `renamed` are those of `row_converter`.
    """
    if is_tabular:
        return _CellKeys(names, columns)
    return _ObjectKeys(names, renamed)


class _CellKeys:
    def __init__(self, names: Sequence[str], columns: Sequence[str]) -> None:
        self._positions = [columns.index(name) for name in names if name in columns]

    def __call__(self, row: Any) -> Sequence[str]:
        if isinstance(row, Unreadable):
            return ()
        return _texts(row[position] for position in self._positions if position < len(row))


class _ObjectKeys:
    def __init__(self, names: Sequence[str], renamed: Mapping[str, str]) -> None:
        keys = {name: key for key, name in renamed.items()}
        self._names = [keys.get(name, name) for name in names]

    def __call__(self, row: Any) -> Sequence[str]:
        return _texts(map(row.get, self._names)) if isinstance(row, Mapping) else ()


def _texts(values: Iterable[object]) -> list[str]:
    return [text for value in values if (text := _text(value))]


def _text(value: object) -> str | None:
    if value is None or isinstance(value, bool | list | dict):
        return None
    text = str(value)[:_IDENTIFIER_CHARACTERS].strip()
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()
