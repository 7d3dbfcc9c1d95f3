"""What matching relies on where amounts are given as decimals: see `row.match`."""

import pytest

from longshore.engine.plan.field_names import input_names
from longshore.engine.plan.nodes import Node
from tests.unit.engine.plans import CATALOGUE, plan_of

IMPORTABLE = [name for name, each in CATALOGUE.types.items() if each.importable]


def check(node: Node) -> None:
    for collection in node.collections:
        for step in collection.node.money:
            assert all(
                path.hops and path.hops[0][0] == collection.owner_column for path in step.currencies
            ), f"children of {node.resource_type.name} have currencies of their own"
    for key in node.nested_keys:
        assert key.step.nested is not None
        assert not key.step.nested.money
    for inside in node.nested.values():
        check(inside)


@pytest.mark.parametrize("resource_type", IMPORTABLE)
def test_elements_have_the_currency_of_their_owner(resource_type: str) -> None:
    """So all children of a record can be compared with an amount at once."""
    columns = list(input_names(CATALOGUE, CATALOGUE.types[resource_type]))
    check(plan_of(resource_type, columns).root)
