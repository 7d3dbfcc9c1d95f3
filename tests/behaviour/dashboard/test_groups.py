import re

import pytest

from longshore.imports import ImportGroup
from longshore.operations import GroupRequest
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import address, run_imports, run_undos, sku_lines
from tests.behaviour.dashboard.markup import forms, text_of
from tests.behaviour.groups.grouping import Members, group_source


@pytest.fixture
def group(browser: Browser) -> ImportGroup:
    """A file with two types that was imported, and of whose 31 rows two failed."""
    longshore = browser.site.longshore
    members: Members = {
        "shipping_categories": [{"name": "Merchandise"}],
        "skus": sku_lines(30, bad={4: "stones", 5: "stones"}),
    }
    submitted = longshore.group_submissions.submit(
        browser.environment, group_source(members), GroupRequest()
    )
    return longshore.import_groups.run(submitted)


def where(browser: Browser, group: ImportGroup) -> str:
    return f"/dashboard/groups/{browser.site.longshore.public_ids.encode(group.id)}"


def test_a_group_is_one_line_and_one_page(browser: Browser, group: ImportGroup) -> None:
    path = where(browser, group)
    for query in ("", "?type=skus", "?failed=1", "?status=failed_rows"):
        listed = browser.page(f"/dashboard{query}")
        assert listed.count("<tr data-run") == 1
        assert f'href="{path}"' in listed
    assert "2 types" in listed
    text = text_of(browser.page(path))
    assert "Completed with 2 failed rows" in text
    assert "SKUs: 1 cause" in text
    assert "Shipping categories 1 1" in text
    assert "stones" in text


def test_failed_rows_of_a_group_are_downloaded_by_type(
    browser: Browser, group: ImportGroup
) -> None:
    shown = browser.page(where(browser, group))
    (skus,) = [each for each in group.members if each.resource_type == "skus"]
    assert "SKUs: XLSX , CSV , JSON" in text_of(shown)
    assert "Shipping categories: XLSX" not in text_of(shown)
    assert f'href="{address(browser, skus)}/failed.csv"' in shown
    for path in (where(browser, group), f"{address(browser, skus)}/in-file"):
        assert browser.get(f"{path}/failed.csv").status_code == 404


def test_columns_that_were_left_out_are_named_by_type(browser: Browser) -> None:
    longshore = browser.site.longshore
    skus = "code,name,colour\nA,Shirt,red\n"
    submitted = longshore.group_submissions.submit(
        browser.environment, group_source({"skus": skus}), GroupRequest()
    )
    text = text_of(browser.page(where(browser, submitted)))
    assert "1 column of SKUs left out, because no field is called so: colour" in text


def test_records_that_a_group_has_made_on_the_way_are_told_where_they_are_removed(
    browser: Browser,
) -> None:
    longshore = browser.site.longshore
    skus = "code,name,do_not_ship,tags\nA,a,true,new\n"
    members: Members = {"shipping_categories": [{"name": "Merchandise"}], "skus": skus}
    submitted = longshore.group_submissions.submit(
        browser.environment, group_source(members), GroupRequest()
    )
    path = where(browser, longshore.import_groups.run(submitted))
    told = "Among what is removed are tags that the import of SKUs has made on the way."
    text = text_of(browser.page(f"{path}/undo"))
    assert "3 records are removed" in text
    assert told in text
    browser.post(f"{path}/undo")
    assert told not in text_of(browser.page(path)), "nothing is removed so far"
    run_undos(browser)
    shown = browser.page(path)
    assert "SKUs: 2 removed" in text_of(shown)
    assert told in text_of(shown)
    (of_skus,) = re.findall(r'href="([^"]*)">SKUs: ', shown)
    assert told.replace(" of SKUs", "") in text_of(browser.page(of_skus))


