"""Units that a type does not take, converted in the step Check with the numbers beside them."""

import csv
import dataclasses
import io
import json
from collections.abc import Mapping
from typing import Any

import pytest

from longshore.dashboard.pages import check_edits
from longshore.operations import new_edit, with_edits
from tests.behaviour.dashboard.markup import text_of
from tests.behaviour.dashboard.wizard import HEADER, Wizard

_UNIT = "unit_of_weight"
_LEFT = "not converted: the number beside it cannot be read for sure"


def _convert(wizard: Wizard, old: str = "kg", **others: str) -> str:
    wizard.post("edits", do="convert", name=_UNIT, old=old, **others)
    return wizard.check()


def _again(wizard: Wizard) -> str:
    wizard.post("edits", do="again")
    return wizard.check()


def _imported(wizard: Wizard) -> dict[str, tuple[str, str]]:
    """Weight and unit of each SKU, by its code, as they are exported after the import."""
    assert wizard.post("apply").status_code == 303
    wizard.applied()
    exported = wizard.browser.get("/dashboard/records/skus.csv").text
    rows = csv.DictReader(io.StringIO(exported))
    return {row["code"]: (row["weight"], row[_UNIT]) for row in rows}


def test_a_unit_is_converted_with_the_weights_of_its_rows_alone(wizard: Wizard) -> None:
    wizard.begin(
        f"{HEADER}A-1,Mug,kg,4.1,Merchandise\nA-2,Cup,gr,0.35,Merchandise\n"
        "A-3,Jug,KG,2,Merchandise\nA-4,Pan,kg,,Merchandise\nA-5,Pot,lb,2,Merchandise\n"
        "A-6,Pin,mg,1125,Merchandise\n"
    )
    text = wizard.check()
    assert "Convert kg to gr in 2 rows, with weight : 2 kg become 2,000 gr" in text
    assert "Convert mg to gr in 1 row, with weight : 2 mg become 0.002 gr" in text
    text = _convert(wizard)
    assert "'kg' is converted to 'gr' in all rows, with weight times 1,000" in text
    assert "kg is not included" not in text
    _convert(wizard, "KG")
    text = _convert(wizard, "mg")
    assert "6 would be created, 0 updated, 0 stay as they are, 0 have errors" in text
    assert _imported(wizard) == {
        "A-1": ("4100.0", "gr"),
        "A-2": ("0.35", "gr"),
        "A-3": ("2000.0", "gr"),
        "A-4": ("", "gr"),
        "A-5": ("2.0", "lb"),
        "A-6": ("1.125", "gr"),
    }


def test_what_is_no_number_keeps_its_unit_and_says_why_until_it_is_mended(wizard: Wizard) -> None:
    wizard.begin(
        f'{HEADER}A-1,Mug,kg,0.35,Merchandise\nA-2,Cup,kg,"0,35",Merchandise\n'
        "A-3,Jug,kg,about 2,Merchandise\nA-4,Jug,kg,2 kg,Merchandise\n"
    )
    wizard.check()
    text = _convert(wizard)
    assert "kg is not included in the list , expected one of gr, oz, lb: 3 rows" in text
    assert _LEFT in text
    assert "0,35 is not a number" in text
    assert "about 2 is not a number" in text
    wizard.post("edits", do="replace", name="weight", old="0,35", value="0.35")
    wizard.check()
    wizard.post("edits", do="replace", name="weight", old="about 2", value="2")
    text = wizard.check()
    assert "kg is not included in the list , expected one of gr, oz, lb: 3 rows" in text
    text = _convert(wizard)
    assert "kg is not included in the list , expected one of gr, oz, lb: 1 row" in text
    wizard.post("options", rule="never")
    wizard.check()
    assert _imported(wizard) == dict.fromkeys(("A-1", "A-2"), ("350.0", "gr")) | {
        "A-3": ("2000.0", "gr")
    }


def test_a_decimal_comma_stays_one_and_a_point_between_thousands_too(wizard: Wizard) -> None:
    wizard.begin(
        HEADER.replace(",", ";") + "A-1;Mug;kg;0,35;Merchandise\nA-2;Cup;kg;1.500;Merchandise\n"
        "A-3;Jug;gr;1.500;Merchandise\nA-4;Pot;kg;1,25;Merchandise\nA-5;Pin;mg;1.500;Merchandise\n"
    )
    wizard.check()
    _convert(wizard)
    text = _convert(wizard, "mg")
    assert "5 would be created" in text
    assert _imported(wizard) == {
        "A-1": ("350.0", "gr"),
        "A-2": ("1500000.0", "gr"),
        "A-3": ("1500.0", "gr"),
        "A-4": ("1250.0", "gr"),
        "A-5": ("1.5", "gr"),
    }


