"""How quickly the program answers: it loads only what a command needs."""

import subprocess
import sys
from pathlib import Path

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


def test_the_collector_hardly_looks_at_the_modules_that_a_command_loads(tmp_path: Path) -> None:
    script = (
        "import atexit, gc\n"
        "atexit.register(lambda: print(sum(each['collections'] for each in gc.get_stats())))\n"
        "from longshore.__main__ import main\n"
        "main()\n"
    )
    command = [sys.executable, "-c", script, "setup", "--data", str(tmp_path), "--currency", "EUR"]
    command += ["--warehouse", "Main", "--shipping-category", "Goods"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(ended.stdout.splitlines()[-1]) < 100  # and some hundreds as Python has it
