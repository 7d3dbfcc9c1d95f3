"""What is mended in the step Check: values of a whole column, cells by a form and in the grid."""

import json
import re
from dataclasses import replace

import pytest

from longshore.operations import new_edit, with_edits
from tests.behaviour.dashboard.markup import text_of
from tests.behaviour.dashboard.wizard import HEADER, Wizard, rows


def test_a_value_is_replaced_in_all_cells_that_have_it_and_taken_back(wizard: Wizard) -> None:
    wizard.begin(rows(1, "B-1,Cup,kg,5,Merchandise", 'B-2,"Two\nlines",kg,5,Merchandise'))
    assert "kg is not included in the list , expected one of gr, oz, lb: 2 rows" in wizard.check()
    wizard.post("edits", do="replace", name="unit_of_weight", old="kg", value="g")
    text = wizard.check()
    assert "unit_of_weight: 'kg' becomes 'g' in all rows" in text
    assert "g is not included in the list" in text
    # A change is made on what those before it have left.
    wizard.post("edits", do="replace", name="unit_of_weight", old="g", value="gr")
    assert "3 would be created, 0 updated, 0 stay as they are, 0 have errors" in wizard.check()
    assert "3 line 4 B-2 Two lines gr" in wizard.check("?show=created")
    last = wizard.now().choices.edits[-1]["id"]
    wizard.post("edits", do="back", edit=last)
    assert "g is not included in the list" in wizard.check()


def test_one_record_is_chosen_for_all_rows_that_name_none(wizard: Wizard) -> None:
    wizard.begin("code,name\nA-1,Mug\nA-2,Cup\n", resource_type="skus")
    text = wizard.check()
    assert "Choose one for all rows" in text
    assert wizard.shown is not None
    assert "<option>Merchandise</option>" in wizard.shown.text
    wizard.post("edits", do="constant", name="shipping_category.name", value="Merchandise")
    text = wizard.check()
    assert "2 would be created" in text
    assert "shipping_category.name is 'Merchandise' for all rows" in text
    wizard.post("apply")
    assert wizard.applied().created_count == 2


def test_what_was_probably_meant_is_offered_for_all_cells(wizard: Wizard) -> None:
    wizard.begin(rows(1, "B-1,Cup,gr,5,Merchandize", "B-2,Cup,gr,5,Merchandize"))
    assert "Use Merchandise in 2 cells" in wizard.check()


def test_a_value_that_is_not_in_a_list_is_replaced_by_one_of_it(wizard: Wizard) -> None:
    header = HEADER.replace("weight,ship", "weight,do_not_ship,ship")
    wizard.begin(f"{header}A-1,Mug,st,5,maybe,Merchandise\nA-2,Mug,gr,5,true,Merchandise\n")
    assert "Replace st by – gr oz lb nothing Apply to 1 cell" in wizard.check()
    assert "Replace maybe by – true false nothing" in wizard.check()
    wizard.post("edits", do="replace", name="do_not_ship", old="maybe", value="false")
    wizard.check()
    wizard.post("edits", do="replace", name="unit_of_weight", old="st", value="")
    assert "2 would be created" in wizard.check()


def test_records_that_there_are_are_offered_for_one_that_is_not(wizard: Wizard) -> None:
    wizard.begin(rows(1, "B-1,Cup,gr,5,Parcels"))
    wizard.check()
    assert wizard.shown is not None
    offered = re.findall(r'<datalist id="known-1">(.*?)</datalist>', wizard.shown.text)
    assert offered == ['<option value="Bulky"></option><option value="Merchandise"></option>']
    assert 'list="known-1"' in wizard.shown.text


def test_what_goes_through_a_transform_is_replaced_by_what_somebody_types(wizard: Wizard) -> None:
    names = ("code", "name", "unit_of_weight", "shipping_category.name")
    fields: dict[str, object] = {name: {"column": name} for name in names}
    fields["unit_of_weight"] = {"column": "unit_of_weight", "transforms": ["trim"]}
    fields["shipping_category.name"] = {"template": "{shipping_category.name}"}
    wizard.begin(
        f"{HEADER}A-1,Mug,st,5,Parcels\n",
        resource_type="skus",
        mapping={"version": 1, "fields": fields},
    )
    text = wizard.check()
    assert "Replace st by Apply to 1 cell" in text
    assert wizard.shown is not None
    assert "<datalist" not in wizard.shown.text


