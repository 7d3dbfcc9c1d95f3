"""How many areas the allocator of C takes its memory from."""

import ctypes

__all__ = ["bound_arenas"]

# glibc gives each thread one of up to eight per core, and what one thread frees the others do not
# use: with a hundred clients they cost a server 70 MB (docs/benchmarks.md). Python holds a lock of
# its own while it allocates, so threads hardly meet in two.
_ARENAS = 2
_M_ARENA_MAX = -8  # mallopt(3)


def bound_arenas() -> None:
    """Let all threads share a few; to be called before there are any.

    Other libraries of C than glibc have no such areas, and are left alone.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, _ARENAS)
