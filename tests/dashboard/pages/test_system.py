"""Activity, and how the installation is."""

from tests.dashboard.pages.site import shown
from tests.dashboard.pages.things import import_rows, submit

ROWS = [["code", "name", "do_not_ship"], ["A", "Apple", "true"]]


def test_activity_tells_who_did_what_and_is_filtered(site):
    environment = site.environment("activity")
    browser = site.signed_in("activity")
    assert "Nothing has happened yet" in browser.text("/dashboard/activity")
    application = site.credentials(environment).application
    encode = site.database.public_ids.encode
    one = import_rows(site, environment, ROWS, name="one.csv")
    two = import_rows(site, environment, ROWS, name="two.csv", application_id=application.id)
    text = browser.text("/dashboard/activity")
    assert f"created {encode(one.id)} skus one.csv a person at a terminal" in text
    app = encode(application.id)
    assert f"created {encode(two.id)} skus two.csv application {app} (integration)" in text
    assert f"completed {encode(two.id)}" in text
    created = browser.text("/dashboard/activity?what=created")
    assert (
        "completed"
        not in created.partition("Who When")[2].partition("Filter")[2].partition("When What")[2]
    )
    theirs = browser.text(f"/dashboard/activity?who={app}")
    assert "two.csv" in theirs
    assert "one.csv" not in theirs
    people = browser.text("/dashboard/activity?who=terminal")
    assert "one.csv" in people
    assert "two.csv" not in people
    assert "Nothing matches" in browser.text("/dashboard/activity?who=nobody")
    assert "one.csv" not in site.signed_in().text("/dashboard/activity")


def test_activity_has_pages(site):
    environment = site.environment("busy")
    browser = site.signed_in("busy")
    for number in range(18):
        import_rows(site, environment, ROWS, name=f"{number}.csv")
    first = browser.page("/dashboard/activity")
    assert "17.csv" in first
    assert " 0.csv" not in shown(first)
    href = first.partition('rel="next" href="')[2].partition('"')[0]
    second = browser.text(href)
    assert " 0.csv" in second
    assert "17.csv" not in second
    assert "Older" not in second


def test_the_system_page_says_what_waits_and_what_helps(site):
    environment = site.environment("system")
    browser = site.signed_in("system")
    idle = browser.text("/dashboard/system")
    assert "Nothing runs or waits here" in idle
    assert "No worker is there. Nothing waits for one now; what is imported next will." in idle
    assert "All is well" not in idle
    import_ = submit(site, environment, ROWS, to_run=False)
    text = browser.text("/dashboard/system")
    id_ = site.database.public_ids.encode(import_.id)
    assert f"{id_} import skus 0 of 1 Waiting longshore worker" in text
    assert "No worker is there, and 1 import waits for one" in text
    assert "Start a worker: longshore worker" in text
    assert "Schema revision 00" in text
    other = site.signed_in().text("/dashboard/system")
    assert id_ not in other
    assert "1 run of other organizations and modes" in other


def test_an_application_for_imports_sees_neither(site):
    browser = site.signed_in_as("imports")
    for path in ("/dashboard/activity", "/dashboard/system"):
        answer = browser.get(path)
        assert answer.status_code == 403
        assert path not in browser.page("/dashboard/keys")