@pytest.mark.parametrize(
    ("spelling", "expected"),
    [("dmy", "2027-02-01T00:00:00.000Z"), ("mdy", "2027-01-02T00:00:00.000Z")],
)
def test_dates_that_may_be_two_are_read_as_somebody_says(
    wizard: Wizard, spelling: str, expected: str
) -> None:
    cells = "balance_cents,currency_code,expires_at\n100,EUR,01/02/2027\n"
    wizard.begin(cells, name="cards.csv", resource_type="gift_cards")
    text = wizard.check()
    assert "The day comes first in all of expires_at : 01/02/2027 is 2027-02-01" in text
    assert "The month comes first in all of expires_at : 01/02/2027 is 2027-01-02" in text
    wizard.post("edits", do="read", field="expires_at", spelling=spelling)
    assert "1 would be created" in wizard.check()
    wizard.post("apply")
    assert wizard.applied().created_count == 1
    assert expected in wizard.browser.get("/dashboard/records/gift_cards.csv").text


def test_amounts_that_may_be_two_are_read_as_somebody_says(wizard: Wizard) -> None:
    fields = {
        "currency_code": {"column": "currency_code"},
        "balance_cents": {"column": "balance", "unit": "decimal"},
    }
    wizard.begin(
        "currency_code,balance\nEUR,1.500\n",
        name="cards.csv",
        resource_type="gift_cards",
        mapping={"version": 1, "fields": fields},
    )
    assert "A comma stands before decimals in all of balance : 1.500 is 1500" in wizard.check()
    wizard.post("edits", do="read", field="balance_cents", spelling="comma")
    assert "1 would be created" in wizard.check()
    wizard.post("apply")
    wizard.applied()
    assert ",150000," in wizard.browser.get("/dashboard/records/gift_cards.csv").text


@pytest.mark.parametrize(
    ("field", "spelling"), [("expires_at", "words"), ("code", "dmy"), ("nothing", "comma")]
)
def test_a_column_is_not_read_as_what_it_cannot_be(
    wizard: Wizard, field: str, spelling: str
) -> None:
    cells = "balance_cents,currency_code,expires_at\n100,EUR,01/02/2027\n"
    wizard.begin(cells, name="cards.csv", resource_type="gift_cards")
    wizard.check()
    before = wizard.now().choices
    wizard.post("edits", do="read", field=field, spelling=spelling)
    assert wizard.now().choices == before


def test_a_date_among_others_is_replaced_by_one_of_its_meanings(wizard: Wizard) -> None:
    dates = "".join(f"100,EUR,{each}\n" for each in ("13/02/2027", "03/04/2027", "04/22/2027"))
    wizard.begin(
        f"balance_cents,currency_code,expires_at\n{dates}",
        name="cards.csv",
        resource_type="gift_cards",
    )
    text = wizard.check()
    assert "Use 2027-04-03 Use 2027-03-04 in 1 cell: which of the two is meant?" in text
    wizard.post("edits", do="replace", name="expires_at", old="03/04/2027", value="2027-04-03")
    assert "3 would be created" in wizard.check()


