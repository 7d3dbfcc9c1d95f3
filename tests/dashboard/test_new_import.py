"""What the modules of the first two steps add to forms that work without them."""

import re
from pathlib import Path

from playwright.sync_api import Route, expect

from tests.behaviour.serving.servers import Server
from tests.dashboard.chromium import Watched, sign_in, upload
from tests.dashboard.conftest import Open, link

_GOODS = "Artikelnr,Bezeichnung,Farbe\nA-1,Becher,rot\nA-2,Tasse,blau\n"


def test_an_upload_that_was_cut_says_so_and_goes_on_after_a_reload(
    window: Open, tmp_path: Path
) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window()
    watched.expected = ("net::ERR_FAILED",)
    page = watched.page
    page.goto("/dashboard/new")
    page.locator("#upload").evaluate("form => { form.dataset.part = '20'; }")
    page.route(re.compile(r"/parts\?offset=20$"), lambda route: route.abort())
    page.locator("#file").set_input_files(file)
    expect(page.locator("#upload-trouble")).to_have_text(
        "The server does not answer. What was uploaded is safe; this page tries again every 5 "
        "seconds."
    )
    page.unroute_all(behavior="ignoreErrors")
    page.reload()
    expect(page.locator(".notice").first).to_contain_text("20 bytes of 58 bytes are uploaded")
    other = tmp_path / "other.csv"
    other.write_text(_GOODS)
    page.locator("#file").set_input_files(other)
    expect(page.locator("#upload-refused")).to_contain_text("Choose the same file again")
    page.locator("#file").set_input_files(file)
    page.wait_for_url("**/file")
    expect(page.get_by_text("A-2", exact=True)).to_be_visible()


def test_an_upload_goes_on_after_somebody_has_signed_in_again_in_another_tab(
    window: Open, serving: Server, tmp_path: Path
) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window()
    watched.expected = ("net::ERR_FAILED", "401", "403")
    page = watched.page
    page.goto("/dashboard/new")
    page.locator("#upload").evaluate("form => { form.dataset.part = '20'; }")
    page.route(re.compile(r"/parts\?offset=20$"), lambda route: route.abort())
    page.locator("#file").set_input_files(file)
    expect(page.locator("#upload-trouble")).to_contain_text("does not answer")
    page.context.clear_cookies()
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("#upload-trouble")).to_contain_text("sign in again in another tab")
    expect(page.locator("#ended a")).to_be_in_viewport()
    _sign_in_in_another_tab(watched, serving)
    page.wait_for_url("**/file")
    expect(page.get_by_text("A-2", exact=True)).to_be_visible()


def test_several_files_are_sent_as_the_archive_that_a_form_makes_of_them(
    window: Open, tmp_path: Path
) -> None:
    # What goes on with the beginning of an upload of a module has to be the same bytes.
    contents = {"skus.csv": _GOODS, "Gr\u00f6\u00dfen.csv": "x\n1\n", "leer.csv": ""}
    for name, content in contents.items():
        (tmp_path / name).write_text(content)
    watched = window()
    watched.expected = ("net::ERR_FAILED",)
    page = watched.page
    page.goto("/dashboard/new")
    page.locator("#upload").evaluate("form => { form.dataset.part = '100'; }")
    page.route(re.compile(r"/parts\?offset=300$"), lambda route: route.abort())
    page.locator("#file").set_input_files([tmp_path / name for name in contents])
    expect(page.locator("#upload-trouble")).to_be_visible()
    address = page.url
    page.goto("/dashboard/keys")
    plain = window(java_script_enabled=False).page
    plain.goto(address)
    expect(plain.locator(".notice").first).to_contain_text("300 bytes of")
    plain.locator("#file").set_input_files([tmp_path / name for name in reversed(contents)])
    plain.get_by_role("button", name="Go on with the upload").click()
    plain.wait_for_url("**/file")
    expect(plain.get_by_role("heading", level=1)).to_have_text(
        "Gr\u00f6\u00dfen.csv and 2 more.zip"
    )
    expect(plain.get_by_text("'skus.csv' is skus")).to_be_visible()


def test_an_upload_that_is_refused_is_not_in_the_title_any_more(
    window: Open, tmp_path: Path
) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window()
    watched.expected = ("422",)
    page = watched.page
    page.goto("/dashboard/new")
    refusal = {"error": "20 imports are being prepared", "hint": "import or discard one of them"}
    page.route("**/dashboard/new", lambda route: route.fulfill(status=422, json=refusal))
    page.locator("#file").set_input_files(file)
    expect(page.locator("#upload-refused")).to_contain_text("20 imports are being prepared")
    expect(page.locator("#upload-refused a")).to_have_text("Look at what is being prepared")
    expect(page).to_have_title("New import · longshore")


