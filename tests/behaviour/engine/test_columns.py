"""What columns and keys mean: spelled headers, dotted names, and single keys of metadata."""

import io
from typing import Any

import pytest

from longshore.engine import IGNORED
from longshore.errors import RequestRefused
from longshore.imports import ImportRequest
from longshore.readers import Format
from longshore.sources import Source
from tests.behaviour.engine.organization import Organization

MUG = {"code": "A1", "name": "Mug", "do_not_ship": True}


# Headers


def test_headers_in_other_case_and_with_blanks_are_the_fields_that_they_spell(
    shop: Organization,
) -> None:
    text = "CODE,Name,Do Not Ship,pieces-per-pack,Tags.Name\nA1,Mug,yes,6,vip\n"
    outcome = shop.load_csv("skus", text)
    assert (outcome.counts, outcome.import_.ignored_columns) == ((1, 0, 0, 0), ())
    (sku,) = shop.all("skus")
    assert (sku["code"], sku["do_not_ship"], sku["pieces_per_pack"]) == ("A1", True, 6)
    assert sku["tags"] == ["vip"]
    assert shop.load_csv("skus", "code,Name\nA1,Cup\n").counts == (0, 1, 0, 0)


def test_exact_name_wins_over_other_spellings_which_are_told(shop: Organization) -> None:
    outcome = shop.load_csv("skus", "Code,code,name,do_not_ship\nB,A,a,yes\n")
    assert outcome.import_.ignored_columns == ("Code",)
    assert shop.values("skus", "code") == ["A"]


def test_mapped_column_wins_over_other_spellings_which_are_told(shop: Organization) -> None:
    text = "Code,Article,name,do_not_ship\nB,A,a,yes\n"
    outcome = shop.load_csv("skus", text, column_map={"Article": "code"})
    assert outcome.import_.ignored_columns == ("Code",)
    assert shop.values("skus", "code") == ["A"]


def test_triggers_have_to_be_written_exactly(shop: Organization) -> None:
    shop.load("orders", [{"number": "N", "market_id": shop.some("markets")}])
    outcome = shop.load_csv("orders", "number,Place,_PLACE,place\nN,1,1,1\n")
    assert outcome.import_.ignored_columns == ("Place", "_PLACE", "place")
    assert outcome.counts == (0, 0, 1, 0)


def test_keys_of_json_are_exact(shop: Organization) -> None:
    outcome = shop.load("skus", [MUG | {"Description": "x"}])
    assert outcome.import_.ignored_columns == ("Description",)


# What is left out


def test_ignored_column_has_no_effect_and_is_listed(shop: Organization) -> None:
    text = "id,code,name,do_not_ship,colour\n1,A,a,yes,red\n"
    outcome = shop.load_csv("skus", text, column_map={"id": IGNORED})
    assert outcome.counts == (1, 0, 0, 0)
    assert outcome.import_.ignored_columns == ("id", "colour")


def test_ignored_keys_have_no_effect_at_any_depth(shop: Organization) -> None:
    line = {"id": "1", "name": "x", "quantity": 1, "unit_amount_cents": 1}
    row = {"id": "1", "number": "N", "market_id": shop.some("markets"), "line_items": [line]}
    asked = {"id": IGNORED, "line_items.id": IGNORED}
    outcome = shop.load("orders", [row], column_map=asked)
    assert (outcome.counts, outcome.import_.ignored_columns) == (
        (1, 0, 0, 0),
        ("id", "line_items.id"),
    )
    without = shop.load("orders", [row | {"number": "M"}], column_map=asked | {"line_items": ""})
    assert without.counts == (1, 0, 0, 0)
    assert shop.values("line_items", "name") == ["x"]


