"""Killed at a named point, a process loses nothing and does nothing twice.

Goal: whatever the process was about, starting it again ends as if it had never died. Method: it
kills itself with SIGKILL when it passes a point for the n-th time, is started again, and what it
leaves is compared with the run that was never killed, down to ids, errors, journal and sources.
"""

from pathlib import Path

import pytest

from longshore.assembly import open_longshore
from longshore.settings import Settings
from tests.crash.conftest import KINDS, Uninterrupted
from tests.crash.end_state import assert_same, end_state
from tests.crash.processes import import_all, import_until_death

# In the order in which a run passes them; `committing` stands before every commit there is,
# also of what claims and completes an import. Each is tried where it is passed first, and where so
# large a share of its passings is behind: in other files for other points.
_POINTS = {
    "claiming": 0.5,
    "started": 0.8,
    "loaded": 0.35,
    "applied": 0.45,
    "flushed": 0.55,
    "checkpointed": 0.65,
    "committing": 0.75,
    "committed": 0.9,
    "ending": 0.6,
}


@pytest.mark.parametrize(
    ("uninterrupted_run", "point", "share"),
    [
        (kind, point, share)
        for kind in KINDS
        for point, late in _POINTS.items()
        # One of them is enough where a run takes longer.
        for share in ((0.0, late) if kind == "sqlite" else (late,))
    ],
    indirect=["uninterrupted_run"],
    scope="session",
)
def test_a_process_killed_within_a_chunk_ends_as_if_it_had_not_been(
    uninterrupted: Uninterrupted, tmp_path: Path, point: str, share: float
) -> None:
    passing = 1 + int(uninterrupted.passed[point] * share)
    settings = uninterrupted.begin(tmp_path / "data")
    import_until_death(settings, uninterrupted.sources, point, passing)
    import_all(settings, uninterrupted.sources)
    assert_same(end_state(settings), uninterrupted.state)


@pytest.mark.parametrize("file", [2, 4])
@pytest.mark.parametrize("point", ["reading", "submitted"])
def test_a_process_killed_while_it_submits_ends_as_if_it_had_not_been(
    uninterrupted: Uninterrupted, tmp_path: Path, point: str, file: int
) -> None:
    """`reading`: the attachment is being written; `submitted`: the import is there."""
    settings = uninterrupted.begin(tmp_path / "data")
    import_until_death(settings, uninterrupted.sources, point, file)
    import_all(settings, uninterrupted.sources)
    assert_same(end_state(settings), uninterrupted.state)


def test_a_process_killed_before_its_import_is_committed_leaves_no_import(
    uninterrupted: Uninterrupted, tmp_path: Path
) -> None:
    """The attachment is whole by then, and the row of the import written but not committed."""
    settings = uninterrupted.begin(tmp_path / "data")
    imports_before = _count_imports(settings)
    import_until_death(settings, uninterrupted.sources, "creating", 1)
    assert _count_imports(settings) == imports_before
    import_all(settings, uninterrupted.sources)
    assert_same(end_state(settings), uninterrupted.state)


def test_a_process_killed_while_it_makes_its_installation_can_be_started_again(
    uninterrupted: Uninterrupted, bare: Settings
) -> None:
    """The folder is new, the database empty: the first commits are those of its migrations."""
    for passing in (1, 2, 3):
        import_until_death(bare, uninterrupted.sources, "committing", passing)
    assert _count_imports(bare) == 0


def _count_imports(settings: Settings) -> int:
    with open_longshore(settings) as longshore, longshore.database.read() as tx:
        ((count,),) = tx.fetch("SELECT count(*) FROM imports")
    assert isinstance(count, int)
    return count
