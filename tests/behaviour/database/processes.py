"""Other processes that use the database, for tests of what they do to each other."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from longshore.settings import Settings

SOURCE = Path(__file__).parents[3] / "src"

_OPEN = """
import sys
from pathlib import Path
from longshore.database import Database
from longshore.settings import Settings

folder = Path(sys.argv[1])
settings = Settings(data=folder, database_url=sys.argv[2])

def say(word):
    print(word, flush=True)

def hear():
    return sys.stdin.readline().strip()

"""


# Opens a database; says that it has migrated it, and hears a word before it commits that.
OPENS_SLOWLY = """
from longshore.database import opening
real = opening.migrate
def migrate(connection):
    real(connection)
    say("migrated")
    hear()
opening.migrate = migrate
Database.open(folder, settings).close()
say("done")
"""


class Other:
    """A process that says and hears words, one a line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process

    def hear(self) -> str:
        """The next word that it says; empty when it has ended."""
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def say(self, word: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()

    def end(self) -> str:
        """What it has on its heart when it ends by itself."""
        _, errors = self.process.communicate(timeout=60)
        return errors


@contextmanager
def other_process(script: str, place: Path | Settings, **options: object) -> Iterator[Other]:
    """A process that runs `script` with `folder`, `settings`, `say` and `hear`; killed at the end.

    Its place is a data folder, or settings that name it and the database.
    """
    settings = place if isinstance(place, Settings) else Settings(data=place)
    process = subprocess.Popen(  # type: ignore[call-overload]
        [sys.executable, "-c", _OPEN + script, str(settings.data), settings.database_url],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(SOURCE), "PATH": "/usr/bin:/bin"},
        **options,
    )
    try:
        yield Other(process)
    finally:
        process.kill()
        process.communicate()