def test_a_conversion_is_kept_taken_back_and_not_in_the_file_as_it_was_sent(
    wizard: Wizard,
) -> None:
    content = f"{HEADER}A-1,Mug,kg,0.35,Merchandise\nA-2,Cup,kg,2,Merchandise\n"
    wizard.begin(content)
    wizard.check()
    _convert(wizard)
    text = wizard.check("?show=created")
    assert "1 line 2 A-1 Mug gr 350" in text
    first = wizard.now().choices.edits[0]["id"]
    wizard.post("edits", do="back", edit=first)
    text = wizard.check()
    assert "Convert kg to gr in 2 rows" in text
    assert "A-1 Mug is not included in the list, expected one of gr, oz, lb 0.35" in text
    assert not wizard.now().choices.edits
    _convert(wizard)
    assert wizard.post("apply").status_code == 303
    made = wizard.applied()
    public_id = wizard.site.services.public_ids.encode(made.id)
    assert wizard.browser.get(f"/dashboard/imports/{public_id}/original").text == content


def test_cells_are_mended_before_and_after_a_conversion_each_in_the_unit_of_then(
    wizard: Wizard,
) -> None:
    wizard.begin(
        f"{HEADER}A-1,Mug,kg,1,Merchandise\nA-2,Cup,kg,1,Merchandise\n,Jug,gr,1,Merchandise\n"
    )
    wizard.check()
    wizard.mended((1, "weight", "0.5"), (2, "weight", "0.25"))
    _convert(wizard)
    wizard.mended((1, "weight", "400"))
    wizard.mended((3, "code", "A-3"))
    text = _again(wizard)
    assert "3 would be created" in text
    assert "1 line 2 A-1 Mug gr 400" in wizard.check("?show=created")
    conversion = next(each for each in wizard.now().choices.edits if each["kind"] == "convert")
    # Who typed 400 meant grams.
    wizard.post("edits", do="back", edit=conversion["id"])
    wizard.check()
    assert [each["value"] for each in wizard.now().choices.edits] == ["0.5", "0.25", "A-3"]
    _convert(wizard)
    assert _imported(wizard) == {
        "A-1": ("500.0", "gr"),
        "A-2": ("250.0", "gr"),
        "A-3": ("1.0", "gr"),
    }


