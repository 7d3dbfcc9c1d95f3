"""The step Check: what an import would do, its options, and that it is applied exactly."""

import json
import re
from html import unescape
from typing import Any

import pytest

from longshore.operations import NoSuchDraft
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import signed_in
from tests.behaviour.dashboard.imports import planned
from tests.behaviour.dashboard.markup import text_of
from tests.behaviour.dashboard.wizard import HEADER, Wizard, rows


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
    many = text_of(wizard.post("options", rule="count", count="9" * 30).text)
    assert f"{'9' * 30} is no number of rows" in many
    assert "It must be less than or equal to 9223372036854775807" in many
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


def test_live_asks_to_type_how_many_records_are_updated(shared_site: Site) -> None:
    wizard = Wizard(shared_site, signed_in(shared_site, slug="updates", mode="live"))
    wizard.import_("shipping_categories", "name\nMerchandise\n")
    wizard.import_("skus", rows(1001))
    wizard.begin(rows(1001).replace("Mug", "Jug"))
    assert "This is LIVE, and 1,001 records are updated. Type 1001 to import" in wizard.check()
    assert wizard.post("apply", typed="1000").status_code == 409
    assert wizard.post("apply", typed="1,001").status_code == 303
    assert wizard.applied().updated_count == 1001


def test_live_asks_to_type_how_many_prices_fall(shared_site: Site) -> None:
    wizard = Wizard(shared_site, signed_in(shared_site, slug="prices", mode="live"))
    wizard.import_("price_lists", "name,code,currency_code\nEUR,eur,EUR\n")
    wizard.import_("shipping_categories", "name\nMerchandise\n")
    wizard.import_("skus", rows(101))
    head = "sku_code,amount_cents,price_list.code\n"
    wizard.import_("prices", head + "".join(f"A-{n},1000,eur\n" for n in range(101)))
    fallen = head + "".join(f"A-{n},799,eur\n" for n in range(101))
    wizard.begin(fallen, "prices.csv")
    asked = "This is LIVE, and 101 prices fall by over 20 %. Type 101 to import"
    assert asked in wizard.check()
    plan = planned(wizard.browser, fallen, resource_type="prices")
    assert asked in wizard.browser.main_text(plan), "a plan's own page asks as well"
    refused = wizard.browser.submit(wizard.browser.get(plan), "/apply", typed="11")
    assert refused.status_code == 409
    assert "101 prices fall by over 20 %, and 101 was not typed. Type 101 to import." in text_of(
        refused.text
    )
    assert asked in text_of(refused.text), "nothing was made of it"
    assert asked in text_of(wizard.browser.get(f"{plan}/apply").text)
    applied = wizard.browser.submit(refused, "/apply", typed="101")
    assert applied.url.path.startswith("/dashboard/imports/")


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
