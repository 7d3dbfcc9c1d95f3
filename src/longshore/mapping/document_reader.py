"""Reads mapping documents strictly: whatever is not known is refused where it stands."""

import json
import math
import tomllib
from collections.abc import Mapping
from typing import Any, Final

from longshore.mapping.document import (
    MAPPING_VERSION,
    Blank,
    Constant,
    DecimalMark,
    FieldMapping,
    FromColumn,
    FromConstant,
    FromTemplate,
    MappingDocument,
    Origin,
)
from longshore.mapping.field_template import parse_template
from longshore.mapping.mapping_refused import MappingRefused, Path, unknown_name
from longshore.mapping.transform import TransformUse, read_choice, read_text, read_texts
from longshore.mapping.transforms import transform_of

MAPPING_BYTES_MAX: Final = 1 << 20  # of a document
_FIELDS_MAX = 1_000
_TRANSFORMS_MAX = 30  # of one field
_HEADER_ROW_MAX = 1_000_000

_KEYS = (
    "version",
    "type",
    "ignore",
    "blank",
    "null",
    "decimal",
    "header_row",
    "sheet",
    "fields",
)
_ORIGINS = ("column", "constant", "template")
_FIELD_KEYS = (*_ORIGINS, "transforms", "unit")
UNITS: Final = ("cents", "decimal", "decimal-point", "decimal-comma")


def parse_mapping(content: bytes, *, name: str) -> MappingDocument:
    """The mapping in the content of a file, of TOML or of JSON; `name` is that of the file.

    Raises MappingRefused for content that is neither, or too long, or no mapping.
    """
    if len(content) > MAPPING_BYTES_MAX:
        raise MappingRefused(f"{name} is no mapping: it has more than {MAPPING_BYTES_MAX:,} bytes")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MappingRefused(
            f"{name} is not UTF-8: byte {error.start + 1} cannot be read",
            hint="save it as UTF-8",
        ) from None
    is_json = text.lstrip()[:1] == "{"
    values = _of_json(text, name) if is_json else _of_toml(text, name)
    try:
        return read_mapping(values)
    except MappingRefused as error:
        raise MappingRefused(f"{name}: {error.message}", hint=error.hint) from error


def read_mapping(values: object) -> MappingDocument:
    """The mapping that JSON-safe values describe; raises MappingRefused."""
    if not isinstance(values, Mapping):
        raise MappingRefused("a mapping is an object with the key 'version'")
    _check_keys(values, _KEYS, "key of a mapping", ())
    if "version" not in values:
        raise MappingRefused(
            "the mapping has no version", hint=f"write version = {MAPPING_VERSION}"
        )
    version = values["version"]
    if version != MAPPING_VERSION or isinstance(version, bool):
        raise MappingRefused(
            f"expected {MAPPING_VERSION}, found {version!r:.60}",
            path=("version",),
            hint="a later release may know it",
        )
    return MappingDocument(
        resource_type=_optional(values, "type", read_text),
        ignore=read_texts(values.get("ignore", ()), ("ignore",)),
        blank=_choice(values, "blank", Blank),
        null=_null(values),
        decimal=_choice(values, "decimal", DecimalMark),
        header_row=_header_row(values),
        sheet=_optional(values, "sheet", read_text),
        fields=_fields(values.get("fields", {})),
    )


def read_constant(value: object, path: Path) -> Constant:
    """A constant of a document; raises MappingRefused."""
    if isinstance(value, str):
        return read_text(value, path)
    if isinstance(value, float) and not math.isfinite(value):
        raise MappingRefused(f"expected a finite number, found {value!r}", path=path)
    if isinstance(value, bool | float | None):
        return value
    if isinstance(value, int) and abs(value) < 1 << 63:
        return value
    raise MappingRefused(
        f"expected a text, a number, true, false or null, found {value!r:.60}",
        path=path,
        hint="write dates, and whatever else there is, as texts",
    )


def _fields(values: object) -> dict[str, FieldMapping]:
    if not isinstance(values, Mapping):
        raise MappingRefused(f"expected a table, found {values!r:.60}", path=("fields",))
    if len(values) > _FIELDS_MAX:
        raise MappingRefused(
            f"has {len(values):,} fields, at most {_FIELDS_MAX:,} are taken", path=("fields",)
        )
    return {
        read_text(name, ("fields",)): _field(name, value, ("fields", str(name)))
        for name, value in values.items()
    }


