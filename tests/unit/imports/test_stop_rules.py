"""Stop rules as values: what they can be, and the row at which a share is reached."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.error_codes import ErrorCode
from longshore.imports import (
    StoppedBy,
    StopRule,
    StopRuleRefused,
    StopRules,
    count_of_rows,
    error_code,
    error_codes,
    percentage,
)

PERCENTAGES = st.integers(1, 100 * 10**6).map(lambda millionths: Decimal(millionths).scaleb(-6))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (1, "1"),
        (2.5, "2.5"),
        (0.1, "0.1"),
        (1e-06, "0.000001"),
        (100.0, "100"),
        ("2.5", "2.5"),
        ("2.50%", "2.5"),
        (" 33.333333 % ", "33.333333"),
        ("100.", "100"),
        ("+.5", "0.5"),
        ("1E1%", "10"),
    ],
)
def test_a_share_is_kept_as_it_is_written(given: object, expected: str) -> None:
    assert percentage(given) == Decimal(expected)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (0, "must be greater than 0"),
        (-1, "must be greater than 0"),
        ("-0.1", "must be greater than 0"),
        (100.000001, "must be less than or equal to 100"),
        (10**30, "must be less than or equal to 100"),
        ("0.0000001", "has more than 6 decimals"),
        (1e-7, "has more than 6 decimals"),
        ("", "is not a number"),
        ("ten", "is not a number"),
        ("1_0", "is not a number"),
        ("1e", "is not a number"),
        ("٣", "is not a number"),
        ("2,5", "is not a number"),
        ("9" * 10_000, "is not a number"),
        (float("nan"), "is not a number"),
        (float("inf"), "is not a number"),
        (True, "is not a number"),
        (None, "is not a number"),
        ([5], "is not a number"),
        ({}, "is not a number"),
    ],
)
def test_a_share_that_cannot_be_is_refused(given: object, message: str) -> None:
    with pytest.raises(StopRuleRefused) as refused:
        percentage(given)
    assert refused.value.message == message


@pytest.mark.parametrize("given", [5, 5.0, "5", " 5 ", "+5", "5.", "5.0", "0" * 50 + "5"])
def test_a_count_is_spelled_as_integers_of_rows_are(given: object) -> None:
    assert count_of_rows(given) == 5


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (0, "must be greater than or equal to 1"),
        (-3, "must be greater than or equal to 1"),
        (1 << 63, f"must be less than or equal to {(1 << 63) - 1}"),
        (1.5, "must be an integer"),
        ("1.5", "must be an integer"),
        (".5", "must be an integer"),
        ("0", "must be greater than or equal to 1"),
        ("-2", "must be greater than or equal to 1"),
        ("-0.0", "must be greater than or equal to 1"),
        ("9" * 10_000, f"must be less than or equal to {(1 << 63) - 1}"),
        (1e300, f"must be less than or equal to {(1 << 63) - 1}"),
        (10**4_000, f"must be less than or equal to {(1 << 63) - 1}"),
        (float("nan"), "is not a number"),
        (float("inf"), "is not a number"),
        ("", "is not a number"),
        ("few", "is not a number"),
        ("5%", "is not a number"),
        ("1_0", "is not a number"),
        ("٣", "is not a number"),
        (True, "is not a number"),
        ([], "is not a number"),
    ],
)
def test_a_count_that_cannot_be_is_refused(given: object, message: str) -> None:
    with pytest.raises(StopRuleRefused) as refused:
        count_of_rows(given)
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("given", "message", "reason"),
    [
        ("must-exist", "is not included in the list", "did you mean must_exist?"),
        ("Must Exist", "is not included in the list", "did you mean must_exist?"),
        ("blanc", "is not included in the list", "did you mean blank?"),
        ("", "is not included in the list", None),
        ("x" * 100_000, "is not included in the list", None),
        (5, "is invalid", None),
        (None, "is invalid", None),
    ],
)
def test_a_code_that_is_none_is_refused_with_the_nearest(
    given: object, message: str, reason: str | None
) -> None:
    with pytest.raises(StopRuleRefused) as refused:
        error_code(given)
    assert (refused.value.message, refused.value.reason) == (message, reason)


def test_codes_are_taken_once_and_a_wrong_one_is_told_by_its_place() -> None:
    assert error_codes(["taken", "blank", "taken"]) == (ErrorCode.TAKEN, ErrorCode.BLANK)
    assert error_codes([]) == ()
    with pytest.raises(StopRuleRefused) as refused:
        error_codes(["taken", "token"])
    assert refused.value.index == 1
    with pytest.raises(StopRuleRefused):
        error_codes("taken")


@given(at=PERCENTAGES, inputs_size=st.integers(1, 10**7))
def test_a_share_is_reached_by_the_fewest_rows_that_are_that_much(
    at: Decimal, inputs_size: int
) -> None:
    count = StopRules(at=at).at_count(inputs_size)
    assert count is not None
    assert count >= 1
    assert Fraction(count * 100, inputs_size) >= Fraction(at)
    assert Fraction((count - 1) * 100, inputs_size) < Fraction(at)


@given(
    st.builds(
        StopRules,
        on=st.sampled_from([(), (ErrorCode.BLANK,), (ErrorCode.BLANK, ErrorCode.TAKEN)]),
        consecutive=st.none() | st.integers(1, 2**63 - 1),
        after=st.none() | st.integers(1, 2**63 - 1),
        at=st.none() | PERCENTAGES,
    )
)
def test_rules_are_read_as_they_were_stored(rules: StopRules) -> None:
    stored: dict[str, Any] = rules.to_dict()
    assert StopRules.from_dict(stored) == rules
    assert bool(rules) is bool(stored)


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        (StopRule.ON, ErrorCode.BLANK, "row 1,207 failed with the code blank (stop_on)"),
        (
            StopRule.CONSECUTIVE,
            3,
            "3 rows one after another failed, up to row 1,207 (stop_consecutive)",
        ),
        (StopRule.CONSECUTIVE, 1, "row 1,207 failed (stop_consecutive)"),
        (StopRule.AFTER, 1, "1 row had failed with row 1,207 (stop_after)"),
        (StopRule.AFTER, 5, "5 rows had failed with row 1,207 (stop_after)"),
        (StopRule.AT, Decimal("2.5"), "2.5 % of the rows had failed with row 1,207 (stop_at)"),
    ],
)
def test_a_rule_that_stopped_an_import_is_told_and_read_again(
    rule: StopRule, value: Any, reason: str
) -> None:
    stopped_by = StoppedBy(rule=rule, value=value, row=1207)
    assert stopped_by.reason == reason
    assert StoppedBy.from_dict(stopped_by.to_dict()) == stopped_by
