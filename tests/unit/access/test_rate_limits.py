"""How many requests are admitted, on a clock that the test turns."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.access import CountedRequest, Mode, RateLimits
from longshore.catalogue import load_catalogue
from longshore.settings import Settings

CATALOGUE = load_catalogue()


class Clock:
    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def limits_of(clock: Clock, **settings: Any) -> RateLimits:
    return RateLimits(Settings(**settings), CATALOGUE, now=clock)


def a_request(caller: str = "app", **changes: Any) -> CountedRequest:
    values: dict[str, Any] = {"mode": Mode.TEST, "is_reading": True, "endpoint": "skus", **changes}
    return CountedRequest(caller=caller, **values)


def test_requests_count_down_to_a_refusal_that_says_when_to_come_again():
    clock = Clock()
    limits = limits_of(clock, rate_limit_requests=3, rate_limit_seconds=10)
    left = [limits.admit(a_request()).remaining for _ in range(3)]
    assert left == [2, 1, 0]
    refused = limits.admit(a_request())
    assert (refused.limit, refused.interval, refused.remaining) == (3, 10, 0)
    assert refused.retry_after is not None
    clock.seconds += refused.retry_after
    assert limits.admit(a_request()).retry_after is None


def test_refused_requests_do_not_count():
    clock = Clock()
    limits = limits_of(clock, rate_limit_requests=1, rate_limit_seconds=10)
    limits.admit(a_request())
    for _ in range(50):
        clock.seconds += 0.1
        assert limits.admit(a_request()).retry_after is not None
    clock.seconds += 6
    assert limits.admit(a_request()).retry_after is None


def test_each_caller_is_counted_apart():
    limits = limits_of(Clock(), rate_limit_requests=1)
    assert limits.admit(a_request("one")).retry_after is None
    assert limits.admit(a_request("two")).retry_after is None
    assert limits.admit(a_request("one")).retry_after is not None


@given(
    st.lists(st.floats(0, 3), min_size=1, max_size=60),
    st.integers(1, 5),
    st.integers(1, 7),
)
def test_within_no_time_of_the_window_are_more_admitted_than_the_limit(pauses, limit, seconds):
    clock = Clock()
    limits = limits_of(clock, rate_limit_requests=limit, rate_limit_seconds=seconds)
    admitted: list[float] = []
    for pause in pauses:
        clock.seconds += pause
        allowance = limits.admit(a_request())
        recent = [at for at in admitted if at > clock.seconds - seconds]
        if allowance.retry_after is None:
            admitted.append(clock.seconds)
            assert len(recent) < limit
            assert allowance.remaining <= limit - len(recent) - 1
        else:
            # Steps of a tenth make the window longer by one of them at most.
            longer = [at for at in admitted if at > clock.seconds - seconds * 1.1 - 0.001]
            assert len(longer) >= limit
            assert allowance.retry_after <= seconds * 1.1 + 1


@given(st.lists(st.floats(0, 2), max_size=30), st.integers(1, 4))
def test_whoever_waits_as_told_is_admitted(pauses, limit):
    clock = Clock()
    limits = limits_of(clock, rate_limit_requests=limit, rate_limit_seconds=5)
    for pause in pauses:
        clock.seconds += pause
        retry_after = limits.admit(a_request()).retry_after
        if retry_after is not None:
            clock.seconds += retry_after
            assert limits.admit(a_request()).retry_after is None


def test_memory_does_not_grow_with_the_number_of_callers(monkeypatch):
    monkeypatch.setattr("longshore.access.rate_limits._COUNTERS_MAX", 10)
    limits = limits_of(Clock(), rate_limit_requests=1)
    for number in range(100):
        limits.admit(a_request(f"caller {number}"))
        limits.admit(a_request("busy"))
    assert len(limits._counters) == 10
    # Whoever asks all the time is not the one that is forgotten.
    assert limits.admit(a_request("busy")).retry_after is not None


@pytest.mark.parametrize(
    ("changes", "limit", "interval"),
    [
        ({"mode": Mode.LIVE}, 250, 10),
        ({"mode": Mode.TEST}, 125, 10),
        ({"mode": Mode.LIVE, "endpoint": "imports"}, 250, 10),
        ({"mode": Mode.LIVE, "endpoint": "percentage_discount_promotions"}, 250, 10),
        ({"mode": Mode.LIVE, "endpoint": "orders"}, 50, 10),
        ({"mode": Mode.TEST, "endpoint": "orders"}, 25, 10),
        ({"mode": Mode.LIVE, "is_reading": False}, 50, 10),
        ({"mode": None, "is_reading": False, "endpoint": "/oauth/token"}, 30, 60),
    ],
)
def test_the_preset_has_the_limits_that_are_published(changes, limit, interval):
    limits = limits_of(Clock(), rate_limit_preset="commerce_layer")
    asked = a_request(**changes)
    allowances = [limits.admit(asked) for _ in range(limit + 1)]
    assert [each.retry_after is None for each in allowances] == [True] * limit + [False]
    assert (allowances[-1].limit, allowances[-1].interval) == (limit, interval)


def test_in_the_preset_a_minute_has_a_limit_of_its_own():
    clock = Clock()
    limits = limits_of(clock, rate_limit_preset="commerce_layer")
    writing = a_request(is_reading=False, mode=Mode.LIVE)
    admitted = 0
    for _ in range(5):
        admitted += sum(limits.admit(writing).retry_after is None for _ in range(60))
        clock.seconds += 11.1
    refused = limits.admit(writing)
    assert admitted == 200
    assert (refused.limit, refused.interval) == (200, 60)


def test_in_the_preset_every_endpoint_has_its_own_burst():
    limits = limits_of(Clock(), rate_limit_preset="commerce_layer")
    for _ in range(125):
        assert limits.admit(a_request(endpoint="skus")).retry_after is None
    assert limits.admit(a_request(endpoint="skus")).retry_after is not None
    assert limits.admit(a_request(endpoint="prices")).retry_after is None
