"""The parent that an import names once for all of its rows, by id or by a natural key."""

from collections.abc import Callable, Iterator, Sequence

from longshore.catalogue import (
    Attribute,
    Catalogue,
    Form,
    Key,
    ResourceType,
    can_be_stored,
    key_prefix,
    naming_keys,
    parent_relationship,
    parent_targets,
)
from longshore.database import Transaction
from longshore.engine.plan.table_plans import KeyPart, KeyPlan
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
    relationship = parent_relationship(resource_type)
    found: dict[int, None] = {}
    for target in parent_targets(catalogue, relationship):
        for id in _matching(tx, catalogue, target, text, environment, decode_id):
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
    if not can_be_stored(text):
        return  # no record holds it, and no database can be asked for it
    for key, attribute in naming_keys(catalogue, target):
        for values in _key_values(key, attribute, types, text, environment):
            rows = [
                row for row in reader.by(tx, key.column, values) if not has_type or row[1] in types
            ]
            yield from (row[0] for row in rows)
            if rows:
                return


def _key_values(
    key: Key, attribute: Attribute, types: Sequence[str], text: str, environment: int
) -> Iterator[list[str]]:
    """The stored values of a key, by type where that is part of it; the second ones are those of
    releases before 0.2."""
    folds = attribute.form is Form.EMAIL
    parts = tuple(
        KeyPart(
            field=part,
            column=column,
            is_target=False,
            is_nullable=False,
            folds=folds and part == attribute.name,
        )
        for column, part in enumerate(key.parts)
    )
    plan = KeyPlan(
        parts=parts, column=-1, is_unique=key.unique, matches=False, prefix=key_prefix(environment)
    )
    told = [
        [text if part == attribute.name else type_ for part in key.parts]
        for type_ in (types if len(parts) > 1 else types[:1])
    ]
    for key_of in (plan.of, plan.older_of):
        values = [value for each in told if (value := key_of(each)) is not None]
        if values:
            yield values


def _words(name: str) -> str:
    return name.replace("_", " ")
