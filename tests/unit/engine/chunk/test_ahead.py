"""Items made in another thread while the one before is used."""

import threading
from collections.abc import Iterator

import pytest

from longshore.engine.chunk.ahead import ahead


def test_items_come_in_their_order_and_all_of_them() -> None:
    assert list(ahead(iter([3, 0, None, 1]))) == [3, 0, None, 1]
    assert list(ahead(iter([]))) == []


def test_the_next_item_is_made_while_one_is_used() -> None:
    is_made = threading.Event()
    threads = set()

    def items() -> Iterator[int]:
        threads.add(threading.current_thread())
        yield 1
        is_made.set()
        yield 2

    found = []
    for item in ahead(items()):
        assert is_made.wait(30)
        found.append(item)
    assert found == [1, 2]
    assert threading.current_thread() not in threads


def test_what_fails_fails_where_it_would_have_been_taken() -> None:
    def items() -> Iterator[int]:
        yield 1
        raise ValueError("the second one")

    found = ahead(items())
    assert next(found) == 1
    with pytest.raises(ValueError, match="the second one"):
        next(found)


def test_closing_ends_the_thread_and_makes_no_further_item() -> None:
    made = []

    def items() -> Iterator[int]:
        for number in range(10):
            made.append(number)
            yield number

    before = threading.active_count()
    found = ahead(items())
    assert next(found) == 0
    found.close()
    assert made in ([0], [0, 1])
    assert threading.active_count() == before
