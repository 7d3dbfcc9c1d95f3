"""How pages say what was chosen for an import that is prepared."""

from longshore.drafts import DraftChoices
from longshore.imports import StopRules


def rule_of(choices: DraftChoices) -> str:
    """What keeps rows with errors from being imported, as the form of the check calls it."""
    rules = StopRules.from_dict(choices.stop_rules)
    if choices.all_or_nothing:
        return "all"
    if choices.skip_errors:
        return "never"
    if rules.after is not None:
        return "first" if rules.after == 1 else "count"
    return "percent" if rules.at is not None else "default"


def rule_words(choices: DraftChoices) -> str:
    """The same in words."""
    rules = StopRules.from_dict(choices.stop_rules)
    return {
        "default": "not if more than 10 % of the rows have errors",
        "percent": f"not if {rules.at} % of the rows have errors",
        "count": f"not if {rules.after} rows have errors",
        "first": "not if a row has errors",
        "never": "whatever fails",
        "all": "all or nothing",
    }[rule_of(choices)]
