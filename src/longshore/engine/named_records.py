"""The records that a person means by one text: by id, else by a natural key of one attribute."""

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
)
from longshore.database import Transaction
from longshore.engine.plan.table_plans import KeyPart, KeyPlan
from longshore.records import TableReader


def records_named(
    tx: Transaction,
    catalogue: Catalogue,
    target: ResourceType,
    text: str,
    environment: int,
    decode_id: Callable[[str], int | None],
) -> Iterator[int]:
    """The ids of the records of a type that a text means: of the one with this public id, else of
    those with this code, name or the like."""
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
