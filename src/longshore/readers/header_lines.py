"""Headers of two lines, as merged cells make them: the second tells apart what the first groups.

    code  name  Price          Size
                EUR    USD     length  width

A row is not taken for a part of the header: such a part has no text under the name of one column,
no number in a cell, and no more cells than the first line.
"""

from collections import Counter
from collections.abc import Callable, Sequence

from longshore.readers.cell_looks import has_letter, is_value
from longshore.readers.csv_rules import is_blank, trimmed

IsField = Callable[[str], bool]


def is_header_of_two(upper: Sequence[str], lower: Sequence[str]) -> bool:
    """Whether two lines that follow each other are one header."""
    above, below = _aligned(upper, lower)
    names = [name for name in (*above, *below) if name]
    if len(lower) > len(upper) or sum(map(bool, above)) < 2:
        return False
    if not all(has_letter(name) and not is_value(name) for name in names):
        return False
    groups = _groups(above)
    grouped = [index for index, name in enumerate(above) if not name and below[index]]
    # In each group that is told apart, its first column has a name of its own, too.
    if not grouped or not all(groups[index] is not None for index in grouped):
        return False
    firsts = {groups[index] for index in grouped}
    if not all(below[first] for first in firsts if first is not None):
        return False
    alone = [index for index, name in enumerate(above) if name and index not in firsts]
    if any(below[index] for index in alone):
        # All columns have a name in the lower line: only where names repeat do groups say more.
        width = max(index + 1 for index, name in enumerate(below) if name)
        return all(below[:width]) and len(set(below[:width])) < width
    return bool(alone) or len(set(filter(None, below))) < sum(map(bool, below))


def names_of_two(upper: Sequence[str], lower: Sequence[str], is_field: IsField) -> list[str]:
    """The names of the columns under a header of two lines: `Price EUR`.

    A name of the lower line that no other column has stands alone where it is the name of a field,
    and where the lower line names every column.
    """
    above, below = _aligned(upper, lower)
    groups = _groups(above)
    counts = Counter(below)
    is_full = all(below[: max(index + 1 for index, name in enumerate(below) if name)])
    names = []
    for name, own, group in zip(above, below, groups, strict=True):
        if not own:
            names.append(name)
        elif group is None or (counts[own] == 1 and (is_full or is_field(own))):
            names.append(own)
        else:
            names.append(f"{above[group]} {own}")
    return names


def _aligned(upper: Sequence[str], lower: Sequence[str]) -> tuple[list[str], list[str]]:
    """Both lines, trimmed, of one width."""
    width = max(len(upper), len(lower))
    return (
        [trimmed(cell) for cell in (*upper, *[""] * (width - len(upper)))],
        [trimmed(cell) for cell in (*lower, *[""] * (width - len(lower)))],
    )


def _groups(above: Sequence[str]) -> list[int | None]:
    """For each column the one in which the name stands that goes for it; None: none does."""
    groups: list[int | None] = []
    first: int | None = None
    for index, name in enumerate(above):
        if not is_blank(name):
            first = index
        groups.append(first)
    return groups
