"""Signals at any moment of a process's life, from its first line to its last."""

import os
import pty
import signal
import subprocess
import sys
from pathlib import Path

import pytest

ROWS = 20_000
SMALL_CHUNKS = {"LONGSHORE_CHUNK_ROWS": "50", "LONGSHORE_CHUNK_ROWS_FIRST": "50"}

# Runs the program in this process and sends it a signal when a module is about to be loaded.
AT_IMPORT = """
import os, signal, sys
from longshore.__main__ import main

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == {module!r}:
            os.kill(os.getpid(), signal.SIGINT)

sys.meta_path.insert(0, Finder())
sys.argv = ["longshore", *{arguments!r}]
main()
"""

# The same in a place where no exception can be raised to anybody.
IN_CALLBACK = """
import os, signal, sys
from longshore.__main__ import main

class Dying:
    def __del__(self):
        signal.raise_signal(signal.SIGINT)

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "longshore.assembly":
            Dying()

sys.meta_path.insert(0, Finder())
sys.argv = ["longshore", "imports"]
main()
"""

AT_EXIT = """
import atexit, os, signal, sys
from longshore.__main__ import main
atexit.register(os.kill, os.getpid(), signal.SIGINT)
sys.argv = ["longshore", *{arguments!r}]
main()
"""


@pytest.fixture
def script(environ):
    """Runs a Python program to its end."""

    def script(text: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-c", text]
        return subprocess.run(command, env=environ, capture_output=True, text=True, check=False)

    return script


@pytest.mark.parametrize(
    "module",
    ["longshore.cli", "click", "longshore.cli.commands.worker", "longshore.assembly", "sqlalchemy"],
)
def test_ctrl_c_while_modules_are_loaded_ends_the_process_with_one_line(script, module) -> None:
    ended = script(AT_IMPORT.format(module=module, arguments=["imports"]))
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "error: stopped\n")


def test_ctrl_c_where_nothing_can_be_raised_ends_the_process_without_a_traceback(script) -> None:
    ended = script(IN_CALLBACK)
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", "")


@pytest.mark.parametrize(("arguments", "code"), [(["--version"], 0), (["nothing"], 2)])
def test_ctrl_c_at_the_very_end_changes_nothing_of_how_the_command_ended(
    script, arguments, code: int
) -> None:
    ended = script(AT_EXIT.format(arguments=arguments))
    assert ended.returncode == code
    assert "Traceback" not in ended.stderr


@pytest.fixture
def large(make_file) -> Path:
    rows = "".join(f"A{n},Thing {n},x\n" for n in range(ROWS))
    path = make_file("skus.csv", "code,name,unknown\n" + rows)
    assert isinstance(path, Path)
    return path


def await_first_row(process: "subprocess.Popen[str]") -> None:
    """Wait until the source is stored, which is just before its first row is applied."""
    assert process.stderr is not None
    while "unknown" not in process.stderr.readline():
        assert process.poll() is None


@pytest.mark.usefixtures("on_every_database")
def test_sighup_leaves_an_import_open_and_resume_finishes_it(run, category, start, large) -> None:
    process = start("import", "skus", large, "--parent", "MAIN", settings=SMALL_CHUNKS)
    await_first_row(process)
    process.send_signal(signal.SIGHUP)
    process.communicate()
    assert process.returncode == 1
    left = run("imports", "--json").data[0]["attributes"]
    assert left["status"] in ("pending", "in_progress")
    assert left["processed_count"] == len(run("records", "skus", "--json").data) < ROWS
    (resumed,) = run("resume", "--json").data
    assert resumed["attributes"]["processed_count"] == ROWS


def test_an_import_under_nohup_ignores_sighup(run, category, start, large) -> None:
    def ignore() -> None:
        signal.signal(signal.SIGHUP, signal.SIG_IGN)

    process = start(
        "import", "skus", large, "--parent", "MAIN", settings=SMALL_CHUNKS, preexec_fn=ignore
    )
    await_first_row(process)
    process.send_signal(signal.SIGHUP)
    process.communicate()
    assert process.returncode == 0
    assert run("imports", "--json").data[0]["attributes"]["processed_count"] == ROWS


def test_a_terminal_that_is_closed_leaves_the_import_open(run, category, environ, large) -> None:
    """A terminal that is gone takes no more words: whatever is said then must not end the chunk."""
    command = [sys.executable, "-m", "longshore", "import", "skus", str(large), "--parent", "MAIN"]
    child, terminal = pty.fork()
    if child == 0:
        os.execve(sys.executable, command, {**environ, **SMALL_CHUNKS, "TERM": "xterm"})
    seen = b""
    while b"unknown" not in seen:
        seen += os.read(terminal, 4096)
    os.close(terminal)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 1
    left = run("imports", "--json").data[0]["attributes"]
    assert left["status"] in ("pending", "in_progress")
    assert left["processed_count"] == len(run("records", "skus", "--json").data) < ROWS


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("command", [["worker"], ["worker", "--concurrency", "2"]])
def test_a_worker_ends_for_each_signal_that_asks_it_to(start, number, command) -> None:
    process = start(*command)
    assert "waiting for imports" in process.stderr.readline()
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 0
    # It goes as it should, and so nothing but that is told.
    assert {line.split(" ")[1] for line in err.splitlines()} <= {"info"}


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM, signal.SIGINT])
def test_a_server_ends_for_each_signal_that_asks_it_to(start, number) -> None:
    process = start("serve", "--port", "0")
    assert process.stdout.readline().startswith("http://")
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 0
    assert "Traceback" not in err
