"""The parent that an import names once for all of its rows, by id or by a natural key."""

from collections.abc import Callable, Iterator

from longshore.catalogue import (
    Catalogue,
    Form,
    Key,
    ResourceType,
    key_text,
    older_key_text,
)
from longshore.database import Transaction
from longshore.engine.values.converters import encodes
from longshore.errors import RequestRefused
from longshore.records import TableReader


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
    if resource_type.parent is None:
        raise RequestRefused(
            f"{resource_type.name} have no parent", hint="leave --parent out for this type"
        )
    relationship = next(
        each for each in resource_type.relationships if each.name == resource_type.parent
    )
    found: dict[int, None] = {}
    for target in relationship.targets:
        if target in catalogue.types and catalogue.types[target].kept_by == "records":
            for id in _matching(
                tx, catalogue, catalogue.types[target], text, environment, decode_id
            ):
                found.setdefault(id)
    if not found:
        raise RequestRefused(
            f"there is no {_words(resource_type.parent)} {text!r}, the parent of "
            f"{resource_type.name}",
            hint=f"`longshore records {relationship.targets[0]}` lists what there is",
        )
    if len(found) > 1:
        raise RequestRefused(
            f"{len(found)} records are a {_words(resource_type.parent)} {text!r}",
            hint="name the parent by its id",
        )
    return next(iter(found))


def _matching(
    tx: Transaction,
    catalogue: Catalogue,
    target: ResourceType,
    text: str,
    environment: int,
    decode_id: Callable[[str], int | None],
) -> Iterator[int]:
    has_type = any(each.name == "type" for each in target.attributes)
    reader = TableReader(target.table, ["type"] if has_type else [])
    types = catalogue.concrete_types(target.name)
    id = decode_id(text.strip())
    if id is not None and id >> 40 == environment:
        rows = [row for row in reader.by_id(tx, [id]) if not has_type or row[1] in types]
        if rows:
            yield id
            return
    if "\0" in text or not encodes(text):
        return  # no record holds it, and no database can be asked for it
    for key in catalogue.tables[target.table].keys:
        for value in _key_values(catalogue, target, key, text, environment):
            rows = [
                row for row in reader.by(tx, key.column, [value]) if not has_type or row[1] in types
            ]
            yield from (row[0] for row in rows)
            if rows:
                return


def _key_values(
    catalogue: Catalogue, target: ResourceType, key: Key, text: str, environment: int
) -> Iterator[str]:
    """The stored spellings of a key of one attribute, if that is what the key is.

    The second one is that of releases before 0.2.
    """
    attributes = {each.name: each for each in catalogue.tables[target.table].attributes}
    named = [part for part in key.parts if part != "type"]
    if len(named) != 1 or named[0] not in attributes:
        return
    folds = attributes[named[0]].form is Form.EMAIL
    if key.parts == ("type", named[0]):
        return
    for spell in (key_text, older_key_text):
        spelled = spell(text)
        if spelled:
            yield f"{environment}:{spelled.casefold() if folds else spelled}"


def _words(name: str) -> str:
    return name.replace("_", " ")