def test_cells_are_mended_by_a_form_and_count_once_all_rows_were_checked(wizard: Wizard) -> None:
    wizard.begin(rows(3, "B-1,,kg,5,Merchandise"))
    wizard.check()
    assert wizard.shown is not None
    cells = {"cell.4.1": "Cup", "cell.4.2": "kg"}
    answer = wizard.browser.submit(wizard.shown, "/edits", do="cells", **cells)
    text = text_of(answer.text)
    # The name is mended, the unit is not; and nothing can be imported yet.
    assert "Row 4: name becomes 'Cup' not checked with all rows yet" in text
    assert "can't be blank" not in text[text.index("Rows with errors") :]
    assert 'class="when-current" hidden' in answer.text
    refused = wizard.post("apply")
    assert refused.status_code == 409
    assert "The rows were not checked with all changes" in text_of(refused.text)
    cells = {"cell.4.2": "gr"}
    wizard.browser.submit(answer, "/edits", do="cells", **cells)
    wizard.post("edits", do="again")
    assert "4 would be created, 0 updated, 0 stay as they are, 0 have errors" in wizard.check()
    wizard.post("apply")
    assert wizard.applied().created_count == 4


def test_the_grid_sends_cells_and_gets_rows_back_as_they_are_judged_then(wizard: Wizard) -> None:
    wizard.begin(rows(1, "B-1,,kg,5,Merchandise", "B-2,Cup,kg,5,Merchandise"))
    wizard.check()
    path, version = f"{wizard.path}/edits", wizard.now().version
    cells = [
        {"row": 2, "column": "name", "value": "<b>Cup</b>"},
        {"row": 3, "column": "unit_of_weight", "value": "gr"},
    ]
    body = json.dumps({"version": version, "cells": cells}).encode()
    status, answer = wizard.browser.module("POST", path, body)
    assert status == 200
    first, second = answer["rows"]
    assert (first["number"], first["line"], first["cells"]["name"]) == (2, 3, "<b>Cup</b>")
    assert list(first["errors"]) == ["unit_of_weight"]
    assert (second["errors"], second["others"]) == ({}, [])
    # Another window has the version before.
    status, answer = wizard.browser.module("POST", path, body.replace(b'"gr"', b'"oz"'))
    assert (status, answer["hint"]) == (409, "reload the page")
    assert wizard.browser.module("POST", path, b'{"cells": 1}')[0] == 400


def test_a_cell_that_is_edited_keeps_the_lines_of_the_others(wizard: Wizard) -> None:
    wizard.begin(
        "\ufeff" + rows(1, "", "B-1,Größe,kg,5,Merchandise", "", "C-1,,gr,5,Merchandise"),
    )
    wizard.check()
    wizard.post("edits", do="replace", name="unit_of_weight", old="kg", value="gr")
    text = wizard.check()
    assert "3 line 6 ✕" in text or "3 line 6" in text
    assert "2 line 4 B-1 Größe gr" in wizard.check("?show=created")


@pytest.mark.parametrize("form", ["array", "document", "lines"])
def test_a_value_of_json_that_is_edited_keeps_the_lines_of_the_others(
    wizard: Wizard, form: str
) -> None:
    given = [
        {"code": "A-1", "name": "Mug", "unit_of_weight": "kg", "shipping_category.name": "Bulky"},
        {"code": "A-2", "name": "", "unit_of_weight": "gr", "shipping_category.name": "Bulky"},
        {"code": "A-3", "name": "Cup", "unit_of_weight": "gr", "shipping_category.name": "Bulky"},
    ]
    texts = {
        "array": "\n" + json.dumps(given, indent=2),
        "document": json.dumps({"meta": {"pages": 1}, "data": given}, indent=2),
        "lines": "\n\n".join(map(json.dumps, given)),
    }
    lines = {"array": (3, 9, 15), "document": (6, 12, 18), "lines": (1, 3, 5)}[form]
    wizard.begin(texts[form], "skus.json", resource_type="skus", skip_errors=True)
    assert f" 2 line {lines[1]} " in wizard.check()
    wizard.post("edits", do="replace", name="unit_of_weight", old="kg", value="gr")
    assert f" 2 line {lines[1]} " in wizard.check()
    created = wizard.check("?show=created")
    assert f" 1 line {lines[0]} A-1 " in created
    assert f" 3 line {lines[2]} A-3 " in created
    wizard.post("apply")
    import_ = wizard.applied()
    id_ = wizard.site.services.public_ids.encode(import_.id)
    errors = wizard.browser.get(f"/dashboard/imports/{id_}/errors")
    assert f" 2 {lines[1]} name can't be blank" in text_of(errors.text)


