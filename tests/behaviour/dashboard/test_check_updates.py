"""The rows that would update records: the largest changes first, large ones by themselves."""

import json
import re
from html import unescape

import pytest
from sqlalchemy import text

from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser
from tests.behaviour.dashboard.markup import main_text_of, text_of
from tests.behaviour.dashboard.wizard import HEADER, Wizard, rows

_PRICES = "sku_code,amount_cents,price_list.code\n"


@pytest.fixture
def wizard(site: Site, browser: Browser) -> Wizard:
    wizard = Wizard(site, browser)
    wizard.import_("shipping_categories", "name\nMerchandise\n")
    return wizard


def _prices(*amounts: int) -> str:
    return _PRICES + "".join(f"A-{at},{cents},eur\n" for at, cents in enumerate(amounts))


def _with_prices(wizard: Wizard, *amounts: int) -> None:
    wizard.import_("price_lists", "name,code,currency_code\nEUR,eur,EUR\n")
    wizard.import_("skus", rows(len(amounts)))
    wizard.import_("prices", _prices(*amounts))


def _listed(wizard: Wizard) -> list[str]:
    """The rows of the page, as they stand there."""
    assert wizard.shown is not None
    return re.findall(r'<th scope="row"><data[^>]*>(\d+)<', wizard.shown.text)


def test_the_largest_changes_come_first(wizard: Wizard) -> None:
    _with_prices(wizard, 1000, 1000, 1000, 1000, 1000)
    wizard.begin(_prices(1010, 500, 1000, 9999, 1200), "prices.csv")
    shown = wizard.check("?show=updated")
    assert "The largest changes first: by how many per cent an amount of money changes" in shown
    assert _listed(wizard) == ["4", "2", "5", "1"]


def test_large_changes_of_amounts_are_a_filter_of_their_own(wizard: Wizard) -> None:
    _with_prices(wizard, *([1000] * 60))
    wizard.begin(_prices(*([1210] * 55), *([1200] * 5)), "prices.csv")
    shown = wizard.check("?show=updated")
    assert "To update 60" in shown
    assert "Price changes over 20 %: 55" in shown
    assert wizard.shown is not None
    address = re.search(r'href="([^"]+changes=large[^"]*)"', wizard.shown.text)
    assert address is not None
    only_large = wizard.browser.page(unescape(address[1]).partition("#")[0])
    assert "Page 1 of 2" in text_of(only_large)
    assert 'name="changes" value="large"' in only_large
    following = re.search(r'href="([^"]+page=2[^"]*)#rows">Next', only_large)
    assert following is not None
    second = wizard.browser.page(unescape(following[1]))
    assert len(re.findall(r'<th scope="row">', second)) == 5
    # A page behind the last one is the last one.
    assert wizard.check("?show=updated&changes=large&page=9").count("Page 2 of 2") == 1
    # Every other list is whole.
    assert "changes=large" not in str(re.findall(r'href="([^"]+show=unchanged[^"]*)', second))


def test_a_filter_without_rows_leads_back(wizard: Wizard) -> None:
    _with_prices(wizard, 1000)
    wizard.begin(_prices(1001), "prices.csv")
    assert "Price changes over 20 %: 0" in wizard.check("?show=updated")
    assert "No amount would change by over 20 %." in wizard.check("?show=updated&changes=large")


def test_amounts_of_any_type_count(wizard: Wizard) -> None:
    head = "code,currency_code,balance_cents\n"
    codes = [f"CARD-{at:08}" for at in range(3)]
    wizard.import_("gift_cards", head + "".join(f"{code},EUR,1000\n" for code in codes))
    changed = zip(codes, (1001, 1000, 100), strict=True)
    wizard.begin(
        head + "".join(f"{code},EUR,{cents}\n" for code, cents in changed),
        "cards.csv",
        resource_type="gift_cards",
    )
    assert "Price changes over 20 %: 1" in wizard.check("?show=updated")
    assert _listed(wizard) == ["3", "1"]


def test_rows_without_amounts_are_sorted_by_their_fields(wizard: Wizard) -> None:
    wizard.import_("skus", rows(3))
    changed = ("A-0,Jug,gr,5,Merchandise", "A-1,Mug,gr,5,Merchandise", "A-2,Jug,gr,7,Merchandise")
    wizard.begin(HEADER + "".join(f"{each}\n" for each in changed))
    shown = wizard.check("?show=updated")
    assert "The rows in which the most fields change come first" in shown
    assert "Price changes" not in shown
    assert _listed(wizard) == ["3", "1"]


def test_a_type_of_a_group_has_the_same_filter(wizard: Wizard) -> None:
    _with_prices(wizard, 1000, 1000)
    document = {
        "skus": [
            {"code": "A-0", "name": "Jug", "shipping_category": {"name": "Merchandise"}},
        ],
        "prices": [
            {"sku_code": "A-0", "amount_cents": 1001, "price_list": {"code": "eur"}},
            {"sku_code": "A-1", "amount_cents": 2000, "price_list": {"code": "eur"}},
        ],
    }
    wizard.begin(json.dumps(document), "shop.json")
    assert "Price changes over 20 %: 1" in wizard.check("?show=updated&of=prices")
    assert _listed(wizard) == ["2", "1"]
    assert "Price changes" not in wizard.check("?show=updated&of=skus")


def test_a_check_of_an_older_release_is_in_the_order_of_the_file_and_says_so(
    site: Site, wizard: Wizard
) -> None:
    _with_prices(wizard, 1000, 1000)
    wizard.begin(_prices(1001, 2000), "prices.csv")
    wizard.check()
    with site.database.write() as tx:
        tx.connection.execute(text("DELETE FROM import_change_sizes"))
    shown = wizard.check("?show=updated&changes=large")
    assert "In the order of the file, because an earlier release has made this check" in shown
    assert "Price changes" not in main_text_of(wizard.shown.text if wizard.shown else "")
    assert _listed(wizard) == ["1", "2"]
