"""The processes that share an installation: who they are, and whether they are alive."""

import os
import platform
import secrets
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import delete, insert, select, update

from longshore.database import Transaction
from longshore.jobs.tables import processes

_MACHINE_ID = Path("/etc/machine-id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """A process that said at least once that it is alive; times are milliseconds since 1970."""

    name: str  # unique; PostgreSQL calls its connections so
    kind: str  # server, worker, command
    host: str
    machine: str  # tells machines with one name apart
    pid: int
    attachments: str  # where it keeps them
    started_at: int
    heartbeat_at: int


def process_name(kind: str) -> str:
    """A name for this process that no other ever has."""
    return f"longshore {kind} {secrets.token_hex(8)}"


def register_process(tx: Transaction, name: str, kind: str, *, attachments: str) -> None:
    """Say that this process is there."""
    tx.connection.execute(
        insert(processes).values(
            name=name,
            kind=kind,
            host=platform.node(),
            machine=this_machine(),
            pid=os.getpid(),
            attachments=attachments,
            started_at=tx.now(),
            heartbeat_at=tx.now(),
        )
    )


def beat_process(tx: Transaction, name: str) -> bool:
    """Say that a process is alive; whether it is still known."""
    beaten = tx.connection.execute(
        update(processes).where(processes.c.name == name).values(heartbeat_at=tx.now())
    )
    return beaten.rowcount == 1


def forget_process(tx: Transaction, name: str) -> None:
    """Say that a process ends."""
    tx.connection.execute(delete(processes).where(processes.c.name == name))


def forget_silent_processes(tx: Transaction, *, silent_before: int) -> None:
    """Forget those that have said nothing since then (milliseconds)."""
    tx.connection.execute(delete(processes).where(processes.c.heartbeat_at < silent_before))


def list_processes(tx: Transaction) -> list[Process]:
    """All that are known, oldest first."""
    query = select(processes).order_by(processes.c.started_at, processes.c.name)
    return [Process(**row) for row in tx.connection.execute(query).mappings()]


def is_stopped(process: Process) -> bool:
    """Whether a process is there and stopped (by SIGSTOP, say), as far as this machine knows."""
    return process.machine == this_machine() and is_pid_stopped(process.pid)


def is_pid_stopped(pid: int) -> bool:
    """Whether the process of this machine with a number is stopped; False where nobody says so."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return False
    # Behind the name, which may have parentheses of its own.
    return state.rpartition(")")[2].split()[:1] in (["T"], ["t"])


def this_machine() -> str:
    """What tells this machine from others: the identifier of its system, and its name."""
    try:
        identifier = _MACHINE_ID.read_text(encoding="ascii").strip()
    except (OSError, ValueError):
        identifier = ""
    return f"{identifier}/{platform.node()}"
