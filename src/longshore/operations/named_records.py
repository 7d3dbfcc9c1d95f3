"""The one record that somebody at a terminal means by a text."""

import re

from longshore.access import Environment
from longshore.catalogue import Catalogue, ResourceType, naming_keys
from longshore.database import Database, Transaction
from longshore.engine import records_named
from longshore.errors import RequestRefused
from longshore.records import RecordReader, record_tables

_SHOWN_MAX = 5  # ids of records that a text may mean
_BETWEEN = re.compile(r",(?=\w+=)")


def find_record(
    tx: Transaction,
    database: Database,
    catalogue: Catalogue,
    environment: Environment,
    declared: ResourceType,
    text: str,
) -> int:
    """The id of the record of a type that a text means: a public id, else a code, name or the like,
    else what several fields have, as filters say it: `sku_code=A1,price_list_code=EU`.

    Raises RequestRefused when there is none, and when there are several.
    """
    encode, decode = database.public_ids.encode, database.public_ids.decode
    found = [*records_named(tx, catalogue, declared, text, environment.number, decode)]
    if not found:
        found = _filtered(tx, database, catalogue, environment, declared, text)
    if not found:
        names = [attribute.name for _, attribute in naming_keys(catalogue, declared)]
        by = " or ".join(dict.fromkeys(["its id", *names]))
        raise RequestRefused(
            f"none of the {declared.name} is {text!r}, expected {by}, or FIELD=VALUE",
            hint=f"`longshore records {declared.name}` lists what there is",
        )
    if len(found) > 1:
        shown = ", ".join(map(encode, found[:_SHOWN_MAX]))
        more = ", ..." if len(found) > _SHOWN_MAX else ""
        raise RequestRefused(
            f"{text!r} means several {declared.name}", hint=f"name one by its id: {shown}{more}"
        )
    return found[0]


def _filtered(
    tx: Transaction,
    database: Database,
    catalogue: Catalogue,
    environment: Environment,
    declared: ResourceType,
    text: str,
) -> list[int]:
    conditions = [each.partition("=") for each in _BETWEEN.split(text)]
    if not all(name and equals for name, equals, _ in conditions):
        return []
    reader = RecordReader(
        catalogue,
        record_tables(catalogue),
        environment.number,
        database.public_ids,
        database.record_secrets,
    )
    filters = [(name, value) for name, _, value in conditions]
    return reader.find_ids(tx, declared.name, filters=filters, limit=_SHOWN_MAX + 1)
