"""The page of the command line: the help of every command, as click prints it."""

import click

from longshore.cli import program


def commands_page() -> str:
    parts = [
        "# Commands",
        "",
        "What `longshore --help` and `longshore COMMAND --help` print. Data goes to standard",
        "output, all else to standard error.",
        "",
        "| exit status | meaning |",
        "|---|---|",
        "| 0 | done; an import completed without errors |",
        "| 1 | an import completed with errors or was interrupted, or an operation failed |",
        "| 2 | misuse: an unknown name, an unreadable file, a value that does not fit |",
    ]
    for names, command in _commands(("longshore",), program):
        parts += ["", f"## {' '.join(names)}", "", "```text", _help(names, command), "```"]
    return "\n".join(parts) + "\n"


def _commands(
    names: tuple[str, ...], command: click.Command
) -> list[tuple[tuple[str, ...], click.Command]]:
    found = [(names, command)]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            nested = command.get_command(context, name)
            if nested is not None and not nested.hidden:
                found += _commands((*names, name), nested)
    for name, further in getattr(command, "further", {}).items():
        found += _commands((*names, name), further)
    return found


def _help(names: tuple[str, ...], command: click.Command) -> str:
    context: click.Context | None = None
    # click keeps a command's help option once it is made, so it is made as the program makes it.
    own = program.context_settings["help_option_names"]
    for name in names[:-1]:
        context = click.Context(
            click.Group(name), info_name=name, parent=context, help_option_names=own
        )
    context = click.Context(
        command,
        info_name=names[-1],
        parent=context,
        max_content_width=100,
        help_option_names=own,
    )
    context.terminal_width = 100  # whatever the terminal of whoever generates
    return "\n".join(line.rstrip() for line in command.get_help(context).splitlines()).strip()
