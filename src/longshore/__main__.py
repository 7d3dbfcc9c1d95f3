"""`longshore` on the command line, and `python -m longshore`."""

import os
import sys

from longshore.cli import program

__all__ = ["main"]


def main() -> None:
    """Run the command that the arguments name; ends the process with its exit code."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed by whoever started the process
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w"))
        else:
            # What the terminal's encoding lacks is spelled out instead of ending the command.
            stream.reconfigure(errors="backslashreplace")
    program.main(prog_name="longshore")


if __name__ == "__main__":
    main()