def test_a_file_in_another_encoding_becomes_utf_8_where_a_change_needs_it(wizard: Wizard) -> None:
    content = rows(1, "B-1,Größe,kg,5,Merchandise").encode("windows-1252")
    wizard.begin(content)
    wizard.check()
    wizard.post("edits", do="replace", name="name", old="Größe", value="尺寸")
    wizard.check()
    wizard.post("edits", do="replace", name="unit_of_weight", old="kg", value="gr")
    assert "2 would be created" in wizard.check()
    assert "2 line 3 B-1 尺寸 gr" in wizard.check("?show=created")


def test_two_windows_make_one_plan_and_do_not_overwrite_each_other(wizard: Wizard) -> None:
    wizard.begin(rows(2, "B-1,Cup,kg,5,Merchandise"))
    draft = wizard.now()
    plans = wizard.operations.draft_plans
    first = plans.plan(wizard.asker, draft, wake=lambda: None)
    second = plans.plan(wizard.asker, draft, wake=lambda: None)
    assert first.plan_id == second.plan_id
    wizard.check()
    old = str(wizard.now().version)
    wizard.post("options", rule="never")
    for action, fields in (
        ("options", {"rule": "first"}),
        ("edits", {"do": "replace", "name": "name", "old": "Cup", "value": "Mug"}),
        ("apply", {}),
    ):
        answer = wizard.post(action, **{**fields, "version": old})
        assert answer.status_code == 409
        assert "was changed in another window" in text_of(answer.text)
    assert wizard.now().choices.skip_errors


def test_a_replaced_unit_is_said_to_change_no_weight(wizard: Wizard) -> None:
    wizard.begin(f"{HEADER}A-1,Mug,kg,2,Merchandise\nA-2,Cup,gr,x,Merchandise\n")
    assert wizard.check().count("changes the unit and no weight: 2 kg become 2 of the other") == 1


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        b"[]",
        b'{"version": 1, "cells": [{"row": 1e999, "column": "name", "value": "x"}]}',
        rb'{"version": 1, "cells": [{"row": 1, "column": "name", "value": "\ud800"}]}',
    ],
)
def test_what_is_no_change_of_cells_is_refused(wizard: Wizard, body: bytes) -> None:
    wizard.begin(HEADER + "A-1,,kg,x,Parcel\n", resource_type="skus").check()
    status, document = wizard.browser.module("POST", f"{wizard.path}/edits", body)
    assert (status, set(document)) == (400, {"error", "hint"})


def test_a_cell_of_no_row_is_left_out_of_a_form(wizard: Wizard) -> None:
    wizard.begin(HEADER + "A-1,,kg,x,Parcel\n", resource_type="skus").check()
    fields = {"version": str(wizard.now().version), "do": "cells", "cell.\u00b2.1": "x"}
    assert wizard.browser.post(f"{wizard.path}/edits", fields).status_code == 200


# Behind the quoted cell of the first row stands more.
BROKEN = HEADER + 'A-1,"12" pipe,gr,5,Bulky\nA-2,,gr,5,Bulky\n'


def test_a_row_with_broken_quotes_has_no_cells_to_be_mended(wizard: Wizard) -> None:
    wizard.begin(BROKEN, resource_type="skus")
    assert "Mend the quotes in a file of your own, and import that." in wizard.check()
    assert wizard.shown is not None
    uncut, cut = re.findall(r'<tr data-row="\d+">.*?</tr>', wizard.shown.text, re.DOTALL)
    assert ("data-column" in uncut, "data-column" in cut) == (False, True)