def test_a_choice_of_a_column_shows_at_once_what_it_does(window: Open, tmp_path: Path) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window()
    page = watched.page
    upload(watched, file)
    page.goto(page.url.replace("/file", "/columns"))
    page.get_by_text("1 column left out").click()
    page.locator('[name="c3.field"]').select_option("=metadata")
    expect(page.get_by_text("0 columns left out")).to_be_visible()
    expect(page.locator("#row-c3")).to_contain_text("rot")
    expect(page.locator('[name="c3.field"]')).to_be_focused()
    # By keys: down to the second column, which is left out, and is needed.
    page.locator("#row-c1 > th").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.locator("#missing")).to_contain_text("Required: Name.")


def test_a_choice_of_a_column_goes_on_after_somebody_has_signed_in_again_in_another_tab(
    window: Open, serving: Server, tmp_path: Path
) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window(viewport={"width": 320, "height": 400})
    watched.expected = ("net::ERR_FAILED", "401", "403")
    page = watched.page
    upload(watched, file)
    page.goto(page.url.replace("/file", "/columns"))
    page.get_by_text("1 column left out").click()
    choice = page.locator('[name="c3.field"]')
    page.route("**/columns", lambda route: route.abort())
    choice.select_option("=metadata")
    expect(page.locator("#unanswered")).to_contain_text("The server does not answer")
    expect(page.locator("#unanswered")).to_be_in_viewport()
    page.unroute_all(behavior="ignoreErrors")
    page.context.clear_cookies()
    choice.select_option("")
    expect(page.locator("#ended")).to_contain_text("The session has ended. Nothing is lost.")
    expect(page.locator("#ended a")).to_be_in_viewport()
    _sign_in_in_another_tab(watched, serving)
    choice.select_option("=metadata")
    expect(page.get_by_text("0 columns left out")).to_be_visible()
    expect(page.locator("#ended, #unanswered")).to_have_count(0)


def test_what_is_typed_while_a_choice_is_on_its_way_is_gone_on_with(
    window: Open, tmp_path: Path
) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window()
    page = watched.page
    upload(watched, file)
    page.goto(page.url.replace("/file", "/columns"))
    page.locator("#columns [value=add]").click()
    with page.expect_response("**/columns"):
        page.locator('[name="a0.field"]').select_option("reference_origin")
    page.get_by_text("1 column left out").click()
    held: list[Route] = []
    page.route("**/columns", lambda route: held.append(route) if not held else route.continue_())
    with page.expect_request("**/columns"):
        page.locator('[name="c3.field"]').select_option("=metadata")
    typed = page.locator('[name="a0.value"]')
    typed.focus()
    page.keyboard.type("sh")
    held[0].continue_()
    expect(page.get_by_text("0 columns left out")).to_be_visible()
    expect(typed).to_be_focused()
    page.keyboard.type("op")
    expect(typed).to_have_value("shop")


def test_an_upload_that_was_discarded_in_another_tab_says_where_to_begin(
    window: Open, tmp_path: Path
) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window()
    watched.expected = ("net::ERR_FAILED", "404")
    page = watched.page
    page.goto("/dashboard/new")
    page.locator("#upload").evaluate("form => { form.dataset.part = '20'; }")
    page.route(re.compile(r"/parts\?offset=20$"), lambda route: route.abort())
    page.locator("#file").set_input_files(file)
    expect(page.locator("#upload-trouble")).to_be_visible()
    other = Watched(page.context.new_page(), watched.url)
    other.page.goto(page.url)
    other.page.get_by_role("button", name="Discard this upload").click()
    other.page.wait_for_url("**/dashboard")
    page.unroute_all(behavior="ignoreErrors")
    expect(page.locator("#upload-refused a")).to_have_text("New import")
    expect(page.locator("#upload")).to_be_hidden()


def test_a_page_that_looks_again_outlives_a_cut(
    window: Open, serving: Server, tmp_path: Path
) -> None:
    file = tmp_path / "skus.csv"
    file.write_text(_GOODS)
    watched = window()
    watched.expected = ("net::ERR_INTERNET_DISCONNECTED",)
    page = watched.page
    upload(watched, file)
    address = page.url
    script = page.evaluate("document.querySelector('script[src*=static]').src")
    markup = (
        f'<main id="main"><p data-again="1" data-address="{address}">The file is read</p></main>'
        f'<script type="module" src="{script.rpartition("/")[0]}/again.js"></script>'
    )
    page.route(
        "**/dashboard/keys", lambda route: route.fulfill(body=markup, content_type="text/html")
    )
    page.goto("/dashboard/keys")
    page.context.set_offline(True)
    expect(page.locator("#unanswered")).to_contain_text("this page tries again by itself")
    page.context.set_offline(False)
    page.wait_for_url(address)


def _sign_in_in_another_tab(watched: Watched, server: Server) -> None:
    other = Watched(watched.page.context.new_page(), watched.url)
    sign_in(other, link(server))
    other.check()
