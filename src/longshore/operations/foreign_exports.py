"""Records exported as a file of another system."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, func, select
from sqlalchemy.sql.base import ReadOnlyColumnCollection

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.dialects import (
    EXPORTED_TYPE,
    PRICES_BESIDE,
    STOCK_BESIDE,
    Beside,
    DialectRefused,
    ExportedSku,
    NamedRecord,
    dialects,
    exported_products,
)
from longshore.identifiers import environment_range
from longshore.json_text import decode_stored
from longshore.operations.store_names import read_store_names
from longshore.records import record_tables

_RECORDS_AT_ONCE = 500
# Of a SKU, with what a dialect calls it; they are called alike.
_OF_SKU = (
    *("id", "code", "name", "description", "image_url", "weight", "unit_of_weight"),
    *("do_not_ship", "do_not_track", "reference", "reference_origin", "metadata"),
)


def foreign_export(
    tx: Transaction,
    catalogue: Catalogue,
    environment: Environment,
    dialect: str,
    *,
    price_list: str | None,
    stock_location: str | None,
) -> tuple[Iterator[str], int]:
    """All SKUs as the lines of a file of a dialect, with their prices in a list, and what is in
    stock at a location: those of these names, or the only ones. Also how many SKUs there are; those
    of a product follow each other.

    Raises DialectRefused for a dialect that is read only, and for what there are several of.
    """
    found = dialects().get(dialect.strip().casefold())
    if found is None or found.export is None:
        written = sorted(each.name for each in dialects().values() if each.export is not None)
        raise DialectRefused(
            f"no file of the dialect {dialect!r} can be written",
            hint="a file is written as " + " or ".join(written),
        )
    form = found.export
    names = read_store_names(tx, catalogue, environment)
    prices = _one_of(names.price_lists, price_list, "price list", "--price-list")
    stock = _one_of(names.stock_locations, stock_location, "stock location", "--stock-location")
    reader = _ExportReader(tx, catalogue, environment, prices, stock)

    def lines() -> Iterator[str]:
        yield _line(form.columns)
        currency = None if prices is None else prices.currency
        for product in exported_products(reader.skus()):
            yield "".join(map(_line, form.rows(product, currency)))

    return lines(), reader.count()


class _ExportReader:
    """Reads SKUs with what belongs to them, some hundreds at a time."""

    def __init__(
        self,
        tx: Transaction,
        catalogue: Catalogue,
        environment: Environment,
        prices: NamedRecord | None,
        stock: NamedRecord | None,
    ) -> None:
        self._tx = tx
        self._catalogue = catalogue
        self._tables = record_tables(catalogue)
        self._range = environment_range(environment.number)
        self._prices = prices
        self._stock = stock

    def count(self) -> int:
        """How many SKUs there are."""
        skus = self._columns(EXPORTED_TYPE)
        query = select(func.count()).where(skus.id.between(*self._range))
        return int(self._tx.connection.execute(query).scalar_one())

    def skus(self) -> Iterator[ExportedSku]:
        """All SKUs; those of one reference follow each other."""
        skus = self._columns(EXPORTED_TYPE)
        query = (
            select(*(skus[name] for name in _OF_SKU))
            .where(skus.id.between(*self._range))
            .order_by(skus.reference, skus.id)
            .execution_options(yield_per=_RECORDS_AT_ONCE)
        )
        rows = iter(self._tx.connection.execute(query))
        while batch := list(islice(rows, _RECORDS_AT_ONCE)):
            yield from self._whole(batch)

    def _whole(self, rows: Sequence[Row[Any]]) -> Iterator[ExportedSku]:
        ids = [row.id for row in rows]
        tags = self._tags(ids)
        prices = self._of(PRICES_BESIDE, self._prices, ids)
        stock = self._of(STOCK_BESIDE, self._stock, ids)
        for row in rows:
            values = dict(row._mapping)
            id = values.pop("id")
            metadata = decode_stored(values.pop("metadata") or "{}")
            price, item = prices.get(id), stock.get(id)
            yield ExportedSku(
                **values,
                metadata=metadata if isinstance(metadata, dict) else {},
                tags=tags.get(id, ()),
                amount_cents=None if price is None else price["amount_cents"],
                compare_at_amount_cents=None if price is None else price["compare_at_amount_cents"],
                quantity=None if item is None else item["quantity"],
            )

    def _of(
        self, beside: Beside, target: NamedRecord | None, skus: Sequence[int]
    ) -> dict[int, Mapping[str, Any]]:
        """What stands beside SKUs and points at one target, by SKU."""
        if target is None:
            return {}
        of, to = self._columns(beside.resource_type), self._columns(beside.targets)
        sku, at = of[f"{beside.of}_id"], of[f"{beside.at}_id"]
        named = to.code == target.code if target.code else to.name == target.name
        chosen = select(to.id).where(to.id.between(*self._range), named).scalar_subquery()
        query = select(sku.table).where(at.in_(chosen), sku.in_(skus))
        return {row[sku.name]: row for row in self._rows(query)}

    def _tags(self, skus: Sequence[int]) -> dict[int, list[str]]:
        links, tags = self._tables.taggings.c, self._columns("tags")
        query = (
            select(links.record_id, tags.name)
            .join(tags.id.table, tags.id == links.tag_id)
            .where(links.record_id.in_(skus))
            .order_by(links.record_id, tags.id)
        )
        found: dict[int, list[str]] = {}
        for row in self._rows(query):
            found.setdefault(row["record_id"], []).append(row["name"])
        return found

    def _columns(self, resource_type: str) -> ReadOnlyColumnCollection[str, Any]:
        return self._tables[self._catalogue.types[resource_type].table].c

    def _rows(self, query: Select[Any]) -> Sequence[Mapping[str, Any]]:
        return [dict(each) for each in self._tx.connection.execute(query).mappings()]


def _one_of(
    known: Sequence[NamedRecord], asked: str | None, what: str, option: str
) -> NamedRecord | None:
    """The one that was asked for, or the only one; None: there is none at all."""
    if asked is not None:
        found = next((each for each in known if each.is_called(asked)), None)
        if found is None:
            raise DialectRefused(
                f"there is no {what} {asked!r}", hint=f"name one that there is with {option}"
            )
        return found
    if len(known) > 1:
        names = ", ".join(sorted(each.code or each.name or "" for each in known)[:10])
        raise DialectRefused(
            f"there are several {what}s, and a file has one: {names}",
            hint=f"say which one with {option} CODE",
        )
    return known[0] if known else None


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()
