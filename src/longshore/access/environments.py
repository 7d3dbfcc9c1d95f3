"""Organizations and their environments, the border of all data."""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, bindparam, delete, func, insert, select, update

from longshore.access.tables import environments, organizations
from longshore.catalogue import ORGANIZATION_FLAGS
from longshore.database import Database, Transaction, sequences
from longshore.errors import RequestRefused
from longshore.identifiers import SEQUENCE_BITS

DEFAULT_ORGANIZATION = "default"

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_RESERVED = ("auth",)  # the host auth.DOMAIN is where tokens come from
# Public ids have room for ids below 62^10, hence for so many environments.
_NUMBER_MAX = 62**10 >> SEQUENCE_BITS


class Mode(StrEnum):
    """Which of an organization's two environments is meant."""

    TEST = "test"
    LIVE = "live"


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    """An organization in one mode."""

    number: int  # from 1; the upper part of every id in it
    organization: str  # slug
    organization_id: str  # public id
    mode: Mode
    flags: Mapping[str, object]  # of the organization, the catalogue's defaults filled in


def find_environment(tx: Transaction, slug: str, mode: str) -> Environment | None:
    """The environment of an organization, or None where nobody has used it yet."""
    query = _environments().where(organizations.c.slug == slug, environments.c.mode == mode)
    row = tx.connection.execute(query).one_or_none()
    return None if row is None else _environment(tx, row)


def read_environment(tx: Transaction, number: int) -> Environment:
    """The environment with this number, which exists."""
    return _environment(tx, tx.connection.execute(_BY_NUMBER, {"number": number}).one())


def next_served(tx: Transaction, numbers: Collection[int]) -> int:
    """Of these environments the one whose turn it is: served the longest ago, or never."""
    never_first = func.coalesce(environments.c.served_at, 0)
    query = (
        select(environments.c.number)
        .where(environments.c.number.in_(numbers))
        .order_by(never_first, environments.c.number)
        .limit(1)
    )
    number: int = tx.connection.execute(query).scalar_one()
    return number


def note_served(tx: Transaction, number: int) -> None:
    """Say that one of the environment's imports is taken up."""
    tx.connection.execute(
        update(environments).where(environments.c.number == number).values(served_at=tx.now())
    )


def ensure_environment(
    database: Database, slug: str = DEFAULT_ORGANIZATION, mode: str = Mode.TEST
) -> Environment:
    """The environment of an organization, both made on first use.

    Raises RequestRefused for a slug or a mode that cannot be.
    """
    check_mode(mode)
    check_slug(slug)
    with database.read() as tx:
        found = find_environment(tx, slug, mode)
    if found is None:
        with database.write() as tx:
            found = add_environment(tx, slug, mode)
    return found


def open_environment(database: Database, slug: str, mode: str) -> Environment:
    """The environment of an organization that exists; the environment is made on first use, and
    so is the default organization.

    Raises RequestRefused for a slug or a mode that cannot be, and for an organization that is
    unknown or being deleted.
    """
    check_mode(mode)
    check_slug(slug)
    with database.read() as tx:
        query = select(organizations.c.deleting_at).where(organizations.c.slug == slug)
        row = tx.connection.execute(query).one_or_none()
    if row is None and slug != DEFAULT_ORGANIZATION:
        raise unknown_organization(slug)
    if row is not None and row.deleting_at is not None:
        raise RequestRefused(
            f"the organization {slug!r} is being deleted",
            hint=f"longshore organizations delete {slug} goes on with it",
        )
    return ensure_environment(database, slug, mode)


