"""Values that a created record gets where its row names none (`Attribute.generated`)."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from longshore.engine.plan.table_plans import ValuesByColumn
from longshore.identifiers import PublicIds


@dataclass(frozen=True, slots=True)
class Generator:
    """What makes a value of a record to be."""

    # It sees the record's values (by column), where each column stands, and the id of the record.
    make: Callable[[ValuesByColumn, Mapping[str, int], int], Any]
    # The value follows from the id alone, so it is another one whenever the record gets another id.
    is_of_id: bool = False


def generators(public_ids: PublicIds) -> Mapping[str, Generator]:
    """All generators of an installation, by the names that declarations call them by."""

    def number(_values: ValuesByColumn, _index: Mapping[str, int], id: int) -> str:
        """A number nobody else has, as long as no row brings along one that means it by chance."""
        return public_ids.number(id)

    def code(_values: ValuesByColumn, _index: Mapping[str, int], id: int) -> str:
        """A code that nobody can guess, the same however often the row is applied."""
        return public_ids.code(id)

    return {
        "order_number": Generator(number, is_of_id=True),
        "stock_transfer_number": Generator(number, is_of_id=True),
        "uuid": Generator(code, is_of_id=True),
        **_GENERATORS,
    }


def _slug_of_name(values: ValuesByColumn, index: Mapping[str, int], _id: int) -> str | None:
    name = values[index["name"]]
    if name is None:
        return None
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def _name_of_source_type(values: ValuesByColumn, index: Mapping[str, int], _id: int) -> str | None:
    """Wire Transfer, of `wire_transfers`."""
    type_: str | None = values[index["payment_source_type"]]
    return type_ and type_.removesuffix("s").replace("_", " ").title()


def _initial_balance(values: ValuesByColumn, index: Mapping[str, int], _id: int) -> int | None:
    balance: int | None = values[index["balance_cents"]]
    return balance


_GENERATORS: Mapping[str, Generator] = {
    "slug_of_name": Generator(_slug_of_name),
    "name_of_source_type": Generator(_name_of_source_type),
    "initial_balance": Generator(_initial_balance),
}
