"""All dialects: every module of `platforms` has one, and nothing else lists them."""

import importlib
import pkgutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from longshore.dialects import platforms
from longshore.dialects.dialect import Dialect, FileReading
from longshore.dialects.header import Header
from longshore.dialects.targets import DialectRefused
from longshore.mapping import name_keys


@dataclass(frozen=True, slots=True)
class Recognised:
    """A dialect that a header fits, and the columns that say so."""

    dialect: Dialect
    columns: tuple[str, ...]

    @property
    def why(self) -> str:
        """For people: `Shopify products, by Handle, Title, Variant Price`."""
        return f"{self.dialect.title}, by {', '.join(self.columns)}"


@cache
def dialects() -> dict[str, Dialect]:
    """The dialects by name."""
    found: dict[str, Dialect] = {}
    for each in sorted(pkgutil.iter_modules(platforms.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"{platforms.__name__}.{each.name}")
        declared = getattr(module, "DIALECTS", None) or (module.DIALECT,)
        for dialect in declared:
            assert dialect.name not in found, f"two dialects are called {dialect.name}"
            found[dialect.name] = dialect
    return found


def recognise(names: Sequence[str]) -> list[Recognised]:
    """The dialects whose files have such a header; those of platforms before plain spreadsheets,
    and none that knows only some of the columns that another one knows."""
    header = Header(names)
    found = [
        Recognised(dialect, columns)
        for dialect in dialects().values()
        if dialect.looks_like is None and (columns := dialect.match(header)) is not None
    ]
    if len(found) > 1:
        known = [_known_columns(each.dialect, header) for each in found]
        found = [
            each
            for each, columns in zip(found, known, strict=True)
            if not any(columns < other for other in known)
        ]
    if found:
        return _of_most_columns(found)
    return [
        Recognised(dialect, columns)
        for dialect in dialects().values()
        if dialect.looks_like is not None and (columns := dialect.match(header)) is not None
    ]


def _known_columns(dialect: Dialect, header: Header) -> set[str]:
    return {named for name in dialect.homes if (named := header.named(name)) is not None}


def asked_dialect(name: str, names: Sequence[str]) -> Recognised:
    """The dialect that somebody asks for, or that of the platform that fits the header.

    Raises DialectRefused where there is none, or the file lacks what it needs.
    """
    asked = name.strip().casefold()
    header = Header(names)
    of_platform = [each for each in dialects().values() if each.platform == asked]
    exact = dialects().get(asked)
    candidates = [*([exact] if exact else ()), *(each for each in of_platform if each is not exact)]
    if not candidates:
        raise DialectRefused(
            f"there is no dialect {name!r}", hint="there are " + ", ".join(sorted(dialects()))
        )
    found = [
        Recognised(each, columns)
        for each in candidates
        if (columns := each.match(header)) is not None
    ]
    if found:
        return _of_most_columns(found)[0]
    expected = " or ".join(
        ", ".join(part if isinstance(part, str) else " or ".join(part) for part in one.parts)
        for one in candidates[0].signatures
    )
    raise DialectRefused(
        f"the file is not of the dialect {candidates[0].name}: it has the columns "
        f"{', '.join(names[:10])}",
        hint=f"a file of {candidates[0].title} has {expected}",
    )


def _of_most_columns(found: Sequence[Recognised]) -> list[Recognised]:
    """Without those of which all columns, and others, are found by another one: files of an older
    version may have what those of a later one have."""
    return [
        each for each in found if not any(set(each.columns) < set(other.columns) for other in found)
    ]


def reading_of(head: bytes, asked: str | None = None) -> FileReading | None:
    """How a file is read whose first bytes say of which dialect it is, before anybody knows its
    header; None: they do not, or it is not of the dialect that was asked for."""
    wanted = None if asked is None else asked.strip().casefold()
    for dialect in dialects().values():
        if dialect.begins is not None and wanted in (None, dialect.name, dialect.platform):
            found = dialect.begins(head)
            if found is not None:
                return found
    return None


@lru_cache(10_000)
def is_header_name(text: str) -> bool:
    """Whether a text is the name of a column in the files of any dialect."""
    return any(key in _header_keys() for key in name_keys(text))


@cache
def _header_keys() -> frozenset[str]:
    return frozenset(
        key
        for dialect in dialects().values()
        for name in (*dialect.homes, *_signed(dialect))
        for key in name_keys(name.rstrip("*"))
    )


def _signed(dialect: Dialect) -> Iterator[str]:
    for signature in dialect.signatures:
        for part in signature.parts:
            yield from (part,) if isinstance(part, str) else part
