"""Where a command works: data folder, database, organization and mode, and how they are opened."""

import dataclasses
import functools
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.assembly import Longshore
    from longshore.settings import Settings

__all__ = [
    "Place",
    "database_url",
    "open_place",
    "place_options",
    "place_to_try",
    "takes_place",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The border of what a command sees; None stands for what nobody named."""

    data: Path | None = None  # None: LONGSHORE_DATA, else `longshore-data`
    # Of PostgreSQL; empty: the embedded one. None: LONGSHORE_DATABASE_URL. It may hold a password.
    database: str | None = field(default=None, repr=False)
    organization: str | None = None  # slug; None: `default`
    mode: str | None = None  # None: `test`

    def within(self, outer: "Place") -> "Place":
        """This place, with what it leaves open taken from `outer`."""
        return Place(
            data=self.data or outer.data,
            database=outer.database if self.database is None else self.database,
            organization=self.organization or outer.organization,
            mode=self.mode or outer.mode,
        )

    def settings(self) -> "Settings":
        """The settings of the environment variables, for the data of this place."""
        from longshore.settings import Settings

        settings = Settings.from_environment(os.environ)
        if self.data is not None:
            settings = dataclasses.replace(settings, data=self.data)
        if self.database is not None:
            settings = dataclasses.replace(settings, database_url=self.database)
        return settings

    def environment(self, longshore: "Longshore") -> "Environment":
        """The environment that organization and mode name, of an organization that exists."""
        slug, mode = self.organization or "default", self.mode or "test"
        return longshore.organizations.environment(slug, mode)


@contextmanager
def open_place(
    place: Place, *, verbose: bool = False, kind: str = "command", makes: bool = True
) -> "Iterator[Longshore]":
    """The installation, its data folder created and migrated where needed; raises RequestRefused.

    Commands that only look at something, or change what is there, come without `makes`: where
    there is no data they make none, and are refused.

    `kind` of process: command, or the services server and worker. A service, with nobody looking
    on, writes log lines to standard error as the settings say, and says nothing else there; with
    `verbose` there is one for whatever is worth knowing.
    """
    from longshore.assembly import open_longshore
    from longshore.cli.messages import speak_through
    from longshore.cli.wait_observer import WaitObserver
    from longshore.log_lines import LogLevel, LogObserver, log_everything
    from longshore.observations import Observer

    settings = place.settings()
    observer: Observer = WaitObserver()
    if verbose or kind != "command":
        level = LogLevel.DEBUG if verbose else settings.log_level
        log = observer = LogObserver(settings.log_format, level=level)
        if kind != "command":
            log_everything(log)
            if settings.log_format == "json":
                speak_through(lambda said: log.write(LogLevel.INFO, said))
    with open_longshore(settings, kind=kind, makes=makes, observer=observer) as longshore:
        yield longshore


@contextmanager
def place_to_try(place: Place) -> Iterator[Place]:
    """The place, or where nothing is an empty one that is gone after the block: what only tries
    makes no data folder."""
    from longshore.database import Database

    settings = place.settings()
    if settings.database_url or settings.data.is_file() or Database.is_in(settings.data):
        yield place
        return
    with tempfile.TemporaryDirectory(prefix="longshore-") as folder:
        yield dataclasses.replace(place, data=Path(folder))


class _Folder(click.Path):
    """A folder that needs not exist."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("expected a folder, found nothing", param, ctx)
        return super().convert(value, param, ctx)


def database_url(
    context: click.Context, parameter: click.Parameter, value: str | None
) -> str | None:
    """The address of a PostgreSQL database; no message repeats it, as it may hold a password."""
    if value and not value.startswith(("postgresql://", "postgres://")):
        raise click.BadParameter("expected postgresql://user@host:port/name", context, parameter)
    return value


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add the options for the place to a command or to the whole program."""
    for option in reversed(
        (
            click.option(
                "--data",
                type=_Folder(path_type=Path),
                metavar="FOLDER",
                help="Folder of the database and the attachments; made on first use."
                "  [default: LONGSHORE_DATA, else longshore-data]",
            ),
            click.option(
                "--database",
                callback=database_url,
                metavar="URL",
                help="PostgreSQL database, in place of the one in the folder. Whoever lists "
                "processes sees it, so a password belongs into the variable."
                "  [default: LONGSHORE_DATABASE_URL]",
            ),
            click.option(
                "--organization", metavar="SLUG", help="Whose records.  [default: default]"
            ),
            click.option(
                "--mode",
                type=click.Choice(["test", "live"]),
                help="Which of the organization's two environments.  [default: test]",
            ),
        )
    ):
        command = option(command)
    return command


def takes_place(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command `place` as its first argument.

    People type the options before the command's name or after it; after it wins.
    """

    @functools.wraps(command)
    def with_place(
        *,
        data: Path | None,
        database: str | None,
        organization: str | None,
        mode: str | None,
        **arguments: Any,
    ) -> Any:
        place = Place(data=data, database=database, organization=organization, mode=mode)
        outer = click.get_current_context().find_root().obj
        return command(place.within(outer or Place()), **arguments)

    return place_options(with_place)