def add_environment(tx: Transaction, slug: str, mode: str) -> Environment:
    """The environment of an organization, both made where they are missing."""
    found = find_environment(tx, slug, mode)
    if found is not None:
        return found
    organization_id = tx.connection.execute(
        select(organizations.c.id).where(organizations.c.slug == slug)
    ).scalar()
    if organization_id is None:
        organization_id = add_organization(tx, slug)
    last = max(
        tx.connection.execute(select(func.max(environments.c.number))).scalar() or 0,
        tx.connection.execute(_LAST_FORGOTTEN).scalar() or 0,
    )
    assert last < _NUMBER_MAX, "an installation has no room for more environments"
    tx.connection.execute(
        insert(environments).values(
            number=last + 1, organization_id=organization_id, mode=mode, created_at=tx.now()
        )
    )
    created = find_environment(tx, slug, mode)
    assert created is not None
    return created


def check_environment(tx: Transaction, number: int) -> None:
    """Raise RequestRefused when an environment was deleted, or is being deleted: whoever was let in
    before must write nothing behind it."""
    if tx.connection.execute(_IS_OPEN, {"number": number}).first() is None:
        raise RequestRefused("the organization is deleted")


def environment_numbers(tx: Transaction, organization_id: int) -> list[int]:
    """The numbers of an organization's environments."""
    query = select(environments.c.number).where(environments.c.organization_id == organization_id)
    return list(tx.connection.execute(query.order_by(environments.c.number)).scalars())


def forget_environment(tx: Transaction, number: int) -> None:
    """Remove an environment in which nothing is left; no other one ever gets its number."""
    tx.connection.execute(delete(environments).where(environments.c.number == number))
    last = tx.connection.execute(_LAST_FORGOTTEN).scalar()
    if last is None:
        tx.connection.execute(insert(sequences).values(name=_FORGOTTEN, value=number))
    elif last < number:
        tx.connection.execute(
            update(sequences).where(sequences.c.name == _FORGOTTEN).values(value=number)
        )


def add_organization(tx: Transaction, slug: str) -> int:
    """Make an organization with this slug, which is free and fit; its id."""
    (organization_id,) = tx.reserve_ids(0, 1)
    tx.connection.execute(
        insert(organizations).values(
            id=organization_id,
            slug=slug,
            name=slug,
            flags="{}",
            created_at=tx.now(),
            updated_at=tx.now(),
        )
    )
    return organization_id


def check_mode(mode: str) -> None:
    """Raises RequestRefused for what is no mode."""
    if mode not in tuple(Mode):
        raise RequestRefused(f"no such mode: {mode}", hint="the modes are test and live")


def check_slug(slug: str) -> None:
    """Raises RequestRefused for a slug that no organization can have."""
    if _SLUG.fullmatch(slug) is None or slug in _RESERVED:
        raise RequestRefused(
            f"no organization can be called {slug!r}",
            hint="a slug has 1 to 63 small letters, digits and hyphens, no hyphen first, and "
            f"is not {' or '.join(_RESERVED)}",
        )


def unknown_organization(slug: str) -> RequestRefused:
    """What is said about an organization that does not exist."""
    return RequestRefused(
        f"there is no organization {slug!r}",
        hint=f"longshore organizations create {slug} makes it; organizations list shows all",
    )


def _environments() -> Select[Any]:
    return select(
        environments.c.number,
        environments.c.mode,
        organizations.c.id,
        organizations.c.slug,
        organizations.c.flags,
    ).join_from(environments, organizations)


# The highest number of an environment that was forgotten.
_FORGOTTEN = "environments"
_LAST_FORGOTTEN = select(sequences.c.value).where(sequences.c.name == _FORGOTTEN)

# Built once: they run with every request, or every write.
_IS_OPEN = (
    select(environments.c.number)
    .join_from(environments, organizations)
    .where(environments.c.number == bindparam("number"), organizations.c.deleting_at.is_(None))
)
_BY_NUMBER = _environments().where(environments.c.number == bindparam("number"))


def _environment(tx: Transaction, row: Any) -> Environment:
    return Environment(
        number=row.number,
        organization=row.slug,
        organization_id=tx.public_ids.encode(row.id),
        mode=Mode(row.mode),
        flags={**ORGANIZATION_FLAGS, **json.loads(row.flags)},
    )
