"""An installation to import into, with the few records that others need."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from longshore.access import Environment
from longshore.assembly import Longshore, open_longshore
from longshore.identifiers import ImportId
from longshore.imports import Import, ImportRequest
from longshore.readers import Format
from longshore.settings import Settings
from longshore.sources import Source

_ADDRESS = {
    "business": True,
    "company": "Acme",
    "line_1": "Via Roma 1",
    "city": "Prato",
    "zip_code": "59100",
    "country_code": "IT",
    "phone": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """How long something took."""

    seconds: float
    # Those of the processors, a server's included; without what others took and waiting for disks.
    processor: float


class Shop:
    """An organization of an opened installation; `processor` tells how long it kept one busy."""

    def __init__(
        self,
        longshore: Longshore,
        *,
        organization: str = "default",
        processor: Callable[[], float] = process_time,
    ) -> None:
        self.longshore = longshore
        self._processor = processor
        self.environment: Environment = longshore.organizations.environment(organization, "test")

    def add(self, resource_type: str, rows: Sequence[Mapping[str, object]]) -> list[str]:
        """Import a few records that must all succeed; their public ids in the order of rows."""
        stream = io.BytesIO(json.dumps(rows).encode())
        import_ = self._import(
            resource_type, Source.from_stream(stream, name="rows", format=Format.JSON)
        )[0]
        assert import_.created_count == len(rows), import_
        with self.longshore.database.read() as tx:
            found = tx.fetch(
                f'SELECT id FROM "{resource_type}" WHERE creator_id = ? ORDER BY id',
                (import_.id,),
            )
        return [self.longshore.public_ids.encode(id) for (id,) in found]

    def add_shipping_category(self) -> str:
        return self.add("shipping_categories", [{"name": "Merchandise"}])[0]

    def add_price_list(self) -> str:
        return self.add("price_lists", [{"name": "EU", "currency_code": "EUR"}])[0]

    def add_stock_location(self) -> str:
        (address,) = self.add("addresses", [_ADDRESS])
        return self.add("stock_locations", [{"name": "Prato", "address_id": address}])[0]

    def add_market(self) -> str:
        (address,) = self.add("addresses", [_ADDRESS])
        (merchant,) = self.add("merchants", [{"name": "Acme", "address_id": address}])
        prices = self.add_price_list()
        (inventory,) = self.add("inventory_models", [{"name": "All"}])
        market = {
            "name": "Europe",
            "merchant_id": merchant,
            "price_list_id": prices,
            "inventory_model_id": inventory,
        }
        return self.add("markets", [market])[0]

    def ids(self, table: str) -> list[str]:
        """The public ids of all records of a table."""
        with self.longshore.database.read() as tx:
            found = tx.fetch(f'SELECT id FROM "{table}" ORDER BY id')
        return [self.longshore.public_ids.encode(id) for (id,) in found]

    def only_id(self, table: str) -> str:
        """The public id of the only record of a table."""
        (id,) = self.ids(table)
        return id

    def counts(self) -> dict[str, int]:
        """How many rows each table of records has, where it has any."""
        with self.longshore.database.read() as tx:
            found = {
                name: tx.fetch(f'SELECT count(*) FROM "{name}"')[0][0]
                for name in (*self.longshore.catalogue.tables, "taggings")
            }
        return {name: count for name, count in found.items() if count}

    def fetch_named(self, sql: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The names of the columns of a query, and its rows."""
        with self.longshore.database.read() as tx:
            result = tx.connection.exec_driver_sql(sql)
            return list(result.keys()), [tuple(row) for row in result]

    def import_(
        self, resource_type: str, path: Path, *, parent: str | None = None
    ) -> tuple[Import, Timing]:
        """Import a file to its end."""
        return self._import(resource_type, Source.from_path(path), parent=parent)

    def submit(self, resource_type: str, path: Path) -> ImportId:
        """Leave the import of a file to a worker."""
        request = ImportRequest(resource_type=resource_type)
        return self.longshore.submissions.submit(
            self.environment, Source.from_path(path), request
        ).id

    def _import(
        self, resource_type: str, source: Source, *, parent: str | None = None
    ) -> tuple[Import, Timing]:
        started, worked = perf_counter(), self._processor()
        request = ImportRequest(resource_type=resource_type, parent=parent)
        import_ = self.longshore.submissions.submit(self.environment, source, request, to_run=True)
        import_ = self.longshore.import_runs.run(import_.id)
        return import_, Timing(
            seconds=perf_counter() - started, processor=self._processor() - worked
        )


@contextmanager
def new_shop(
    folder: Path, database_url: str = "", *, processor: Callable[[], float] = process_time
) -> Iterator[Shop]:
    """A shop in a data folder and, where one is named, a database of its own."""
    with open_longshore(Settings(data=folder, database_url=database_url)) as longshore:
        yield Shop(longshore, processor=processor)
