"""Texts of files, records, mappings and names are shown as text, whatever they hold.

A page is read with a parser of HTML: no element of it runs, leads away or asks another server, and
the texts are in it as texts."""

import re
from html.parser import HTMLParser
from urllib.parse import quote

import pytest

from longshore.mapping import read_mapping
from longshore.readers import Format
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import SIGN_IN, Browser, signed_in
from tests.behaviour.dashboard.imports import csv_of, imported, submitted
from tests.behaviour.dashboard.naughty import ALL, MARKUP

_RUNS = re.compile(r"^(on[a-z]+|style|srcdoc|formaction)$")
_OWN_SCRIPT = re.compile(r"/dashboard/static/[0-9a-f]{16}/[a-z_]+\.js")


class Page(HTMLParser):
    """The elements of a page, and its text."""

    def __init__(self, markup: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(markup)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def check(self) -> None:
        """Nothing in it runs, leads away, or asks another server."""
        for tag, attributes in self.elements:
            assert tag not in ("iframe", "base", "math", "object", "embed", "style", "img"), tag
            assert not [name for name in attributes if _RUNS.match(name)], (tag, attributes)
            for name in ("href", "src", "action"):
                address = attributes.get(name)
                assert address is None or address.startswith(("/dashboard", "#", "?")), address
            if tag == "script":
                assert _OWN_SCRIPT.fullmatch(attributes["src"] or ""), attributes
            if tag == "meta":
                assert attributes.get("http-equiv") in (None, "refresh")
                assert "url" not in (attributes.get("content") or "").lower()


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


@pytest.fixture(scope="module")
def naughty(site: Site) -> tuple[Browser, list[str]]:
    """Somebody where everything is called naughtily, and the addresses of its pages."""
    browser = signed_in(site, slug="naughty")
    encode = site.database.public_ids.encode
    rows = [["code", "name", "do_not_ship", "metadata.note", "reference"]]
    rows += [[text, text, "true", text, text] for text in ALL]
    good = imported(browser, csv_of(rows), name=MARKUP[0] + ".csv", skip_errors=True)
    bad = [["code", "name", "do_not_ship", "unit_of_weight", MARKUP[1]]]
    bad += [[f"bad {n}", text, text, text, text] for n, text in enumerate(ALL)]
    failed = imported(browser, csv_of(bad), name=MARKUP[9], format=Format.CSV, skip_errors=True)
    waiting = submitted(browser, csv_of(rows), name=MARKUP[8], format=Format.CSV)
    mappings = site.longshore.saved_mappings
    for number, text in enumerate(MARKUP[:8]):
        document = read_mapping(
            {
                "version": 1,
                "type": "skus",
                "ignore": [text],
                "null": text,
                "sheet": text,
                "fields": {"code": {"column": text}, "name": {"constant": text}},
            }
        )
        mappings.save(browser.asker, f"m{number}", document)
        mappings.save(browser.asker, "many", document)
    draft = site.longshore.drafts.create(browser.asker, MARKUP[2])
    with site.longshore.records.found(browser.environment, "skus") as found:
        ids = [view.id for view in found.views]
    assert len(ids) > len(MARKUP)
    imports = [encode(each.id) for each in (good, failed, waiting)]
    parts = ("", "/errors", "/rows", "/rows?outcome=failed", "/history")
    return browser, [
        "",
        "/new",
        f"/new/{encode(draft.id)}",
        *(f"/imports/{id_}{part}" for id_ in imports for part in parts),
        "/records",
        "/records/skus",
        "/records/skus?page=2",
        *(f"/records/skus/{id_}" for id_ in ids[:12]),
        "/mappings",
        *(f"/mappings/m{number}" for number in range(8)),
        "/mappings/many",
        "/activity",
        "/system",
        "/keys",
    ]


def test_all_pages_show_what_they_hold_as_text(naughty: tuple[Browser, list[str]]) -> None:
    browser, addresses = naughty
    texts = []
    for address in addresses:
        answer = browser.get(f"/dashboard{address}")  # that of a draft leads to its step
        assert answer.status_code == 200, (address, answer.text)
        shown = Page(answer.text)
        shown.check()
        texts.append(shown.text)
    everything = "\n".join(texts)
    for text in MARKUP:
        assert text.strip() in everything, text


def test_texts_in_addresses_come_back_as_text(naughty: tuple[Browser, list[str]]) -> None:
    """Searches, filters, names and addresses of nothing; each text in some of them, and each of
    them with many texts."""
    browser, _ = naughty
    for number, text in enumerate(ALL):
        asked = quote(text[:300], safe="")
        addresses = (
            f"?name={asked}",
            f"/records?q={asked}",
            f"?who={asked}&status={asked}&type={asked}",
            f"/records/skus?filter%5Bq%5D%5Bname_eq%5D={asked}",
            f"/{asked}",
            f"/records/skus?filter%5Bq%5D%5Bcreated_at_gt%5D={asked}",
            f"/records/{asked}",
            f"/activity?what={asked}&who={asked}&before={asked}",
            f"/mappings/{asked}",
            f"/sign-in?to={asked}",
        )
        for address in (addresses * 2)[number % 10 : number % 10 + 2]:
            answer = browser.send("GET", f"/dashboard{address}")
            assert answer.status_code in (200, 303, 307, 404, 422), (address, answer.status_code)
            if answer.status_code == 303:
                assert answer.headers["location"].startswith("/dashboard")
            else:
                Page(answer.text).check()


def test_texts_in_forms_come_back_as_text(site: Site, naughty: tuple[Browser, list[str]]) -> None:
    """Names that cannot be, credentials that are wrong, forms that outlive their session."""
    browser, _ = naughty
    token = browser.form_token()
    for number, text in enumerate(ALL):
        stranger = Browser(site, client=f"naughty {number}")
        match number % 3:
            case 0:
                form = {"form_token": token, "to": text}
                answer = browser.send_form("/dashboard/mappings/m0/copy", form)
                assert answer.status_code in (303, 422)
            case 1:
                form = {"client_id": text, "client_secret": text}
                answer = stranger.send_form(SIGN_IN, form)
                assert answer.status_code == 403
            case _:
                form = {"form_token": "1-x", text[:100]: text}
                answer = stranger.send_form("/dashboard/sign-out", form)
                assert answer.status_code == 401
        if answer.status_code != 303:
            Page(answer.text).check()
