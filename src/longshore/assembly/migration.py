"""An installation prepared, upgraded, and taken to another database."""

import dataclasses
from pathlib import Path

from longshore.assembly.respelled_keys import respell, respell_once
from longshore.copying import Copied, copy_installation
from longshore.copying import Progress as CopyProgress
from longshore.database import Database, Migration
from longshore.engine import Respelled
from longshore.errors import RequestRefused
from longshore.observations import NullObserver
from longshore.settings import Settings
from longshore.sources import AttachmentStore, open_attachments

# Reading or counting a whole table is one statement.
_STATEMENT_SECONDS = 3600.0


def migrate_database(settings: Settings) -> tuple[Migration, Respelled]:
    """Prepare or upgrade the database of the settings, and then the keys in it.

    May be called by several at once; whatever ends it, it can be repeated.
    """
    done = Database.migrate(settings.data, settings)
    longest = dataclasses.replace(settings, statement_timeout_seconds=_STATEMENT_SECONDS)
    with Database.open(settings.data, longest, process="longshore migrate") as database:
        return done, respell(database, NullObserver())


def copy_from(
    folder: Path,
    settings: Settings,
    *,
    on_progress: CopyProgress = lambda _step, _done, _total, _unit: None,
) -> Copied:
    """Bring the installation of a data folder to the PostgreSQL database of the settings.

    A copy that was ended can be repeated, and goes on. Raises as `copy_installation` does.
    """
    if not Database.is_in(folder):
        raise RequestRefused(
            f"there is no installation in {folder}", hint="--from names a data folder"
        )
    target_settings = dataclasses.replace(settings, statement_timeout_seconds=_STATEMENT_SECONDS)
    source_settings = dataclasses.replace(settings, data=folder, database_url="")
    with (
        Database.open(folder, source_settings) as source,
        Database.open(
            settings.data, target_settings, process="longshore copy", to_copy=True
        ) as target,
    ):
        respell_once(source, NullObserver())
        return copy_installation(
            source,
            target,
            source_attachments=AttachmentStore(folder / "attachments"),
            target_attachments=open_attachments(settings),
            on_progress=on_progress,
        )
