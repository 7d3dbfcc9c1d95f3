"""The process that runs what is submitted, until it is killed.

`python -m tests.chaos.books_runner`, with the settings of the installation in its environment.
"""

import os
import time
from contextlib import suppress

from longshore.assembly import open_longshore
from longshore.errors import RequestRefused, RetryableError
from longshore.settings import Settings


def main() -> None:
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        while True:
            for import_ in longshore.imports.open():
                # One that the runner before this one had may not be known to be free yet.
                with suppress(RequestRefused, RetryableError):
                    longshore.import_runs.run(import_.id)
            time.sleep(0.01)


if __name__ == "__main__":
    main()
