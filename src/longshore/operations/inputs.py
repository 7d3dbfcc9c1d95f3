"""The rows of an import as its document echoes them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from longshore.catalogue import Catalogue
from longshore.engine import FieldNames
from longshore.imports import Import
from longshore.readers import Format, Rows, Unreadable

# Stands where a value was given that is nobody's business.
MASK = "********"
UNREADABLE_CHARACTERS_MAX = 1000  # of the lines of a row that could not be cut into cells


def echo_inputs(
    import_: Import,
    batches: Iterable[Rows],
    catalogue: Catalogue,
    *,
    rows_max: int,
    bytes_max: int | None = None,
) -> list[object] | None:
    """The rows as an array of objects, or None where there are more than `rows_max`, or where the
    array would be longer than about `bytes_max`.

    The rows of a CSV source are objects too: their cells as texts, by column. `batches` are not
    read when there are too many rows. Values of write-only and confidential attributes are masked.
    """
    if import_.inputs_size > rows_max:
        return None
    secrets = _Secrets(catalogue)
    is_tabular = import_.layout.format is Format.CSV
    # An object of a table repeats the names of its columns.
    names_bytes = sum(map(len, import_.layout.columns)) * import_.inputs_size if is_tabular else 0
    if bytes_max is not None:
        batches = _within(batches, import_.layout.first.offset + bytes_max - names_bytes)
    meanings = _meanings(catalogue, import_)
    keys = import_.layout.keys if is_tabular else ()
    inputs: list[object] = []
    try:
        for row in _rows(batches):
            if isinstance(row, Unreadable):
                inputs.append({"unreadable": row.text[:UNREADABLE_CHARACTERS_MAX]})
                continue
            input_ = dict(zip(keys, row, strict=False)) if is_tabular else row
            inputs.append(secrets.mask(import_.resource_type, input_, meanings))
    except _TooLong:
        return None
    return inputs


class _TooLong(Exception):
    """More is to be echoed than may be."""


def _within(batches: Iterable[Rows], end: int) -> Iterator[Rows]:
    """The same rows; raises _TooLong where they go beyond that offset."""
    for batch in batches:
        if batch.end_offset > end:
            raise _TooLong
        yield batch


def _meanings(catalogue: Catalogue, import_: Import) -> dict[str, Sequence[str]]:
    """The fields that each column or key means, however a header spells it."""
    if import_.layout.format is not Format.CSV:
        by_name: dict[str, Sequence[str]] = {
            key: [field] for key, field in import_.column_map.items()
        }
        return by_name | _mapped(import_)
    names = FieldNames(catalogue, catalogue.types[import_.resource_type])
    by_name = {column: [names.of(column) or column] for column in import_.layout.columns}
    by_name |= {column: [field] for column, field in import_.column_map.items()}
    by_name |= _mapped(import_)
    pairs = zip(import_.layout.keys, import_.layout.columns, strict=True)
    return by_name | {key: by_name[name] for key, name in pairs}


def _mapped(import_: Import) -> dict[str, Sequence[str]]:
    """The fields that the import's mapping makes of each column, beside its own meaning."""
    fields: dict[str, list[str]] = {}
    for field, each in import_.mapping.fields.items() if import_.mapping is not None else ():
        for column in each.columns:
            fields.setdefault(column, [column]).append(field)
    return {
        column: [*each, import_.column_map.get(column, column)] for column, each in fields.items()
    }


def _rows(batches: Iterable[Rows]) -> Iterator[Any]:
    for batch in batches:
        yield from batch.values


class _Secrets:
    """Knows by which names a type's rows carry what nobody may see."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._names: dict[str, frozenset[str]] = {}

    def mask(
        self, resource_type: str, input_: object, meanings: Mapping[str, Sequence[str]] = {}
    ) -> object:
        """The input with its secrets masked, in nested elements too."""
        if isinstance(input_, list):
            return [self.mask(resource_type, element) for element in input_]
        if not isinstance(input_, dict):
            return input_
        masked: dict[str, object] = {}
        for key, value in input_.items():
            names = meanings.get(key, (key,))
            if value not in (None, "") and any(
                self._is_secret(resource_type, name) for name in names
            ):
                masked[key] = MASK
            elif isinstance(value, dict | list) and (
                target := next(filter(None, (self._nested(resource_type, n) for n in names)), None)
            ):
                masked[key] = self.mask(target, value)
            else:
                masked[key] = value
        return masked

    def _is_secret(self, resource_type: str, name: str) -> bool:
        """Whether a key or a column, dotted ones included, names a secret attribute."""
        first, dot, rest = name.partition(".")
        if dot:
            target = self._nested(resource_type, first)
            return target is not None and self._is_secret(target, rest)
        return first in self._secret_names(resource_type)

    def _secret_names(self, resource_type: str) -> frozenset[str]:
        if resource_type not in self._names:
            self._names[resource_type] = frozenset(
                attribute.name
                for name in (resource_type, *self._catalogue.types[resource_type].concrete)
                for attribute in self._catalogue.types[name].attributes
                if attribute.confidential or not attribute.fetchable
            )
        return self._names[resource_type]

    def _nested(self, resource_type: str, name: str) -> str | None:
        """The type of the elements of a nested collection."""
        declared = self._catalogue.types[resource_type]
        if name not in declared.nested:
            return None
        (relationship,) = (each for each in declared.relationships if each.name == name)
        return relationship.targets[0]
