"""Several files that are chosen at once: one import, as a zip of them is."""

import pytest

from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser
from tests.behaviour.dashboard.markup import main_text_of, text_of
from tests.behaviour.dashboard.wizard import Wizard

SKUS = "code,name,shipping_category.name\nA-1,Mug,Merchandise\n"
PRICES = "sku_code,amount_cents,price_list.code\nA-1,1250,eur\n"
NEW = "/dashboard/new"


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


def files(**contents: str) -> list[tuple[str, bytes]]:
    return [(name.replace("_csv", ".csv"), text.encode()) for name, text in contents.items()]


def test_several_files_become_one_group(wizard: Wizard) -> None:
    wizard.import_("price_lists", "name,code,currency_code\nEuro,eur,EUR\n")
    browser = wizard.browser
    shown = browser.upload_all(NEW, files(skus_csv=SKUS, prices_csv=PRICES))
    told = main_text_of(shown.text)
    assert "prices.csv and 1 more.zip" in told
    assert "Rows of 2 types → SKUs, Prices" in told
    assert "'skus.csv' is skus" in told
    assert "'prices.csv' is prices" in told
    draft = str(shown.url).split("/")[-2]
    wizard.draft = wizard.operations.drafts.find(browser.asker, draft)
    assert "Import 2 records" in wizard.check()
    wizard.post("apply")
    assert wizard.now().import_id is not None


@pytest.mark.parametrize("amount", ["1250", "--5", "\u00b2", "9" * 5_000])
def test_amounts_of_a_group_are_shown_whatever_they_are(browser: Browser, amount: str) -> None:
    prices = PRICES.replace("1250", amount)
    shown = browser.upload_all(NEW, files(skus_csv=SKUS, prices_csv=prices))
    columns = browser.get(str(shown.url).replace("/file", "/columns"))
    assert columns.status_code == 200
    assert ("12.50" if amount == "1250" else amount[:60]) in main_text_of(columns.text)


def test_a_file_that_is_named_after_no_type_is_left_out_and_told(browser: Browser) -> None:
    shown = browser.upload_all(NEW, files(skus_csv=SKUS, umbrella_csv="x\n1\n"))
    told = main_text_of(shown.text)
    assert "Rows of 1 type → SKUs" in told
    assert "The file 'umbrella.csv' of the archive was left out" in told


@pytest.mark.parametrize(
    ("contents", "sentence"),
    [
        (
            {"skus_csv": SKUS, "SKU_csv": SKUS},
            "The archive has two files of skus: 'SKU.csv' and 'skus.csv'",
        ),
        ({"skus_csv": "", "prices_csv": ""}, "There are no rows in the archive"),
        ({"umbrella_csv": "x\n1\n", "parasol_csv": "y\n"}, "umbrella.csv"),
    ],
)
def test_what_is_no_group_is_refused_as_a_zip_is(
    browser: Browser, contents: dict[str, str], sentence: str
) -> None:
    told = main_text_of(browser.upload_all(NEW, files(**contents)).text)
    assert sentence in told
    assert "Check all rows" not in told


def test_two_files_of_one_name_are_refused(wizard: Wizard) -> None:
    browser = wizard.browser
    shown = browser.upload_all(NEW, files(skus_csv=SKUS) * 2)
    assert shown.status_code == 422
    assert "two of the files are called skus.csv" in text_of(shown.text)
    assert "In preparation" not in browser.page("/dashboard")
