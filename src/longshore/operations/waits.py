"""Why an import that has not ended does not move, told so that whoever looks on knows what to do.

The words are those of the terminal.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from longshore.imports import WaitsFor
from longshore.operations.status import ImportStanding, InstallationStatus, RunStanding, Standing

# Somebody at it who has committed nothing for so long is worth a word.
NEWS_SECONDS = 30


class WaitReason(StrEnum):
    """What it takes for an import to go on."""

    OLDER = "older"  # another import, or an undo, has to end before
    NO_WORKER = "no_worker"  # a worker has to be started
    WORKER = "worker"  # a worker has to be done with something else
    RESTING = "resting"  # it failed, and is tried again in a moment
    SILENT = "silent"  # nothing is heard of the process that has it
    STALLED = "stalled"  # that process is there, and commits nothing
    FAILING = "failing"  # processes have died at it
    UNKNOWN = "unknown"  # a later release knows what it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """Why it does not move."""

    reason: WaitReason
    message: str
    hint: str | None = None
    command: str | None = None  # to be typed in a terminal, where that helps
    import_id: str | None = None  # public id of what it waits for
    kind: str | None = None  # whether that is an `import` or an `undo`
    until: int | None = None  # milliseconds: when it is tried again

    def to_dict(self) -> dict[str, Any]:
        """As it is sent to whoever looks on."""
        return {
            "reason": str(self.reason),
            "message": self.message,
            "hint": self.hint,
            "command": self.command,
            "import_id": self.import_id,
            "kind": self.kind,
        }


def wait_of(
    found: InstallationStatus,
    run_id: int,
    *,
    silent_seconds: float,
    takeover_seconds: float | None,
    encode: Callable[[int], str],
) -> Wait | None:
    """Why a run does not move; None: it moves, or has ended meanwhile.

    `silent_seconds` says for how long it has committed nothing, `takeover_seconds` after how long
    others take it from its runner (None: at once).
    """
    each = _standing(found, run_id)
    if each is None:
        return None
    waits_for = each.waits_for if isinstance(each, ImportStanding) else None
    if waits_for is not None:
        return Wait(
            reason=WaitReason.OLDER,
            message=f"It waits for {named_forerunner(waits_for, stalled=_stalled(waits_for))}.",
            hint=freeing(waits_for),
            command=waits_for.command,
            import_id=waits_for.public_id,
            kind=waits_for.kind,
        )
    if each.older is not None:
        older_id = encode(each.older.id)
        return Wait(
            reason=WaitReason.OLDER,
            message=f"It waits for the {each.older.kind} {older_id}.",
            import_id=older_id,
            kind=each.older.kind,
        )
    if each.runner is None and not found.workers_alive and each.standing is not Standing.UNKNOWN:
        return nobody_runs(found, each.run.environment)
    return _of_standing(
        found, each, silent_seconds=silent_seconds, takeover_seconds=takeover_seconds
    )


def nobody_runs(found: InstallationStatus, environment: int) -> Wait | None:
    """That no worker is there for what waits in an environment; None: one is, or nothing waits."""
    waiting = sum(
        each.run.environment == environment
        and each.runner is None
        and each.standing is not Standing.UNKNOWN
        for each in (*found.imports, *found.others)
    )
    if found.workers_alive or not waiting:
        return None
    return Wait(
        reason=WaitReason.NO_WORKER,
        message=f"Nobody runs imports: {waiting:,} {'waits' if waiting == 1 else 'wait'}.",
        hint="Start one with",
        command="longshore worker",
    )


def named_forerunner(older: WaitsFor, *, stalled: str | None) -> str:
    """`import X (prices, 43,500 of 60,000 rows), run by a worker on web1, pid 17, since ...`;
    `stalled` says for how long it has committed nothing, where that is too long."""
    from longshore.clock import format_datetime

    unit = "change" if older.kind == "undo" else "row"
    text = (
        f"{older.kind} {older.public_id} ({older.resource_type}, {older.consumed_count:,} of "
        f"{older.inputs_size:,} {unit}{'' if older.inputs_size == 1 else 's'})"
    )
    if older.has_runner:
        text += f", run by a {older.process or 'process'} on {older.host or 'another host'}"
        if older.pid is not None:
            text += f", pid {older.pid}"
        text += f", since {format_datetime(older.since)}"
    else:
        text += ", which no process runs"
    if stalled is not None:
        text += f", stalled: nothing was committed for {stalled}"
    return text


def freeing(older: WaitsFor) -> str:
    """The next step for who does not want to wait."""
    return f"{older.command} {'stops' if older.has_runner else 'finishes'} it"


def _of_standing(
    found: InstallationStatus,
    each: RunStanding,
    *,
    silent_seconds: float,
    takeover_seconds: float | None,
) -> Wait | None:
    who = _who(each)
    match each.standing:
        case Standing.RESTING:
            assert each.run.rests_until is not None
            seconds = (each.run.rests_until - found.at) // 1000 + 1
            return Wait(
                reason=WaitReason.RESTING,
                message=f"It rests: something that it needs was away. It is tried again in "
                f"{seconds} s.",
                until=each.run.rests_until,
            )
        case Standing.SILENT:
            return Wait(
                reason=WaitReason.SILENT,
                message=f"No news from {who} for {silent_seconds:.0f} s. Another one takes over.",
            )
        case Standing.FAILING:
            return Wait(
                reason=WaitReason.FAILING,
                message=f"{each.run.attempts:,} attempts have ended without a chunk committed. It "
                "is tried again.",
            )
        case Standing.UNKNOWN:
            return Wait(
                reason=WaitReason.UNKNOWN,
                message=f"Nothing here runs what is called {each.run.kind}: a later release does.",
            )
        case Standing.WAITING:
            return Wait(
                reason=WaitReason.WORKER,
                message="It waits for a worker, which is busy with another run.",
            )
    if each.is_stopped:
        return Wait(reason=WaitReason.STALLED, message=f"{who.capitalize()} is stopped.")
    if silent_seconds < NEWS_SECONDS:
        return None
    message = f"No news from {who} for {silent_seconds:.0f} s."
    if takeover_seconds is not None and silent_seconds < takeover_seconds:
        message += f" Another one takes over at {takeover_seconds:.0f} s."
    return Wait(reason=WaitReason.STALLED, message=message)


def _who(each: RunStanding) -> str:
    at = each.runner or each.process
    if at is None:
        return "the worker"
    return f"the {at.kind or 'process'} on {at.host or 'another host'}" + (
        "" if at.pid is None else f", pid {at.pid},"
    )


def _stalled(older: WaitsFor) -> str | None:
    return None if older.stalled_seconds is None else f"{older.stalled_seconds} s"


def _standing(found: InstallationStatus, run_id: int) -> RunStanding | None:
    everything: tuple[RunStanding, ...] = (*found.imports, *found.others)
    return next((each for each in everything if each.run.id == run_id), None)
