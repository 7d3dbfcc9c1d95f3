"""A rule's needs, which the plan knows, and its function, which the row runs, go together."""

from longshore.catalogue import Catalogue, ResourceType, load_catalogue
from longshore.engine.plan.rule_needs import RULE_NEEDS
from longshore.engine.row.rules import RULES


def test_every_rule_has_its_needs_and_its_function() -> None:
    assert RULES.keys() == RULE_NEEDS.keys()


def test_types_declare_from_which_records_their_rules_compute_values() -> None:
    """By this a group has these records before those of the type."""
    catalogue = load_catalogue()
    for type_ in catalogue.types.values():
        own = {type_.table, *catalogue.dependency_order(_named_by(type_, catalogue))}
        for rule in (*type_.rules, *(each.rule for each in type_.triggers)):
            needs = RULE_NEEDS.get(rule or "")
            assert needs is None or set(needs.reads) <= own | set(type_.computes_from), (
                type_.name,
                rule,
            )


def _named_by(type_: ResourceType, catalogue: Catalogue) -> set[str]:
    links = (each for each in type_.relationships if each.has_column)
    return {target for each in links for target in catalogue.targets_of(each)}
