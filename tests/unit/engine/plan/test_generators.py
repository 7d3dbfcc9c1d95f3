"""Values that a created record gets where its row names none."""

import re
from itertools import pairwise

import pytest

from longshore.engine.plan.generators import generators
from tests.unit.engine.plans import PUBLIC_IDS, id_in

GENERATORS = generators(PUBLIC_IDS)
INDEX = {"name": 0, "balance_cents": 1}


@pytest.mark.parametrize("name", ["order_number", "stock_transfer_number"])
def test_numbers_are_all_different_and_tell_no_sequence(name: str) -> None:
    numbers = [GENERATORS[name].make([], {}, id_in(3, sequence)) for sequence in range(1, 1001)]
    assert len(set(numbers)) == 1000
    assert all(re.fullmatch(r"9[0-9]{13}", number) for number in numbers)
    assert len({int(after) - int(before) for before, after in pairwise(numbers)}) == 999
    # nobody else has a number of the sequence, so the environment is no part of it
    assert GENERATORS[name].make([], {}, id_in(4, 7)) == numbers[6]


def test_code_is_a_uuid_that_belongs_to_its_record() -> None:
    generate = GENERATORS["uuid"].make
    one, again, other = (generate([], {}, id_in(1, number)) for number in (1, 1, 2))
    assert one == again != other
    # so is that of every other process, which may have to tell it from a code that was given
    assert generators(PUBLIC_IDS)["uuid"].make([], {}, id_in(1, 1)) == one
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", one)


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Summer Sale", "summer-sale"),
        ("  Été 2024! ", "ete-2024"),
        ("A_b--c", "a-b-c"),
        ("日本", ""),
        (None, None),
    ],
)
def test_slug_is_a_name_in_plain_letters(name: str | None, slug: str | None) -> None:
    assert GENERATORS["slug_of_name"].make([name, None], INDEX, 1) == slug


@pytest.mark.parametrize("balance", [0, 500, None])
def test_initial_balance_is_the_balance_at_creation(balance: int | None) -> None:
    assert GENERATORS["initial_balance"].make([None, balance], INDEX, 1) == balance
