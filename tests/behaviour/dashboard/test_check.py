"""The step Check: what an import would do, mended in the page, and applied exactly."""

import csv
import io
import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx2
import pytest

from longshore.drafts import Draft, DraftChoices
from longshore.operations import NoSuchDraft, new_edit, with_edits
from tests.behaviour.api.site import Site, Template
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import imported
from tests.behaviour.dashboard.markup import text_of
from tests.behaviour.groups.foreign_files import WAREHOUSE

SAMPLES = Path("tests/unit/dialects/samples")
HEADER = "code,name,unit_of_weight,weight,shipping_category.name\n"


class Wizard:
    """An import that is prepared, at its step Check."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.operations = site.services.operations
        self.asker = browser.asker
        self.draft: Draft | None = None
        self.shown: httpx2.Response | None = None

    def import_(self, resource_type: str, content: str) -> None:
        """Import rows beside the wizard."""
        imported(self.browser, content, name="beside", resource_type=resource_type)

    def begin(self, content: str | bytes, name: str = "skus.csv", **choices: Any) -> "Wizard":
        drafts = self.operations.drafts
        made = drafts.create(self.asker, name, choices=DraftChoices(**choices))
        drafts.add_part(
            self.asker, made.id, 0, [content if isinstance(content, bytes) else content.encode()]
        )
        self.draft = drafts.finish(self.asker, made.id)
        return self

    @property
    def path(self) -> str:
        assert self.draft is not None
        return f"/dashboard/new/{self.site.services.public_ids.encode(self.draft.id)}"

    def now(self) -> Draft:
        assert self.draft is not None
        return self.operations.drafts.find(self.asker, self.path.rpartition("/")[2])

    def check(self, query: str = "") -> str:
        """The page with a plan of all rows, made if there is none."""
        while "The file is read" in (shown := self.browser.get(f"{self.path}/check")).text:
            pass  # it waits for a while itself
        if shown.status_code != 200:
            return text_of(shown.text)
        self.run()
        text = ""
        while not text or "grouping them takes a while" in text:
            self.shown = self.browser.get(f"{self.path}/check{query}")
            text = text_of(self.shown.text)
        return text

    def run(self) -> None:
        plan = self.operations.draft_plans.found(self.asker, self.now())
        for each in () if plan is None else plan.members:
            if not each.is_finished:
                self.operations.import_runs.run(each.id)

    def post(self, action: str, **fields: str) -> httpx2.Response:
        given = {"version": str(self.now().version), **fields}
        return self.browser.post(f"{self.path}/{action}", given, follow=False)

    def applied(self) -> Any:
        """The import that was made of the draft, run to its end."""
        import_id = self.now().import_id
        assert import_id is not None
        self.operations.import_runs.run(import_id)
        return self.operations.imports.read(import_id)


_numbers = itertools.count()


@pytest.fixture(scope="module")
def site(template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """One installation, in which each test has an organization of its own."""
    site = template.open(tmp_path_factory.mktemp("check") / "data")
    yield site
    site.close()


@pytest.fixture
def wizard(site: Site) -> Wizard:
    wizard = Wizard(site, signed_in(site, slug=f"check-{next(_numbers)}"))
    wizard.import_("shipping_categories", "name\nMerchandise\nBulky\n")
    return wizard


def rows(count: int, *others: str) -> str:
    made = "".join(f"A-{number},Mug,gr,5,Merchandise\n" for number in range(count))
    return HEADER + made + "".join(f"{each}\n" for each in others)


def test_a_file_is_checked_and_exactly_what_was_shown_is_imported(wizard: Wizard) -> None:
    wizard.begin(rows(20, "B-1,Cup,kg,5,Merchandise"))
    text = wizard.check()
    file = wizard.browser.get(f"{wizard.path}/failed.csv").text
    assert "B-1,Cup,kg,5,Merchandise,21," in file
    assert "Of 21 rows 20 would be created, 0 updated, 0 stay as they are, 1 has errors" in text
    assert "Import 20 SKUs" in text
    answer = wizard.post("apply")
    assert re.fullmatch(r"/dashboard/imports/\w+", answer.headers["location"])
    done = wizard.applied()
    assert (done.status, done.created_count, done.errors_count) == ("completed", 20, 1)
    # The draft leads there from now on, in every window.
    again = wizard.browser.send("GET", f"{wizard.path}/check")
    assert again.headers["location"] == answer.headers["location"]
    assert wizard.post("apply").headers["location"] == answer.headers["location"]


def test_each_list_shows_its_rows_by_number_line_and_cells(wizard: Wizard) -> None:
    wizard.import_("skus", rows(2))
    given = ["A-0,Mug,gr,5,Merchandise", "A-1,Jug,gr,5,Merchandise", "", "B-1,Cup,gr,5,Bulky"]
    wizard.begin(HEADER + "\n".join(given))
    assert "1 would be created, 1 updated, 1 stays as it is, 0 have errors" in wizard.check()
    assert "3 line 5 B-1 Cup gr 5 Bulky" in wizard.check("?show=created")
    updated = wizard.check("?show=updated")
    assert "name Mug → Jug" in updated
    assert "2 line 3" in updated
    assert "1 line 2" in wizard.check("?show=unchanged")
    assert "There are no warnings." in wizard.check("?show=warnings")


def test_what_is_in_already_is_said_in_place_of_a_button(wizard: Wizard) -> None:
    wizard.import_("skus", rows(2))
    text = wizard.begin(rows(2)).check()
    assert "All 2 rows are already as in the file." in text
    assert "Import 0" not in text


def test_lists_have_pages_of_fifty_rows(wizard: Wizard) -> None:
    wizard.begin(rows(60))
    assert "Page 1 of 2" in wizard.check("?show=created")
    text = wizard.check("?show=created&page=2")
    assert "51 line 52 A-50" in text
    assert "A-49 " not in text


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


def test_each_cause_leads_to_its_rows(wizard: Wizard) -> None:
    wizard.begin(rows(0, *(f"B-{n},,kg,5,Merchandise" for n in range(2)), "C-1,,gr,5,Bulky"))
    wizard.check()
    assert wizard.shown is not None
    address = re.search(r'href="([^"]+cause=2[^"]*)"', wizard.shown.text)
    assert address is not None
    text = text_of(wizard.browser.page(unescape(address[1])))
    listed = text[text.index("Only those of one cause are shown: unit_of_weight kg") :]
    assert "B-0" in listed
    assert "C-1" not in listed


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


def test_an_import_with_too_many_errors_needs_a_rule_that_lets_it_begin(wizard: Wizard) -> None:
    wizard.begin(rows(4, "B-1,Cup,kg,5,Merchandise"))
    text = wizard.check()
    assert "1 of 5 rows have errors, which is more than 10 %." in text
    assert "Import 4 SKUs" not in text
    assert wizard.post("apply").status_code == 409
    rules = [
        ({"rule": "percent", "percent": "21"}, True),
        ({"rule": "percent", "percent": "20"}, False),
        ({"rule": "count", "count": "2"}, True),
        ({"rule": "first"}, False),
        ({"rule": "all"}, False),
        ({"rule": "never"}, True),
    ]
    for fields, begins in rules:
        plan_id = wizard.now().plan_id
        assert wizard.post("options", **fields).status_code == 303
        assert wizard.now().plan_id == plan_id  # nothing else would become of any row
        assert ("Import 4 SKUs" in wizard.check()) is begins, fields
    assert "0 is no number of rows" in text_of(wizard.post("options", rule="count", count="0").text)
    wizard.post("apply")
    assert wizard.applied().created_count == 4
    # It is an import by now, of which nothing is changed any more.
    assert wizard.post("options", rule="first").headers["location"].startswith("/dashboard/imports")


def test_all_or_nothing_is_an_import_of_that_kind(wizard: Wizard) -> None:
    wizard.begin(rows(3))
    wizard.check()
    wizard.post("options", rule="all")
    assert "Import 3 SKUs" in wizard.check()
    wizard.post("apply")
    done = wizard.applied()
    assert (done.all_or_nothing, done.created_count) == (True, 3)


def test_all_or_nothing_does_not_begin_where_the_store_has_moved(wizard: Wizard) -> None:
    wizard.begin(rows(3))
    wizard.check()
    wizard.post("options", rule="all")
    wizard.import_("skus", HEADER + "A-1,Jug,gr,5,Merchandise\n")
    answer = wizard.post("apply")
    assert answer.status_code == 409
    assert "SKUs have been written" in text_of(answer.text)
    assert wizard.now().import_id is None


def test_blank_cells_and_what_counts_are_options_that_make_another_plan(wizard: Wizard) -> None:
    wizard.import_("skus", rows(1))
    wizard.begin(HEADER + "A-0,Mug,gr,,Merchandise\nB-1,Mug,gr,5,Merchandise\n")
    assert "1 would be created, 0 updated, 1 stays as it is" in wizard.check()
    wizard.post("options", blank="clear", only="update")
    text = wizard.check()
    assert "0 would be created, 1 updated, 0 stay as they are, 1 is skipped" in text
    assert "blank cells empty fields, only update" in text


def test_options_leave_columns_as_they_were_matched(wizard: Wizard) -> None:
    wizard.begin("SKU code,Title,Shipping category\nA-1,Mug,Bulky\n", resource_type="skus")
    before = wizard.check()
    wizard.post("options", blank="error")
    after = wizard.check()
    sentence = re.compile(r"Of 1 row .*? errors\.")
    assert sentence.findall(before) == sentence.findall(after) != []
    assert "1 would be created" in after


def test_rows_that_have_moved_are_named_and_can_be_checked_again(wizard: Wizard) -> None:
    wizard.import_("skus", rows(2))
    wizard.begin(HEADER + "A-0,Jug,gr,5,Merchandise\nA-1,Jug,gr,5,Merchandise\n")
    wizard.check()
    wizard.import_("skus", HEADER + "A-1,Pot,gr,5,Merchandise\n")
    assert "SKUs have been written" in wizard.check()
    wizard.post("apply")
    applied = wizard.applied()
    assert applied.status == "interrupted"
    import_id = wizard.site.services.public_ids.encode(wizard.now().import_id or 0)
    stopped = wizard.browser.page(f"/dashboard/imports/{import_id}")
    assert f'href="{wizard.path}/check"' in stopped
    assert applied.moved is not None
    assert text_of(stopped).lower().count(applied.moved.message[:40].lower()) == 1
    text = text_of(wizard.browser.page(f"{wizard.path}/check"))
    assert "Nothing was written" in text
    assert "2 line 3 A-1" in text
    wizard.post("edits", do="again")
    assert "2 updated" in wizard.check()
    wizard.post("apply")
    assert wizard.applied().updated_count == 2


def test_live_asks_to_type_how_many_records_are_updated(site: Site) -> None:
    wizard = Wizard(site, signed_in(site, slug="updates", mode="live"))
    wizard.import_("shipping_categories", "name\nMerchandise\n")
    wizard.import_("skus", rows(1001))
    wizard.begin(rows(1001).replace("Mug", "Jug"))
    assert "This is LIVE, and 1,001 records are updated. Type 1001 to import" in wizard.check()
    assert wizard.post("apply", typed="1000").status_code == 409
    assert wizard.post("apply", typed="1,001").status_code == 303
    assert wizard.applied().updated_count == 1001


def test_live_asks_to_type_how_many_prices_fall(site: Site) -> None:
    wizard = Wizard(site, signed_in(site, slug="prices", mode="live"))
    wizard.import_("price_lists", "name,code,currency_code\nEUR,eur,EUR\n")
    wizard.import_("shipping_categories", "name\nMerchandise\n")
    wizard.import_("skus", rows(101))
    head = "sku_code,amount_cents,price_list.code\n"
    wizard.import_("prices", head + "".join(f"A-{n},1000,eur\n" for n in range(101)))
    wizard.begin(head + "".join(f"A-{n},799,eur\n" for n in range(101)), "prices.csv")
    assert "101 prices fall by over 20 %" in wizard.check()
    assert wizard.post("apply", typed="101").status_code == 303


def test_a_plan_that_was_stopped_or_is_too_old_says_so_and_can_be_made_again(
    wizard: Wizard,
) -> None:
    wizard.begin(rows(2))
    while "The file is read" in (running := wizard.browser.page(f"{wizard.path}/check")):
        pass
    assert "0 of 2 rows" in text_of(running)
    assert 'http-equiv="refresh"' in running
    plan_id = wizard.now().plan_id
    assert plan_id is not None
    wizard.operations.import_plans.interrupt(wizard.asker, plan_id)
    text = text_of(wizard.browser.page(f"{wizard.path}/check"))
    assert "The check was stopped before the last row" in text
    wizard.post("edits", do="again")
    assert "2 would be created" in wizard.check()


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


def test_a_group_has_a_line_tabs_and_changes_for_each_type(wizard: Wizard) -> None:
    document = {
        "price_lists": [{"name": "EUR", "code": "eur", "currency_code": "EUR"}],
        "skus": [
            {"code": "A-1", "name": "Mug", "shipping_category": {"name": "Merchandise"}},
            {"code": "A-2", "name": "", "shipping_category": {"name": "Merchandise"}},
        ],
    }
    wizard.begin(json.dumps(document), "shop.json")
    text = wizard.check()
    assert "Price lists : Of 1 row 1 would be created" in text
    assert "SKUs : Of 2 rows 1 would be created" in text
    assert "Price lists SKUs 1 row with errors" in text
    wizard.post("edits", do="replace", of="skus", name="name", old="", value="Cup")
    assert "SKUs : Of 2 rows 2 would be created" in wizard.check()
    assert "Import 3 records" in text_of(wizard.shown.text if wizard.shown else "")
    answer = wizard.post("apply")
    assert re.fullmatch(r"/dashboard/groups/\w+", answer.headers["location"])


def test_a_check_that_nobody_runs_is_said_where_the_imports_are(wizard: Wizard) -> None:
    wizard.begin(rows(2))
    while "The file is read" in wizard.browser.get(f"{wizard.path}/check").text:
        pass  # it waits for a while itself
    assert "Nobody runs imports: 1 waits." in text_of(wizard.browser.get("/dashboard").text)
    wizard.run()
    assert "Nobody runs imports" not in text_of(wizard.browser.get("/dashboard").text)


def test_a_replaced_unit_is_said_to_change_no_weight(wizard: Wizard) -> None:
    wizard.begin(f"{HEADER}A-1,Mug,kg,2,Merchandise\nA-2,Cup,gr,x,Merchandise\n")
    assert wizard.check().count("changes the unit and no weight: 2 kg become 2 of the other") == 1


def test_what_another_systems_file_does_not_say_is_said_at_the_step_file(wizard: Wizard) -> None:
    options = {"shipping_category": "Merchandise"}
    content = (SAMPLES / "shopify_2025.csv").read_text()
    text = wizard.begin(content, "shopify.csv", dialect_options=options).check()
    assert "The file does not say in which currency its prices are" in text
    assert "Back to the file, and say it there" in text
    assert "matched by themselves" not in text


def test_a_file_that_cannot_be_imported_as_it_is_leads_back_to_the_columns(wizard: Wizard) -> None:
    wizard.begin("one,two\n1,2\n", resource_type="skus")
    answer = wizard.browser.get(f"{wizard.path}/check")
    if answer.status_code == 422:
        assert f"{wizard.path}/columns" in answer.text


def test_drafts_of_other_environments_are_not_there(wizard: Wizard) -> None:
    wizard.begin(rows(1))
    other = signed_in(wizard.site, mode="live")
    for action in ("check", "edits", "options", "apply"):
        answer = other.post(f"{wizard.path}/{action}", {"version": "1"})
        assert answer.status_code in (404, 422)
        assert "there is no such import in preparation" in answer.text


def test_cells_of_another_systems_file_are_mended_where_they_stand_in_it(wizard: Wizard) -> None:
    wizard.import_("stock_locations", json.dumps([WAREHOUSE]))
    content = (SAMPLES / "shopify_2025.csv").read_text().replace(",29.5,", ",29.5x,")
    wizard.begin(
        content,
        "shopify.csv",
        dialect_options={"currency": "EUR", "shipping_category": "Merchandise"},
    )
    text = wizard.check("?of=prices")
    assert "amount_cents 29.5x is not a number" in text
    assert "column Price · rows 1 , 2" in text
    cells = [{"row": 2, "column": "Price", "value": "31"}]
    body = {"version": wizard.now().version, "of": "prices", "cells": cells}
    status, answer = wizard.browser.module(
        "POST", f"{wizard.path}/edits", json.dumps(body).encode()
    )
    assert (status, answer["rows"][0]["cells"]["Price"], answer["rows"][0]["errors"]) == (
        200,
        "31",
        {},
    )
    wizard.post("edits", do="replace", of="prices", name="Price", old="29.5x", value="29.5")
    text = wizard.check("?of=prices&show=created")
    assert "Prices : Of 3 rows 3 would be created" in text
    assert "2 line 3 eur blank S-2 3100" in text
    wizard.post("apply")
    group = wizard.operations.import_groups.read(wizard.now().import_id or 0)
    done = wizard.operations.import_groups.run(group)
    assert done.total("created_count") == 9


def test_warnings_are_listed_with_their_rows(wizard: Wizard) -> None:
    head = HEADER.rstrip() + ",_add_tags\n"
    row = "Mug,gr,5,Merchandise"
    content = head + "".join(f"A-{n},{row},{'odd' * (n % 2)}\n" for n in range(120))
    wizard.begin(content, resource_type="skus", mapping={"version": 1})
    text = wizard.check("?show=warnings")
    assert "Warnings 60" in text
    assert re.search(r" 2 A-1 [^0-9]*'odd'", text)
    assert "Next" in text
    text = wizard.check("?show=warnings&after=100")
    assert " 102 A-101 " in text
    assert " 100 A-99 " not in text


def test_elements_of_json_that_are_no_objects_are_rows_with_errors(wizard: Wizard) -> None:
    rows = b'[{"code":"J-1","name":"Mug"},{"code":5},7,null,[1]]'
    wizard.begin(rows, "skus.json", resource_type="skus")
    assert "/file" in str(wizard.browser.get(f"{wizard.path}/file").url)
    assert "Of 5 rows 0 would be created" in text_of(wizard.check())


def test_half_a_character_of_json_is_shown_as_its_escape(wizard: Wizard) -> None:
    wizard.begin(rb'[{"code":"\ud800","name":"Mug"}]', "skus.json", resource_type="skus")
    wizard.check()
    assert wizard.shown is not None
    assert (wizard.shown.status_code, r'value="\ud800"' in wizard.shown.text) == (200, True)


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


@pytest.mark.parametrize("step", ["check", "apply", "failed.csv"])
def test_a_draft_that_was_discarded_is_not_found(wizard: Wizard, step: str) -> None:
    wizard.begin(HEADER + "A-1,Mug,gr,1,Parcel\n", resource_type="skus").check()
    wizard.browser.post(f"{wizard.path}/discard")
    assert wizard.browser.get(f"{wizard.path}/{step}").status_code == 404


def test_a_file_that_was_discarded_is_not_said_to_be_empty(wizard: Wizard) -> None:
    drafts = wizard.operations.drafts
    draft = wizard.begin(HEADER + "A-1,Mug,gr,1,Merchandise\n", resource_type="skus").now()
    drafts.discard(wizard.asker, draft.id)
    with pytest.raises(NoSuchDraft), drafts.opened(draft):
        pass


def test_an_import_is_shown_though_its_draft_is_discarded_at_once(wizard: Wizard) -> None:
    wizard.begin(HEADER + "A-1,Mug,gr,1,Merchandise\n", resource_type="skus").check()
    drafts, draft = wizard.operations.drafts, wizard.now()
    applied = wizard.operations.draft_applier.apply(
        wizard.asker,
        draft,
        version=draft.version,
        typed=None,
        wake=lambda: drafts.discard(wizard.asker, draft.id),
    )
    assert applied.import_id is not None
    wizard.operations.import_runs.run(applied.import_id)
    made = wizard.operations.imports.read(applied.import_id)
    assert (made.created_count, made.errors_count) == (1, 0)


@pytest.fixture
def shop(wizard: Wizard) -> Wizard:
    """A file of another system, in whose last row, the fourth, no price is a number; of the prices
    that it makes that is the third."""
    wizard.import_("stock_locations", json.dumps([WAREHOUSE]))
    content = (SAMPLES / "shopify_2025.csv").read_text().replace(",9,", ",9x,")
    options = {"currency": "EUR", "shipping_category": "Merchandise"}
    return wizard.begin(content, "shopify.csv", dialect_options=options, skip_errors=True)


def test_causes_and_rows_of_another_systems_file_are_told_by_its_rows(shop: Wizard) -> None:
    text = shop.check("?of=prices")
    assert "column Price · row 4 " in text
    assert "4 line 5 " in text[text.index("Rows with errors") :]
    shop.post("apply")
    group = shop.operations.import_groups.read(shop.now().import_id or 0)
    prices = next(
        each for each in shop.operations.import_groups.run(group).members if each.errors_count
    )
    encode = shop.site.services.public_ids.encode
    # What is linked is found by the row's own number.
    address = f"/dashboard/imports/{encode(prices.id)}/errors?from=3"
    link = f'href="{address}#rows"><data class="n" value="4">4</data>'
    for path in (f"groups/{encode(group.id)}", f"imports/{encode(prices.id)}"):
        assert link in shop.browser.page(f"/dashboard/{path}")
    listed = text_of(shop.browser.page(address))
    assert "From row 4 on" in listed
    assert "4 5 Price" in listed


def test_failed_rows_of_another_systems_file_are_downloaded_as_they_stand_in_it(
    shop: Wizard,
) -> None:
    shop.check("?of=prices")
    assert shop.shown is not None
    assert f'href="{shop.path}/failed.csv"' in shop.shown.text
    answer = shop.browser.get(f"{shop.path}/failed.csv")
    assert 'filename="shopify.failed.spreadsheet-safe.csv"' in answer.headers["content-disposition"]
    head, row = csv.reader(io.StringIO(answer.text))
    assert head[:2] == ["Title", "URL handle"]
    assert head[-3:] == ["_row", "_errors", "_codes"]
    found = dict(zip(head, row, strict=True))
    assert (found["Title"], found["Price"], found["_row"]) == ("E-Book: Knots!", "9x", "4")
    assert found["_errors"].startswith("amount_cents: ")
    # Mended, it is a file of that system again.
    mended = answer.text.replace(",9x,", ",9,")
    assert shop.now().choices.dialect_options is not None
    shop.begin(mended, "mended.csv", dialect_options=shop.now().choices.dialect_options)
    assert "Prices : Of 1 row" in shop.check()


def test_one_row_is_spoken_of_as_one(wizard: Wizard) -> None:
    assert "Of 1 row 1 would be created" in wizard.begin(rows(1)).check()
    wizard.post("apply")
    wizard.applied()
    assert "The only row is already as in the file." in wizard.begin(rows(1)).check()


def test_the_rows_that_stay_behind_are_linked(wizard: Wizard) -> None:
    wizard.begin(rows(20, "B-1,,gr,5,Merchandise"))
    wizard.check("?show=created")
    assert wizard.shown is not None
    link = re.search(r'<a href="([^"]+)">1 row with errors</a> stays behind', wizard.shown.text)
    assert link is not None
    listed = wizard.browser.page(unescape(link[1]).partition("#")[0])
    assert "can't be blank" in text_of(listed)


@pytest.mark.parametrize(
    ("choices", "said"),
    [
        ({}, "not if more than 10 % of the rows have errors"),
        ({"stop_rules": {"stop_after": 5}}, "not if 5 rows have errors"),
        ({"skip_errors": True}, "whatever fails"),
    ],
)
def test_the_import_says_what_was_chosen_in_the_check(
    wizard: Wizard, choices: dict[str, Any], said: str
) -> None:
    wizard.begin(rows(20, "B-1,,gr,5,Merchandise"), **choices).check()
    wizard.post("apply")
    path = f"/dashboard/imports/{wizard.site.services.public_ids.encode(wizard.applied().id)}"
    text = text_of(wizard.browser.page(path))
    assert f"Chosen in the check {said}" in text
    assert "Skip errors" not in text
    # It is still left out where nobody knows what was chosen.
    wizard.operations.drafts.discard(wizard.asker, wizard.now().id)
    assert "Skip errors" not in text_of(wizard.browser.page(path))


def test_of_very_many_columns_those_with_errors_are_shown(wizard: Wizard) -> None:
    extra = [f"extra {number}" for number in range(300)]
    head = ",".join([*extra, HEADER.rstrip()])
    row = ",".join([*("x" for _ in extra), "B-1,,kg,5,Merchandise"])
    wizard.begin(f"{head}\n{row}\n", resource_type="skus")
    text = wizard.check()
    assert "Columns with errors come first; 205 columns of the file are not shown." in text
    assert wizard.shown is not None
    shown = re.findall(r'<td data-column="([^"]+)"', wizard.shown.text)
    assert (shown[:3], len(shown)) == (["name", "unit_of_weight", "extra 0"], 100)
    # A cell is the one of its column, wherever it is shown.
    cells = {"cell.1.301": "Cup", "cell.1.302": "gr"}
    assert all(f'name="{each}"' in wizard.shown.text for each in cells)
    wizard.browser.submit(wizard.shown, "/edits", do="cells", **cells)
    wizard.post("edits", do="again")
    assert "1 would be created" in wizard.check()
    assert "205 columns of the file are not shown." in wizard.check("?show=created")


def mended(wizard: Wizard, *cells: tuple[int, str, str], **others: str) -> Any:
    """What the grid gets for cells that are typed into: row, column, value."""
    given = [dict(zip(("row", "column", "value"), each, strict=True)) for each in cells]
    body = json.dumps({"version": wizard.now().version, "cells": given, **others}).encode()
    status, answer = wizard.browser.module("POST", f"{wizard.path}/edits", body)
    assert status == 200
    return answer


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
    uncut, cut = mended(wizard, (1, "name", "Pipe"), (2, "name", "Tube"))["rows"]
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
    answer = mended(wizard, (1, "name", "Cup"), (2, "name", " "))
    first, second = answer["rows"]
    assert (first["errors"], second["errors"]) == ({}, {"name": ["can't be blank"]})
    # What stands inside of an object is shown and mended where it is.
    (third,) = mended(wizard, (3, "shipping_category.name", "Bulky"))["rows"]
    assert third["errors"] == {}
    wizard.browser.submit(wizard.browser.get(f"{wizard.path}/check"), "/edits", do="cells")
    mended(wizard, (2, "name", "Pot"))
    wizard.post("edits", do="again")
    assert "3 would be created" in wizard.check()


def test_a_mended_row_of_another_systems_file_is_not_called_right(shop: Wizard) -> None:
    shop.check("?of=prices")
    (row,) = mended(shop, (4, "Price", "abc"), of="prices")["rows"]
    assert (row["errors"], row["others"], row["is_judged"]) == ({}, [], False)
    text = text_of(shop.browser.page(f"{shop.path}/check?of=prices"))
    assert "changed, judged when all rows are checked again" in text
    assert "no error by itself" not in text
    shop.post("edits", do="again")
    assert "amount_cents abc is not a number" in shop.check("?of=prices")


def test_a_cell_that_gets_back_what_the_file_has_is_no_change(wizard: Wizard) -> None:
    wizard.begin(rows(2, "B-1,Cup,kg,5,Merchandise", "B-2,,kg,5,Merchandise"))
    wizard.check()
    assert not mended(wizard, (3, "unit_of_weight", "gr"))["is_current"]
    answer = mended(wizard, (3, "unit_of_weight", "kg"))
    assert answer["is_current"]
    assert list(answer["rows"][0]["errors"]) == ["unit_of_weight"]
    assert wizard.now().choices.edits == []
    # A change that was planned stays: without it all rows would have to be checked again.
    mended(wizard, (3, "unit_of_weight", "gr"))
    wizard.post("edits", do="again")
    assert "3 would be created" in wizard.check()
    (planned,) = wizard.now().choices.edits
    assert not mended(wizard, (3, "unit_of_weight", "oz"))["is_current"]
    assert mended(wizard, (3, "unit_of_weight", "gr"))["is_current"]
    assert wizard.now().choices.edits == [planned]
    assert "3 would be created" in wizard.check()
    # Of several changes of a cell the last one is planned.
    mended(wizard, (3, "unit_of_weight", "oz"))
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
    (row,) = mended(wizard, (2, "unit_of_weight", "kg"))["rows"]
    assert row["cells"]["unit_of_weight"] == "kg"
    (row,) = mended(wizard, (2, "unit_of_weight", "gr"))["rows"]
    assert row["cells"]["unit_of_weight"] == "gr"
    assert [each["id"] for each in wizard.now().choices.edits] == [for_all.id]
