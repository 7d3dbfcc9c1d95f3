"""Activity, and how the installation is."""

import pytest

from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import signed_in
from tests.behaviour.dashboard.imports import address, imported, run_undos, submitted
from tests.behaviour.dashboard.markup import main_text_of, next_page_of

APPLE = "code,name,do_not_ship\nA,Apple,true\n"


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


def test_activity_tells_who_did_what_and_is_filtered(site: Site) -> None:
    browser = signed_in(site, slug="activity")
    assert "Nothing has happened yet" in browser.main_text("/dashboard/activity")
    application = site.client(slug="activity").credentials.application
    encode = site.database.public_ids.encode
    one = imported(browser, APPLE, name="one.csv")
    two = imported(browser, APPLE, name="two.csv", application_id=application.id)
    text = browser.main_text("/dashboard/activity")
    assert f"created {encode(one.id)} SKUs one.csv a person" in text
    app = encode(application.id)
    assert f"created {encode(two.id)} SKUs two.csv application {app} (integration)" in text
    assert f"completed {encode(two.id)}" in text
    created = browser.main_text("/dashboard/activity?what=created")
    assert (
        "completed"
        not in created.partition("Who When")[2].partition("Filter")[2].partition("When What")[2]
    )
    theirs = browser.main_text(f"/dashboard/activity?who={app}")
    assert "two.csv" in theirs
    assert "one.csv" not in theirs
    people = browser.main_text("/dashboard/activity?who=person")
    assert "one.csv" in people
    assert "two.csv" not in people
    assert "Nothing matches" in browser.main_text("/dashboard/activity?who=nobody")
    assert "one.csv" not in signed_in(site).main_text("/dashboard/activity")


def test_activity_tells_undos_in_their_place(site: Site) -> None:
    browser = signed_in(site, slug="undone")
    application = site.client(slug="undone").credentials.application
    encode = site.database.public_ids.encode
    one = imported(browser, APPLE, name="one.csv")
    begun = browser.post(f"{address(browser, one)}/undo")
    run_undos(browser)
    undo = begun.url.path.rpartition("/")[2]
    imported(browser, APPLE, name="two.csv")
    text = browser.main_text("/dashboard/activity")
    told = f"undo created {undo} of {encode(one.id)} SKUs one.csv a person"
    assert told in text
    assert text.index("two.csv") < text.index(told) < text.index(f"completed {encode(one.id)}")
    assert f'href="/dashboard/undos/{undo}"' in browser.page("/dashboard/activity")
    undone = browser.main_text("/dashboard/activity?what=undo+created")
    assert told in undone
    assert "two.csv" not in undone
    assert told in browser.main_text("/dashboard/activity?who=person")
    theirs = f"/dashboard/activity?who={encode(application.id)}"
    assert "Nothing matches" in browser.main_text(theirs)
    assert told not in browser.main_text("/dashboard/activity?what=completed")
    browser.post(f"{begun.url.path}/undo")
    assert ", of an undo" in browser.main_text("/dashboard/activity?what=undo+created")


def test_activity_tells_each_undo_on_one_page_alone(site: Site) -> None:
    browser = signed_in(site, slug="often-undone")
    for number in range(15):
        import_ = imported(browser, APPLE, name=f"{number}.csv")
        browser.post(f"{address(browser, import_)}/undo")
        run_undos(browser)
    first = browser.page("/dashboard/activity")
    second = browser.page(next_page_of(first))
    pages = [main_text_of(each).count("undo created") for each in (first, second)]
    assert sum(pages) - 2 == 15  # each page has it in its filter as well
    assert " 0.csv" not in main_text_of(first)
    assert "14.csv" not in main_text_of(second)


def test_activity_has_pages(site: Site) -> None:
    browser = signed_in(site, slug="busy")
    for number in range(18):
        imported(browser, APPLE, name=f"{number}.csv")
    first = browser.page("/dashboard/activity")
    assert "17.csv" in first
    assert " 0.csv" not in main_text_of(first)
    second = browser.main_text(next_page_of(first))
    assert " 0.csv" in second
    assert "17.csv" not in second
    assert "Older" not in second


def test_the_system_page_says_what_waits_and_what_helps(site: Site) -> None:
    browser = signed_in(site, slug="system")
    idle = browser.main_text("/dashboard/system")
    assert "Nothing runs or waits here" in idle
    assert "No worker is there. Nothing waits for one now; what is imported next will." in idle
    assert "All is well" not in idle
    import_ = submitted(browser, APPLE)
    text = browser.main_text("/dashboard/system")
    id_ = site.database.public_ids.encode(import_.id)
    assert f"{id_} import SKUs 0 of 1 Waiting longshore worker" in text
    assert "No worker is there, and 1 import waits for one" in text
    assert "Start a worker: longshore worker" in text
    assert "Schema revision 00" in text
    other = signed_in(site).main_text("/dashboard/system")
    assert id_ not in other
    assert "1 run of other organizations and modes" in other


def test_an_application_for_imports_sees_neither_activity_nor_the_system(site: Site) -> None:
    browser = signed_in(site, kind="imports")
    for path in ("/dashboard/activity", "/dashboard/system"):
        answer = browser.send("GET", path)
        assert answer.status_code == 403
        assert path not in browser.page("/dashboard/keys")
