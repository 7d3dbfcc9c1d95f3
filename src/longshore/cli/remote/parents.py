"""The parent that an import names once for all of its rows, looked for at a server.

It is what `engine.find_parent` looks for in a database, by id and then by natural key.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from longshore.cli.messages import printable
from longshore.cli.remote.client import ApiClient, list_in
from longshore.cli.remote.refusals import ServerRefused
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.catalogue import Catalogue, Relationship, ResourceType

__all__ = ["parent_id"]

_ID = re.compile(r"[A-Za-z0-9]{10}")


def parent_id(
    client: ApiClient, catalogue: Catalogue, resource_type: ResourceType, text: str
) -> str:
    """The id of the parent that a text means: an id, else a code, name or the like.

    Raises RequestRefused when the type has no parent, when there is none, and when there are
    several.
    """
    from longshore.catalogue import parent_relationship

    relationship = parent_relationship(resource_type)
    what = f"{relationship.name.replace('_', ' ')} {printable(text)!r}"
    found = _found(client, catalogue, relationship, text.strip())
    if not found:
        raise RequestRefused(
            f"there is no {what} at the server, the parent of {resource_type.name}"
        )
    if len(found) > 1:
        raise RequestRefused(f"several records are a {what}", hint="name the parent by its id")
    return found.pop()


def _found(
    client: ApiClient, catalogue: Catalogue, relationship: Relationship, text: str
) -> set[str]:
    from longshore.catalogue import parent_targets

    targets = parent_targets(catalogue, relationship)
    if _ID.fullmatch(text):
        for target in targets:
            if _exists(client, target, text):
                return {text}
    return {id_ for target in targets for id_ in _by_key(client, catalogue, target, text)}


def _exists(client: ApiClient, target: ResourceType, id_: str) -> bool:
    try:
        client.get(f"{target.name}/{id_}", [(f"fields[{target.name}]", "")])
    except ServerRefused as refused:
        if refused.status == 404 and refused.errors:
            return False
        raise
    return True


def _by_key(client: ApiClient, catalogue: Catalogue, target: ResourceType, text: str) -> list[str]:
    """The records of the first key that some bear; two are enough to know that there are more."""
    from longshore.catalogue import naming_keys

    for _, attribute in naming_keys(catalogue, target):
        if not attribute.filterable:
            continue
        query = [(f"filter[q][{attribute.name}_eq]", text), ("page[size]", "2")]
        found = list_in(client.get(target.name, query))
        if found:
            return [str(each["id"]) for each in found]
    return []