def test_ignored_name_can_be_given_to_another_column(shop: Organization) -> None:
    asked = {"code": IGNORED, "sku": "code"}
    text = "code,sku,name,do_not_ship\nX,A,a,yes\n"
    assert shop.load_csv("skus", text, column_map=asked).counts == (1, 0, 0, 0)
    rows = [{"code": "X", "sku": "B", "name": "b", "do_not_ship": True}]
    assert shop.load("skus", rows, column_map=asked).counts == (1, 0, 0, 0)
    assert shop.values("skus", "code") == ["A", "B"]


def test_cells_of_nested_records_themselves_are_told(shop: Organization) -> None:
    shop.have("skus", code="A")
    text = 'sku_code,amount_cents,price_tiers\nA,1,"[{}]"\n'
    outcome = shop.load_csv("prices", text, parent=shop.some("price_lists"))
    assert outcome.import_.ignored_columns == ("price_tiers",)


# Dotted names


def test_dotted_keys_of_json_mean_what_columns_mean(shop: Organization) -> None:
    rows = [MUG | {"tags.name": "vip, sale", "metadata.colour": "red"}]
    outcome = shop.load("skus", rows)
    assert (outcome.counts, outcome.import_.ignored_columns) == ((1, 0, 0, 0), ())
    (sku,) = shop.all("skus")
    assert (sorted(sku["tags"]), sku["metadata"]) == (["sale", "vip"], {"colour": "red"})
    text = 'code,tags.name,metadata.colour\nA1,"sale, vip",red\n'
    assert shop.load_csv("skus", text).counts == (0, 0, 1, 0)


def test_dotted_keys_of_json_are_one_nested_record(shop: Organization) -> None:
    shop.have("skus", code="A")
    tier = {"price_tiers.name": "ten", "price_tiers.price_amount_cents": 90}
    row = {"sku_code": "A", "amount_cents": 100, **tier}
    parent = shop.some("price_lists")
    assert shop.load("prices", [row], parent=parent).counts == (1, 0, 0, 0)
    assert shop.values("price_tiers", "name", "price_amount_cents") == [("ten", 90)]
    nothing = dict.fromkeys(tier)
    assert shop.load("prices", [row | nothing], parent=parent).counts == (0, 0, 1, 0)


def test_dotted_keys_mean_the_same_inside_nested_records(shop: Organization) -> None:
    line = {
        "name": "x",
        "quantity": 1,
        "unit_amount_cents": 1,
        "metadata.gift": True,
        "line_item_options.name": "wrap",
        "line_item_options.unit_amount_cents": 1,
        "line_item_options.quantity": 1,
        "line_item_options.options": {"paper": "red"},
        "line_item_options.sku_option_id": shop.some("sku_options"),
    }
    row = {"number": "N", "market_id": shop.some("markets"), "line_items": [line]}
    outcome = shop.load("orders", [row])
    assert (outcome.errors, outcome.import_.ignored_columns) == ({}, ())
    assert shop.values("line_items", "metadata") == [{"gift": True}]
    assert shop.values("line_item_options", "name") == ["wrap"]


@pytest.mark.parametrize(
    ("row", "field", "first", "second"),
    [
        ({"tags": [{"name": "a"}], "tags.name": "b"}, "tags", "tags", "tags.name"),
        ({"metadata": {}, "metadata.a": 1}, "metadata", "metadata", "metadata.a"),
    ],
)
def test_what_is_given_in_two_ways_is_an_error_of_the_row(
    shop: Organization, row: dict[str, Any], field: str, first: str, second: str
) -> None:
    outcome = shop.load("skus", [MUG | row, MUG | {"code": "B"}])
    message = f"is given twice, as `{first}` and as `{second}`: leave one of them out"
    assert outcome.errors == {1: {field: [message]}}
    assert shop.values("skus", "code") == ["B"]


def test_nested_records_given_in_two_ways_are_an_error_of_the_row(shop: Organization) -> None:
    shop.have("skus", code="A")
    row = {"sku_code": "A", "amount_cents": 1, "price_tiers": [], "price_tiers.name": "x"}
    outcome = shop.load("prices", [row], parent=shop.some("price_lists"))
    assert list(outcome.errors[1]) == ["price_tiers"]


