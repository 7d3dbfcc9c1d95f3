"""The command line: `program` holds one command per module of `commands`.

Data goes to standard output, all else to standard error. Exit codes: 0 done; 1 done, but rows
failed or something stopped it; 2 misuse, with nothing done. Modules are imported when a command
needs them, so that help and refusals answer at once. Nothing here knows tables or statements.
"""

from longshore.cli.program import program
from longshore.cli.stops import StopRequested

__all__ = ["StopRequested", "program"]
