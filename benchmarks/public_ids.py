"""What public ids cost: the permutation against the multiplication that it took the place of."""

import random
import time
from collections.abc import Callable, Sequence
from statistics import median
from typing import TypeVar

from benchmarks.report import print_table
from longshore.identifiers import PublicIdKeys, PublicIds, first_id, new_key, new_secret

_T = TypeVar("_T")
_R = TypeVar("_R")
_BEFORE = 1 << 30


def measure_public_ids(*, rows: int, rounds: int) -> None:
    """Both directions, for ids one after another and for ids from all over an environment."""
    ids = PublicIds(PublicIdKeys(key=new_key(), secret=new_secret(), records_before=_BEFORE))
    found: dict[tuple[str, bool], list[float]] = {}
    for number in range(rounds):
        # Ids of the first half are older than the key, so they are multiplied only.
        for is_permuted in (True, False) if number % 2 else (False, True):
            last = first_id(1) + (_BEFORE if is_permuted else 0)
            for order, chosen in (
                ("one after another", range(last + 1, last + 1 + rows)),
                ("from all over", random.sample(range(last + 1, last + _BEFORE), rows)),
            ):
                texts, seconds = _timed(ids.encode, chosen)
                found.setdefault((f"encode, {order}", is_permuted), []).append(seconds)
                again, seconds = _timed(ids.decode, texts)
                found.setdefault((f"decode, {order}", is_permuted), []).append(seconds)
                assert again == [*chosen]
    kinds = dict.fromkeys(kind for kind, _ in found)
    print_table(
        f"{rows:,} public ids, {rounds} rounds",
        ("", "permuted", "multiplied", "ratio"),
        [
            (
                kind,
                f"{median(found[kind, True]) / rows * 1e9:,.0f} ns",
                f"{median(found[kind, False]) / rows * 1e9:,.0f} ns",
                f"{median(map(_ratio, found[kind, True], found[kind, False])):.1f}",
            )
            for kind in kinds
        ],
    )


def _timed(convert: Callable[[_T], _R], values: Sequence[_T]) -> tuple[list[_R], float]:
    began = time.process_time()
    converted = [convert(each) for each in values]
    return converted, time.process_time() - began


def _ratio(one: float, other: float) -> float:
    return one / other
