"""Attributes that are computed in Python when a record is read.

Each function takes the inputs of its `Derived` in order and knows nothing of records; values
that are absent are None, datetimes are milliseconds.
"""

import base64
import hashlib
from collections.abc import Callable, Mapping
from typing import Any

from longshore.catalogue.declarations import Derived

_RECORD_NUMBER_BITS = 40  # an id is its environment's number x 2^40 + a number of its own


def derive(derived: Derived, value_of: Callable[[str], object]) -> object:
    """The value of a derived attribute; `value_of` answers for its inputs by name."""
    return DERIVATIONS[derived.function](*map(value_of, derived.inputs))


def full_name(first_name: str | None, last_name: str | None) -> str | None:
    return _joined(" ", first_name, last_name)


def full_address(
    line_1: str | None,
    line_2: str | None,
    zip_code: str | None,
    city: str | None,
    state_code: str | None,
    country_code: str | None,
    phone: str | None,
) -> str | None:
    """2883 Geraldine Lane Apt. 23, 10013 New York NY (US) (212) 646-338-1228"""
    street = _joined(" ", line_1, line_2)
    country = f"({country_code})" if country_code else None
    place = _joined(" ", zip_code, city, state_code, country, phone)
    return _joined(", ", street, place)


def address_name(
    business: bool | None,
    first_name: str | None,
    last_name: str | None,
    company: str | None,
    *address: str | None,
) -> str | None:
    """Who lives there, and where: the company of a business, else the person."""
    who = company if business else full_name(first_name, last_name)
    return _joined(", ", who, full_address(*address))


def sequence_number(id_: int | None) -> int | None:
    """The number of a record within its environment."""
    return None if id_ is None else id_ & ((1 << _RECORD_NUMBER_BITS) - 1)


def is_present(value: object) -> bool:
    return value is not None


def are_present(*values: object) -> bool:
    return all(value is not None for value in values)


def first_present(*values: object) -> object:
    return next((value for value in values if value is not None), None)


def is_editable(status: str | None) -> bool:
    """Whether an order can still be changed by who buys."""
    return status in ("draft", "pending")


def status_of_period(
    disabled_at: int | None, starts_at: int | None, expires_at: int | None, now: int
) -> str:
    if disabled_at is not None:
        return "disabled"
    if expires_at is not None and expires_at <= now:
        return "expired"
    return "pending" if starts_at is not None and starts_at > now else "active"


def is_in_period(
    disabled_at: int | None, starts_at: int | None, expires_at: int | None, now: int
) -> bool:
    return status_of_period(disabled_at, starts_at, expires_at, now) == "active"


def secret_of_record(secret: str) -> str:
    return secret


def link_url(domain: str, secret: str) -> str:
    """An address that cannot be guessed."""
    token = base64.urlsafe_b64encode(hashlib.blake2b(secret.encode(), digest_size=30).digest())
    return f"https://{domain}/{token.decode()}"


def _joined(separator: str, *parts: str | None) -> str | None:
    return separator.join(part for part in parts if part) or None


DERIVATIONS: Mapping[str, Callable[..., Any]] = {
    function.__name__: function
    for function in (
        full_name,
        full_address,
        address_name,
        sequence_number,
        is_present,
        are_present,
        first_present,
        is_editable,
        status_of_period,
        is_in_period,
        secret_of_record,
        link_url,
    )
}
