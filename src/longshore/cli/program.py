"""The program: its commands, the options that all share, and how it is refused and ended."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from longshore import __version__
from longshore.cli.commands import COMMANDS
from longshore.cli.endings import Exit, guarded, refuse_usage
from longshore.cli.messages import fail
from longshore.cli.places import Place, place_options

__all__ = ["program"]


class Program(click.Group):
    """A group of commands whose functions return their exit code (None: done)."""

    def main(  # type: ignore[override]
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run the command that the arguments name, and end the process with its exit code."""
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra) or Exit.DONE
        except click.ClickException as error:
            code = refuse_usage(error)
        except click.Abort:  # Ctrl-C while arguments were read
            fail("stopped")
            code = Exit.HAD_ERRORS
        sys.exit(int(code))

    def invoke(self, ctx: click.Context) -> int:
        """Run the command; whatever is refused becomes a line and an exit code."""

        def command() -> object:
            code = super(Program, self).invoke(ctx)
            sys.stdout.flush()  # what cannot be written is to be known before the end
            return code

        return guarded(command)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands in the order of a day's work, not of the alphabet."""
        return list(self.commands)


@click.group(
    cls=Program,
    commands=COMMANDS,
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Options for the place of the data may stand before or after the command.",
)
@click.version_option(__version__, prog_name="longshore", message="%(prog)s %(version)s")
@place_options
@click.pass_context
def program(
    context: click.Context,
    data: Path | None,
    database: str | None,
    organization: str | None,
    mode: str | None,
) -> None:
    """Load records in bulk and see exactly what became of every row.

    \b
    longshore template skus > skus.csv     what a file looks like
    longshore import skus skus.csv         load it
    longshore records skus                 see what is there
    """
    context.obj = Place(data=data, database=database, organization=organization, mode=mode)
    if context.invoked_subcommand is None:
        click.echo(context.get_help())
