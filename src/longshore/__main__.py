"""`longshore` on the command line, and `python -m longshore`."""

from longshore.cli import program

__all__ = ["main"]


def main() -> None:
    """Run the command that the arguments name; ends the process with its exit code."""
    program.main(prog_name="longshore")


if __name__ == "__main__":
    main()
