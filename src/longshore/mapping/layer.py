"""The layer between a source and those who take its rows: rows with fields as the wire knows them.

A row of a table keeps its cells at their places, and gets those of the fields that are made behind
them; a blank cell or the null token becomes what it means. An object loses the keys that were
taken, and gets those of the fields that are made.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from longshore.error_codes import ErrorCode, Message, message
from longshore.mapping.document import Blank
from longshore.mapping.made_field import MadeField, as_text
from longshore.mapping.transform import TransformFailed

_BLANK = message(ErrorCode.BLANK)
_MISSING = object()


class MappingFailure(NamedTuple):
    """What is wrong with a cell."""

    row: int  # its index
    field: str
    message: Message
    value: object  # as it stands in the source


class MappingLayer:
    """Maps the rows of one source, chunk by chunk; pure, but for what it remembers of texts."""

    def __init__(
        self,
        made: Sequence[MadeField],
        *,
        names: Sequence[str],
        fields: Sequence[str],
        dropped: Collection[str] = (),
        nested: Collection[str] = (),
        blank: Blank | None = None,
        null: str | None = None,
    ) -> None:
        """`names` are those of the columns, and `fields` what each means, "" where it is nothing
        that is imported; `dropped` keys of objects go, `nested` ones hold objects of their own."""
        self._made = made
        self._fields = fields
        self._index = {name: index for index, name in enumerate(names)}
        self._meanings = dict(zip(names, fields, strict=False))
        self._dropped = frozenset(dropped) | {each.field for each in made}
        self._nested = frozenset(nested)
        self._blank = blank
        self._null = null
        # Whether a cell may be null: of a table none is otherwise.
        self.has_nulls = (
            null is not None
            or blank is Blank.CLEAR
            or any(each.is_constant and each.constant is None for each in made)
        )

    @property
    def added_count(self) -> int:
        """How many cells a row of a table gets behind its own."""
        return len(self._made)

    def table(
        self, columns: Sequence[Sequence[str]], count: int
    ) -> tuple[list[Sequence[str | None]], list[MappingFailure]]:
        """The columns of a table of so many rows, with those of the fields that are made."""
        failures: list[MappingFailure] = []
        cells: list[Sequence[str | None]] = list(columns)
        if self._null is not None:
            cells = [self._nulled(column) for column in columns]
        own = list(cells)
        for index, field in enumerate(self._fields[: len(own)]):
            if field:
                cells[index] = self._judged(field, own[index], columns[index], failures)
        for made in self._made:
            cells.append(self._column(made, own, columns, count, failures))
        return cells, failures

    def objects(self, rows: Sequence[Any]) -> tuple[list[Any], list[MappingFailure]]:
        """The same for rows of JSON; one that is no object stays what it is."""
        failures: list[MappingFailure] = []
        mapped = [
            self._object(index, row, failures) if isinstance(row, dict) else row
            for index, row in enumerate(rows)
        ]
        return mapped, failures

    # Tables

    def _nulled(self, column: Sequence[str]) -> Sequence[str | None]:
        null = self._null
        assert null is not None
        if null not in "\0".join(column):
            return column
        return [None if cell.strip() == null else cell for cell in column]

    def _judged(
        self,
        field: str,
        column: Sequence[str | None],
        shown: Sequence[object],
        failures: list[MappingFailure],
    ) -> Sequence[str | None]:
        """The cells of a field, where those that are blank mean something."""
        if self._blank is None or self._blank is Blank.KEEP:
            return column
        if "" not in column and not any(cell.isspace() for cell in column if cell is not None):
            return column
        if self._blank is Blank.CLEAR:
            return [None if _is_blank(cell) else cell for cell in column]
        failures += (
            MappingFailure(index, field, _BLANK, shown[index])
            for index, cell in enumerate(column)
            if cell is not None and _is_blank(cell)
        )
        return column

    def _column(
        self,
        made: MadeField,
        own: Sequence[Sequence[str | None]],
        columns: Sequence[Sequence[str]],
        count: int,
        failures: list[MappingFailure],
    ) -> Sequence[str | None]:
        if made.is_constant:
            return [as_text(made.constant)] * count
        indexes = [self._index[name] for name in made.columns]
        cells = own[indexes[0]]
        shown: Sequence[object] = columns[indexes[0]]
        if made.template is not None:
            cells = [made.text_of(each) for each in zip(*(own[at] for at in indexes), strict=True)]
            shown = cells
        failed: Sequence[tuple[int, TransformFailed]] = ()
        if made.chain is not None:
            cells, failed = made.chain.results(cells)
            failures += (
                MappingFailure(index, made.field, each.message, shown[index])
                for index, each in failed
            )
        before = len(failures)
        cells = self._judged(made.field, cells, shown, failures)
        if failed and len(failures) > before:
            told = {index for index, _ in failed}
            failures[before:] = (each for each in failures[before:] if each.row not in told)
        return cells

    # Objects

    def _object(
        self, index: int, row: Mapping[str, Any], failures: list[MappingFailure]
    ) -> dict[str, Any]:
        mapped = self._meant(index, row, "", self._dropped, failures)
        for made in self._made:
            value = self._value(index, made, row, failures)
            if value is not _MISSING:
                mapped[made.field] = value
        return mapped

    def _meant(
        self,
        index: int,
        row: Mapping[str, Any],
        path: str,
        dropped: Collection[str],
        failures: list[MappingFailure],
    ) -> dict[str, Any]:
        """An object without what is dropped, its texts as they are meant, inside too."""
        mapped = {}
        for name, value in row.items():
            if not path and name in dropped:
                continue
            if isinstance(value, str):
                field = path + name if path else self._meanings.get(name, name)
                value = self._text(index, field, value, failures)
                if value is _MISSING:
                    continue
            elif path + name in self._nested and isinstance(value, list | dict):
                value = self._inside(index, value, f"{path}{name}.", failures)
            mapped[name] = value
        return mapped

    def _inside(self, index: int, value: Any, path: str, failures: list[MappingFailure]) -> Any:
        if self._blank is None and self._null is None:
            return value
        if isinstance(value, list):
            return [self._inside(index, each, path, failures) for each in value]
        return self._meant(index, value, path, (), failures) if isinstance(value, dict) else value

    def _text(self, index: int, field: str, text: str, failures: list[MappingFailure]) -> Any:
        """What a text means that stands as a value."""
        if self._null is not None and text.strip() == self._null:
            return None
        if self._blank is None or not field or not _is_blank(text):
            return text
        match self._blank:
            case Blank.CLEAR:
                return None
            case Blank.ERROR:
                failures.append(MappingFailure(index, field, _BLANK, text))
        return _MISSING

    def _value(
        self,
        index: int,
        made: MadeField,
        row: Mapping[str, Any],
        failures: list[MappingFailure],
    ) -> Any:
        """The value of a field that is made; `_MISSING` where there is none."""
        if made.is_constant:
            return made.constant
        given = [row.get(name, _MISSING) for name in made.columns]
        if all(each is _MISSING for each in given):
            return _MISSING
        if made.template is None and (not made.is_changed or not _is_scalar(given[0])):
            value = given[0]
            if isinstance(value, str):
                return self._text(index, made.field, value, failures)
            return value
        cells = [self._cell(each) for each in given]
        text = made.text_of(cells)
        if text is None:
            return None
        shown = given[0] if made.template is None else text
        try:
            result = text if made.chain is None else made.chain.result(text)
        except TransformFailed as failed:
            failures.append(MappingFailure(index, made.field, failed.message, shown))
            return _MISSING
        return result if result is None else self._text(index, made.field, result, failures)

    def _cell(self, value: object) -> str | None:
        if value is _MISSING or value is None or not _is_scalar(value):
            return None
        text = as_text(value)  # type: ignore[arg-type]
        return None if text is not None and text.strip() == self._null else text


def _is_scalar(value: object) -> bool:
    return not isinstance(value, dict | list)


def _is_blank(cell: str | None) -> bool:
    return cell is not None and not cell.strip()


def failures_by_row(
    failures: Iterable[MappingFailure],
) -> dict[int, list[MappingFailure]]:
    """The failures of each row that has some."""
    by_row: dict[int, list[MappingFailure]] = {}
    for each in failures:
        by_row.setdefault(each.row, []).append(each)
    return by_row
