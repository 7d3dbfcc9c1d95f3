"""Organizations: made by an operator, each with flags that steer validation and imports."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from typing import Any

from sqlalchemy import Select, delete, select, update

from longshore.access.environments import (
    Mode,
    add_organization,
    check_slug,
    environment_numbers,
    unknown_organization,
)
from longshore.access.tables import applications, environments, organizations, refresh_tokens
from longshore.catalogue import ORGANIZATION_FLAGS, ValueType, load_catalogue
from longshore.database import Transaction
from longshore.errors import RequestRefused

NAME = "name"  # what can be set beside the flags

_NAME_LENGTH_MAX = 255
_NUMBER_MAX = 2**31 - 1
_SWITCHES = {"true": True, "false": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Organization:
    """Whom data belongs to."""

    id: int
    slug: str
    name: str
    changed_flags: Mapping[str, object]  # those that differ from the catalogue's
    modes: Sequence[Mode]  # whose environments somebody has used
    created_at: int
    updated_at: int
    deleting_at: int | None  # since when it is being deleted

    @property
    def flags(self) -> Mapping[str, object]:
        """All flags."""
        return {**ORGANIZATION_FLAGS, **self.changed_flags}


def create_organization(
    tx: Transaction, slug: str, values: Mapping[str, str] | None = None
) -> Organization:
    """Make an organization, with flags and a name as `set_organization` takes them.

    Raises RequestRefused for a slug that cannot be or is taken, and for unfit values.
    """
    check_slug(slug)
    existing = find_organization(tx, slug)
    if existing is not None and existing.deleting_at is not None:
        raise RequestRefused(
            f"the organization {slug!r} is being deleted",
            hint=f"longshore organizations delete {slug} finishes that",
        )
    if existing is not None:
        raise RequestRefused(
            f"there is an organization {slug!r} already",
            hint=f"longshore applications create --organization {slug} makes credentials for it",
        )
    add_organization(tx, slug)
    return set_organization(tx, slug, values or {})


def set_organization(tx: Transaction, slug: str, values: Mapping[str, str]) -> Organization:
    """Set flags, and the name, from texts; an empty text sets a flag to its default.

    Raises RequestRefused for an organization that does not exist, and naming every value that
    does not fit; then nothing is set.
    """
    found = find_organization(tx, slug)
    if found is None:
        raise unknown_organization(slug)
    name, flags = found.name, dict(found.changed_flags)
    problems: list[str] = []
    hint = None
    for key, text in values.items():
        try:
            if key == NAME:
                name = _read_name(text)
            elif key not in ORGANIZATION_FLAGS:
                close = get_close_matches(key, [NAME, *ORGANIZATION_FLAGS], n=1)
                hint = f"did you mean {close[0]}?" if close else None
                raise ValueError("no such flag")
            elif not text.strip():
                flags.pop(key, None)
            else:
                flags[key] = _read_flag(key, text.strip())
        except ValueError as error:
            problems.append(f"{key}: {error}")
    if problems:
        raise RequestRefused("; ".join(problems), hint=hint)
    changed = {key: value for key, value in flags.items() if value != ORGANIZATION_FLAGS[key]}
    tx.connection.execute(
        update(organizations)
        .where(organizations.c.id == found.id)
        .values(name=name, flags=json.dumps(changed), updated_at=tx.now())
    )
    updated = find_organization(tx, slug)
    assert updated is not None
    return updated


def find_organization(tx: Transaction, slug: str) -> Organization | None:
    """The organization of this slug."""
    row = tx.connection.execute(_all().where(organizations.c.slug == slug)).one_or_none()
    return None if row is None else _organization(row, _modes(tx).get(row.id, []))


def has_organizations(tx: Transaction) -> bool:
    """Whether anybody has used the installation."""
    return tx.connection.execute(select(organizations.c.id).limit(1)).first() is not None


def shut_organization(tx: Transaction, organization: Organization) -> None:
    """Let nobody in any more, because the organization is going to be deleted; may be repeated."""
    numbers = environment_numbers(tx, organization.id)
    theirs = select(applications.c.id).where(applications.c.environment.in_(numbers))
    tx.connection.execute(delete(refresh_tokens).where(refresh_tokens.c.application_id.in_(theirs)))
    tx.connection.execute(
        update(applications)
        .where(applications.c.environment.in_(numbers), applications.c.deleted_at.is_(None))
        .values(deleted_at=tx.now())
    )
    tx.connection.execute(
        update(organizations)
        .where(organizations.c.id == organization.id, organizations.c.deleting_at.is_(None))
        .values(deleting_at=tx.now(), updated_at=tx.now())
    )


def forget_organization(tx: Transaction, id_: int) -> None:
    """Remove an organization whose environments are gone."""
    tx.connection.execute(delete(organizations).where(organizations.c.id == id_))


def list_organizations(tx: Transaction) -> Sequence[Organization]:
    """All organizations, oldest first."""
    modes = _modes(tx)
    return [_organization(row, modes.get(row.id, [])) for row in tx.connection.execute(_all())]


def _read_name(text: str) -> str:
    name = text.strip()
    if not 0 < len(name) <= _NAME_LENGTH_MAX or not name.isprintable():
        raise ValueError(f"expected 1 to {_NAME_LENGTH_MAX} characters that can be printed")
    return name


def _read_flag(key: str, text: str) -> object:
    type_ = _flag_types()[key]
    if type_ is ValueType.BOOLEAN:
        if text.lower() not in _SWITCHES:
            raise ValueError(f"expected true or false, found {text!r}")
        return _SWITCHES[text.lower()]
    whole = type_ is ValueType.INTEGER
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        raise ValueError(f"expected a {'whole ' if whole else ''}number, found {text!r}") from None
    if not 0 <= number <= _NUMBER_MAX:
        raise ValueError(f"expected 0 to {_NUMBER_MAX}, found {text}")
    return number


@cache
def _flag_types() -> Mapping[str, ValueType]:
    declared = load_catalogue().types["organizations"]
    return {a.name: a.type for a in declared.attributes if a.name in ORGANIZATION_FLAGS}


def _all() -> Select[Any]:
    return select(organizations).order_by(organizations.c.created_at, organizations.c.id)


def _modes(tx: Transaction) -> dict[int, list[Mode]]:
    modes: dict[int, list[Mode]] = {}
    query = select(environments.c.organization_id, environments.c.mode)
    for row in tx.connection.execute(query.order_by(environments.c.number)):
        modes.setdefault(row.organization_id, []).append(Mode(row.mode))
    return modes


def _organization(row: Any, modes: Sequence[Mode]) -> Organization:
    return Organization(
        id=row.id,
        slug=row.slug,
        name=row.name,
        changed_flags=json.loads(row.flags),
        modes=modes,
        created_at=row.created_at,
        updated_at=row.updated_at,
        deleting_at=row.deleting_at,
    )