def _field(name: str, values: object, path: Path) -> FieldMapping:
    if isinstance(values, str):
        return FieldMapping(origin=FromColumn(column=_column(values, path)))
    if not isinstance(values, Mapping):
        raise MappingRefused(f"expected a table or a column, found {values!r:.60}", path=path)
    inside = next((key for key, each in values.items() if isinstance(each, Mapping)), None)
    if inside is not None and inside not in _FIELD_KEYS:
        raise MappingRefused(
            f"{inside!r} is no key of a field",
            path=path,
            hint=f'the name of a field with a point stands in quotes: [fields."{name}.{inside}"]',
        )
    _check_keys(values, _FIELD_KEYS, "key of a field", path)
    given = [each for each in _ORIGINS if each in values]
    if len(given) != 1:
        found = " and ".join(given) or "none"
        raise MappingRefused(
            f"expected one of column, constant and template, found {found}", path=path
        )
    origin = _origin(values, given[0], (*path, given[0]))
    transforms = _transforms(values.get("transforms", ()), (*path, "transforms"))
    unit = _optional(values, "unit", lambda value, at: read_choice(value, UNITS, at), path)
    if isinstance(origin, FromConstant) and (transforms or unit is not None):
        raise MappingRefused(
            "a constant stands as it is meant: it has no transforms and no unit", path=path
        )
    return FieldMapping(origin=origin, transforms=transforms, unit=unit)


def _origin(values: Mapping[str, Any], key: str, path: Path) -> Origin:
    value = values[key]
    if key == "column":
        return FromColumn(column=_column(read_text(value, path), path))
    if key == "constant":
        return FromConstant(constant=read_constant(value, path))
    return FromTemplate(template=parse_template(read_text(value, path), path))


def _column(value: str, path: Path) -> str:
    name = read_text(value, path).strip()
    if not name:
        raise MappingRefused("expected the name of a column, found nothing", path=path)
    return name


def _transforms(values: object, path: Path) -> tuple[TransformUse, ...]:
    if not isinstance(values, list | tuple):
        raise MappingRefused(f"expected a list of transforms, found {values!r:.60}", path=path)
    if len(values) > _TRANSFORMS_MAX:
        raise MappingRefused(
            f"has {len(values)} transforms, at most {_TRANSFORMS_MAX} are taken", path=path
        )
    return tuple(_use(each, (*path, index)) for index, each in enumerate(values))


def _use(value: object, path: Path) -> TransformUse:
    if isinstance(value, str):
        value = {"name": value}
    if not isinstance(value, Mapping) or not isinstance(value.get("name"), str):
        raise MappingRefused(
            f"expected a transform with its name, found {value!r:.60}",
            path=path,
            hint='write { name = "trim" }',
        )
    transform = transform_of(value["name"], (*path, "name"))
    given = {name: each for name, each in value.items() if name != "name"}
    return TransformUse(transform=transform, parameters=transform.read(given, path))


def _null(values: Mapping[str, Any]) -> str | None:
    token: str | None = _optional(values, "null", read_text)
    if token is not None and not token.strip():
        raise MappingRefused(
            "is blank",
            path=("null",),
            hint='blank = "clear" says that blank cells mean null',
        )
    return token


def _header_row(values: Mapping[str, Any]) -> int | None:
    row = values.get("header_row")
    if row is None:
        return None
    if isinstance(row, bool) or not isinstance(row, int) or not 1 <= row <= _HEADER_ROW_MAX:
        raise MappingRefused(
            f"expected the number of a line, from 1, found {row!r:.60}", path=("header_row",)
        )
    return row


def _choice(values: Mapping[str, Any], key: str, kind: Any) -> Any:
    if values.get(key) is None:
        return None
    return kind(read_choice(values[key], tuple(map(str, kind)), (key,)))


def _optional(values: Mapping[str, Any], key: str, read: Any, path: Path = ()) -> Any:
    value = values.get(key)
    return None if value is None else read(value, (*path, key))


def _check_keys(values: Mapping[Any, Any], known: tuple[str, ...], what: str, path: Path) -> None:
    for name in values:
        if name not in known:
            raise unknown_name(what, str(name)[:60], known, path=path)


def _of_toml(text: str, name: str) -> object:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise MappingRefused(f"{name} is not TOML: {error}") from None
    except (RecursionError, ValueError):  # of numbers and dates that nothing can hold
        raise MappingRefused(f"{name} cannot be read as TOML") from None


def _of_json(text: str, name: str) -> object:
    try:
        return json.loads(text, object_pairs_hook=_object)
    except json.JSONDecodeError as error:
        raise MappingRefused(f"{name} is not JSON: {error}") from None
    except MappingRefused as error:
        raise MappingRefused(f"{name}: {error.message}") from None
    except (RecursionError, ValueError):
        raise MappingRefused(f"{name} cannot be read as JSON") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise MappingRefused(f"the key {twice!r} stands there twice")
    return values
