"""What people name on the command line, found: resource types, and the nearest of names."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from longshore.cli.messages import printable
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.catalogue import Catalogue, ResourceType

__all__ = ["importable_type", "nearest", "recorded_type"]


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


def nearest(name: str, names: Iterable[str]) -> str | None:
    """The name that somebody who wrote `name` probably meant."""
    known = {each.lower(): each for each in names}
    spelled = name.strip().lower().replace(" ", "_").replace("-", "_")
    found = difflib.get_close_matches(spelled, known, n=1)
    return known[found[0]] if found else None


def _unknown_type(catalogue: Catalogue, name: str, names: Collection[str]) -> RequestRefused:
    from longshore.catalogue import meant_type

    close = meant_type(catalogue, name, names)
    listed = "longshore types lists them all"
    return RequestRefused(
        f"no such resource type: {printable(name)}",
        hint=f"did you mean {close}? {listed}" if close else listed,
    )
