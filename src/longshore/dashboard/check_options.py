"""The options of an import that is prepared, as the step Check shows them."""

from typing import Any

from longshore.dashboard.draft_words import rule_of, rule_words
from longshore.drafts import DraftChoices
from longshore.imports import StopRules
from longshore.operations import DraftPlan


def options_shown(choices: DraftChoices, plan: DraftPlan) -> dict[str, Any]:
    rules = StopRules.from_dict(choices.stop_rules)
    blank = blank_of(choices)
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


def blank_of(choices: DraftChoices) -> str:
    """What a blank cell means, by what was chosen here or in the mapping."""
    of_mapping = None if choices.mapping is None else choices.mapping.get("blank")
    return choices.blank or of_mapping or "keep"
