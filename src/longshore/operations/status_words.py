"""The status of an installation in words, the same in the terminal and in the dashboard."""

from longshore.identifiers import PublicIds
from longshore.operations.status import InstallationStatus, RunStanding, Standing


def amiss_shown(found: InstallationStatus, public_ids: PublicIds) -> list[str]:
    """What somebody should look at, each in a few words."""
    amiss = []
    if count := found.waiting_in_vain:
        waiting = _counted(count, "import waits", "imports wait")
        amiss.append(f"no worker is there, and {waiting} for one")
    stalled = [
        public_ids.encode(each.run.id)
        for each in (*found.imports, *found.others)
        if each.standing is Standing.STALLED
    ]
    if stalled:
        amiss.append(f"stalled: {', '.join(stalled)}")
    for run in (each.run for each in found.others if each.standing is Standing.UNKNOWN):
        behind = sum(each.older == run for each in (*found.imports, *found.others))
        waiting = f", and {_counted(behind, 'run waits', 'runs wait')} for it" if behind else ""
        name = f"{run.kind} {public_ids.encode(run.id)}"
        amiss.append(f"nothing here runs the {name}{waiting}")
    if found.unreadable:
        names = ", ".join(each.public_id for each in found.unreadable)
        amiss.append(f"nothing here reads the imports {names}")
    for each in found.workers_amiss:
        how = "stopped" if each.name in found.stopped else "silent"
        amiss.append(f"a worker is {how}: pid {each.pid} on {each.host}")
    return amiss


def standing_shown(
    found: InstallationStatus,
    each: RunStanding,
    public_ids: PublicIds,
    waits_for: str | None = None,
) -> str:
    """How a run stands, on which process and for what; `waits_for` says it of an import."""
    text = str(each.standing)
    if waits_for is None and each.older is not None:
        waits_for = f"the {each.older.kind} {public_ids.encode(each.older.id)}"
    runner = each.runner or each.process
    if runner is not None:
        text += f" on {runner.host or 'another host'}"
        text += "" if runner.pid is None else f", pid {runner.pid}"
    if each.stalled_seconds is not None:
        text += f", nothing was committed for {each.stalled_seconds} s"
    if each.is_stopped:
        text += ", which is stopped"
    text += f", for {waits_for}" if waits_for else ""
    if each.run.rests_until is not None and each.run.rests_until > found.at:
        text += f", for {(each.run.rests_until - found.at) // 1000 + 1} s"
    if each.run.attempts > 1:
        text += f", {each.run.attempts} attempts without a chunk committed"
    return text


def _counted(count: int, singular: str, plural: str) -> str:
    return f"{count:,} {singular if count == 1 else plural}"
