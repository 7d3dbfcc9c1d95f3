"""Cells that a spreadsheet would compute."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.spreadsheet_cells import bare, guarded


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+49 30", "'+49 30"),
        ("-5", "'-5"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\tx", "'\tx"),
        ("\r=1", "'\r=1"),
        ("'=1", "''=1"),
        ("''-", "'''-"),
        ("'tis", "'tis"),
        ("'", "'"),
        ("a=1", "a=1"),
        ("", ""),
        ("5", "5"),
    ],
)
def test_a_cell_is_guarded_where_it_could_be_taken_for_a_formula(cell: str, written: str) -> None:
    assert guarded(cell) == written
    assert bare(written) == cell


@given(st.text(st.sampled_from("'=+-@\t\r a"), max_size=6) | st.text())
def test_every_cell_comes_back_as_it_was(cell: str) -> None:
    assert bare(guarded(cell)) == cell
    assert not guarded(cell).startswith(("=", "+", "-", "@", "\t", "\r"))
