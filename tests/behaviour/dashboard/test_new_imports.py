"""The first step of an import in a browser: a file comes in, and the page says what it is."""

import io
import json
import re
from collections.abc import Callable

import pytest
from openpyxl import Workbook

from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, signed_in
from tests.behaviour.dashboard.imports import imported
from tests.behaviour.dashboard.markup import field_of, text_of

SKUS = b"code,name,shipping_category.name\nA-1,Mug,Parcel\nA-2,<b>Cup</b>,Parcel\n"
SHOPIFY = (
    b"Handle,Title,Variant SKU,Variant Price,Option1 Name,Option1 Value,Vendor\n"
    b"mug,Mug,A-1,12.50,Title,Default Title,Acme\n"
)


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


def begun(browser: Browser, name: str, size: int) -> str:
    """The address of an upload of a module that has sent nothing yet."""
    announced = json.dumps({"name": name, "size": size}).encode()
    status, document = browser.module("POST", "/dashboard/new", announced)
    assert status == 201
    assert isinstance(document["address"], str)
    return document["address"]


def test_a_file_comes_in_by_a_plain_form_and_is_shown_as_text(browser: Browser) -> None:
    shown = browser.upload("/dashboard/new", "skus.csv", SKUS)
    assert shown.status_code == 200
    assert str(shown.url).endswith("/file")
    told = text_of(shown.text)
    assert "SKUs : what you sell" in told
    assert "The first 2 rows, as they stand in the file" in told
    assert "<b>Cup</b>" not in shown.text
    assert "&lt;b&gt;Cup&lt;/b&gt;" in shown.text
    # All columns are fields under their own names, so nothing is left to decide.
    assert '/check">Check all rows' in shown.text


def test_pasted_cells_are_cut_where_tabs_are(browser: Browser) -> None:
    shown = browser.post("/dashboard/new", {"pasted": "code\tname\r\nA-1\tMug, blue\r\n"})
    told = text_of(shown.text)
    assert "pasted.tsv" in told
    assert re.search(r"Separator tab", told)
    assert "Mug, blue" in told


def test_a_pasted_cell_of_several_lines_is_one_cell(browser: Browser) -> None:
    pasted = 'code\tname\r\nA-1\t"two\r\nlines"\r\nA-2\tMug\r\n'
    told = text_of(browser.post("/dashboard/new", {"pasted": pasted}).text)
    assert "Rows 2 with 2 columns" in told


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b'[{"code": "A"}]', "JSON, a list"),
        (b'{"code": "A"}\n{"code": "B"}\n', "JSON objects, one after another"),
        (b'{"code":\n "A"}\n{\n"code": "B"}\n', "JSON objects, one after another"),
        (b'{"data": [{"code": "A"},\n {"code": "B"}]}', "JSON, rows in an object"),
    ],
)
def test_the_format_is_the_one_that_was_found(browser: Browser, content: bytes, told: str) -> None:
    shown = text_of(browser.upload("/dashboard/new", "skus.json", content).text)
    assert f"Format {told} change" in shown


def test_the_name_of_a_file_is_what_it_was_before_a_form_has_written_it(browser: Browser) -> None:
    # What a browser sends of the name `5"\n100 %.csv` (HTML Standard, "Multipart form data").
    shown = browser.upload("/dashboard/new", "5%22%0A100 %.csv", b"code,name\nA-1,Mug\n")
    assert '5" 100 %.csv' in text_of(shown.text)


def test_pasted_cells_are_not_lost_where_no_more_can_be_prepared(
    open_site: Callable[..., Site],
) -> None:
    browser = signed_in(open_site(uploads_open_max=1))
    browser.upload("/dashboard/new", "skus.csv", SKUS)
    shown = browser.post("/dashboard/new", {"pasted": "code\tname\nA-1\tKept mug\n"})
    assert shown.status_code == 422
    assert "1 imports are being prepared, at most 1 may be." in text_of(shown.text)
    assert "Kept mug</textarea>" in shown.text.replace("\n", "")
    assert '<a href="/dashboard">Look at what is being prepared</a>' in shown.text
    assert "Look at what is being prepared" not in browser.page("/dashboard/new")


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [("", b"", "No file was chosen."), ("empty.csv", b"", "The file is empty.")],
)
def test_no_file_is_refused_where_it_is_chosen(
    browser: Browser, name: str, content: bytes, sentence: str
) -> None:
    shown = browser.upload("/dashboard/new", name, content)
    assert (shown.status_code, sentence in text_of(shown.text)) == (422, True)


