"""The records that others need, one of each type, for tests of whole imports."""

import io
import json
from collections.abc import Mapping, Sequence

from longshore.assembly import open_longshore
from longshore.imports import ImportRequest
from longshore.readers import Format
from longshore.settings import Settings
from longshore.sources import Source

# A text that begins with @ stands for the id of the record of that type.
_RECORDS: Sequence[tuple[str, Mapping[str, object]]] = (
    ("shipping_categories", {"name": "Merchandise"}),
    (
        "addresses",
        {
            "business": True,
            "company": "Acme",
            "line_1": "Via Roma 1",
            "city": "Prato",
            "zip_code": "59100",
            "country_code": "IT",
            "phone": "1",
        },
    ),
    ("merchants", {"name": "Acme", "address_id": "@addresses"}),
    ("price_lists", {"name": "EU", "currency_code": "EUR"}),
    ("inventory_models", {"name": "All"}),
    (
        "markets",
        {
            "name": "Europe",
            "merchant_id": "@merchants",
            "price_list_id": "@price_lists",
            "inventory_model_id": "@inventory_models",
        },
    ),
)


def lay_ground(settings: Settings) -> dict[str, str]:
    """Put a shipping category, a price list, a market into an installation; the ids by type."""
    ids: dict[str, str] = {}
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")
        for resource_type, row in _RECORDS:
            known = {
                field: ids[value[1:]] if isinstance(value, str) and value[0] == "@" else value
                for field, value in row.items()
            }
            stream = io.BytesIO(json.dumps([known]).encode())
            submitted = longshore.submissions.submit(
                environment,
                Source.from_stream(stream, format=Format.JSON),
                ImportRequest(resource_type=resource_type),
            )
            assert longshore.import_runs.run(submitted.id).created_count == 1
            with longshore.database.read() as tx:
                ((id,),) = tx.fetch(f'SELECT id FROM "{resource_type}"')
            ids[resource_type] = longshore.public_ids.encode(id)
    return ids
