"""How names, counts and durations are told to people."""

import pytest

from longshore.cli.messages import counted
from longshore.cli.names import nearest
from longshore.cli.progress import duration, show_progress


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0.004, "0.00 s"),
        (0.42, "0.42 s"),
        (1.55, "1.6 s"),
        (59.4, "59 s"),
        (60, "1 min 00 s"),
        (200, "3 min 20 s"),
        (3599.6, "1 h 00 min"),
        (7500, "2 h 05 min"),
    ],
)
def test_durations(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.parametrize(("count", "text"), [(1, "1 row"), (0, "0 rows"), (2000, "2,000 rows")])
def test_counts(count: int, text: str) -> None:
    assert counted(count, "row") == text


@pytest.mark.parametrize(
    ("name", "close"),
    [
        ("descripton", "description"),
        ("Description", "description"),
        ("Shipping Category ID", "shipping_category_id"),
        ("zzz", None),
    ],
)
def test_the_nearest_name_is_found_however_it_is_written(name: str, close: str | None) -> None:
    assert nearest(name, ["code", "description", "shipping_category_id"]) == close


def test_quiet_progress_says_nothing_where_no_terminal_is(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with show_progress(quiet=True) as progress:
        progress.begin("exporting")
        progress.finish(5, 5, "records")
    assert capfd.readouterr().err == ""
    with show_progress() as progress:
        progress.begin("importing")
        progress.finish(5, 5, "rows")
    assert capfd.readouterr().err.startswith("importing: 5 of 5 rows, ")