def test_parts_are_safe_once_they_are_answered_and_the_upload_goes_on_there(
    browser: Browser,
) -> None:
    address = begun(browser, "skus.csv", len(SKUS))
    status, state = browser.module("PUT", f"{address}/parts?offset=0", SKUS[:10])
    assert (status, state["received"], state["is_received"]) == (200, 10, False)
    # Somebody who comes back is told how much is there, and may choose the file again.
    shown = browser.page(address)
    assert 'data-received="10"' in shown
    assert "Choose the same file again" in shown
    # What was sent and not heard of is taken once; what leaves a gap is told where to go on.
    status, state = browser.module("PUT", f"{address}/parts?offset=0", SKUS[:10])
    assert (status, state["received"]) == (200, 10)
    status, state = browser.module("PUT", f"{address}/parts?offset=12", SKUS[12:])
    assert (status, state["received"]) == (409, 10)
    status, state = browser.module("PUT", f"{address}/parts?offset=10", SKUS[10:])
    assert (status, state["is_received"]) == (200, True)
    assert browser.module("GET", f"{address}/parts")[1]["is_received"]
    assert str(browser.get(address).url).endswith("/file")


def test_the_rest_of_a_file_is_taken_of_the_same_file_only(browser: Browser) -> None:
    address = begun(browser, "skus.csv", len(SKUS))
    browser.module("PUT", f"{address}/parts?offset=0", SKUS[:10])
    refused = browser.upload(f"{address}/parts", "other.csv", SKUS)
    assert refused.status_code == 422
    assert "choose the same file again" in refused.text
    taken = browser.upload(f"{address}/parts", "skus.csv", SKUS)
    assert str(taken.url).endswith("/file")
    assert "The first 2 rows" in text_of(taken.text)


def test_an_upload_lives_longer_than_the_server(site: Site, browser: Browser) -> None:
    address = begun(browser, "skus.csv", len(SKUS))
    browser.module("PUT", f"{address}/parts?offset=0", SKUS[:10])
    other = signed_in(Site(site.settings.data))
    try:
        other.module("PUT", f"{address}/parts?offset=10", SKUS[10:])
        assert "The first 2 rows" in text_of(other.page(f"{address}/file"))
    finally:
        other.site.close()


def test_each_point_can_be_told_otherwise(browser: Browser) -> None:
    shown = browser.upload("/dashboard/new", "unknown.csv", b"Kopf\ncode|name\nA-1|Mug\n")
    address = str(shown.url).removesuffix("/file")
    for what, value in (("delimiter", "|"), ("header", "2"), ("type", "skus"), ("format", "csv")):
        version = field_of(shown.text, "version")
        shown = browser.post(
            f"{address}/file", {"what": what, "value": value, "version": version, "other": ""}
        )
        assert shown.status_code == 200, text_of(shown.text)
    told = text_of(shown.text)
    assert "Header row row 2" in told
    assert "A-1 Mug" in told
    assert "Match the columns" in told  # a shipping category is missing


def test_another_tab_is_not_overwritten(browser: Browser) -> None:
    shown = browser.upload("/dashboard/new", "skus.csv", SKUS)
    address = str(shown.url)
    fields = {"what": "type", "value": "bundles", "version": "1"}
    assert browser.post(address, fields).status_code == 200
    refused = browser.post(address, fields | {"value": "skus"})
    assert refused.status_code == 409
    assert "was changed in another window" in refused.text
    assert "Bundles" in refused.text


def test_a_file_of_another_system_asks_for_the_option_that_it_needs(browser: Browser) -> None:
    shown = browser.upload("/dashboard/new", "export.csv", SHOPIFY)
    told = text_of(shown.text)
    assert "Shopify products" in told
    assert "The file does not say in which currency its prices are" in told
    assert "Check all rows" not in told
    address = str(shown.url)
    fields = {"what": "options", "option.currency": "eur", "version": "1"}
    told = text_of(browser.post(address, fields).text)
    assert "What the file becomes, in this order" in told
    assert "Check all rows" in told
    refused = browser.post(address, fields | {"option.currency": "florin", "version": "2"})
    assert refused.status_code == 422
    assert "is no currency" in refused.text


