"""Options that say what is imported and how: those of all commands that take a file as an import
does."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.group_options import DialectArguments, group_options
from longshore.cli.commands.mapping_options import (
    MappingOptions,
    mapping_options,
    saved_mapping,
)
from longshore.cli.commands.source_options import source_of, source_options
from longshore.cli.commands.stop_options import stop_options

if TYPE_CHECKING:
    from decimal import Decimal

    from longshore.cli.places import Place
    from longshore.cli.stops import Stops
    from longshore.dialects import DialectOptions
    from longshore.error_codes import ErrorCode
    from longshore.imports import ImportRequest
    from longshore.mapping import MappingDocument
    from longshore.operations import GroupOptions, GroupRequest
    from longshore.readers import CsvOptions
    from longshore.saved_mappings import SavedMapping
    from longshore.sources import Source

__all__ = ["ImportOptions", "ToImport", "import_options"]

_FIELD_OPTIONS = (
    click.option(
        "--parent",
        metavar="ID",
        help="Id or natural key of the record that rows belong to which name none, such as the "
        "shipping category of SKUs or the price list of prices.",
    ),
    click.option(
        "--map",
        "mappings",
        multiple=True,
        metavar="COLUMN=FIELD",
        help="Read a column as a field of another name; may be given again. Onto a field of cents, "
        "with :cents or :decimal behind it.",
    ),
    click.option(
        "--ignore",
        "ignored",
        multiple=True,
        metavar="COLUMN",
        help="Leave a column out, as if the file did not have it; may be given again.",
    ),
)

_ROW_OPTIONS = (
    click.option(
        "--decimal",
        type=click.Choice(["comma", "point"]),
        help="What stands before the decimals in all columns; without it, the values of each "
        "column show it.",
    ),
    click.option(
        "--skip-errors",
        is_flag=True,
        help="Go on to the end even if more than 10 % of the rows fail.",
    ),
)

_ONCE = (
    click.option(
        "--once",
        is_flag=True,
        help="Refuse a file that was imported before in the same way: the same content, read and "
        "mapped alike, as the same type with the same parent.",
    ),
)


def import_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `options`, and the arguments and options that they are made of."""

    @functools.wraps(command)
    def with_options(*arguments: Any, **values: Any) -> Any:
        resource_type, file = _type_and_file(values.pop("words"))
        given: dict[str, Any] = {
            "resource_type": resource_type,
            "file": file,
            "dialect": DialectArguments.taken_from(values),
        }
        given |= {
            each.name: values.pop(each.name)
            for each in fields(ImportOptions)
            if each.name not in given
        }
        return command(*arguments, options=ImportOptions(**given), **values)

    declared: Callable[..., Any] = group_options(stop_options(_given(_ONCE, with_options)))
    declared = mapping_options(_given(_ROW_OPTIONS, declared))
    declared = source_options(_given(_FIELD_OPTIONS, declared))
    return click.argument("words", metavar="[TYPE] FILE", nargs=-1)(declared)


def _type_and_file(words: Sequence[str]) -> tuple[str | None, str]:
    """The type, None where none is given, and the file; raises an error of usage."""
    from longshore.catalogue import load_catalogue

    types = load_catalogue().types
    match words:
        case [file] if file not in types or Path(file).exists():
            return None, file
        case [file, resource_type] if resource_type in types and file not in types:
            raise click.UsageError(f"the type stands before the file: {resource_type} {file}")
        case [first, second] if first not in types and Path(first).is_file():
            raise click.UsageError(
                f"one command imports one file, found {first} and {second}: a workbook with a "
                "sheet for each type, or a zip with a file for each, is one"
            )
        case [resource_type, file]:
            return resource_type, file
        case [] | [_]:
            raise click.UsageError("missing argument 'FILE'")
    raise click.UsageError(
        f"expected TYPE and FILE, found {len(words)} arguments: one command imports one file, and "
        "a name with blanks stands between quotes"
    )


