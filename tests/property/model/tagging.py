"""The tags of a record of the naive model: replaced, added and removed."""

from collections.abc import Callable

from longshore.catalogue import Naming
from tests.property.model.draft import Findings, Journey, RowDraft
from tests.property.model.matching import find_named
from tests.property.model.state import relationships_of
from tests.property.model.values import is_blank

TAG_NAME = Naming(relationship=None, target="tags", attribute="name")

# How a row becomes a record; an element of `tags` is a row of the type `tags`.
Save = Callable[[Journey, RowDraft], int | None]


def save_tags(journey: Journey, draft: RowDraft, save: Save) -> None:
    """Replace the set, then add to it, then remove from it."""
    if "tags" not in relationships_of(draft.declared):
        return
    tags = draft.record["tags"]
    assert isinstance(tags, set)
    before = set(tags)
    if "tags" in draft.row and "tags" in draft.declared.nested:
        elements = draft.row["tags"] or []
        tags.clear()
        if not isinstance(elements, list):
            draft.findings.add("tags", "is invalid")
            return
        for element in elements:
            _save_element(journey, draft, tags, element, save)
    tags.update(_named_tags(journey, draft, "_add_tags"))
    tags.difference_update(_named_tags(journey, draft, "_remove_tags"))
    most = journey.bound("tags_max_allowed_number")
    if len(tags) > most and tags != before:
        draft.findings.add("tags", f"is too long (maximum is {most} tags)")


def _save_element(
    journey: Journey, draft: RowDraft, tags: set[int], element: object, save: Save
) -> None:
    if not isinstance(element, dict):
        draft.findings.add("tags", "is invalid")
        return
    if not is_blank(element.get("id")):
        found = journey.state.find("tags", element["id"])
        if found is None:
            draft.findings.add("tags", "must exist")
        else:
            tags.add(found)
        return
    inner = RowDraft(
        journey.state.catalogue.types["tags"], {"name": element.get("name")}, Findings()
    )
    tag = save(journey, inner)
    draft.findings.adopt("tags", inner.findings)
    if tag is not None:
        tags.add(tag)


def _named_tags(journey: Journey, draft: RowDraft, trigger: str) -> list[int]:
    """The tags whose names are in the trigger's value; unknown names are told and left out."""
    written = draft.row.get(trigger)
    found = []
    for name in str(written or "").split(","):
        if is_blank(name):
            continue
        tag = find_named(journey.state, TAG_NAME, name)
        if tag is None:
            draft.findings.warnings.append(f"{trigger}: {name.strip()}")
        else:
            found.append(tag)
    return found
