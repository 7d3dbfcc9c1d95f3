"""How quickly the program answers: it loads only what a command needs."""

import subprocess
import sys

import pytest

HEAVY = ["alembic", "longshore.assembly", "longshore.catalogue", "msgspec", "rich", "sqlalchemy"]


@pytest.mark.parametrize("arguments", [["--help"], ["import", "--help"], ["--version"]])
def test_help_is_given_without_the_heavy_modules(arguments: list[str]) -> None:
    script = (
        "import atexit, sys\n"
        f"heavy = {HEAVY!r}\n"
        "atexit.register(lambda: print([name for name in heavy if name in sys.modules]))\n"
        "from longshore.__main__ import main\n"
        "main()\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=True
    )
    assert ended.stdout.splitlines()[-1] == "[]"
