"""An installation to import into, with the few records that others need."""

import io
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from longshore.access import Environment
from longshore.assembly import ImportRequest, Longshore, open_longshore
from longshore.identifiers import ImportId
from longshore.imports import Import, Source
from longshore.readers import Format
from longshore.settings import Settings

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
    """How long an import took, in seconds."""

    submit: float  # reading the source to its end while storing it
    run: float  # from there to the last committed row
    # Of both, that of a server included; without what others took and waiting for the disk.
    processor: float

    @property
    def total(self) -> float:
        return self.submit + self.run


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
        self.environment: Environment = longshore.environment(organization, "test")

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

    def add_market(self) -> str:
        (address,) = self.add("addresses", [_ADDRESS])
        (merchant,) = self.add("merchants", [{"name": "Acme", "address_id": address}])
        (prices,) = self.add("price_lists", [{"name": "EU", "currency_code": "EUR"}])
        (inventory,) = self.add("inventory_models", [{"name": "All"}])
        market = {
            "name": "Europe",
            "merchant_id": merchant,
            "price_list_id": prices,
            "inventory_model_id": inventory,
        }
        return self.add("markets", [market])[0]

    def time_import(self, resource_type: str, path: Path) -> tuple[Import, Timing]:
        """Import a file to its end."""
        return self._import(resource_type, Source.from_path(path))

    def submit(self, resource_type: str, path: Path) -> ImportId:
        """Leave the import of a file to a worker."""
        request = ImportRequest(resource_type=resource_type)
        return self.longshore.submit(self.environment, Source.from_path(path), request).id

    def _import(self, resource_type: str, source: Source) -> tuple[Import, Timing]:
        started, worked = perf_counter(), self._processor()
        import_ = self.longshore.submit(
            self.environment, source, ImportRequest(resource_type=resource_type)
        )
        submitted = perf_counter()
        import_ = self.longshore.run(import_.id)
        timing = Timing(
            submit=submitted - started,
            run=perf_counter() - submitted,
            processor=self._processor() - worked,
        )
        return import_, timing


@contextmanager
def new_shop(
    folder: Path, database_url: str = "", *, processor: Callable[[], float] = process_time
) -> Iterator[Shop]:
    """A shop in a data folder and, where one is named, a database of its own."""
    with open_longshore(Settings(data=folder, database_url=database_url)) as longshore:
        yield Shop(longshore, processor=processor)
