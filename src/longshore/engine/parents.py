"""The parent that an import names once for all of its rows, by id or by a natural key."""

from collections.abc import Callable

from longshore.catalogue import Catalogue, ResourceType, parent_relationship, parent_targets
from longshore.database import Transaction
from longshore.engine.named_records import records_named
from longshore.errors import RequestRefused


def find_parent(
    tx: Transaction,
    catalogue: Catalogue,
    resource_type: ResourceType,
    text: str,
    *,
    environment: int,
    decode_id: Callable[[str], int | None],
) -> int:
    """The id of the parent that a text means: a public id, else a code, name or the like.

    Raises RequestRefused when the type has no parent, when there is none, and when there are
    several.
    """
    relationship = parent_relationship(resource_type)
    found: dict[int, None] = {}
    for target in parent_targets(catalogue, relationship):
        for id in records_named(tx, catalogue, target, text, environment, decode_id):
            found.setdefault(id)
    if not found:
        raise RequestRefused(
            f"there is no {_words(relationship.name)} {text!r}, the parent of {resource_type.name}",
            hint=f"`longshore records {relationship.targets[0]}` lists what there is",
        )
    if len(found) > 1:
        raise RequestRefused(
            f"{len(found)} records are a {_words(relationship.name)} {text!r}",
            hint="name the parent by its id",
        )
    return next(iter(found))


def _words(name: str) -> str:
    return name.replace("_", " ")
