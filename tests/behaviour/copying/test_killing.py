"""A copy whose process is killed, at any moment, is repeated and ends as if it had not been."""

import shutil
from pathlib import Path

import pytest

from longshore.assembly import copy_from, open_longshore
from longshore.errors import RequestRefused
from longshore.settings import Settings
from tests.behaviour.copying.sides import ask, source_contents, target_contents
from tests.behaviour.database.processes import other_process

# Stops for the test each time it has done something of a step, with few rows at a time.
_COPY = """
from longshore.assembly import copy_from
from longshore.copying import transfer

transfer._CHUNK_ROWS = 7

def on_progress(step, done, total, unit):
    if step == {step!r} and done >= {done}:
        say("there")
        hear()

copy_from(Path({source!r}), settings, on_progress=on_progress)
say("done")
"""


@pytest.mark.parametrize(
    ("step", "done"),
    [
        ("copying events", 1),
        ("copying markets", 1),
        ("copying skus", 14),
        ("verifying skus", 20),
        ("copying attachments", 3),
    ],
)
def test_a_copy_that_is_killed_goes_on_where_it_stopped(
    source: Path, target: Settings, step: str, done: int
) -> None:
    with other_process(_COPY.format(step=step, done=done, source=str(source)), target) as copier:
        assert copier.hear() == "there", copier.end()
        copier.process.kill()
    with pytest.raises(RequestRefused, match="copy that is not complete") as refused:
        open_longshore(target)
    assert "longshore copy" in (refused.value.hint or "")
    kept = _times_of_rows(target)
    copied = copy_from(source, target)
    assert target_contents(target.database_url) == source_contents(source)
    assert copied.attachments.missing == ()
    assert kept.items() <= _times_of_rows(target).items(), "rows were copied twice"
    open_longshore(target).close()


def test_a_second_copy_to_the_same_place_is_refused(source: Path, target: Settings) -> None:
    """Even one that reads the same installation somewhere else."""
    elsewhere = Path(shutil.copytree(source, source.with_name("elsewhere")))
    script = _COPY.format(step="copying skus", done=7, source=str(elsewhere))
    with other_process(script, target) as copier:
        assert copier.hear() == "there", copier.end()
        copy_from(source, target)
        copier.say("go on")
        assert "another process copies" in copier.end()
    assert target_contents(target.database_url) == source_contents(source)


def _times_of_rows(target: Settings) -> dict[int, str]:
    """Which transaction has written each SKU."""
    return dict(ask(target.database_url, "SELECT id, xmin::text FROM skus"))
