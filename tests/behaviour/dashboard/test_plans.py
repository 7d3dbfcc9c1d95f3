"""The list of plans: what each would do, how long it is kept, and what was made of it."""

import re
from collections.abc import Callable

import pytest
from sqlalchemy import update

from longshore.imports import Import
from longshore.imports.tables import imports
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import imported, sku_lines, submitted
from tests.behaviour.dashboard.markup import main_text_of
from tests.behaviour.dashboard.wizard import Wizard

PATH = "/dashboard/plans"


def planned(browser: Browser, text: str, name: str = "skus.csv") -> Import:
    """A plan of a text, gone through to its end."""
    plan = submitted(browser, text, name=name, is_plan=True, to_run=True, skip_errors=True)
    return browser.site.longshore.import_runs.run(plan.id)


def test_each_plan_says_what_it_would_do_and_leads_to_these_rows(browser: Browser) -> None:
    imported(browser, sku_lines(2))
    plan = planned(browser, sku_lines(5, bad={4: "stone"}).replace("Article 1", "Mug"))
    shown = browser.page(PATH)
    told = main_text_of(shown)
    assert re.search(r"skus\.csv SKUs 5 2 1 1 1 Checked, with failing rows 20\S+ \S+ UTC 20", told)
    address = f"{PATH}/{browser.site.services.public_ids.encode(plan.id)}"
    for outcome in ("created", "updated", "unchanged"):
        assert f'href="{address}/rows?outcome={outcome}"' in shown
        assert browser.page(f"{address}/rows?outcome={outcome}")
    assert f'href="{address}/errors"' in shown
    # Of the list of imports it is no line, but that leads here, and so does the plan's own page.
    for page in ("/dashboard", address):
        assert 'href="/dashboard/plans">Plans' in browser.page(page)


def test_what_was_imported_and_what_has_expired_says_so(site: Site, browser: Browser) -> None:
    plan = planned(browser, sku_lines(2))
    address = f"{PATH}/{site.services.public_ids.encode(plan.id)}"
    made = browser.post(f"{address}/apply")
    made_path = str(made.url).removeprefix(browser.base_url)
    assert f'href="{made_path}">Imported' in browser.page(PATH)
    planned(browser, "code,name\nB,Bee\n", name="bees.csv")
    with site.database.write() as tx:
        tx.connection.execute(update(imports).values(expires_at=tx.now()))
    told = main_text_of(browser.page(PATH))
    assert "Expired" in told
    assert "not any more: only its counts are" in told


def test_the_plan_of_a_draft_is_listed_too(wizard: Wizard) -> None:
    wizard.begin("code,name,shipping_category.name\nA,Mug,Merchandise\n", "mugs.csv").check()
    assert "mugs.csv SKUs 1 1" in main_text_of(wizard.browser.page(PATH))


def test_plans_come_by_pages_newest_first(open_site: Callable[..., Site]) -> None:
    browser = signed_in(open_site(imports_unfinished_max=60))
    for number in range(51):
        submitted(browser, "code\nA\n", name=f"plan-{number}.csv", is_plan=True)
    first = browser.page(PATH)
    assert "plan-50.csv" in first
    assert "plan-0.csv" not in first
    assert "Page 1 of 2" in main_text_of(first)
    assert "plan-0.csv" in browser.page(f"{PATH}?page=2")
    assert "The list ends before this page" in main_text_of(browser.page(f"{PATH}?page=3"))


@pytest.mark.parametrize("asked", ["0", "x", "99999999999999"])
def test_a_page_that_is_none_is_shown_as_a_list(browser: Browser, asked: str) -> None:
    assert "Plans" in main_text_of(browser.page(f"{PATH}?page={asked}"))


def test_without_plans_the_list_says_how_one_is_made(site: Site, browser: Browser) -> None:
    planned(signed_in(site, slug="others"), sku_lines(1))
    assert "No plans yet. New import makes one" in main_text_of(browser.page(PATH))