# Single keys of metadata


def test_key_of_metadata_leaves_the_other_keys(shop: Organization) -> None:
    shop.load("skus", [MUG | {"metadata": {"colour": "red", "size": 1}}])
    text = "code,metadata.colour,metadata.a.b,metadata.fit\nA1,blue,x,\n"
    outcome = shop.load_csv("skus", text)
    assert outcome.counts == (0, 1, 0, 0)
    assert shop.values("skus", "metadata") == [{"a.b": "x", "colour": "blue", "size": 1}]
    ((_, changes),) = outcome.changes
    assert set(changes) == {"metadata"}
    assert shop.load_csv("skus", text).counts == (0, 0, 1, 0)


def test_keys_of_an_object_are_put_into_metadata(shop: Organization) -> None:
    shop.load("skus", [MUG | {"metadata": {"colour": "red", "size": {"s": 1}, "old": 1}}])
    text = 'code,metadata.*\nA1,"{""size"": {""m"": 2}, ""old"": null, ""fit"": [1]}"\nA1,\n'
    assert shop.load_csv("skus", text).counts == (0, 1, 1, 0)
    merged = [{"colour": "red", "size": {"m": 2}, "fit": [1]}]
    assert shop.values("skus", "metadata") == merged
    assert shop.load("skus", [{"code": "A1", "metadata.*": {"fit": [1]}}]).counts == (0, 0, 1, 0)
    assert shop.load("skus", [{"code": "A1", "metadata.*": "red"}]).counts == (0, 0, 0, 1)
    assert shop.values("skus", "metadata") == merged


def test_null_takes_a_key_of_metadata_away(shop: Organization) -> None:
    shop.load("skus", [MUG | {"metadata": {"colour": "red", "size": 1}}])
    rows = [{"code": "A1", "metadata.colour": None, "metadata.none": None, "metadata.deep": [1]}]
    assert shop.load("skus", rows).counts == (0, 1, 0, 0)
    assert shop.values("skus", "metadata") == [{"size": 1, "deep": [1]}]


def test_rows_of_one_chunk_add_keys_one_after_another(shop: Organization) -> None:
    rows = [MUG | {"metadata.a": 1}, {"code": "A1", "metadata.b": 2}, {"code": "A1"}]
    assert shop.load("skus", rows).counts == (1, 1, 1, 0)
    assert shop.values("skus", "metadata") == [{"a": 1, "b": 2}]


def test_metadata_that_grows_too_long_is_an_error(shop: Organization) -> None:
    small = shop.working(cell_bytes_max=64)
    text = f"code,name,do_not_ship,metadata.a,metadata.b\nA1,Mug,yes,{'x' * 40},{'y' * 40}\n"
    assert small.load_csv("skus", text).errors == {
        1: {"metadata": ["is too long (maximum is 64 bytes)"]}
    }


def test_dry_run_reads_columns_as_an_import_does(shop: Organization) -> None:
    text = b"Code,name,Do Not Ship,metadata.colour,Zzz\nA1,Mug,yes,red,1\n"
    tried = shop.longshore.dry_runs.run(
        shop.environment,
        Source.from_stream(io.BytesIO(text), format=Format.CSV),
        ImportRequest(resource_type="skus"),
    )
    assert (tried.created, tried.failed, tried.ignored_columns) == (1, 0, ("Zzz",))


def test_refusal_names_no_column_of_other_types(shop: Organization) -> None:
    with pytest.raises(RequestRefused, match="none of the columns is a field of skus"):
        shop.load_csv("skus", "Cancel,_place\n1,1\n")


def test_refusal_shows_how_the_nearest_field_is_given(shop: Organization) -> None:
    with pytest.raises(RequestRefused, match="none of the columns is a field") as refused:
        shop.load_csv("skus", "Foo,Product Title\n1,a\n")
    assert refused.value.hint is not None
    assert refused.value.hint.startswith("perhaps --map 'Product Title=name'; ")
