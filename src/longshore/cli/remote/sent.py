"""A part of a source that is an import at a server, as the server last told of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from longshore.cli.remote.refusals import ServerFailed
from longshore.cli.report import THRESHOLD

if TYPE_CHECKING:
    from longshore.cli.remote.part_rules import PartRules
    from longshore.cli.remote.parts import Part
    from longshore.imports import StoppedBy

__all__ = ["SentPart"]

INTERRUPTED = "interrupted"
COMPLETED = "completed"
STOPPED = "it was stopped"


@dataclass(slots=True)
class SentPart:
    """One part, and its import."""

    part: Part
    resource: dict[str, Any]  # of the import
    rules: PartRules | None = None  # None: there are none, or they are those of the source
    is_deleted: bool = False  # by somebody else, while it ran

    @classmethod
    def of(
        cls, part: Part, document: Mapping[str, Any], rules: PartRules | None = None
    ) -> SentPart:
        """The import that a document shows; raises ServerFailed."""
        sent = cls(part, {}, rules)
        sent.update(document.get("data"))
        return sent

    def update(self, resource: Any) -> None:
        """Take over what the server tells; raises ServerFailed."""
        try:
            is_import = isinstance(resource["id"], str)
            is_import = is_import and isinstance(resource["attributes"]["status"], str)
        except (LookupError, TypeError):
            is_import = False
        if not is_import:
            raise ServerFailed("the server answers with something that is no import")
        self.resource = resource

    def hear(self, told: Mapping[str, Any]) -> None:
        """Take over what a server tells by itself of how far it is."""
        self.is_deleted = told["status"] == "deleted"
        done = told["inputs_size"] - told["rows_to_go"]
        self.resource = {
            **self.resource,
            "attributes": {
                **self.attributes,
                "status": self.status if self.is_deleted else told["status"],
                "processed_count": done - told["errors_count"],
                "errors_count": told["errors_count"],
                "warnings_count": told["warnings_count"],
            },
        }

    @property
    def id(self) -> str:
        return str(self.resource["id"])

    @property
    def attributes(self) -> Mapping[str, Any]:
        attributes: Mapping[str, Any] = self.resource["attributes"]
        return attributes

    @property
    def status(self) -> str:
        return INTERRUPTED if self.is_deleted else str(self.attributes["status"])

    @property
    def is_finished(self) -> bool:
        return self.status in (INTERRUPTED, COMPLETED)

    @property
    def consumed_count(self) -> int:
        """Rows gone through."""
        return self.count("processed_count") + self.count("errors_count")

    def count(self, name: str) -> int:
        """A count among the attributes, or in the meta object, where the server shows it."""
        value = self.attributes.get(name, self.meta.get(name))
        return value if isinstance(value, int) else 0

    @property
    def meta(self) -> Mapping[str, Any]:
        meta = self.resource.get("meta")
        return meta if isinstance(meta, dict) else {}

    @property
    def notices(self) -> Sequence[Mapping[str, Any]]:
        """What the server tells of the part's source and rows as a whole."""
        notices = self.meta.get("warnings")
        return [each for each in notices if _is_notice(each)] if isinstance(notices, list) else ()

    @property
    def first_amounts(self) -> Sequence[Mapping[str, Any]]:
        """Amounts of the part's first rows as money."""
        amounts = self.meta.get("first_amounts")
        return [each for each in amounts if _is_amount(each)] if isinstance(amounts, list) else ()

    @property
    def same_content_as(self) -> Mapping[str, Any] | None:
        """The import that has done the same before."""
        same = self.meta.get("same_content_as")
        return same if isinstance(same, dict) else None

    @property
    def ignored_columns(self) -> Sequence[str]:
        columns = self.meta.get("ignored_columns")
        return [str(each) for each in columns] if isinstance(columns, list) else []

    def warnings(self) -> Iterator[tuple[str, str]]:
        """Row identifiers and messages, as far as the log shows them."""
        log = self.attributes.get("warnings_log")
        for name, messages in log.items() if isinstance(log, dict) else ():
            for message in messages if isinstance(messages, list) else ():
                yield str(name), str(message)

    @property
    def interruption_reason(self) -> str | None:
        """Why it was interrupted; None: it was not."""
        if self.status != INTERRUPTED:
            return None
        if self.is_deleted:
            return "it was deleted"
        if self.meta.get("all_or_nothing"):
            return self._logged_base() or f"{STOPPED}; nothing was written"
        size = self.count("inputs_size")
        if (stopped_by := self.stopped_by) is not None:
            return stopped_by.reason
        if not self.attributes.get("skip_errors") and self.count("errors_count") * 10 > size:
            return THRESHOLD
        return self._logged_reason() or STOPPED

    @property
    def stopped_by(self) -> StoppedBy | None:
        """What the server tells of a rule that stopped it, by rule and row of the source."""
        from longshore.imports import StoppedBy

        try:
            stopped_by = StoppedBy.from_dict(self.meta["stopped_by"])
            if self.rules is None:
                return replace(stopped_by, row=stopped_by.row + self.part.first - 1)
            return self.rules.of_source(stopped_by, first=self.part.first)
        except (LookupError, TypeError, ValueError):
            return None  # there is none, or the server is of another release

    def _logged_reason(self) -> str | None:
        """What the log says that belongs to no row; where rows failed it may be theirs."""
        return None if self.count("errors_count") else self._logged_base()

    def _logged_base(self) -> str | None:
        try:
            return str(self.attributes["errors_log"]["unknown"]["base"][0])
        except (LookupError, TypeError):
            return None


def _is_notice(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("message"), str)


def _is_amount(value: object) -> bool:
    names = ("column", "value", "amount", "cents")
    return isinstance(value, dict) and all(isinstance(value.get(each), str | int) for each in names)
