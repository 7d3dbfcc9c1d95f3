"""Rate limits: how many requests a caller may send within a time, counted in memory.

Windows slide in steps of a tenth: a request counts until its whole step is older than the window,
so within no time of the window's length are more requests admitted than the limit says. Each
process counts for itself. Memory is bounded: beyond `_COUNTERS_MAX` counters, the one that was
used longest ago is forgotten.
"""

import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from longshore.access.environments import Mode
from longshore.catalogue import Catalogue
from longshore.settings import Settings

_STEPS = 10
_COUNTERS_MAX = 20_000

# docs.commercelayer.io, "Rate limits": reading these, and their concrete types, is in the
# generous class.
_CACHEABLE = (
    "bundles",
    "imports",
    "markets",
    "prices",
    "price_lists",
    "promotions",
    "skus",
    "sku_options",
    "stock_items",
    "stock_locations",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """What is left of a limit after a request was counted; shown in the response's headers."""

    limit: int  # requests
    interval: int  # seconds
    remaining: int  # requests
    retry_after: int | None = None  # seconds; None: the request is admitted


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedRequest:
    """What decides to which windows a request counts."""

    caller: str  # who sends it: an application, or a machine that shows no token
    mode: Mode | None = None  # None: no token was shown
    is_reading: bool
    endpoint: str  # the resource type, or the path of what is no resource


@dataclass(frozen=True, slots=True, kw_only=True)
class _Window:
    name: str  # requests that share it are counted together
    limit: int
    seconds: int


class RateLimits:
    """Counts the requests of every caller; threads may share it."""

    def __init__(
        self,
        settings: Settings,
        catalogue: Catalogue,
        *,
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._cacheable = frozenset(
            name for base in _CACHEABLE for name in (base, *catalogue.types[base].concrete)
        )
        self._now = now
        self._counters: OrderedDict[tuple[str, str], _RequestCounter] = OrderedDict()
        self._lock = threading.Lock()

    def admit(self, request: CountedRequest) -> Allowance:
        """Count a request in all its windows, or in none where one of them is full.

        The allowance is that of the fullest window.
        """
        windows = self._windows(request)
        now = self._now()
        with self._lock:
            counters = [(self._counter(request.caller, window), window) for window in windows]
            full = [
                (counter.seconds_until_free(window, now), window)
                for counter, window in counters
                if counter.count(window, now) >= window.limit
            ]
            if full:
                seconds, window = max(full, key=lambda each: each[0])
                return Allowance(
                    limit=window.limit,
                    interval=window.seconds,
                    remaining=0,
                    retry_after=max(1, math.ceil(seconds)),
                )
            left = []
            for counter, window in counters:
                counter.add(window, now)
                left.append((window.limit - counter.count(window, now), window))
        remaining, window = min(left, key=lambda each: each[0] / each[1].limit)
        return Allowance(limit=window.limit, interval=window.seconds, remaining=remaining)

    def _windows(self, request: CountedRequest) -> Sequence[_Window]:
        settings = self._settings
        if settings.rate_limit_preset == "commerce_layer":
            is_cacheable = request.is_reading and request.endpoint in self._cacheable
            return _published_windows(request, is_cacheable=is_cacheable)
        return (
            _Window(
                name="",
                limit=settings.rate_limit_requests,
                seconds=settings.rate_limit_seconds,
            ),
        )

    def _counter(self, caller: str, window: _Window) -> "_RequestCounter":
        key = caller, window.name
        counter = self._counters.get(key)
        if counter is None:
            counter = self._counters[key] = _RequestCounter()
            if len(self._counters) > _COUNTERS_MAX:
                self._counters.popitem(last=False)
        else:
            self._counters.move_to_end(key)
        return counter


def _published_windows(request: CountedRequest, *, is_cacheable: bool) -> Sequence[_Window]:
    """The windows of docs.commercelayer.io, "Rate limits"; test mode has half of each."""
    if request.endpoint == "/oauth/token":
        return (_Window(name="token", limit=30, seconds=60),)
    share = 1 if request.mode is Mode.LIVE else 2
    if is_cacheable:
        return (
            _Window(name=f"burst {request.endpoint}", limit=250 // share, seconds=10),
            _Window(name="cacheable", limit=1000 // share, seconds=60),
        )
    return (
        _Window(name="burst", limit=50 // share, seconds=10),
        _Window(name="uncacheable", limit=200 // share, seconds=60),
    )


class _RequestCounter:
    """How many requests came in each step of the last window, the step under way included."""

    __slots__ = ("_counts", "_step")

    def __init__(self) -> None:
        # Of the step `_step - index`; one more than a window has, as the oldest counts whole.
        self._counts = [0] * (_STEPS + 1)
        self._step = 0

    def count(self, window: _Window, now: float) -> int:
        self._slide(window, now)
        return sum(self._counts)

    def add(self, window: _Window, now: float) -> None:
        self._slide(window, now)
        self._counts[0] += 1

    def seconds_until_free(self, window: _Window, now: float) -> float:
        """How long until one more request fits."""
        self._slide(window, now)
        excess = sum(self._counts) - window.limit
        length = window.seconds / _STEPS
        for index in range(_STEPS, -1, -1):
            excess -= self._counts[index]
            if excess < 0:
                return (self._step + _STEPS + 1 - index) * length - now
        return window.seconds

    def _slide(self, window: _Window, now: float) -> None:
        step = int(now * _STEPS // window.seconds)
        passed = min(step - self._step, len(self._counts))
        if passed > 0:
            kept = self._counts[: len(self._counts) - passed]
            self._counts = [0] * passed + kept
        self._step = max(step, self._step)
