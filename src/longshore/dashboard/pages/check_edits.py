"""What is changed in the step Check: cells, values of a column, options, and changes taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any

import msgspec
from starlette.responses import Response

from longshore.dashboard.answers import document, way_on
from longshore.dashboard.check_errors import grid_row
from longshore.dashboard.check_options import blank_of
from longshore.dashboard.check_place import (
    CheckPlace,
    check_address,
    done_already,
    place_of,
    type_of,
)
from longshore.dashboard.endpoint import Page
from longshore.dashboard.pages.check import check_shown
from longshore.dashboard.pages.new import found_draft
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import PageRequest
from longshore.dashboard.whole_numbers import VERSION_MAX, whole_number
from longshore.drafts import Draft, DraftChangedMeanwhile, DraftChoices
from longshore.errors import RequestRefused
from longshore.imports import StopRuleRefused, count_of_rows
from longshore.operations import (
    DraftEdit,
    DraftPlan,
    conversion_of,
    new_conversion,
    new_edit,
    read_as,
    with_edits,
    without_edit,
)

# So many rows are checked again at once when a group of errors is mended; of more somebody says
# when, because it takes its time.
_CHECKED_AT_ONCE = 100_000

# No file has more rows, and no draft more versions.
_Number = Annotated[int, msgspec.Meta(ge=0, le=2**53)]


class _Cell(msgspec.Struct, frozen=True):
    """What somebody typed into a cell."""

    row: _Number
    column: str
    value: str


class _ChangedCells(msgspec.Struct, frozen=True):
    """What the grid sends."""

    version: _Number
    cells: list[_Cell]
    of: str | None = None  # the type of the rows, in a file of several


def _edit(request: PageRequest) -> Response:
    """POST /new/{id}/edits: changes of cells, of values, or for all rows; or one taken back."""
    draft = found_draft(request)
    if request.body:
        return _edit_cells(request, draft)
    if (done := done_already(request, draft)) is not None and request.value("do") != "again":
        return done
    plans, asker = request.operations.draft_plans, request.asker
    version = whole_number(request.value("version"), VERSION_MAX) or 0
    place = place_of(request.form)
    action = request.value("do")
    try:
        if action == "again":
            plans.forget(asker, draft, version=version)
            return way_on(check_address(request.parameters["id"]))
        if action == "read":
            return _read_as(request, draft, version)
        plan = plans.found(asker, draft)
        if action == "back":
            return _take_back(request, draft, plan, version, place)
        if plan is None:
            raise DraftChangedMeanwhile
        if action == "cells":
            edits = _with_cells(request, draft, plan, place)
        else:
            edits = with_edits(draft.choices.edits, [_group_edit(request, plan)])
        choices = replace(draft.choices, edits=edits)
        is_for_many = action != "cells" and plan.total("inputs_size") <= _CHECKED_AT_ONCE
        request.operations.drafts.change(
            asker, draft.id, choices, version=version, keeps_plan=not is_for_many
        )
    except RequestRefused as refused:
        return check_shown(request, found_draft(request), refused=refused)
    # A page that looks again by itself does not do so with a fragment in its address.
    return way_on(place.address(request.parameters["id"]) + ("" if is_for_many else "#rows"))


def _options(request: PageRequest) -> Response:
    """POST /new/{id}/options: what stops the import, what blank cells mean, which rows count."""
    draft = found_draft(request)
    if (done := done_already(request, draft)) is not None:
        return done
    try:
        choices = _chosen(request, draft.choices)
        same_plan = choices.only == draft.choices.only and blank_of(choices) == blank_of(
            draft.choices
        )
        request.operations.drafts.change(
            request.asker,
            draft.id,
            choices,
            version=whole_number(request.value("version"), VERSION_MAX) or 0,
            keeps_plan=same_plan,
        )
    except RequestRefused as refused:
        return check_shown(request, found_draft(request), refused=refused)
    return way_on(check_address(request.parameters["id"]))


def _group_edit(request: PageRequest, plan: DraftPlan) -> DraftEdit:
    kind, name = request.value("do"), request.value("name") or ""
    value, of = request.value("value") or "", type_of(request.value("of"), plan)
    if kind == "replace":
        return new_edit(kind, column=name, old=request.value("old") or "", value=value, of=of)
    if kind == "convert":
        old = request.value("old") or ""
        conversion = conversion_of(
            request.services.catalogue, plan.member(request.value("of")), name, old
        )
        if conversion is None:
            raise RequestRefused(
                f"{old!r} of {name} cannot be converted with what stands beside it",
                hint="mend the cells, or replace the unit where the numbers are right as they are",
            )
        return new_conversion(name, old, conversion, of=of)
    if kind == "constant":
        if not value:
            raise RequestRefused("nothing was chosen", hint="choose a value for all rows")
        of = None if plan.group is None else plan.member(request.value("of")).resource_type
        return new_edit(kind, field=name, value=value, of=of)
    raise PageRefused(400, "this form says nothing that is known")


def _with_cells(
    request: PageRequest, draft: Draft, plan: DraftPlan, place: CheckPlace
) -> Sequence[Mapping[str, Any]]:
    """The changes with the cells of a form that differ from what stands there."""
    member = plan.member(place.of)
    keys = list(plan.layout_of(member).keys)
    given: dict[int, dict[str, str]] = {}
    for name, value in request.form:
        if not name.startswith("cell."):
            continue
        row, _, column = name.removeprefix("cell.").partition(".")
        number, index = whole_number(row), whole_number(column)
        if number and index is not None and index < len(keys):
            given.setdefault(number, {})[keys[index]] = value
    of = type_of(place.of, plan)
    return request.operations.draft_findings.with_cells(draft, plan, member, of, given)


def _edit_cells(request: PageRequest, draft: Draft) -> Response:
    """The same of the grid: JSON, answered with the rows as they are then."""
    operations, asker = request.operations, request.asker
    findings = operations.draft_findings
    try:
        asked = msgspec.json.decode(request.body, type=_ChangedCells)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise PageRefused(400, "this is no change of cells") from error
    plan = operations.draft_plans.found(asker, draft)
    if plan is None:
        raise _changed_meanwhile(DraftChangedMeanwhile())
    of = type_of(asked.of, plan)
    member = plan.member(asked.of)
    layout = plan.layout_of(member)
    given: dict[int, dict[str, str]] = {}
    for each in asked.cells:
        given.setdefault(each.row, {})[each.column] = each.value
    numbers = sorted(given)
    if len(numbers) > 1_000:
        raise PageRefused(413, "at most 1,000 rows are changed at once")
    edits = findings.with_cells(draft, plan, member, of, given)
    if list(edits) != list(draft.choices.edits):
        choices = replace(draft.choices, edits=edits)
        try:
            draft = operations.drafts.change(
                asker, draft.id, choices, version=asked.version, keeps_plan=True
            )
        except DraftChangedMeanwhile as changed:
            raise _changed_meanwhile(changed) from changed
    now = operations.draft_plans.found(asker, draft)
    rows = findings.check_rows(draft, plan, member, of, numbers)
    return document(
        {
            "version": draft.version,
            "is_current": now is not None and now.is_current,
            "rows": [grid_row(layout, row) for row in rows],
        }
    )


def _changed_meanwhile(refused: DraftChangedMeanwhile) -> PageRefused:
    """The same for the grid, which cannot show what the draft is now."""
    return PageRefused(409, refused.message, hint="reload the page")


def _read_as(request: PageRequest, draft: Draft, version: int) -> Response:
    """Read a column as one of the two things that its values may mean."""
    field, spelling = request.value("field") or "", request.value("spelling") or ""
    sources = request.operations.draft_sources
    mapping = read_as(sources.request(request.asker, draft).mapping, field, spelling)
    choices = replace(draft.choices, mapping=mapping.to_dict())
    request.operations.drafts.change(request.asker, draft.id, choices, version=version)
    return way_on(check_address(request.parameters["id"]))


def _take_back(
    request: PageRequest, draft: Draft, plan: DraftPlan | None, version: int, place: CheckPlace
) -> Response:
    id_ = request.value("edit") or ""
    choices = replace(draft.choices, edits=without_edit(draft.choices.edits, id_))
    # What was not planned yet is forgotten; the rest needs a plan without it.
    request.operations.drafts.change(
        request.asker,
        draft.id,
        choices,
        version=version,
        keeps_plan=plan is not None and id_ not in plan.made_with,
    )
    return way_on(place.address(request.parameters["id"]))


def _chosen(request: PageRequest, choices: DraftChoices) -> DraftChoices:
    rule, blank = request.value("rule") or "default", request.value("blank") or "keep"
    only = request.value("only") or ""
    rules: Mapping[str, Any] = {}
    if rule == "count":
        rules = {"stop_after": _count(request.value("count") or "")}
    elif rule == "percent":
        rules = {"stop_at": _per_cent(request.value("percent") or "")}
    elif rule == "first":
        rules = {"stop_after": 1}
    return replace(
        choices,
        stop_rules=rules,
        skip_errors=rule == "never",
        all_or_nothing=rule == "all",
        only=only if only in ("create", "update") else None,
        blank=blank if blank in ("keep", "clear", "error") else None,
    )


def _count(text: str) -> int:
    try:
        return count_of_rows(text)
    except StopRuleRefused as refused:
        raise RequestRefused(
            f"{_shown(text)} is no number of rows", hint=f"it {refused.message}"
        ) from refused


def _per_cent(text: str) -> int:
    number = whole_number(text)
    if not number:
        raise RequestRefused(f"{_shown(text)} is no number of per cent", hint="say 1 to 100")
    if number > 100:
        raise RequestRefused(f"{_shown(text)} % are more than all rows", hint="say 1 to 100")
    return number


def _shown(text: str) -> str:
    return (f"{text[:60]}…" if len(text) > 60 else text) or "nothing"


PAGES = [
    ("/new/{id}/edits", Page(handlers={"POST": _edit})),
    ("/new/{id}/options", Page(handlers={"POST": _options})),
]
