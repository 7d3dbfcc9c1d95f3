"""Values that a created record gets where its row names none (`Attribute.generated`)."""

import hashlib
import re
import secrets
import unicodedata
import uuid
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeAlias

from longshore.engine.plan.table_plans import ValuesByColumn
from longshore.identifiers import PublicIds

# A generator sees the values of the record to be (by column), and the id that it will have.
Generator: TypeAlias = Callable[[ValuesByColumn, Mapping[str, int], int], Any]


def generators(public_ids: PublicIds) -> Mapping[str, Generator]:
    """All generators of an installation, by the names that declarations call them by."""

    def number(_values: ValuesByColumn, _index: Mapping[str, int], id: int) -> str:
        """A number nobody else has, as long as no row brings along one that means it by chance."""
        return public_ids.number(id)

    return {"order_number": number, "stock_transfer_number": number, **_GENERATORS}


def _uuid(_values: ValuesByColumn, _index: Mapping[str, int], id: int) -> str:
    """A code that nobody can guess, the same however often the row is applied."""
    digest = hashlib.blake2b(id.to_bytes(8), key=_secret(), digest_size=16).digest()
    return str(uuid.UUID(bytes=digest, version=4))


@cache
def _secret() -> bytes:
    return secrets.token_bytes(32)


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
    "uuid": _uuid,
    "slug_of_name": _slug_of_name,
    "name_of_source_type": _name_of_source_type,
    "initial_balance": _initial_balance,
}
