"""What a transform is: a name, parameters with their types, and a pure step from text to text.

A step gets the text of a cell and gives another text, None for null, or raises TransformFailed:
then the row has that error. It knows nothing but its parameters, so the same text always becomes
the same, and whoever applies it may remember that. A blank cell goes past all steps but those of
transforms that say `takes_blank`, and so does null.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeAlias

from longshore.catalogue import ResourceType
from longshore.error_codes import Message
from longshore.mapping.mapping_refused import MappingRefused, Path, unknown_name

CHARACTERS_MAX: Final = 10_000  # of a text in a document
ENTRIES_MAX: Final = 10_000  # of a list or table in a document


class TransformFailed(ValueError):
    """A text that a transform cannot take."""

    def __init__(self, message: Message, *, suggestion: str | None = None) -> None:
        super().__init__(str(message))
        self.message = message
        self.suggestion = suggestion  # a text of the cell that would do


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """Where the result of a transform goes."""

    resource_type: ResourceType
    field: str  # as a header would name it


Step: TypeAlias = Callable[[str], str | None]
Parameters: TypeAlias = Mapping[str, Any]  # by name, read; each parameter of the transform


class ParameterKind(StrEnum):
    """What a parameter takes."""

    TEXT = "text"
    CHOICE = "choice"
    INTEGER = "integer"
    TEXTS = "texts"  # a list of them
    TABLE = "table"  # texts by texts


class _Required:
    def __repr__(self) -> str:
        return "REQUIRED"


REQUIRED: Final = _Required()


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter of a transform."""

    name: str
    about: str  # what it does, as a sentence
    kind: ParameterKind = ParameterKind.TEXT
    choices: tuple[str, ...] = ()  # of a choice
    default: Any = REQUIRED

    @property
    def is_required(self) -> bool:
        """Whether a document has to give it."""
        return self.default is REQUIRED

    def read(self, value: object, path: Path) -> Any:
        """The value as a document gives it; raises MappingRefused."""
        match self.kind:
            case ParameterKind.TEXT:
                return read_text(value, path)
            case ParameterKind.CHOICE:
                return read_choice(value, self.choices, path)
            case ParameterKind.INTEGER:
                if isinstance(value, bool) or not isinstance(value, int):
                    raise MappingRefused(f"expected an integer, found {value!r:.60}", path=path)
                return value
            case ParameterKind.TEXTS:
                return read_texts(value, path)
            case ParameterKind.TABLE:
                return _read_table(value, path)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transform:
    """The declaration of one transform."""

    name: str
    about: str  # what it does, as a sentence
    # Makes the step; raises MappingRefused with a path from the transform on, such as
    # `("pattern",)`, for parameters that do not go together or not with the field.
    make: Callable[[Parameters, Destination], Step]
    parameters: tuple[Parameter, ...] = ()
    takes_blank: bool = False  # its step is called for blank texts as well
    example: tuple[str, str] | None = None  # a text and what becomes of it, for the reference
    # Whether it makes cents of an amount, so that a field of cents takes its result.
    makes_cents: bool = False
    # With these parameters the currency of the record says how many cents an amount is: the unit,
    # as a field of a document has it, by which the engine makes cents, in place of the step.
    unit_left: Callable[[Parameters], str | None] = lambda _parameters: None
    # The unit of the weights that it makes, as a column map has it.
    unit_made: Callable[[Parameters], str | None] = lambda _parameters: None

    def read(self, values: Mapping[str, object], path: Path) -> dict[str, Any]:
        """The parameters that a document gives, read; raises MappingRefused."""
        known = {each.name: each for each in self.parameters}
        for name in values:
            if name not in known:
                raise unknown_name(
                    f"parameter of {self.name}",
                    name,
                    known,
                    path=path,
                    hint=None if known else f"{self.name} has none",
                )
        for each in self.parameters:
            if each.is_required and each.name not in values:
                raise MappingRefused(
                    f"{self.name} needs {each.name!r}", path=path, hint=f"{each.name}: {each.about}"
                )
        return {name: known[name].read(value, (*path, name)) for name, value in values.items()}

    def step(self, given: Parameters, destination: Destination) -> Step:
        """The step with parameters that were read, and defaults in place of others."""
        defaults = {each.name: each.default for each in self.parameters}
        return self.make({**defaults, **given}, destination)


@dataclass(frozen=True, slots=True, kw_only=True)
class TransformUse:
    """A transform in a document, with the parameters that stand there."""

    transform: Transform
    parameters: Mapping[str, Any] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """The use as a document has it."""
        values = {
            name: list(value) if isinstance(value, tuple) else value
            for name, value in self.parameters.items()
        }
        return {"name": self.transform.name, **values}


def read_text(value: object, path: Path) -> str:
    """A text of a document; raises MappingRefused."""
    if not isinstance(value, str):
        raise MappingRefused(f"expected a text, found {value!r:.60}", path=path)
    if len(value) > CHARACTERS_MAX:
        raise MappingRefused(
            f"has {len(value):,} characters, at most {CHARACTERS_MAX:,} are taken", path=path
        )
    try:
        value.encode()
    except UnicodeEncodeError:
        raise MappingRefused("has half of a surrogate pair", path=path) from None
    return value


def read_choice(value: object, choices: tuple[str, ...], path: Path) -> str:
    """One of several texts; raises MappingRefused."""
    text = read_text(value, path)
    if text not in choices:
        raise unknown_name(f"choice: expected {' or '.join(choices)}", text, choices, path=path)
    return text


def read_texts(value: object, path: Path) -> tuple[str, ...]:
    """A list of texts; raises MappingRefused."""
    if not isinstance(value, list | tuple):
        raise MappingRefused(f"expected a list of texts, found {value!r:.60}", path=path)
    _check_count(len(value), path)
    return tuple(read_text(each, (*path, index)) for index, each in enumerate(value))


def _read_table(value: object, path: Path) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise MappingRefused(f"expected a table of texts by texts, found {value!r:.60}", path=path)
    _check_count(len(value), path)
    return {
        read_text(old, path): read_text(new, (*path, str(old)[:60])) for old, new in value.items()
    }


def _check_count(count: int, path: Path) -> None:
    if count > ENTRIES_MAX:
        raise MappingRefused(f"has {count:,} entries, at most {ENTRIES_MAX:,} are taken", path=path)
