"""The order of things that need each other, with the least that has to be given up for it."""

from collections.abc import Iterable, Mapping, Sequence


def ordered(
    names: Sequence[str],
    needs: Mapping[str, Iterable[str]],
    wishes: Mapping[str, Iterable[str]],
) -> tuple[str, ...]:
    """The names, each behind what it needs, and behind what it wishes where that closes no circle.

    `needs` go in no circle. Wishes are granted in the order of the names; the answer is the same
    in every process.
    """
    before = {
        name: [other for other in names if other in set(needs.get(name, ()))] for name in names
    }
    for name in names:
        wished = set(wishes.get(name, ()))
        for other in names:
            if other in wished and not _is_behind(other, name, before):
                before[name].append(other)
    found: dict[str, None] = {}
    for name in names:
        _put(name, before, found)
    return tuple(found)


def _is_behind(name: str, other: str, before: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name comes behind another one, or is it."""
    seen: set[str] = set()
    left = [name]
    while left:
        each = left.pop()
        if each == other:
            return True
        if each not in seen:
            seen.add(each)
            left.extend(before[each])
    return False


def _put(name: str, before: Mapping[str, Sequence[str]], found: dict[str, None]) -> None:
    if name not in found:
        for other in before[name]:
            _put(other, before, found)
        found[name] = None
