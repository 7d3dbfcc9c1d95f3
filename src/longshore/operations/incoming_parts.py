"""Parts of a file as they come in: bounded, and compared with those that are there already."""

import hashlib
from collections.abc import Callable, Iterable, Iterator

from longshore.errors import RequestRefused
from longshore.sources import StoredPart

PART_BYTES_MAX = 64 * 1024 * 1024


class EmptyPart(RequestRefused):
    """A part has no bytes."""


def limited(blocks: Iterable[bytes], too_large: Callable[[str], RequestRefused]) -> Iterator[bytes]:
    """The same; raises what `too_large` makes of a sentence for more than a part may have."""
    size = 0
    for block in blocks:
        size += len(block)
        if size > PART_BYTES_MAX:
            raise too_large(f"a part may have {PART_BYTES_MAX} bytes: send several")
        yield block


def is_same(blocks: Iterable[bytes], known: StoredPart) -> bool:
    """Whether bytes that come again are those that are there."""
    content = hashlib.sha256()
    length = 0
    for block in blocks:
        content.update(block)
        length += len(block)
    return (length, content.hexdigest()) == (known.length, known.digest)
