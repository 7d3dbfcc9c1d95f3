"""What an import is given beside the attributes of the wire: rules that stop it, the rows that it
is limited to, and what columns and cells mean."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from longshore.api.errors import ApiError, explained_error
from longshore.errors import RequestRefused
from longshore.imports import (
    Only,
    StopRule,
    StopRuleRefused,
    StopRules,
    count_of_rows,
    error_codes,
    percentage,
)
from longshore.mapping import Blank, MappingDocument, MappingRefused, read_mapping
from longshore.saved_mappings import MappingReference, SavedMapping

ONLY = "only"
MAPPING = "mapping"
BLANK = "blank"
NULL_TOKEN = "null_token"
RULE_ATTRIBUTES = (*(rule.value for rule in StopRule), ONLY, MAPPING, BLANK, NULL_TOKEN)

_NULL_CHARACTERS_MAX = 1_000

Read = TypeVar("Read")


class SubmissionRules:
    """The rules of a submission, with all that is wrong with them in `errors`."""

    def __init__(
        self, given: Mapping[str, Any], find: Callable[[MappingReference], SavedMapping]
    ) -> None:
        self._given = given
        self._find = find
        self.saved_mapping: SavedMapping | None = None  # that `mapping` names
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

    def mapping(self) -> MappingDocument | None:
        """What columns and cells mean; None: what they say themselves."""
        document: MappingDocument | None = None
        if (given := self._given.get(MAPPING)) is not None:
            try:
                if isinstance(given, str):
                    self.saved_mapping = self._find(MappingReference.parse(given))
                    document = self.saved_mapping.document
                else:
                    document = read_mapping(given)
            except MappingRefused as refused:
                self.errors.append(mapping_error(refused))
            except RequestRefused as refused:  # it names none
                error = mapping_error(MappingRefused(refused.message, hint=refused.hint))
                error.is_of_body = False
                self.errors.append(error)
        blank, null = self._read(BLANK, _blank), self._read(NULL_TOKEN, _null)
        if blank is not None:
            document = replace(document or MappingDocument(), blank=blank)
        if null is not None:
            document = replace(document or MappingDocument(), null=null)
        return document

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


def mapping_error(refused: MappingRefused) -> ApiError:
    """The error of a mapping that cannot be used, at its place in the document."""
    steps = (str(step).replace("~", "~0").replace("/", "~1") for step in refused.path)
    reason = refused.message if refused.hint is None else f"{refused.message}; {refused.hint}"
    error = explained_error(
        MAPPING,
        "is invalid",
        pointer="/".join([f"/data/attributes/{MAPPING}", *steps]),
        reason=reason,
        value=None,
    )
    error.is_of_body = True
    return error


def _blank(value: object) -> Blank:
    try:
        return Blank(value)  # type: ignore[arg-type]
    except ValueError:
        raise StopRuleRefused("is not included in the list") from None


def _null(value: object) -> str:
    if not isinstance(value, str) or not value.strip():
        raise StopRuleRefused("is invalid", reason="expected the text of a cell that means null")
    if len(value) > _NULL_CHARACTERS_MAX:
        raise StopRuleRefused(f"is too long (maximum is {_NULL_CHARACTERS_MAX} characters)")
    return value


def _only(value: object) -> Only:
    try:
        return Only(value)  # type: ignore[arg-type]
    except ValueError:
        raise StopRuleRefused("is not included in the list") from None
