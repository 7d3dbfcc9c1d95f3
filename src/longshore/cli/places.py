"""Where a command works: data folder, organization and mode, and how they are opened."""

import dataclasses
import functools
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.assembly import Longshore

__all__ = ["Place", "open_place", "place_options", "takes_place"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The border of what a command sees; None stands for what nobody named."""

    data: Path | None = None  # None: LONGSHORE_DATA, else `longshore-data`
    organization: str | None = None  # slug; None: `default`
    mode: str | None = None  # None: `test`

    def within(self, outer: "Place") -> "Place":
        """This place, with what it leaves open taken from `outer`."""
        return Place(
            data=self.data or outer.data,
            organization=self.organization or outer.organization,
            mode=self.mode or outer.mode,
        )

    def environment(self, longshore: "Longshore") -> "Environment":
        """The environment that organization and mode name, of an organization that exists."""
        return longshore.environment(self.organization or "default", self.mode or "test")


@contextmanager
def open_place(
    place: Place, *, verbose: bool = False, is_service: bool = False
) -> "Iterator[Longshore]":
    """The data folder, created and migrated where needed; raises RequestRefused.

    `verbose` writes a log line to standard error for whatever is worth knowing; what runs as a
    service, with nobody looking on, writes one at least for what goes wrong.
    """
    from longshore.assembly import open_longshore
    from longshore.cli.watching import WaitObserver
    from longshore.observations import LogObserver, Observer
    from longshore.settings import Settings

    settings = Settings.from_environment(os.environ)
    if place.data is not None:
        settings = dataclasses.replace(settings, data=place.data)
    observer: Observer = WaitObserver()
    if verbose or is_service:
        observer = LogObserver(settings.log_format, warnings_only=not verbose)
    with open_longshore(settings, observer=observer) as longshore:
        yield longshore


class _Folder(click.Path):
    """A folder that needs not exist."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if value == "":
            self.fail("expected a folder, found nothing", param, ctx)
        return super().convert(value, param, ctx)


def place_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """Add `--data`, `--organization` and `--mode` to a command or to the whole program."""
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
        *, data: Path | None, organization: str | None, mode: str | None, **arguments: Any
    ) -> Any:
        place = Place(data=data, organization=organization, mode=mode)
        outer = click.get_current_context().find_root().obj
        return command(place.within(outer or Place()), **arguments)

    return place_options(with_place)
