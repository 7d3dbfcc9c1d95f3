"""Stop rules: after which failed row an import is interrupted, beside the rule of the wire."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from math import ceil
from typing import Any

from longshore.catalogue import INTEGER, NUMBER
from longshore.error_codes import ErrorCode

_COUNT_MAX = (1 << 63) - 1
_CODES = tuple(map(str, ErrorCode))
_CODE_CHARACTERS = 60
_DECIMALS_MAX = 6  # of a percentage
_DIGITS_MAX = 40
_PERCENTAGE = re.compile(
    r"\s*[+-]?([0-9]{1,40}\.?[0-9]{0,40}|\.[0-9]{1,40})([eE][+-]?[0-9]{1,2})?\s*%?\s*", re.ASCII
)


class StopRule(StrEnum):
    """The rules, by the names that an import over HTTP gives them; first that which is told where
    a row reaches several."""

    ON = "stop_on"
    CONSECUTIVE = "stop_consecutive"
    AFTER = "stop_after"
    AT = "stop_at"


class StopRuleRefused(ValueError):
    """A value that its rule cannot have."""

    def __init__(
        self, message: str, *, index: int | None = None, reason: str | None = None
    ) -> None:
        super().__init__(message)
        self.message = message
        self.index = index  # of a code among those of the rule
        self.reason = reason  # what else there is to say


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRules:
    """The rules of one import; a rule that it does not have is None, or empty."""

    on: tuple[ErrorCode, ...] = ()  # the first failed row with an error of one of these codes
    consecutive: int | None = None  # so many failed rows one directly after another
    after: int | None = None  # so many failed rows
    at: Decimal | None = None  # failed rows in per cent of all rows

    def __bool__(self) -> bool:
        return bool(self.on) or any(
            each is not None for each in (self.consecutive, self.after, self.at)
        )

    def at_count(self, inputs_size: int) -> int | None:
        """How many failed rows reach `at`."""
        if self.at is None:
            return None
        return ceil(Fraction(self.at) * inputs_size / 100)

    def to_dict(self) -> dict[str, Any]:
        """Those that there are, as JSON-safe values."""
        values: dict[str, Any] = {
            StopRule.AFTER: self.after,
            StopRule.AT: None if self.at is None else json_number(self.at),
            StopRule.CONSECUTIVE: self.consecutive,
            StopRule.ON: [str(code) for code in self.on] or None,
        }
        return {str(rule): value for rule, value in values.items() if value is not None}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "StopRules":
        """The rules that `to_dict` described; raises ValueError for one that is not known."""
        read = {StopRule(name): value for name, value in values.items()}
        at = read.get(StopRule.AT)
        return cls(
            on=tuple(map(ErrorCode, read.get(StopRule.ON, ()))),
            consecutive=read.get(StopRule.CONSECUTIVE),
            after=read.get(StopRule.AFTER),
            at=None if at is None else Decimal(repr(at)),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StoppedBy:
    """The rule that interrupted an import."""

    rule: StopRule
    value: int | Decimal | ErrorCode  # of the rule; of `stop_on` the code that the row has
    row: int  # that reached it, the last one that was gone through

    @property
    def reason(self) -> str:
        """Why, for people."""
        match self.rule:
            case StopRule.ON:
                said = f"row {self.row:,} failed with the code {self.value}"
            case StopRule.CONSECUTIVE if self.value == 1:
                said = f"row {self.row:,} failed"
            case StopRule.CONSECUTIVE:
                said = f"{self.value:,} rows one after another failed, up to row {self.row:,}"
            case StopRule.AFTER:
                rows = "row" if self.value == 1 else "rows"
                said = f"{self.value:,} {rows} had failed with row {self.row:,}"
            case StopRule.AT:
                said = f"{self.value:f} % of the rows had failed with row {self.row:,}"
        return f"{said} ({self.rule.value})"

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe values."""
        value: int | float | str = self.value if isinstance(self.value, int) else str(self.value)
        if isinstance(self.value, Decimal):
            value = json_number(self.value)
        return {"rule": str(self.rule), "value": value, "row": self.row}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "StoppedBy":
        """What `to_dict` described."""
        rule, value = StopRule(values["rule"]), values["value"]
        if rule is StopRule.AT:
            value = Decimal(repr(value))
        elif rule is StopRule.ON:
            value = ErrorCode(value)
        return cls(rule=rule, value=value, row=values["row"])


def count_of_rows(value: object) -> int:
    """A number of rows, from JSON, spelled as any integer of a row; raises StopRuleRefused."""
    count = _integer(value)
    if count < 1:
        raise StopRuleRefused("must be greater than or equal to 1")
    if count > _COUNT_MAX:
        raise StopRuleRefused(f"must be less than or equal to {_COUNT_MAX}")
    return count


def _integer(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise StopRuleRefused("is not a number")
    if isinstance(value, int):
        return value
    if isinstance(value, float) and value.is_integer():
        return int(value)
    text = value.strip() if isinstance(value, str) else repr(value)
    if not NUMBER.fullmatch(text):
        raise StopRuleRefused("is not a number")
    if not INTEGER.fullmatch(text):
        raise StopRuleRefused("must be an integer")
    # More digits are beyond all bounds, and are not parsed: int() is quadratic in them.
    sign, digits = text[:1].strip("+0123456789"), text.partition(".")[0].lstrip("+-0")
    return int(f"{sign}{digits[:_DIGITS_MAX] or 0}")


def error_code(value: object, *, index: int | None = None) -> ErrorCode:
    """A code of the table of error codes; raises StopRuleRefused, which names the nearest."""
    if isinstance(value, str):
        if value in _CODES:
            return ErrorCode(value)
        spelled = re.sub(r"[\s-]+", "_", value[:_CODE_CHARACTERS].strip().lower())
        close = get_close_matches(spelled, _CODES, n=1)
        reason = f"did you mean {close[0]}?" if close else None
        raise StopRuleRefused("is not included in the list", index=index, reason=reason)
    raise StopRuleRefused("is invalid", index=index)


def error_codes(value: object) -> tuple[ErrorCode, ...]:
    """An array of codes, from JSON; raises StopRuleRefused."""
    if not isinstance(value, list):
        raise StopRuleRefused("is invalid", reason="expected an array of codes")
    return tuple(dict.fromkeys(error_code(each, index=index) for index, each in enumerate(value)))


def percentage(value: object) -> Decimal:
    """A share in per cent, from JSON, or from a text as `2.5` or `2.5%`, exactly as it stands
    there; raises StopRuleRefused."""
    text = value if isinstance(value, str) else repr(value)
    if isinstance(value, bool) or not _PERCENTAGE.fullmatch(text):
        raise StopRuleRefused("is not a number")
    number = Fraction(text.replace("%", "").strip())
    if number <= 0:
        raise StopRuleRefused("must be greater than 0")
    if number > 100:
        raise StopRuleRefused("must be less than or equal to 100")
    millionths = number * 10**_DECIMALS_MAX
    if millionths.denominator != 1:
        raise StopRuleRefused(f"has more than {_DECIMALS_MAX} decimals")
    return Decimal(millionths.numerator).scaleb(-_DECIMALS_MAX).normalize()


def json_number(value: Decimal) -> int | float:
    """A percentage as JSON has it; its digits are few enough to be kept."""
    return int(value) if value == value.to_integral_value() else float(value)
