"""What an import is given beside the attributes of the wire: rules that stop it, and the rows that
it is limited to."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from longshore.api.errors import ApiError, explained_error
from longshore.imports import (
    Only,
    StopRule,
    StopRuleRefused,
    StopRules,
    count_of_rows,
    error_codes,
    percentage,
)

ONLY = "only"
RULE_ATTRIBUTES = (*(rule.value for rule in StopRule), ONLY)

Read = TypeVar("Read")


class SubmissionRules:
    """The rules of a submission, with all that is wrong with them in `errors`."""

    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given
        self.errors: list[ApiError] = []

    def stop_rules(self) -> StopRules:
        """The rules that may stop the import."""
        return StopRules(
            on=self._read(StopRule.ON, error_codes) or (),
            consecutive=self._read(StopRule.CONSECUTIVE, count_of_rows),
            after=self._read(StopRule.AFTER, count_of_rows),
            at=self._read(StopRule.AT, percentage),
        )

    def only(self) -> Only | None:
        """The rows that are to have an effect; None: all."""
        return self._read(ONLY, _only)

    def _read(self, name: str, read: Callable[[object], Read]) -> Read | None:
        value = self._given.get(name)
        if value is None:
            return None
        try:
            return read(value)
        except StopRuleRefused as refused:
            pointer = f"/data/attributes/{name}"
            if refused.index is not None:
                pointer, value = f"{pointer}/{refused.index}", value[refused.index]
            error = explained_error(
                str(name), refused.message, pointer=pointer, reason=refused.reason, value=value
            )
            error.is_of_body = True
            self.errors.append(error)
            return None


def _only(value: object) -> Only:
    try:
        return Only(value)  # type: ignore[arg-type]
    except ValueError:
        raise StopRuleRefused("is not included in the list") from None
