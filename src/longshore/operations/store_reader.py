"""The records of an environment, as dialects read them whose files only add to these."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, select

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.dialects import KnownSku
from longshore.identifiers import environment_range
from longshore.records import record_tables

_BATCH_ROWS = 1000


class StoreReader:
    """Reads them in batches, each in a transaction of its own."""

    def __init__(self, database: Database, catalogue: Catalogue, environment: Environment) -> None:
        self._database = database
        tables = record_tables(catalogue)
        types = catalogue.types
        self._skus = tables[types["skus"].table].c
        self._prices = tables[types["prices"].table].c
        self._lists = tables[types["price_lists"].table].c
        self.needs_phones = bool(environment.flags["addresses_phone_required"])
        self._lowest, self._highest = environment_range(environment.number)

    def skus(self, origin: str) -> Iterator[KnownSku]:
        """The SKUs whose references are of an origin, in the order in which they were made."""
        skus = self._skus
        query = select(skus.id, skus.code, skus.reference, skus.metadata).where(
            skus.reference_origin == origin, skus.reference.is_not(None)
        )
        for _, code, reference, metadata in self._read(query, skus.id):
            yield KnownSku(code, reference, json.loads(metadata))

    def amounts(self, price_list: Mapping[str, str]) -> Iterator[tuple[str, int]]:
        """The prices in the list that a row names so: the code of the SKU, and the cents."""
        prices, skus, lists = self._prices, self._skus, self._lists
        ((field, name),) = price_list.items()
        named = lists.code if field.endswith(".code") else lists.name
        wanted = select(lists.id).where(
            lists.id.between(self._lowest, self._highest), named == name
        )
        query = select(prices.id, skus.code, prices.amount_cents).where(
            prices.price_list_id.in_(wanted), prices.sku_id == skus.id
        )
        for _, code, cents in self._read(query, prices.id):
            yield code, cents

    def _read(self, query: Select[Any], id_column: ColumnElement[Any]) -> Iterator[Sequence[Any]]:
        behind = self._lowest - 1
        while True:
            with self._database.read() as tx:
                rows = tx.connection.execute(
                    query.where(id_column > behind, id_column <= self._highest)
                    .order_by(id_column)
                    .limit(_BATCH_ROWS)
                ).all()
            yield from rows
            if len(rows) < _BATCH_ROWS:
                return
            behind = rows[-1][0]
