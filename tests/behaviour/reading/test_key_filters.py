"""Filters by an attribute that is a key find what they found without its index."""

import pytest

from longshore.catalogue import key_prefix
from tests.behaviour.reading.factory import Records
from tests.behaviour.reading.test_cost import steps_of


@pytest.mark.parametrize(
    "filter_",
    [("code_eq", "S7"), ("code_in", "S7,S8,none"), ("code_eq", "none"), ("code_eq", " S7\u200b")],
)
def test_records_are_found_by_their_key_however_many_there_are(
    records: Records, filter_: tuple[str, str]
) -> None:
    found = []
    for first in (0, 400):
        codes = [f"S{number}" for number in range(first, first + 400 + first * 3)]
        records.add_many("skus", [{"code": code, "metadata": "{}"} for code in codes])
        if not records.database.is_embedded:
            with records.database.write() as tx:
                tx.execute("ANALYZE skus")
        with records.database.read() as tx:
            found.append(steps_of(records, tx, filter_))
    few, many = found
    assert many <= few * 1.5, found


def test_a_record_of_an_older_release_is_found_by_its_text(records: Records) -> None:
    odd = "A1\u200b"
    key = key_prefix(records.environment.number) + odd
    found = records.add("skus", code=odd, code_key=key, metadata="{}")
    plain = records.add("skus", code="B1", metadata="{}")
    assert records.ids("skus", ("code_eq", odd)) == [found]
    assert records.ids("skus", ("code_in", f"{odd},B1")) == [found, plain]
    assert records.ids("skus", ("code_not_eq", odd)) == [plain]


def test_case_matters_in_a_filter_where_it_does_not_in_the_key(records: Records) -> None:
    key = key_prefix(records.environment.number) + "ann@example.com"
    ann = records.add("customers", email="Ann@example.com", email_key=key, metadata="{}")
    assert records.ids("customers", ("email_eq", "Ann@example.com")) == [ann]
    assert records.ids("customers", ("email_eq", "ann@example.com")) == []


def test_what_has_no_key_is_found_by_a_blank_text(records: Records) -> None:
    blank = records.add("sku_lists", name="", metadata="{}")
    summer = records.add("sku_lists", name="Summer", metadata="{}")
    assert records.ids("sku_lists", ("name_eq", "")) == [blank]
    assert records.ids("sku_lists", ("name_in", "Summer,")) == [blank, summer]


def test_the_key_of_a_related_record_finds_it(records: Records) -> None:
    skus = records.add_many("skus", [{"code": code, "metadata": "{}"} for code in ("A", "B")])
    prices = records.add_many("prices", [{"sku_id": id_, "metadata": "{}"} for id_ in skus])
    assert records.ids("prices", ("sku_code_eq", "B")) == prices[1:]
    assert records.ids("prices", ("sku_code_not_eq", "B")) == prices[:1]
    assert records.ids("prices", ("sku_code_eq_or_null", "B")) == prices[1:]
