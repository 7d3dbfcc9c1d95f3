"""The step Check of an import that is prepared: what it would do, mended and applied."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from longshore.dashboard.answers import document, page, way_on
from longshore.dashboard.draft_words import rule_of, rule_words
from longshore.dashboard.endpoint import Page
from longshore.dashboard.import_words import things
from longshore.dashboard.pages.files import failed_file_text, failed_text
from longshore.dashboard.pages.new import found_draft
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.watching import watch_of
from longshore.dashboard.wizard import steps_of
from longshore.dashboard.words import page_hint
from longshore.dialects import DialectRefused
from longshore.drafts import Draft, DraftChangedMeanwhile, DraftChoices
from longshore.errors import RequestRefused
from longshore.imports import Digest, Import, StopRules
from longshore.operations import (
    DraftEdit,
    DraftPlan,
    Fix,
    PlannedRow,
    message_of,
    new_edit,
    planned_outcomes,
    read_edits,
    with_edits,
    without_edit,
)
from longshore.readers import CELLS_COLUMN, SOURCE_COLUMN, Layout

_PAGE_ROWS = 50
_GROUPING_SECONDS = 0.2  # until a page says that errors are being grouped
_PATIENCE_SECONDS = 0.5  # until a page says that the file is read
_GROUPS_SHOWN = 100
_COLUMNS_SHOWN = 100
# What reading JSON raises that is not what it should be, or nested without an end.
_MALFORMED = (AttributeError, KeyError, OverflowError, RecursionError, TypeError, ValueError)
_MADE_COLUMNS = (SOURCE_COLUMN, CELLS_COLUMN)
# So many rows are checked again at once when a group of errors is mended; of more somebody says
# when, because it takes its time.
_CHECKED_AT_ONCE = 100_000
_TABS = (
    ("created", "To create"),
    ("updated", "To update"),
    ("unchanged", "Unchanged"),
    ("errors", "Errors"),
    ("warnings", "Warnings"),
)


@dataclass(frozen=True, slots=True)
class _Shown:
    """What of a plan is looked at."""

    show: str  # one of the tabs
    of: str | None  # the type, in a file of several
    number: int  # of the page, from 1

    def address(self, draft_id: str, **changes: Any) -> str:
        values = {"show": self.show, "of": self.of, "page": self.number} | changes
        query = {name: value for name, value in values.items() if value not in (None, 1)}
        return f"{_address(draft_id)}?{urlencode(query)}"


def _check(request: PageRequest) -> Response:
    """GET /new/{id}/check"""
    return _shown(request, found_draft(request))


def _begin(request: PageRequest) -> Response:
    """POST /new/{id}/check: the same, from the step before."""
    found_draft(request)
    return way_on(_address(request.parameters["id"]))


def _edit(request: PageRequest) -> Response:
    """POST /new/{id}/edits: changes of cells, of values, or for all rows; or one taken back."""
    draft = found_draft(request)
    if request.body:
        return _edit_cells(request, draft)
    if (done := _done(request, draft)) is not None and request.value("do") != "again":
        return done
    plans, asker = request.operations.draft_plans, request.asker
    version = _number(request.value("version"))
    place = _place_of(request.form)
    action = request.value("do")
    try:
        if action == "again":
            plans.forget(asker, draft, version=version)
            return way_on(_address(request.parameters["id"]))
        plan = plans.found(asker, draft)
        if action == "back":
            return _take_back(request, draft, plan, version, place)
        if plan is None:
            raise DraftChangedMeanwhile
        if action == "cells":
            new = _changed_cells(request, draft, plan, place)
        else:
            new = [_group_edit(request, plan)]
        choices = replace(draft.choices, edits=with_edits(draft.choices.edits, new))
        is_for_many = action != "cells" and plan.total("inputs_size") <= _CHECKED_AT_ONCE
        request.operations.drafts.change(
            asker, draft.id, choices, version=version, keeps_plan=not is_for_many
        )
    except RequestRefused as refused:
        return _shown(request, found_draft(request), refused=refused)
    # A page that looks again by itself does not do so with a fragment in its address.
    return way_on(place.address(request.parameters["id"]) + ("" if is_for_many else "#rows"))


def _options(request: PageRequest) -> Response:
    """POST /new/{id}/options: what stops the import, what blank cells mean, which rows count."""
    draft = found_draft(request)
    if (done := _done(request, draft)) is not None:
        return done
    try:
        choices = _chosen(request, draft.choices)
        same_plan = choices.only == draft.choices.only and _blank(choices) == _blank(draft.choices)
        request.operations.drafts.change(
            request.asker,
            draft.id,
            choices,
            version=_number(request.value("version")),
            keeps_plan=same_plan,
        )
    except RequestRefused as refused:
        return _shown(request, found_draft(request), refused=refused)
    return way_on(_address(request.parameters["id"]))


def _applied(request: PageRequest) -> Response:
    """GET /new/{id}/apply: what was made of it, or where it is made."""
    draft = found_draft(request)
    done = _done(request, draft)
    if done is None or request.operations.draft_plans.store_moved(request.asker, draft) is not None:
        return way_on(_address(request.parameters["id"]))
    return done


def _apply(request: PageRequest) -> Response:
    """POST /new/{id}/apply: exactly what was shown, or nothing."""
    draft = found_draft(request)
    try:
        applied = request.operations.draft_plans.apply(
            request.asker,
            draft,
            version=_number(request.value("version")),
            typed=request.value("typed"),
            wake=request.services.wake,
        )
    except RequestRefused as refused:
        return _shown(request, found_draft(request), refused=refused)
    return way_on(_import_address(request, applied))


def _failed(request: PageRequest) -> Response:
    """GET /new/{id}/failed.csv: the rows with errors, with what is wrong with them."""
    plan = request.operations.draft_plans.found(request.asker, found_draft(request))
    if plan is None or plan.is_expired:
        raise PageRefused(404, "the rows were not checked yet", hint="check them first")
    if plan.group is not None and plan.group.dialect is not None:
        return failed_file_text(request, plan.group, "failed.csv")
    return failed_text(request, plan.member(request.asked("of")), "failed.csv")


# What is shown


def _shown(
    request: PageRequest, draft: Draft, *, refused: RequestRefused | None = None
) -> Response:
    """The page of a draft as it is; `refused` is what was asked for in vain."""
    operations, asker = request.operations, request.asker
    draft_id = request.parameters["id"]
    plans = operations.draft_plans
    if not draft.is_received:
        return way_on(f"{DASHBOARD_PATH}/new/{draft_id}")
    if draft.import_id is not None:
        moved = plans.store_moved(asker, draft)
        if moved is None:
            return way_on(_import_address(request, draft))
        return _page(request, draft, "check_moved.html", moved=moved)
    plan = plans.found(asker, draft)
    if plan is None:
        try:
            made = plans.prepared(
                asker, draft, wake=request.services.wake, seconds=_PATIENCE_SECONDS
            )
            if made is None:
                return _page(request, draft, "check_reading.html")
            draft = found_draft(request)
        except DraftChangedMeanwhile:
            draft = found_draft(request)
        except RequestRefused as error:
            return _page(
                request,
                draft,
                "check_refused.html",
                error=error,
                hint=page_hint(error.hint),
                is_of_file=isinstance(error, DialectRefused),
                status=422,
            )
        plan = plans.found(asker, draft)
        if plan is None:
            return way_on(_address(draft_id))
    if not plan.is_finished:
        return _page(
            request,
            draft,
            "check_running.html",
            plan=plan,
            watch=watch_of(
                request,
                "import_plans" if plan.group is None else "import_groups",
                request.services.public_ids.encode(
                    plan.members[0].id if plan.group is None else plan.group.id
                ),
                page_address=_address(draft_id),
            ),
        )
    if plan.is_expired or not plan.is_whole:
        return _page(request, draft, "check_stopped.html", plan=plan)
    return _found(request, draft, plan, refused)


def _found(
    request: PageRequest, draft: Draft, plan: DraftPlan, refused: RequestRefused | None
) -> Response:
    """What a whole plan has found."""
    draft_id = request.parameters["id"]
    plans = request.operations.draft_plans
    form = request.form if request.method == "POST" else request.query
    place = _place_of(form, plan)
    member = plan.member(place.of)
    of = member.resource_type if plan.group is not None else None
    place = replace(place, of=of)
    edits = read_edits(draft.choices.edits)
    reason = plans.stop_reason(draft, plan)
    return _page(
        request,
        draft,
        "check.html",
        status=200 if refused is None else 409,
        plan=plan,
        member=member,
        of=of,
        place=place,
        sentences=[_sentence(request, each, plan.group is not None) for each in plan.members],
        tabs=[
            {
                "name": name,
                "title": title,
                "count": _count(member, name),
                "address": place.address(draft_id, show=name, page=1),
            }
            for name, title in _TABS
        ],
        edits=[
            {"id": each.id, "sentence": each.sentence, "is_planned": each.id in plan.made_with}
            for each in reversed(edits)
        ],
        reason=reason,
        refused=refused,
        hint=None if refused is None else page_hint(refused.hint),
        moved=plans.moved(request.asker, plan),
        confirmation=plans.confirmation(request.asker, plan),
        import_words=_import_words(plan),
        options=_options_shown(draft.choices, plan),
        **_content(request, draft, plan, member, place),
    )


def _content(
    request: PageRequest, draft: Draft, plan: DraftPlan, member: Import, place: _Shown
) -> dict[str, Any]:
    """The list that is looked at."""
    plans, count = request.operations.draft_plans, _count(member, place.show)
    if place.show == "warnings":
        after = _number(dict(request.query).get("after"))
        warnings = plans.warnings(member, after=after, limit=_PAGE_ROWS)
        last = warnings[-1].row if len(warnings) >= _PAGE_ROWS else None
        return {"warnings": warnings, "next": last, "count": count}
    pages = max((count + _PAGE_ROWS - 1) // _PAGE_ROWS, 1)
    number = min(place.number, pages)
    found = request.operations.import_plans.rows_page(
        request.asker,
        member.id,
        planned_outcomes(place.show),
        offset=(number - 1) * _PAGE_ROWS,
        limit=_PAGE_ROWS,
        may_read=request.may_read,
    )
    numbers = [row["row"] for row in found.rows]
    shown: dict[str, Any] = {
        "count": count,
        "number": number,
        "pages": pages,
        "listed": found.rows,
        "columns": member.layout.keys if member.layout.keys else member.layout.columns,
    }
    if place.show == "errors":
        shown |= _errors(request, draft, plan, member, numbers)
    else:
        cells = {
            row.number: dict(row.cells)
            for row in plans.rows(member, numbers, may_read=request.may_read)
        }
        shown["cells"] = cells
        columns = [each for each in shown["columns"] if each not in _MADE_COLUMNS]
        shown["columns"] = columns[:_COLUMNS_SHOWN]
        shown["columns_left"] = len(columns) - len(shown["columns"])
        # What was made of rows of another file is known by these.
        places = {number: row.get(SOURCE_COLUMN, "").split(":") for number, row in cells.items()}
        shown["places"] = {
            number: tuple(map(int, place)) for number, place in places.items() if len(place) == 2
        }
    return shown


def _errors(
    request: PageRequest, draft: Draft, plan: DraftPlan, member: Import, numbers: Sequence[int]
) -> dict[str, Any]:
    """Errors by cause, with what would mend them, and the grid of some failed rows."""
    plans = request.operations.draft_plans
    found = plans.digest(member, seconds=_GROUPING_SECONDS, may_read=request.may_read)
    digest = found or Digest(groups=[], groups_count=0, errors_count=0)
    cause = _number(request.asked("cause"))  # counted from 1
    only = digest.groups[cause - 1] if 0 < cause <= len(digest.groups) else None
    last = None
    if only is not None:
        after = _number(request.asked("after"))
        numbers = plans.rows_of_cause(member, only, after=after, limit=_PAGE_ROWS + 1)
        last = numbers[_PAGE_ROWS - 1] if len(numbers) > _PAGE_ROWS else None
        numbers = numbers[:_PAGE_ROWS]
    fixes = plans.fixes(member, digest, limit=_GROUPS_SHOWN, may_read=request.may_read)
    of = _of(member.resource_type, plan)
    layout = member.layout
    if plan.group is not None and plan.group.dialect is not None:
        rows = plans.file_rows(draft, plan.group, member, numbers)
        layout = plan.group.layout or layout
    elif plan.is_current:
        rows = plans.rows(member, numbers, may_read=request.may_read)
    else:
        rows = plans.check_rows(draft, plan, member, of, numbers)
    groups = [
        {"group": group, "fix": fix, "is_mended": _is_mended(draft, plan, of, fix)}
        for group, fix in zip(digest.groups[:_GROUPS_SHOWN], fixes, strict=True)
    ]
    columns = list(layout.keys or layout.columns)
    grid_columns = _grid_columns(columns, rows)
    return {
        "is_grouped": found is not None,
        "groups": groups,
        "cause": cause if only is not None else None,
        "only": only,
        "next": last,
        "groups_left": digest.groups_count - len(groups),
        "rows": [_grid_row(layout, row, {name for _, name in grid_columns}) for row in rows],
        "grid_columns": grid_columns,
        "columns_left": len(columns) - len(grid_columns),
        "same": {
            (group.column, group.value): group.count
            for group in digest.groups
            if group.column is not None and group.value
        },
        "can_edit": True,
        "is_of_dialect": plan.group is not None and plan.group.dialect is not None,
    }


def _grid_columns(columns: Sequence[str], rows: Sequence[PlannedRow]) -> list[tuple[int, str]]:
    """The columns that the grid shows, with their places in the file; of so many that no page can
    show them all, those with errors come first."""
    found = list(enumerate(columns))
    if len(found) > _COLUMNS_SHOWN:
        bad = {error.column for row in rows for error in row.errors}
        found.sort(key=lambda each: each[1] not in bad)
    return found[:_COLUMNS_SHOWN]


def _grid_row(
    layout: Layout, row: PlannedRow, shown: Collection[str] | None = None
) -> dict[str, Any]:
    """A row of the grid; errors in columns that are not shown are told beside its number."""
    by_column: dict[str, list[str]] = {}
    others: list[str] = []
    for error in row.errors:
        text = message_of(error)
        column = error.column
        if column is not None and shown is not None and column in row.cells and column not in shown:
            others.append(f"{column} {text}")
        elif column is not None and column in row.cells:
            by_column.setdefault(column, []).append(text)
        else:
            others.append(f"{error.attribute} {text}")
    return {
        "number": row.number,
        "line": row.line,
        "cells": row.cells,
        "errors": by_column,
        "others": others,
        "places": {
            column: place
            for column in by_column
            if (place := layout.cell(column, row.line)) is not None
        },
    }


def _sentence(request: PageRequest, plan: Import, is_member: bool) -> dict[str, Any]:
    return {
        "type": things(plan.resource_type),
        "of": plan.resource_type if is_member else None,
        "size": plan.inputs_size,
        "created": plan.created_count,
        "updated": plan.updated_count,
        "unchanged": plan.unchanged_count,
        "skipped": plan.skipped_count,
        "failed": plan.errors_count,
    }


def _count(plan: Import, show: str) -> int:
    return {
        "created": plan.created_count,
        "updated": plan.updated_count,
        "unchanged": plan.unchanged_count + plan.skipped_count,
        "errors": plan.errors_count,
        "warnings": plan.warnings_count,
    }[show]


def _import_words(plan: DraftPlan) -> str:
    if plan.group is None:
        return f"{plan.to_write:,} {things(plan.members[0].resource_type, plan.to_write)}"
    return f"{plan.to_write:,} record{'' if plan.to_write == 1 else 's'}"


def _is_mended(draft: Draft, plan: DraftPlan, of: str | None, fix: Fix | None) -> bool:
    """Whether a change since the plan is about the group."""
    if fix is None:
        return False
    planned = set(plan.made_with)
    return any(
        each.id not in planned
        and each.of == of
        and (each.column or each.field) == fix.name
        and (each.kind != "replace" or each.old == fix.old)
        and each.kind != "cell"
        for each in read_edits(draft.choices.edits)
    )


# What was asked for


def _group_edit(request: PageRequest, plan: DraftPlan) -> DraftEdit:
    kind, name = request.value("do"), request.value("name") or ""
    value, of = request.value("value") or "", _of(request.value("of"), plan)
    if kind == "replace":
        return new_edit(kind, column=name, old=request.value("old") or "", value=value, of=of)
    if kind == "constant":
        if not value:
            raise RequestRefused("nothing was chosen", hint="choose a value for all rows")
        of = None if plan.group is None else plan.member(request.value("of")).resource_type
        return new_edit(kind, field=name, value=value, of=of)
    raise PageRefused(400, "this form says nothing that is known")


def _changed_cells(
    request: PageRequest, draft: Draft, plan: DraftPlan, place: _Shown
) -> list[DraftEdit]:
    """The cells of a form that differ from what stands there."""
    member = plan.member(place.of)
    layout = member.layout
    if plan.group is not None and plan.group.dialect is not None:
        layout = plan.group.layout or layout
    keys = list(layout.keys)
    given: dict[int, dict[str, str]] = {}
    for name, value in request.form:
        if not name.startswith("cell."):
            continue
        row, _, column = name.removeprefix("cell.").partition(".")
        number, index = _number(row), _number(column)
        if number and column.isdigit() and index < len(keys):
            given.setdefault(number, {})[keys[index]] = value
    of = _of(place.of, plan)
    now = request.operations.draft_plans.check_rows(draft, plan, member, of, list(given))
    return [
        new_edit("cell", row=row.number, column=column, value=value, old=old, of=of)
        for row in now
        for column, value in given[row.number].items()
        if (old := row.cells.get(column, "")) != value.replace("\r\n", "\n")
    ]


def _edit_cells(request: PageRequest, draft: Draft) -> Response:
    """The same of the grid: JSON, answered with the rows as they are then."""
    plans, asker = request.operations.draft_plans, request.asker
    try:
        asked = json.loads(request.body)
        plan = plans.found(asker, draft)
        if plan is None:
            raise DraftChangedMeanwhile
        of = _of(asked.get("of"), plan)
        member = plan.member(asked.get("of"))
        layout = member.layout
        if plan.group is not None and plan.group.dialect is not None:
            layout = plan.group.layout or layout
        given = {
            (int(each["row"]), str(each["column"])): str(each["value"]) for each in asked["cells"]
        }
        version = int(asked["version"])
    except _MALFORMED as error:
        raise PageRefused(400, "this is no change of cells") from error
    if not all(_is_text(value) for value in given.values()):
        raise PageRefused(400, "a value holds half of a character, which no file can hold")
    numbers = sorted({row for row, _ in given})
    if len(numbers) > 1_000:
        raise PageRefused(413, "at most 1,000 rows are changed at once")
    now = {row.number: row for row in plans.check_rows(draft, plan, member, of, numbers)}
    new = [
        new_edit("cell", row=row, column=column, value=value, old=now[row].cells[column], of=of)
        for (row, column), value in given.items()
        if row in now and column in now[row].cells and now[row].cells[column] != value
    ]
    if new:
        choices = replace(draft.choices, edits=with_edits(draft.choices.edits, new))
        try:
            draft = request.operations.drafts.change(
                asker, draft.id, choices, version=version, keeps_plan=True
            )
        except DraftChangedMeanwhile as changed:
            raise PageRefused(409, changed.message, hint="reload the page") from changed
    rows = plans.check_rows(draft, plan, member, of, numbers)
    return document({"version": draft.version, "rows": [_grid_row(layout, row) for row in rows]})


def _take_back(
    request: PageRequest, draft: Draft, plan: DraftPlan | None, version: int, place: _Shown
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
        rules = {"stop_after": _at_least_one(request.value("count"), "rows")}
    elif rule == "percent":
        percent = _at_least_one(request.value("percent"), "per cent")
        if percent > 100:
            raise RequestRefused(f"{percent} % are more than all rows", hint="say 1 to 100")
        rules = {"stop_at": percent}
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


def _options_shown(choices: DraftChoices, plan: DraftPlan) -> dict[str, Any]:
    rules = StopRules.from_dict(choices.stop_rules)
    blank = _blank(choices)
    words = rule_words(choices)
    if blank in ("clear", "error"):
        words += {"clear": ", blank cells empty fields", "error": ", blank cells are errors"}[blank]
    if choices.only is not None:
        words += f", only {choices.only}"
    return {
        "words": words,
        "rule": rule_of(choices),
        "count": rules.after or 10,
        "percent": rules.at or 5,
        "blank": blank,
        "only": choices.only or "",
        "is_group": plan.group is not None,
    }


def _blank(choices: DraftChoices) -> str:
    """What a blank cell means, by what was chosen here or in the mapping."""
    of_mapping = None if choices.mapping is None else choices.mapping.get("blank")
    return choices.blank or of_mapping or "keep"


def _at_least_one(text: str | None, what: str) -> int:
    number = _number(text)
    if number < 1:
        raise RequestRefused(f"{text or 'nothing'} is no number of {what}", hint="say 1 or more")
    return number


def _place_of(values: Sequence[tuple[str, str]], plan: DraftPlan | None = None) -> _Shown:
    given = dict(values)
    show = given.get("show")
    if show not in dict(_TABS):
        show = "errors"
        if plan is not None and not plan.total("errors_count"):
            show = "updated" if plan.total("updated_count") else "created"
            if not plan.to_write:
                show = "unchanged"
    return _Shown(show, given.get("of") or None, max(_number(given.get("page")), 1))


def _of(text: str | None, plan: DraftPlan) -> str | None:
    """The type whose rows a change is of; None: it is of the file itself."""
    if plan.group is None or plan.group.dialect is not None:
        return None
    return plan.member(text).resource_type


def _is_text(value: str) -> bool:
    """Whether it can be kept: JSON may name half of a pair of surrogates."""
    return not any("\ud800" <= character <= "\udfff" for character in value)


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else 0


def _done(request: PageRequest, draft: Draft) -> Response | None:
    """The import that was made of a draft already, of which nothing is changed any more."""
    return None if draft.import_id is None else way_on(_import_address(request, draft))


def _address(draft_id: str) -> str:
    return f"{DASHBOARD_PATH}/new/{draft_id}/check"


def _import_address(request: PageRequest, draft: Draft) -> str:
    assert draft.import_id is not None, "it was applied"
    plans = request.operations.draft_plans
    kind = "groups" if plans.is_of_group(request.asker, draft) else "imports"
    return f"{DASHBOARD_PATH}/{kind}/{request.services.public_ids.encode(draft.import_id)}"


def _page(
    request: PageRequest, draft: Draft, template: str, *, status: int = 200, **values: Any
) -> Response:
    draft_id = request.parameters["id"]
    return page(
        request,
        template,
        status=status,
        title=f"Check {draft.source_name}",
        draft=draft,
        draft_id=draft_id,
        here=_address(draft_id),
        base=f"{DASHBOARD_PATH}/new/{draft_id}",
        steps=steps_of(request, draft, "check"),
        **values,
    )


PAGES = [
    ("/new/{id}/check", Page(handlers={"GET": _check, "POST": _begin})),
    ("/new/{id}/edits", Page(handlers={"POST": _edit})),
    ("/new/{id}/failed.csv", Page(handlers={"GET": _failed})),
    ("/new/{id}/options", Page(handlers={"POST": _options})),
    ("/new/{id}/apply", Page(handlers={"GET": _applied, "POST": _apply})),
]
