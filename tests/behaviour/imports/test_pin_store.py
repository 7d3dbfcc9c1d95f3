"""Pins are kept range by range, beside the plan that they are of."""

from longshore.imports import RangePin, expire_plan, forget_pins, list_pins, read_pin, write_pins
from tests.behaviour.imports.factory import pending


def pin(first_row: int) -> RangePin:
    return RangePin(first_row=first_row, digest=bytes([first_row % 256]), packed=b"\0packed")


def test_pins_are_read_by_range_and_in_order(database):
    plan = pending(database, is_plan=True)
    other = pending(database, is_plan=True)
    with database.write() as tx:
        write_pins(tx, plan.id, [pin(1001), pin(2001)])
        write_pins(tx, plan.id, [pin(1)])
        write_pins(tx, plan.id, [])
        write_pins(tx, other.id, [pin(5001)])
    with database.read() as tx:
        assert read_pin(tx, plan.id, 1001) == pin(1001)
        assert read_pin(tx, plan.id, 5001) is None
        assert list(list_pins(tx, plan.id, limit=2)) == [pin(1), pin(1001)]
        assert list(list_pins(tx, plan.id, first_row=1002, limit=2)) == [pin(2001)]


def test_pins_are_forgotten_with_what_they_are_of(database):
    plan, other = (pending(database, is_plan=True) for _ in range(2))
    with database.write() as tx:
        for each in (plan, other):
            write_pins(tx, each.id, [pin(1)])
        forget_pins(tx, plan.id)
        assert read_pin(tx, plan.id, 1) is None
        assert read_pin(tx, other.id, 1) == pin(1)
        expire_plan(tx, other.id)
        assert read_pin(tx, other.id, 1) is None
