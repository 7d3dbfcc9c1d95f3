"""Reading ahead: the next chunk is read and converted while the database works on this one.

Only for a database that is a server: while the driver waits for it, other threads run. An embedded
database works in the thread of the import, and the driver gives way after every row, so another
busy thread makes it a hundred times as slow.
"""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")


def ahead(items: Iterator[Item]) -> Generator[Item, None, None]:
    """The same items, each of them made in another thread while the one before it is used.

    What making one raises is raised where it would have been taken. Closing it waits for the item
    that is being made, and for no further one.
    """
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="ahead") as thread:
        coming = thread.submit(_next, items)
        while item := coming.result():
            coming = thread.submit(_next, items)
            yield item[0]


def _next(items: Iterator[Item]) -> tuple[Item] | None:
    for item in items:
        return (item,)
    return None