def _given(
    options: Sequence[Callable[..., Any]], command: Callable[..., Any]
) -> Callable[..., Any]:
    """The command with these options, in their order."""
    for option in reversed(options):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportOptions:
    """What was given."""

    resource_type: str | None
    file: str
    dialect: DialectArguments
    format_: str | None
    encoding: str | None
    delimiter: str | None
    quote: str | None
    escape: str | None
    header_row: str | None
    sheet: str | None
    parent: str | None
    mappings: tuple[str, ...]
    ignored: tuple[str, ...]
    mapping: str | None
    constants: tuple[str, ...]
    blank: str | None
    null: str | None
    decimal: str | None
    skip_errors: bool
    stop_after: int | None
    stop_at: Decimal | None
    stop_consecutive: int | None
    stop_on: tuple[ErrorCode, ...]
    only: str | None
    once: bool

    def to_import(self, place: Place, *, server: str | None = None) -> ToImport:
        """What they ask for, where a mapping is saved in that place.

        Raises RequestRefused, or an error of usage, for what cannot be.
        """
        from longshore.catalogue import importable_type, load_catalogue
        from longshore.imports import ImportRequest, Only, StopRules
        from longshore.readers import CsvOptions
        from longshore.spellings import DecimalMark

        column_map = _column_map(self.mappings, self.ignored)
        saved: list[SavedMapping] = []

        def find_saved(name: str) -> MappingDocument:
            saved.append(saved_mapping(place, name, server=server))
            return saved[0].document

        document = MappingOptions(
            mapping=self.mapping, constants=self.constants, blank=self.blank, null=self.null
        ).document(_fields(column_map), saved=find_saved)
        header_row, sheet = self.header_row, self.sheet
        if document is not None:
            if header_row is None and document.header_row is not None:
                header_row = str(document.header_row)
            sheet = sheet or document.sheet
        csv = CsvOptions.parse(
            delimiter=self.delimiter, quote=self.quote, escape=self.escape, header_row=header_row
        )
        named = self.resource_type
        if named is not None:
            named = importable_type(load_catalogue(), named).name
            if (option := self.dialect.first_given) is not None:
                raise click.UsageError(
                    f"{option} says what a file of another system leaves open: leave TYPE out, "
                    "longshore import FILE"
                )
        decimal = None if self.decimal is None else DecimalMark(self.decimal)
        return ToImport(
            resource_type=named,
            dialect=self.dialect.dialect,
            dialect_options=self.dialect.options(decimal),
            of_one_type=self._of_one_type(),
            asked=partial(
                ImportRequest,
                parent=self.parent,
                column_map=column_map,
                mapping=document,
                saved_mapping=saved[0] if saved else None,
                skip_errors=self.skip_errors,
                once=self.once,
                stop_rules=StopRules(
                    on=tuple(dict.fromkeys(self.stop_on)),
                    consecutive=self.stop_consecutive,
                    after=self.stop_after,
                    at=self.stop_at,
                ),
                only=None if self.only is None else Only(self.only),
                decimal=decimal,
            ),
            file=self.file,
            format=self.format_,
            encoding=self.encoding,
            csv=csv,
            sheet=sheet,
        )

    def _of_one_type(self) -> str | None:
        given = {
            "--parent": self.parent,
            "--map": self.mappings,
            "--ignore": self.ignored,
            "--mapping": self.mapping,
            "--set": self.constants,
            "--blank": self.blank,
            "--null": self.null,
        }
        return next((name for name, value in given.items() if value), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToImport:
    """A file, how it is read, and what is to be made of it."""

    resource_type: str | None  # None: the file shows it
    asked: Callable[..., ImportRequest]  # of a type; what was asked for beside it
    dialect: str | None  # that the file is said to be of
    dialect_options: DialectOptions
    of_one_type: str | None  # an option that was given, and that several types cannot have
    all_or_nothing: bool = False
    file: str
    format: str | None
    encoding: str | None
    csv: CsvOptions
    sheet: str | None

    def request(self, resource_type: str) -> ImportRequest:
        """What was asked for, of rows of that type."""
        return self.asked(resource_type=resource_type, all_or_nothing=self.all_or_nothing)

    @property
    def named_type(self) -> str:
        """The type, where somebody has to have named it; raises an error of usage."""
        if self.resource_type is None:
            raise click.UsageError(
                "with --server the type of the rows stands before the file, which has rows of that "
                "type alone: longshore import TYPE FILE --server URL; rows of several types go to "
                "a server by POST /api/import_groups, and a file of them is imported where the "
                "data folder or the database is, without --server"
            )
        return self.resource_type

    def group_options(self) -> GroupOptions:
        """What was asked for, of a file that shows itself what it is."""
        from longshore.operations import GroupOptions

        return GroupOptions(dialect=self.dialect, options=self.dialect_options)

    def group_request(self) -> GroupRequest:
        """What was asked for, of rows of several types."""
        from longshore.operations import GroupRequest

        asked = self.request("")
        return GroupRequest(
            skip_errors=asked.skip_errors,
            stop_rules=asked.stop_rules,
            once=asked.once,
            only=asked.only,
        )

    def source(self, stops: Stops, *, is_guarded: bool) -> Source:
        """The file as a source, as `source_of` opens it; with `is_guarded` cells have an apostrophe
        before what a spreadsheet would compute."""
        source = source_of(
            self.file,
            format_=self.format,
            encoding=self.encoding,
            csv=self.csv,
            sheet=self.sheet,
            stops=stops,
        )
        return replace(source, is_guarded=is_guarded)


def _column_map(mappings: Sequence[str], ignored: Sequence[str]) -> dict[str, str]:
    """Fields by column; a column's name may hold a `=`, a field's never does."""
    from longshore.engine import IGNORED

    column_map: dict[str, str] = {}
    for mapping in mappings:
        column, equals, name = (part.strip() for part in mapping.rpartition("="))
        if not (column and equals and name):
            raise click.BadParameter(
                f"expected COLUMN=FIELD, found {mapping!r}", param_hint="'--map'"
            )
        if column_map.setdefault(column, name) != name:
            raise click.BadParameter(f"{column!r} is mapped twice", param_hint="'--map'")
    for column in dict.fromkeys(map(str.strip, ignored)):
        if column in column_map:
            raise click.BadParameter(f"{column!r} is mapped as well", param_hint="'--ignore'")
        column_map[column] = IGNORED
    return column_map


def _fields(column_map: Mapping[str, str]) -> set[str]:
    """The fields that columns are mapped to."""
    from longshore.engine import split_unit

    return {split_unit(meaning)[0] for meaning in column_map.values()}
