"""Imports for tests, from the one detail that matters."""

from typing import Any

from longshore.database import Database
from longshore.imports import (
    Import,
    NewImport,
    checkpoint,
    create_import,
    read_import,
)
from longshore.readers import Format, Layout, Position
from tests.claiming import claim_import

LAYOUT = Layout(
    format=Format.CSV,
    encoding="utf-8",
    delimiter=",",
    columns=("code", "name"),
    first=Position(1, 2, 10),
)


def new_import(environment: int = 1, **values: Any) -> NewImport:
    """A request to import ten SKUs."""
    return NewImport(
        **{
            "environment": environment,
            "resource_type": "skus",
            "tables": frozenset({"skus"}),
            "format": "csv",
            "inputs_size": 10,
            "attachment_name": "abc",
            "layout": LAYOUT,
            **values,
        }
    )


def pending(database: Database, environment: int = 1, **values: Any) -> Import:
    """An import that waits."""
    with database.write() as tx:
        return create_import(tx, new_import(environment, **values), unfinished_max=1000)


def running(database: Database, environment: int = 1, **values: Any) -> Import:
    """An import that somebody has claimed."""
    return claim(database, pending(database, environment, **values))


def claim(database: Database, import_: Import, attempts_max: int | None = None) -> Import:
    """The import as its new runner has it."""
    with database.write() as tx:
        claimed = claim_import(tx, import_.id, attempts_max=attempts_max)
    assert claimed is not None
    return claimed


def stored(database: Database, import_: Import) -> Import:
    """The import as it is by now."""
    with database.read() as tx:
        return read_import(tx, import_.id)


def go_to(database: Database, import_: Import, row: int, **counts: int) -> None:
    """Commit a chunk up to this row; rows that `counts` does not mention were unchanged."""
    so_far = stored(database, import_).consumed_count
    told = {"errors": 0, "created": 0, "updated": 0, **counts}
    with database.write() as tx:
        checkpoint(
            tx,
            import_.run,
            last=Position(row, row + 1, row * 10),
            warnings=told.pop("warnings", 0),
            unchanged=row - so_far - sum(told.values()),
            errors=told["errors"],
            created=told["created"],
            updated=told["updated"],
        )


def judge_to(database: Database, import_: Import, row: int, *, errors: int = 0) -> None:
    """Count rows up to this one, of an import that is all or nothing, while they are judged."""
    with database.write() as tx:
        checkpoint(
            tx,
            import_.run,
            last=Position(row, row + 1, row * 10),
            errors=errors,
            warnings=0,
            created=0,
            updated=0,
            unchanged=0,
            skipped=row - errors,
            is_for_good=False,
        )
