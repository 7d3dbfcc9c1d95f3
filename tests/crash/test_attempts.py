"""An import that kills whoever runs it does not do so for ever."""

from pathlib import Path

from longshore.assembly import open_longshore
from longshore.imports import Import, list_imports
from longshore.settings import Settings
from tests.crash.conftest import Uninterrupted
from tests.crash.end_state import assert_same, end_state
from tests.crash.processes import import_all, import_until_death
from tests.crash.sources import FILES, ROWS

_ATTEMPTS_MAX = Settings().import_attempts_max


def _imports(settings: Settings) -> dict[str | None, Import]:
    with open_longshore(settings) as longshore:
        number = longshore.organizations.environment("default", "test").number
        with longshore.database.read() as tx:
            return {
                import_.reference: import_
                for import_ in list_imports(tx, number)
                if isinstance(import_, Import)
            }


def test_an_import_whose_runners_die_in_a_row_without_a_chunk_is_interrupted_with_a_reason(
    uninterrupted: Uninterrupted, tmp_path: Path
) -> None:
    settings = uninterrupted.begin(tmp_path / "data")
    for _ in range(_ATTEMPTS_MAX):
        import_until_death(settings, uninterrupted.sources, "started", 1)
    left = _imports(settings)["skus.csv"]
    assert (left.status, left.run.attempts) == ("in_progress", _ATTEMPTS_MAX)

    import_all(settings, uninterrupted.sources)
    after = _imports(settings)
    given_up = after.pop("skus.csv")
    assert given_up.status == "interrupted"
    assert given_up.interruption_reason == "3 runners in a row stopped without an answer"
    assert given_up.consumed_count == given_up.errors_count == 0
    # The others are done as if nothing had been.
    statuses = {name: after[name].status for _, name in FILES if name in after}
    assert statuses == {name: "completed" for name in ROWS if name != "skus.csv"}


def test_runners_that_commit_a_chunk_before_they_die_do_not_count(
    uninterrupted: Uninterrupted, tmp_path: Path
) -> None:
    settings = uninterrupted.begin(tmp_path / "data")
    for _ in range(_ATTEMPTS_MAX + 2):
        import_until_death(settings, uninterrupted.sources, "committed", 1)
    import_all(settings, uninterrupted.sources)
    assert_same(end_state(settings), uninterrupted.state)
