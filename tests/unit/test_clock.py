"""Times on the wire and inside."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore import clock

DAY = 86_400_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01", 0),
        ("1970-01-02", DAY),
        ("1969-12-31T23:59:59.999Z", -1),
        ("1970-01-01T00:00", 0),
        ("1970-01-01 00:00:01", 1000),
        ("1970-01-01t00:00:01z", 1000),
        ("1970-01-01T00:00:00.5Z", 500),
        ("1970-01-01T00:00:00,25Z", 250),
        ("1970-01-01T00:00:00.1239Z", 123),
        ("1970-01-01T02:00:00+02:00", 0),
        ("1970-01-01T02:00:00+0200", 0),
        ("1970-01-01T02:00:00+02", 0),
        ("1969-12-31T22:30:00-01:30", 0),
        ("2024-02-29", 1_709_164_800_000),
        ("0001-01-01", clock.MINIMUM),
        ("9999-12-31T23:59:59.999Z", clock.MAXIMUM),
        ("0001-01-01T00:00:00+00:01", None),
        ("9999-12-31T23:59:59.999-00:01", None),
        ("0000-01-01", None),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("2024-01-32", None),
        ("2024-01-01T24:00:00", None),
        ("2024-01-01T10:60", None),
        ("2024-01-01T10:00:60", None),
        ("2024-01-01T10", None),
        ("2024-01-01T10:00+24:00", None),
        ("2024-01-01T10:00+02:60", None),
        ("2024-01-01Z", None),
        ("2024-1-1", None),
        ("20240101", None),
        ("2024-W01-1", None),
        ("24-01-01", None),
        ("2024-01-01T10:00:00.Z", None),
        (" 2024-01-01", None),
        ("2024-01-01\n", None),
        ("٢٠٢٤-01-01", None),
        ("tomorrow", None),
        ("", None),
    ],
)
def test_an_iso_8601_text_is_an_instant_and_anything_else_is_none(text, expected):
    assert clock.parse_datetime(text) == expected


@given(st.integers(clock.MINIMUM, clock.MAXIMUM))
def test_every_instant_is_read_back_from_its_text(value):
    text = clock.format_datetime(value)
    assert len(text) == len("2024-01-31T10:20:30.123Z")
    assert clock.parse_datetime(text) == value


@given(
    st.datetimes(min_value=datetime(2, 1, 1), max_value=datetime(9998, 12, 31)),
    st.integers(-23 * 60 - 59, 23 * 60 + 59),
)
def test_texts_of_the_standard_library_mean_the_same_here(moment, offset_minutes):
    sign = "-" if offset_minutes < 0 else "+"
    hours, minutes = divmod(abs(offset_minutes), 60)
    text = f"{moment.isoformat()}{sign}{hours:02}:{minutes:02}"
    utc = (moment - timedelta(minutes=offset_minutes)).replace(tzinfo=UTC)
    expected = (utc - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
    assert clock.parse_datetime(text) == expected


def test_the_clock_tells_milliseconds():
    before = datetime.now(UTC).timestamp() * 1000
    assert before - 1 <= clock.now() <= before + 60_000
