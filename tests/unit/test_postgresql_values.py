"""Columns as PostgreSQL takes them in; that it does is tested with a server."""

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Double, Text

from longshore.database.postgresql_values import array_of, copy_data, list_of

NUMBER, WEIGHT = Column("number", BigInteger), Column("weight", Double)
NAME, IS_SOLD = Column("name", Text), Column("is_sold", Boolean)


@pytest.mark.parametrize(
    ("column", "values", "expected"),
    [
        (NUMBER, [1, -(2**63), None], "1 -9223372036854775808 \\N"),
        (NUMBER, range(3), "0 1 2"),
        (NUMBER, [2**70, None], "1180591620717411303424 \\N"),  # for PostgreSQL to refuse
        (WEIGHT, [0.1, -0.0, 1e300, None, 5], "0.1 -0.0 1e300 \\N 5"),
        (IS_SOLD, [True, False, None, 1, 0], "t f \\N t f"),
        (NAME, ["null", None, ""], "null \\N "),
        (NAME, ["a\\b", None], "a\\\\b \\N"),
        (NAME, ["a\nb"], "a\\nb"),
    ],
)
def test_a_column_is_spelled_for_copy(column, values, expected):
    lines = "".join(f"{value}\n" for value in expected.split(" "))
    assert copy_data([(column, values)]) == lines.encode()


def test_constants_stand_behind_every_row():
    copied = copy_data([(NUMBER, [1, 2])], [(NAME, "a\tb"), (IS_SOLD, None), (WEIGHT, 0.5)])
    assert copied == b"1\ta\\tb\t\\N\t0.5\n2\ta\\tb\t\\N\t0.5\n"


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_finite_number_is_a_bug_not_null(wrong):
    for values in ([wrong], [1.5, None, wrong]):
        with pytest.raises(AssertionError, match="finite"):
            copy_data([(WEIGHT, values)])
        with pytest.raises(AssertionError, match="finite"):
            array_of(WEIGHT, values)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([], "{}"),
        ({7}, "{7}"),
        ([1, 2**40], "{1,1099511627776}"),
        (["null", 'a"b'], '{"null","a\\"b"}'),
        ([""], '{""}'),
    ],
)
def test_a_list_is_spelled_as_an_array(values, expected):
    assert list_of(values) == expected