def test_a_group_is_taken_back_and_its_failed_rows_are_retried(
    browser: Browser, group: ImportGroup
) -> None:
    path = where(browser, group)
    retry = browser.submit(browser.get(f"{path}/retry"), "/retry")
    assert retry.url.path not in (path, f"{path}/retry")
    run_imports(browser)
    assert "It takes the failed rows of another import again." in text_of(
        browser.page(retry.url.path)
    )
    question = text_of(browser.page(f"{path}/undo"))
    assert "29 records are removed, 0 get back what they had, 0 stay as they are." in question
    browser.post(f"{path}/undo")
    run_undos(browser)
    taken_back = text_of(browser.page(path))
    assert "This import is taken back:" in taken_back
    assert "SKUs: 28 removed, 0 given back, 0 kept" in taken_back
    assert "Shipping categories: 1 removed, 0 given back, 0 kept" in taken_back
    refused = browser.get(f"{path}/undo")
    assert refused.status_code in (409, 422)


def test_the_failed_rows_of_a_group_are_retried_only_after_the_page_has_said_which(
    browser: Browser, group: ImportGroup
) -> None:
    path = where(browser, group)
    assert f"{path}/retry" not in dict(forms(browser.page(path)))
    assert f'href="{path}/retry"' in browser.page(path)
    question = browser.page(f"{path}/retry")
    assert "2 rows would be tried again" in text_of(question)
    assert "SKUs 2 Mend and retry only SKUs" in text_of(question)
    assert "Nothing is written so far." in text_of(question)
    assert "is taken back" not in text_of(question)
    (skus,) = [each for each in group.members if each.resource_type == "skus"]
    mending = f"{address(browser, skus)}/retry"
    assert f'href="{mending}"' in question
    assert browser.site.longshore.imports.open() == []

    # What is mended in the form of a member is not tried again with the others.
    answer = browser.submit(browser.get(mending), "/retry", **{"cell.4.4": "gr"})
    unended = browser.get(f"{path}/retry")
    assert unended.status_code == 422
    assert "has not ended" in text_of(unended.text)
    run_imports(browser)
    assert "1 SKU created. 1 row failed." in text_of(browser.page(answer.url.path))
    assert "1 row would be tried again" in text_of(browser.page(f"{path}/retry"))
    browser.submit(browser.get(mending), "/retry", **{"cell.5.4": "gr"})
    run_imports(browser)
    nothing = browser.get(f"{path}/retry")
    assert nothing.status_code == 422
    assert "fails any more" in text_of(nothing.text)
    assert f"{path}/retry" not in dict(forms(nothing.text))


def test_a_retry_of_a_group_that_was_taken_back_is_warned_of(
    browser: Browser, group: ImportGroup
) -> None:
    path = where(browser, group)
    browser.post(f"{path}/undo")
    run_undos(browser)
    question = text_of(browser.page(f"{path}/retry"))
    assert "What this file has written is taken back." in question
    assert "Retry 2 rows as they are" in question


def test_a_group_is_stopped_and_deleted(browser: Browser) -> None:
    longshore = browser.site.longshore
    submitted = longshore.group_submissions.submit(
        browser.environment, group_source({"skus": sku_lines(2)}), GroupRequest()
    )
    path = where(browser, submitted)
    stopped = browser.post(f"{path}/interrupt")
    assert "Stopped" in stopped.text
    assert "What it has imported stays." in browser.page(f"{path}/delete")
    browser.post(f"{path}/delete")
    assert browser.get(path).status_code == 404


def test_groups_of_other_environments_are_not_there(browser: Browser, group: ImportGroup) -> None:
    other = signed_in(browser.site, mode="live")
    path = where(browser, group)
    for part in ("", "/retry", "/undo", "/delete", "/original"):
        assert other.get(f"{path}{part}").status_code == 404
    for part in ("/undo", "/delete", "/retry", "/interrupt"):
        assert other.post(f"{path}{part}").status_code == 404


def test_plots_say_what_their_tables_say(browser: Browser, group: ImportGroup) -> None:
    page = browser.page("/dashboard/plots")
    assert page.count("<svg") >= 3
    assert "style=" not in page
    assert "unit_of_weight: not_in_list" in page
    assert re.search(r"<title>shop.json: 29 created</title>", page)
    empty = signed_in(browser.site, mode="live").page("/dashboard/plots")
    assert "Nothing is imported yet." in empty


def test_sample_data_are_looked_at_like_any_file(browser: Browser) -> None:
    looked_at = browser.submit(browser.get("/dashboard"), "/sample")
    assert looked_at.status_code == 200
    assert "sample articles.csv" in looked_at.text