def test_a_conversion_of_very_many_rows_is_shown_before_all_are_checked(
    wizard: Wizard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(check_edits, "_CHECKED_AT_ONCE", 1)
    wizard.begin(f"{HEADER}A-1,,kg,0.35,Merchandise\nA-2,,kg,2,Merchandise\n")
    wizard.check()
    text = _convert(wizard)
    assert "changed, and not checked with all rows yet" in text
    assert "1 line 2 A-1 can't be blank gr 350" in text
    # A cell is what it was converted to, and gets back what it had in the file.
    wizard.mended((1, "weight", "0.35"), (1, "name", "Mug"))
    wizard.mended((2, "name", "Cup"))
    assert "2 would be created" in _again(wizard)
    assert _imported(wizard) == {"A-1": ("0.35", "gr"), "A-2": ("2000.0", "gr")}


def test_each_number_of_a_row_is_converted_or_none(wizard: Wizard) -> None:
    method = {"price_amount_cents": 5, "currency_code": "EUR", "unit_of_weight": "kg"}
    document = {
        "skus": [
            {
                "code": "A-1",
                "name": "Mug",
                "weight": 0.35,
                "unit_of_weight": "kg",
                "shipping_category": {"name": "Merchandise"},
            }
        ],
        "shipping_methods": [
            {"name": "Post", "min_weight": 0.1, "max_weight": "4.1", **method},
            {"name": "Van", "min_weight": 2, "max_weight": "31,5", **method},
            {"name": "Ship", "max_weight": 4.1, **method, "unit_of_weight": "lb"},
        ],
    }
    wizard.begin(json.dumps(document), name="all.json")
    text = wizard.check("?of=shipping_methods")
    assert "Convert kg to gr in 2 rows, with min_weight and max_weight" in text
    wizard.post("edits", do="convert", name=_UNIT, old="kg", of="shipping_methods")
    wizard.check()
    text = wizard.check("?of=shipping_methods")
    assert "kg is not included in the list , expected one of gr, oz, lb: 1 row" in text
    assert _LEFT in text
    created = wizard.check("?of=shipping_methods&show=created")
    assert "Post 100 4100" in created
    assert "Ship blank 4.1" in created
    # The other type of the file stays as it was.
    assert "Convert kg to gr in 1 row" in wizard.check("?of=skus")
    wizard.post("edits", do="convert", name=_UNIT, old="kg", of="skus")
    wizard.check()
    assert "A-1 Mug 350 gr" in wizard.check("?of=skus&show=created")


def test_a_conversion_is_refused_once_the_numbers_come_from_other_columns(wizard: Wizard) -> None:
    header = "code,name,unit_of_weight,weight,net,shipping_category.name\n"
    wizard.begin(f"{header}A-1,Mug,kg,0.35,0.3,Merchandise\n")
    wizard.check()
    assert "1 would be created" in _convert(wizard)
    draft = wizard.now()
    fields = {"code": {"column": "code"}, "name": {"column": "name"}}
    fields |= {_UNIT: {"column": _UNIT}, "weight": {"column": "net"}}
    fields |= {"shipping_category.name": {"column": "shipping_category.name"}}
    wizard.operations.drafts.change(
        wizard.asker,
        draft.id,
        dataclasses.replace(
            draft.choices, mapping={"version": 1, "fields": fields, "ignore": ["weight"]}
        ),
        version=draft.version,
    )
    text = wizard.check()
    assert "Unit_of_weight was converted with other columns" in text
    wizard.post("edits", do="back", edit=wizard.now().choices.edits[0]["id"])
    assert "Convert kg to gr in 1 row, with net" in wizard.check()
    _convert(wizard)
    assert _imported(wizard) == {"A-1": ("300.0", "gr")}


_UNIT_OF_KG = {"name": "unit", "from": "kg"}


@pytest.mark.parametrize(
    "weight", [{"column": "weight"}, {"column": "weight", "transforms": [_UNIT_OF_KG]}]
)
def test_weights_that_are_read_in_their_unit_are_not_converted_twice(
    wizard: Wizard, weight: dict[str, object]
) -> None:
    names = ("code", "name", _UNIT, "shipping_category.name")
    fields = {**{name: {"column": name} for name in names}, "weight": weight}
    wizard.begin(
        HEADER.replace(",", ";") + "A-1;Mug;kg;0,35 kg;Merchandise\n"
        "A-2;Cup;kg;2 kg;Merchandise\nA-3;Cup;gr;2,5 kg;Merchandise\n",
        resource_type="skus",
        mapping={"version": 1, "fields": fields},
    )
    text = wizard.check()
    assert "Convert kg to gr in 2 rows: the numbers are read in their unit, and stay" in text
    text = _convert(wizard)
    assert "'kg' is converted to 'gr' in all rows Take back" in text
    assert "3 would be created" in text
    assert _imported(wizard) == {
        "A-1": ("350.0", "gr"),
        "A-2": ("2000.0", "gr"),
        "A-3": ("2500.0", "gr"),
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"weight": {"column": "weight", "transforms": [{"name": "unit", "from": "g"}]}},
        {"weight": {"column": "weight", "transforms": [{"name": "unit", "to": "oz"}]}},
        {"weight": {"column": "weight", "transforms": ["trim"]}},
        {"weight": {"template": "{weight}"}},
        {"weight": {"constant": "2"}},
        {"weight": {"column": "weight"}, "description": {"template": "{weight} {unit_of_weight}"}},
        {"weight": {"column": "weight"}, "hs_tariff_number": {"template": "{weight}"}},
    ],
)
def test_nothing_is_converted_that_is_not_read_as_it_stands(
    wizard: Wizard, fields: dict[str, object]
) -> None:
    names = ("code", "name", _UNIT, "shipping_category.name")
    mapping = {"version": 1, "fields": {**{name: {"column": name} for name in names}, **fields}}
    wizard.begin(f"{HEADER}A-1,Mug,kg,0.35,Merchandise\n", resource_type="skus", mapping=mapping)
    text = wizard.check()
    assert "kg is not included in the list" in text
    assert "Convert kg" not in text
    assert "changes the unit and no weight" in text
    answer = wizard.post("edits", do="convert", name=_UNIT, old="kg")
    assert answer.status_code == 409
    assert "cannot be converted with what stands beside it" in text_of(answer.text)


def test_another_word_for_a_unit_of_the_list_is_offered_and_no_number_is_changed(
    wizard: Wizard,
) -> None:
    wizard.begin(f"{HEADER}A-1,Mug,g,5,Merchandise\nA-2,Cup,st,5,Merchandise\n")
    text = wizard.check()
    assert "Use gr in 1 cell" in text
    assert "Convert" not in text
    assert text.count("changes the unit and no weight") == 1


def test_units_are_not_converted_without_end(wizard: Wizard) -> None:
    draft = wizard.begin(f"{HEADER}A-1,Mug,kg,5,Merchandise\n").now()
    edits: list[Mapping[str, Any]] = []
    for _ in range(50):
        edits = with_edits(edits, [new_edit("convert", column=_UNIT, old="kg", value="gr")])
    wizard.check()
    draft = wizard.now()
    wizard.operations.drafts.change(
        wizard.asker,
        draft.id,
        dataclasses.replace(draft.choices, edits=edits),
        version=draft.version,
        keeps_plan=True,
    )
    answer = wizard.post("edits", do="convert", name=_UNIT, old="kg")
    assert answer.status_code == 409
    assert "units are converted 50 times at most" in text_of(answer.text).lower()
