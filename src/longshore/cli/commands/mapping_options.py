"""Options that say what columns and cells mean."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.messages import printable
from longshore.cli.places import Place, open_place
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.mapping import MappingDocument
    from longshore.saved_mappings import SavedMapping

__all__ = ["MappingOptions", "mapping_options", "read_mapping_file", "saved_mapping"]

_OPTIONS = (
    click.option(
        "--mapping",
        metavar="FILE|NAME",
        help="Read columns as a mapping says, a document of TOML or JSON, or one that is saved: "
        "which column, constant or template makes which field, by which transforms. NAME@2 is its "
        "second version.",
    ),
    click.option(
        "--set",
        "constants",
        multiple=True,
        metavar="FIELD=VALUE",
        help="Give a field the same value in all rows, in place of a column; may be given again.",
    ),
    click.option(
        "--blank",
        type=click.Choice(["keep", "clear", "error"]),
        help="What a blank cell means: what is stored stays (keep), is taken away (clear), or the "
        "row fails (error).  [default: keep]",
    ),
    click.option(
        "--null",
        metavar="TOKEN",
        help="The cell that means null, such as NULL: what is stored is taken away.",
    ),
)


def mapping_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options from `--mapping` to `--null`."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingOptions:
    """What was given."""

    mapping: str | None
    constants: tuple[str, ...]
    blank: str | None
    null: str | None

    def document(
        self,
        mapped: Collection[str],
        *,
        saved: Callable[[str], MappingDocument],
    ) -> MappingDocument | None:
        """The mapping of the import; None where nothing asks for one.

        `mapped` are the fields that `--map` names, `saved` finds a mapping by its name. Raises
        RequestRefused for what is none.
        """
        from longshore.mapping import Blank, FieldMapping, FromConstant, MappingDocument

        constants = self._constants(mapped)
        document = MappingDocument()
        if self.mapping is not None:
            path = Path(self.mapping)
            document = read_mapping_file(path) if path.exists() else saved(self.mapping)
        elif not constants and self.blank is None and self.null is None:
            return None
        fields = {
            name: FieldMapping(origin=FromConstant(constant=text)) for name, text in constants
        }
        changes: dict[str, Any] = {"fields": {**document.fields, **fields}}
        if self.blank is not None:
            changes["blank"] = Blank(self.blank)
        if self.null is not None:
            if not self.null.strip():
                raise click.BadParameter(
                    "is blank: --blank clear says that blank cells mean null",
                    param_hint="'--null'",
                )
            changes["null"] = self.null
        return replace(document, **changes)

    def _constants(self, mapped: Collection[str]) -> list[tuple[str, str]]:
        from longshore.edits import parse_set

        constants: dict[str, str] = {}
        for text in self.constants:
            given = parse_set(text)
            field, value = given.column, str(given.value)
            if constants.setdefault(field, value) != value:
                raise click.BadParameter(f"{field!r} is set twice", param_hint="'--set'")
            if field in mapped:
                raise click.BadParameter(
                    f"{field!r} is the field of a column by --map as well", param_hint="'--set'"
                )
        return list(constants.items())


def read_mapping_file(path: Path) -> MappingDocument:
    """The mapping in a file; raises RequestRefused."""
    from longshore.mapping import MAPPING_BYTES_MAX, parse_mapping

    try:
        with path.open("rb") as file:
            content = file.read(MAPPING_BYTES_MAX + 1)
    except OSError as error:
        raise RequestRefused(f"{printable(str(path))} cannot be read: {error.strerror}") from error
    return parse_mapping(content, name=printable(str(path)))


def saved_mapping(place: Place, name: str, *, server: str | None) -> SavedMapping:
    """The mapping that is saved under a name; what is no name is a file that is not there."""
    from longshore.operations import Asker
    from longshore.saved_mappings import MappingReference, is_name

    if not is_name(name.partition("@")[0]):
        raise RequestRefused(
            f"there is no file {printable(name)}",
            hint="--mapping names a file of TOML or JSON, or a saved mapping",
        )
    if server is not None:
        raise RequestRefused(
            f"there is no file {printable(name)}, and with --server no saved mapping is looked for",
            hint=f"write it to a file: longshore mappings show {printable(name)} > map.toml",
        )
    with open_place(place, makes=False) as longshore:
        asker = Asker(environment=place.environment(longshore))
        return longshore.saved_mappings.named(asker, MappingReference.parse(name))
