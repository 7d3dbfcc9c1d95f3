"""An installation on PostgreSQL as the tests see it: what they submit, and what becomes of it."""

import csv
import io
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from longshore.assembly import Longshore, open_longshore
from longshore.imports import Import, ImportRequest, read_import
from longshore.readers import Format
from longshore.settings import Settings
from longshore.sources import Source
from tests.chaos.fleet import HEARTBEAT_SECONDS, TAKEOVER_SECONDS

Seen = TypeVar("Seen")

COLUMNS = ("code", "name", "weight", "unit_of_weight", "do_not_ship")


def wait_until(
    look: Callable[[], Seen], condition: Callable[[Seen], bool], *, seconds: float = 60
) -> Seen:
    """What a look shows as soon as it is so."""
    ends = time.monotonic() + seconds
    while not condition(seen := look()):
        assert time.monotonic() < ends, f"still {seen}"
        time.sleep(0.02)
    return seen


@dataclass
class Installation:
    """One database with its data folder."""

    url: str
    data: Path

    def __post_init__(self) -> None:
        self.settings = Settings(
            data=self.data,
            database_url=self.url,
            heartbeat_seconds=HEARTBEAT_SECONDS,
            takeover_seconds=TAKEOVER_SECONDS,
        )
        self.longshore: Longshore = open_longshore(self.settings)

    def submit(self, organization: str, rows: Sequence[Sequence[object]]) -> Import:
        """A pending import of SKUs, rows laid out like COLUMNS."""
        text = io.StringIO()
        writer = csv.writer(text)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        return self.longshore.submissions.submit(
            self.longshore.organizations.environment(organization, "test"),
            Source.from_stream(io.BytesIO(text.getvalue().encode()), format=Format.CSV),
            ImportRequest(resource_type="skus", skip_errors=True),
        )

    def read(self, import_: Import) -> Import:
        with self.longshore.database.read() as tx:
            return read_import(tx, import_.id)

    def wait_for(
        self, import_: Import, condition: Callable[[Import], bool], *, seconds: float = 60
    ) -> Import:
        """The import as soon as it is so."""
        return wait_until(lambda: self.read(import_), condition, seconds=seconds)

    def finish(self, import_: Import, *, seconds: float = 60) -> Import:
        """The import when it has ended."""
        return self.wait_for(import_, lambda current: current.is_finished, seconds=seconds)

    def scalar(self, sql: str, *parameters: object) -> object:
        with self.longshore.database.read() as tx:
            ((value,),) = tx.fetch(sql, parameters)
            return value

    def close(self) -> None:
        self.longshore.close()


def sku_rows(
    first: int, count: int, *, prefix: str = "", bad_every: int = 0, name: str = "Name"
) -> list[tuple[object, ...]]:
    """Rows of SKUs; of every so many one is wrong."""
    return [
        (
            f"{prefix}SKU{number}",
            f"{name} {number}",
            "heavy" if bad_every and number % bad_every == 0 else number % 50,
            "gr",
            "true",
        )
        for number in range(first, first + count)
    ]
