"""The records of an environment that rows of other systems point at, as dialects ask for them."""

from sqlalchemy import select

from longshore.access import Environment
from longshore.catalogue import Catalogue
from longshore.database import Transaction
from longshore.dialects import NAMED_TYPES, NamedRecord, StoreNames
from longshore.identifiers import environment_range
from longshore.records import record_tables

# More than anybody tells apart by their codes; a dialect that has to choose refuses long before.
_RECORDS_MAX = 10_000
# What price lists have beside their names, as `NamedRecord` calls it.
_OF_LISTS = {"currency_code": "currency", "tax_included": "tax_included"}


def read_store_names(tx: Transaction, catalogue: Catalogue, environment: Environment) -> StoreNames:
    """Codes and names of the records that dialects may name."""
    tables = record_tables(catalogue)
    lowest, highest = environment_range(environment.number)

    def named(resource_type: str) -> tuple[NamedRecord, ...]:
        columns = tables[catalogue.types[resource_type].table].c
        # Of price lists alone.
        others = {
            told: column
            for name, told in _OF_LISTS.items()
            if (column := columns.get(name)) is not None
        }
        query = (
            select(columns.code, columns.name, *others.values())
            .where(columns.id.between(lowest, highest))
            .order_by(columns.id)
            .limit(_RECORDS_MAX)
        )
        return tuple(
            NamedRecord(code=row[0], name=row[1], **dict(zip(others, row[2:], strict=True)))
            for row in tx.connection.execute(query)
        )

    markets, lists = (tables[catalogue.types[name].table].c for name in ("markets", "price_lists"))
    prices_of_markets = (
        select(markets.code, markets.name, lists.currency_code)
        .select_from(markets.id.table.outerjoin(lists.id.table, lists.id == markets.price_list_id))
        .where(markets.id.between(lowest, highest))
        .order_by(markets.id)
        .limit(_RECORDS_MAX)
    )
    found = {name: named(name) for name in NAMED_TYPES if name != "markets"}
    found["markets"] = tuple(
        NamedRecord(code=code, name=name, currency=currency)
        for code, name, currency in tx.connection.execute(prices_of_markets)
    )
    return StoreNames(**found)