def test_a_paste_across_a_row_with_broken_quotes_keeps_its_other_cells(wizard: Wizard) -> None:
    wizard.begin(BROKEN, resource_type="skus")
    wizard.check()
    uncut, cut = wizard.mended((1, "name", "Pipe"), (2, "name", "Tube"))["rows"]
    assert (uncut["cells"], uncut["hint"]) == (
        {},
        "mend the quotes in a file of your own, and import that",
    )
    assert (cut["cells"]["name"], cut["errors"], cut["hint"]) == ("Tube", {}, None)
    assert [each["row"] for each in wizard.now().choices.edits] == [2]
    # The page shows both rows, with the change.
    assert "Row 2: name becomes 'Tube'" in wizard.check()


JSON_ROWS = [
    {"code": "N1", "name": None, "shipping_category": {"name": "Merchandise"}},
    {"code": "N2", "shipping_category": {"name": "Merchandise"}},
    {"code": "N3", "name": "Mug", "shipping_category": {"name": "Parcel"}},
]


def test_a_field_that_an_object_of_json_lacks_is_a_cell_as_any_other(wizard: Wizard) -> None:
    wizard.begin(json.dumps(JSON_ROWS), "skus.json", resource_type="skus")
    wizard.check()
    assert wizard.shown is not None
    for name in ("cell.1.1", "cell.2.1"):
        assert f'name="{name}"' in wizard.shown.text
    answer = wizard.mended((1, "name", "Cup"), (2, "name", " "))
    first, second = answer["rows"]
    assert (first["errors"], second["errors"]) == ({}, {"name": ["can't be blank"]})
    # What stands inside of an object is shown and mended where it is.
    (third,) = wizard.mended((3, "shipping_category.name", "Bulky"))["rows"]
    assert third["errors"] == {}
    wizard.browser.submit(wizard.browser.get(f"{wizard.path}/check"), "/edits", do="cells")
    wizard.mended((2, "name", "Pot"))
    wizard.post("edits", do="again")
    assert "3 would be created" in wizard.check()


def test_a_cell_that_gets_back_what_the_file_has_is_no_change(wizard: Wizard) -> None:
    wizard.begin(rows(2, "B-1,Cup,kg,5,Merchandise", "B-2,,kg,5,Merchandise"))
    wizard.check()
    assert not wizard.mended((3, "unit_of_weight", "gr"))["is_current"]
    answer = wizard.mended((3, "unit_of_weight", "kg"))
    assert answer["is_current"]
    assert list(answer["rows"][0]["errors"]) == ["unit_of_weight"]
    assert wizard.now().choices.edits == []
    # A change that was planned stays: without it all rows would have to be checked again.
    wizard.mended((3, "unit_of_weight", "gr"))
    wizard.post("edits", do="again")
    assert "3 would be created" in wizard.check()
    (planned,) = wizard.now().choices.edits
    assert not wizard.mended((3, "unit_of_weight", "oz"))["is_current"]
    assert wizard.mended((3, "unit_of_weight", "gr"))["is_current"]
    assert wizard.now().choices.edits == [planned]
    assert "3 would be created" in wizard.check()
    # Of several changes of a cell the last one is planned.
    wizard.mended((3, "unit_of_weight", "oz"))
    wizard.post("edits", do="again")
    assert "3 would be created" in wizard.check()
    (last,) = wizard.now().choices.edits
    assert last["value"] == "oz"


def test_what_the_file_has_is_a_change_where_another_change_hides_it(wizard: Wizard) -> None:
    wizard.begin(rows(1, "B-1,,kg,5,Merchandise", "B-2,Cup,kg,5,Merchandise"))
    wizard.check()
    draft = wizard.now()
    for_all = new_edit("replace", column="unit_of_weight", old="kg", value="gr")
    choices = replace(draft.choices, edits=with_edits((), [for_all]))
    wizard.operations.drafts.change(
        wizard.asker, draft.id, choices, version=draft.version, keeps_plan=True
    )
    (row,) = wizard.mended((2, "unit_of_weight", "kg"))["rows"]
    assert row["cells"]["unit_of_weight"] == "kg"
    (row,) = wizard.mended((2, "unit_of_weight", "gr"))["rows"]
    assert row["cells"]["unit_of_weight"] == "gr"
    assert [each["id"] for each in wizard.now().choices.edits] == [for_all.id]
