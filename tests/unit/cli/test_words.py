"""How names, counts and durations are told to people."""

import pytest

from longshore.catalogue import load_catalogue
from longshore.cli.messages import counted
from longshore.cli.names import importable_type, nearest, recorded_type
from longshore.cli.progress import duration, show_progress
from longshore.errors import RequestRefused


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


@pytest.mark.parametrize(
    ("name", "message", "hint"),
    [
        ("sku", "no such resource type: sku", "did you mean skus?"),
        ("events", "events cannot be imported", "longshore types --all"),
        ("qqqqq", "no such resource type: qqqqq", "longshore types lists them all"),
    ],
)
def test_types_that_cannot_be_imported_are_refused(name: str, message: str, hint: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        importable_type(load_catalogue(), name)
    assert refused.value.message == message
    assert hint in str(refused.value.hint)


def test_what_is_kept_elsewhere_is_no_record() -> None:
    with pytest.raises(RequestRefused, match="imports are not records") as refused:
        recorded_type(load_catalogue(), "imports")
    assert refused.value.hint == "longshore imports lists them"
    with pytest.raises(RequestRefused, match="events are not kept as records"):
        recorded_type(load_catalogue(), "events")


def test_records_of_an_abstract_type_can_be_looked_at() -> None:
    assert recorded_type(load_catalogue(), "tax_calculators").is_abstract


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
