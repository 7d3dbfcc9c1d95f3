"""What of a check is looked at, and where it stands; for the pages that show and change it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from longshore.dashboard.answers import way_on
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.whole_numbers import whole_number
from longshore.drafts import Draft
from longshore.operations import DraftPlan

PAGE_ROWS = 50
COLUMNS_SHOWN = 100
TABS = (
    ("created", "To create"),
    ("updated", "To update"),
    ("unchanged", "Unchanged"),
    ("errors", "Errors"),
    ("warnings", "Warnings"),
)


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """What of a plan is looked at."""

    show: str  # one of the tabs
    of: str | None  # the type, in a file of several
    number: int  # of the page, from 1
    only_large: bool = False  # of the rows to update those with large changes of amounts alone

    def address(self, draft_id: str, **changes: Any) -> str:
        values = {"show": self.show, "of": self.of, "page": self.number} | changes
        if self.only_large and values["show"] == "updated":
            values = {"changes": "large"} | values
        query = {name: value for name, value in values.items() if value not in (None, "", 1)}
        return f"{check_address(draft_id)}?{urlencode(query)}"


def place_of(values: Sequence[tuple[str, str]], plan: DraftPlan | None = None) -> CheckPlace:
    given = dict(values)
    show = given.get("show")
    if show not in dict(TABS):
        show = "errors"
        if plan is not None and not plan.total("errors_count"):
            show = "updated" if plan.total("updated_count") else "created"
            if not plan.to_write:
                show = "unchanged"
    return CheckPlace(
        show,
        given.get("of") or None,
        whole_number(given.get("page")) or 1,
        only_large=show == "updated" and given.get("changes") == "large",
    )


def type_of(text: str | None, plan: DraftPlan) -> str | None:
    """The type whose rows a change is of; None: it is of the file itself."""
    if plan.group is None or plan.is_of_dialect:
        return None
    return plan.member(text).resource_type


def done_already(request: PageRequest, draft: Draft) -> Response | None:
    """The import that was made of a draft already, of which nothing is changed any more."""
    return None if draft.import_id is None else way_on(import_address(request, draft))


def check_address(draft_id: str) -> str:
    return f"{DASHBOARD_PATH}/new/{draft_id}/check"


def import_address(request: PageRequest, draft: Draft) -> str:
    assert draft.import_id is not None, "it was applied"
    is_group = request.operations.draft_applier.is_of_group(request.asker, draft)
    kind = "groups" if is_group else "imports"
    return f"{DASHBOARD_PATH}/{kind}/{request.services.public_ids.encode(draft.import_id)}"