def test_the_currency_of_all_price_lists_is_filled_in_and_not_taken(
    open_site: Callable[..., Site],
) -> None:
    browser = signed_in(open_site())
    needed = '<input id="option-currency" name="option.currency" value="{}"'
    shown = browser.upload("/dashboard/new", "export.csv", SHOPIFY)
    assert needed.format("") in shown.text
    for name, currency, value in (("Shop", "CHF", "CHF"), ("Other", "EUR", "")):
        rows = f"name,code,currency_code\n{name},{name},{currency}\n"
        imported(browser, rows, name="price_lists.csv", resource_type="price_lists")
        shown = browser.get(str(shown.url))
        assert needed.format(value) in shown.text
        assert "What the file becomes" not in shown.text


def test_a_workbook_has_no_encoding_and_no_separator(browser: Browser) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Price list of winter"], [], ["Artikelnr", "Bezeichnung", "Preis"], ["1", "a", 2]):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    told = text_of(browser.upload("/dashboard/new", "prices.xlsx", content.getvalue()).text)
    assert "in which currency" in told
    assert "Header row row 3" in told
    assert "Encoding" not in told
    assert "Separator" not in told


def test_a_file_that_cannot_be_read_shows_the_lines_around_the_place(browser: Browser) -> None:
    shown = browser.upload("/dashboard/new", "skus.json", b'[{"code": "A"},\n{"code": }]\n')
    told = text_of(shown.text)
    assert "Line 2, column 10" in told
    assert "The lines around the place" in told
    assert 'class="bad"' in shown.text
    assert "choose it again" in told


def test_a_row_that_cannot_be_read_says_so_among_the_first_ones(browser: Browser) -> None:
    file = b'code,name,do_not_ship\nA-1,Mug,true\nA-2,"12" pipe,true\nA-3,Cup,true\n'
    shown = browser.upload("/dashboard/new", "skus.csv", file)
    told = text_of(shown.text)
    assert re.search(r"2 3 Cannot be read [^✕]*line 3.* 3 4 A-3 Cup true", told), told
    assert '<td class="bad" colspan="3">' in shown.text


def test_templates_are_downloaded_as_a_table_and_as_a_workbook(browser: Browser) -> None:
    table = browser.get("/dashboard/new/templates?type=prices&format=csv")
    assert table.text.startswith("currency_code,") or "amount_cents" in table.text.splitlines()[0]
    assert table.headers["content-disposition"] == 'attachment; filename="prices.csv"'
    workbook = browser.get("/dashboard/new/templates?type=prices&format=xlsx")
    assert workbook.content[:2] == b"PK"


def test_drafts_of_another_environment_are_not_there(site: Site, browser: Browser) -> None:
    shown = browser.upload("/dashboard/new", "skus.csv", SKUS)
    path = str(shown.url)
    other = signed_in(site, mode="live")
    for method, way in (("GET", path), ("POST", path.removesuffix("file") + "discard")):
        answer = other.get(way) if method == "GET" else other.post(way)
        assert answer.status_code == 404
    assert browser.get(path).status_code == 200


def test_a_discarded_draft_is_gone(browser: Browser) -> None:
    shown = browser.upload("/dashboard/new", "skus.csv", SKUS)
    browser.submit(shown, "/discard")
    assert browser.get(str(shown.url)).status_code == 404


def test_a_stock_location_that_a_file_needs_is_made_on_the_way(
    open_site: Callable[..., Site],
) -> None:
    browser = signed_in(open_site())
    content = SHOPIFY.replace(b",Vendor\n", b",Vendor,Variant Inventory Qty\n")
    shown = browser.upload("/dashboard/new", "export.csv", content.replace(b"Acme", b"Acme,5"))
    fields = {"what": "options", "option.currency": "EUR", "version": "1"}
    shown = browser.post(str(shown.url), fields)
    assert "there is no stock location" in text_of(shown.text)
    shown = browser.submit(shown, "/needed", name="North")
    assert "What the file becomes" in text_of(shown.text)


@pytest.mark.parametrize(
    ("body", "expected"), [(b"[" * 100_000, 400), (rb'{"name":"\ud800.csv","size":3}', 201)]
)
def test_odd_json_begins_no_upload_that_breaks(
    browser: Browser, body: bytes, expected: int
) -> None:
    assert browser.module("POST", "/dashboard/new", body)[0] == expected
