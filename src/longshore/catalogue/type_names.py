"""Resource types by the names that people give them, and what they mean with one that is none."""

import difflib
import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from longshore.catalogue.aliases import TYPE_ALIASES
from longshore.catalogue.catalogue import Catalogue
from longshore.catalogue.declarations import ResourceType
from longshore.errors import RequestRefused

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def importable_type(catalogue: Catalogue, name: str) -> ResourceType:
    """The resource type that rows are imported into; raises RequestRefused for any other name."""
    if name in catalogue.creatable:
        return catalogue.types[name]
    if name in catalogue.types:
        raise RequestRefused(
            f"{name} cannot be imported", hint="longshore types --all lists what can"
        )
    raise _unknown_type(catalogue, name, catalogue.creatable)


def recorded_type(catalogue: Catalogue, name: str) -> ResourceType:
    """The resource type whose records are kept; raises RequestRefused for any other name."""
    declared = catalogue.types.get(name)
    if declared is not None and declared.table in catalogue.tables:
        return declared
    if name == "imports":
        raise RequestRefused("imports are not records", hint="longshore imports lists them")
    if declared is not None:
        raise RequestRefused(f"{name} are not kept as records")
    kept = [each.name for each in catalogue.types.values() if each.table in catalogue.tables]
    raise _unknown_type(catalogue, name, kept)


def meant_type(catalogue: Catalogue, name: str, among: Collection[str]) -> str | None:
    """One of these resource types: another spelling of it, another word for it, or the nearest."""
    known = spelled_type(catalogue, name, among)
    if known is not None:
        return known
    return next(iter(difflib.get_close_matches(_spelled(name), among, n=1)), None)


def spelled_type(catalogue: Catalogue, name: str, among: Collection[str]) -> str | None:
    """One of these resource types, where the name is a spelling of it or another word for it."""
    known = _spellings(catalogue).get(_spelled(name))
    return known if known in among else None


def _spelled(name: str) -> str:
    return "_".join(_words(name))


@lru_cache(maxsize=1)
def _spellings(catalogue: Catalogue) -> Mapping[str, str]:
    """Every name of a resource type in small letters, also for one record -> its own name."""
    spellings: dict[str, str] = {}
    for alias, name in TYPE_ALIASES.items():
        for each in (alias, *_singular(alias)):
            spellings["_".join(each.split())] = name
    for declared in catalogue.types.values():
        spellings[declared.singular] = spellings[declared.name] = declared.name
    return spellings


def _words(name: str) -> list[str]:
    """The words of a name: `Price-List`, `priceList` and `PRICE LIST` are price, list."""
    if not any(each.islower() for each in name.removesuffix("s")):
        name = name.lower()
    return [word.lower() for word in _WORD.findall(name)]


def _singular(plural: str) -> Iterator[str]:
    if plural.endswith("ies"):
        yield plural[:-3] + "y"
    elif plural.endswith("s"):
        yield plural[:-1]


def _unknown_type(catalogue: Catalogue, name: str, names: Collection[str]) -> RequestRefused:
    close = meant_type(catalogue, name, names)
    listed = "longshore types lists them all"
    return RequestRefused(
        f"no such resource type: {name}",
        hint=f"did you mean {close}? {listed}" if close else listed,
    )
