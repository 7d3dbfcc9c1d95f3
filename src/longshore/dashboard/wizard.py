"""The steps of an import that is prepared: which there are, and which of them lie open."""

from dataclasses import dataclass

from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.drafts import Draft

STEPS = (
    ("file", "File"),
    ("columns", "Columns"),
    ("check", "Check"),
    ("import", "Import"),
    ("result", "Result"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class WizardStep:
    """One step, as `_steps.html` shows it."""

    name: str
    title: str
    address: str | None  # None: it was not reached yet
    is_current: bool
    is_skipped: bool = False  # nobody has looked
    is_matched: bool = False  # the file was looked at, and nothing has to be decided


def public_id(request: PageRequest, draft: Draft) -> str:
    """How addresses name a draft."""
    return request.services.public_ids.encode(draft.id)


def draft_path(request: PageRequest, draft: Draft, step: str = "") -> str:
    """The address of a draft, or of a step of it."""
    path = f"{DASHBOARD_PATH}/new/{public_id(request, draft)}"
    return f"{path}/{step}" if step else path


def furthest_path(request: PageRequest, draft: Draft) -> str:
    """Where somebody goes on who comes back to a draft."""
    if draft.import_id is not None:
        return draft_path(request, draft, "apply")
    is_checked = draft.plan_id is not None or draft.choices.columns_are_seen
    is_checked = is_checked or draft.choices.planned_edits is not None
    return draft_path(request, draft, "check" if is_checked else "file")


def steps_of(request: PageRequest, draft: Draft | None, current: str) -> list[WizardStep]:
    """The steps for `_steps.html`; what lies before the current one is a link, and so is what was
    reached once. `draft` is None as long as there is no file."""
    names = [name for name, _ in STEPS]
    at = names.index(current)
    found = None if draft is None else request.operations.draft_sources.known(draft)
    return [
        WizardStep(
            name=name,
            title=title,
            address=None
            if draft is None or not (index < at or _is_reached(draft, name))
            else draft_path(request, draft, name),
            is_current=name == current,
            is_skipped=name == "columns"
            and index < at
            and draft is not None
            and not draft.choices.columns_are_seen,
            is_matched=found is not None and not found.needs_columns,
        )
        for index, (name, title) in enumerate(STEPS)
    ]


def _is_reached(draft: Draft, name: str) -> bool:
    choices = draft.choices
    if name == "file":
        return draft.is_received
    if name == "columns":
        return choices.columns_are_seen or draft.plan_id is not None
    if name == "check":
        return draft.plan_id is not None
    return False  # what was imported has an address of its own
