"""A rule's needs, which the plan knows, and its function, which the row runs, go together."""

from longshore.engine.plan.rule_needs import RULE_NEEDS
from longshore.engine.row.rules import RULES


def test_every_rule_has_its_needs_and_its_function() -> None:
    assert RULES.keys() == RULE_NEEDS.keys()
