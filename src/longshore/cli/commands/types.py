"""`longshore types`: what can be imported."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.documents import write_list
from longshore.cli.messages import say
from longshore.cli.places import Place, takes_place
from longshore.cli.tables import TableColumn, write_table

if TYPE_CHECKING:
    from longshore.catalogue import Catalogue, Relationship, ResourceType

__all__ = ["types"]

_COLUMNS = (
    TableColumn(title="type"),
    TableColumn(title="natural key", folds=True),
    TableColumn(title="parent", folds=True),
    TableColumn(title="nested", folds=True),
)


@click.command("types", short_help="List the types that can be imported.")
@click.option("--all", "all_", is_flag=True, help="Also those beyond the 24 of the wire contract.")
@json_option
@takes_place
def types(place: Place, all_: bool, as_json: bool) -> None:
    """List the importable resource types: the natural key by which a row finds its record, the
    parent that --parent fills, and the collections that a row may hold.
    """
    from longshore.catalogue import load_catalogue

    catalogue = load_catalogue()
    names = catalogue.creatable if all_ else catalogue.importable
    found = [catalogue.types[name] for name in sorted(names)]
    if as_json:
        write_list(_document(catalogue, each) for each in found)
        return
    write_table(
        _COLUMNS,
        (
            (
                each.name,
                ", else ".join(" + ".join(key) for key in _keys(each)) or "id only",
                each.parent,
                ", ".join(each.nested),
            )
            for each in found
        ),
    )
    if not all_:
        more = len(catalogue.creatable) - len(found)
        say(f"and {more} more types that can be imported likewise: longshore types --all")


def _document(catalogue: Catalogue, declared: ResourceType) -> dict[str, Any]:
    parent = declared.parent and _relationship(declared, declared.parent)
    return {
        "type": declared.name,
        "keys": _keys(declared),
        "parent": {"relationship": parent.name, "types": list(catalogue.targets_of(parent))}
        if parent
        else None,
        "nested": list(declared.nested),
    }


def _keys(declared: ResourceType) -> list[list[str]]:
    """The natural keys, in the order in which they are tried; a row's `id` goes before them."""
    return [list(key.parts) for key in declared.keys if key.matches]


def _relationship(declared: ResourceType, name: str) -> Relationship:
    return next(each for each in declared.relationships if each.name == name)
