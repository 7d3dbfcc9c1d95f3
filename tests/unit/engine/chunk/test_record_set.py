"""Sets of ids as bitmaps."""

from hypothesis import given
from hypothesis import strategies as st

from longshore.engine.chunk.record_set import RecordSet, pages_of

# Close together and far apart, around the borders of pages.
IDS = st.sets(st.one_of(st.integers(1, 60), st.integers(4090, 4100), st.integers(1 << 40, 1 << 62)))
RANGES = st.builds(
    lambda low, length: set(range(low, low + length)),
    st.sampled_from([1, 4095, 4096, (1 << 40) + 8191]),
    st.integers(0, 9000),
)


@given(st.lists(IDS | RANGES, max_size=4), IDS)
def test_a_record_set_holds_what_was_added(parts: list[set[int]], asked: set[int]) -> None:
    held: set[int] = set()
    found = RecordSet()
    for part in parts:
        assert found.has_any(pages_of(part)) == bool(held & part)
        found.add(pages_of(part))
        held |= part
    near = {id + shift for id in held for shift in (-1, 0, 1)}
    assert {id for id in asked | near if id in found} == (asked | near) & held
