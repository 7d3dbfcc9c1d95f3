"""What there is to know of an import beside its counts, in the order in which it is shown."""

from collections.abc import Sequence
from dataclasses import dataclass

from longshore.dashboard.draft_words import rule_words
from longshore.dashboard.import_words import PERSON, things
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.dashboard.words import title_of
from longshore.drafts import Draft
from longshore.imports import Import
from longshore.operations import Relatives, mapping_shown, rules_shown, stage_shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing to know, and where it leads."""

    name: str
    text: str
    href: str | None = None


def facts_of(
    request: PageRequest, import_: Import, relatives: Relatives, draft: Draft | None
) -> Sequence[Fact]:
    """Those of an import; what nobody has said or asked for is not among them. `draft` is what it
    was made of in the dashboard."""
    encode, root = request.services.public_ids.encode, DASHBOARD_PATH
    here = f"{root}/{'plans' if import_.is_plan else 'imports'}/{encode(import_.id)}"
    found: list[Fact] = []

    def tell(name: str, text: object, href: str | None = None) -> None:
        if text:
            found.append(Fact(name=name, text=str(text), href=href))

    type_ = import_.resource_type
    tell("File", import_.source_name, None if import_.is_plan else f"{here}/files")
    tell("Type", title_of(type_), f"{root}/records/{type_}" if request.may_read(type_) else None)
    tell("Rows", f"{import_.inputs_size:,}", f"{here}/rows")
    tell("Who", _who(import_, relatives))
    if import_.group_id is not None:
        tell("Part of", "a file of several types", f"{root}/groups/{encode(import_.group_id)}")
    if (first := relatives.first) is not None:
        tell(
            "Retry of",
            f"{first.source_name or encode(first.id)}{' (deleted)' if first.deleted_at else ''}",
            None if first.deleted_at else f"{root}/imports/{encode(first.id)}",
        )
    if (reference := import_.mapping_reference) is not None:
        tell("Saved mapping", reference, f"{root}/mappings/{reference.name}")
    tell("Mapping", mapping_shown(import_.mapping))
    if relatives.parent is not None:
        parent, public_id = relatives.parent
        text = f"{things(parent, 1)} {public_id}"
        tell("All rows belong to", text, f"{root}/records/{parent}/{public_id}")
    if import_.is_finished:  # until then it is told where it is watched, and moves
        tell("All or nothing", stage_shown(import_))
    tell("Only", import_.only and f"rows that {import_.only} their record")
    tell("Stop rules", rules_shown(import_.stop_rules))
    if draft is not None and not import_.all_or_nothing:
        tell("Chosen in the check", rule_words(draft.choices))
    elif import_.plan_id is None:
        # One that applies a plan does what was found before it began, and nothing else stops it.
        tell("Skip errors", import_.skip_errors and "yes: failed rows never stop it")
    tell("Reference", import_.reference)
    tell("Columns left out", ", ".join(import_.ignored_columns))
    if (same := relatives.same) is not None:
        tell(
            "Same content as",
            f"an earlier import ({same.status})",
            f"{root}/imports/{same.public_id}",
        )
    return found


def _who(import_: Import, relatives: Relatives) -> str:
    if import_.application_id is None:
        return PERSON
    return "a deleted application" if relatives.application is None else relatives.application.name
