"""`longshore setup` makes what the first catalogue needs, and nothing twice."""

import os
import pty

import pytest

OPTIONS = ("--currency", "eur", "--warehouse", "Main", "--shipping-category", "Default")


def names(run, resource_type):
    return [each["attributes"]["code"] for each in run("records", resource_type, "--json").data]


@pytest.mark.usefixtures("on_every_database")
def test_options_make_the_three_once(run) -> None:
    made = run("setup", *OPTIONS)
    assert made.code == 0
    assert "the price list 'eur' in EUR was made" in made.err
    assert "the stock location 'Main' was made" in made.err
    assert "the shipping category 'default' was made" in made.err
    assert "warning: the address of 'Main' is to be filled in" in made.err
    again = run("setup", *OPTIONS, "--json")
    assert (again.code, again.json["meta"]["group_id"]) == (0, None)
    assert [each["meta"]["created"] for each in again.data] == [False, False, False]
    assert [each["type"] for each in again.data] == [
        "shipping_categories",
        "price_lists",
        "stock_locations",
    ]
    assert names(run, "price_lists") == ["eur"]
    assert names(run, "stock_locations") == ["Main"]
    assert names(run, "shipping_categories") == ["default"]


def test_the_first_catalogue_comes_in(run, make_file) -> None:
    run("setup", *OPTIONS)
    skus = make_file("skus.csv", "code,name,shipping_category.code\nA,Mug,default\n")
    prices = make_file("prices.csv", "sku_code,price_list.code,amount_cents\nA,eur,100\n")
    stock = make_file("stock.csv", "sku_code,stock_location.code,quantity\nA,Main,3\n")
    assert run("import", "skus", skus).code == 0
    assert run("import", "prices", prices).code == 0
    assert run("import", "stock_items", stock).code == 0


def test_an_address_is_given_and_changed(run) -> None:
    given = ("--address", "line_1=Kai 1", "--address", "city=Hamburg")
    place = ("--address", "zip_code=20457", "--address", "country_code=DE")
    made = run("setup", "--warehouse", "Main", *given, *place)
    assert (made.code, "warning" in made.err) == (0, False)
    changed = run("setup", "--warehouse", "Main", "--address", "line_1=Kai 2")
    assert "the stock location 'Main' was there already, and has the address" in changed.err
    (address,) = run("records", "addresses", "--json").data
    found = address["attributes"]
    assert (found["line_1"], found["city"], found["zip_code"]) == ("Kai 2", "Hamburg", "20457")
    assert (found["business"], found["company"]) == (True, "Main")


def test_records_of_other_names_are_taken_for_what_they_are(run, make_file) -> None:
    """A price list of the currency, and a category that is called so, need not be made."""
    run("import", "price_lists", make_file("a.csv", "name,code,currency_code\nList,L1,USD\n"))
    run("import", "shipping_categories", make_file("b.csv", "name\nGoods\n"))
    ended = run("setup", "--currency", "usd", "--shipping-category", "Goods")
    assert ended.code == 0
    assert "the price list 'L1' in USD was there already" in ended.err
    assert "the shipping category 'Goods' was there already" in ended.err
    assert names(run, "price_lists") == ["L1"]


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ((), 2, "nobody can be asked; nothing was made"),
        (("--currency", "xxz"), 2, "'xxz' is no currency"),
        (("--warehouse", " "), 2, "--warehouse needs a name"),
        (("--address", "city=Kiel"), 2, "needs --warehouse NAME"),
        (("--warehouse", "M", "--address", "citi=Kiel"), 2, "found 'citi=Kiel'"),
        (("--warehouse", "M", "--address", "country_code=ZZ"), 1, "address.country_code"),
    ],
)
def test_what_cannot_be_made_is_said(run, arguments, code, message) -> None:
    ended = run("setup", *arguments)
    assert ended.code == code
    assert message in ended.err


def test_a_price_list_of_the_code_in_another_currency_is_refused(run, make_file) -> None:
    run("import", "price_lists", make_file("a.csv", "name,code,currency_code\nList,eur,USD\n"))
    ended = run("setup", "--currency", "EUR")
    assert ended.code == 2
    assert "the price list 'eur' is in another currency than EUR" in ended.err


def test_three_questions_are_asked_on_a_terminal(start, run) -> None:
    """What is no currency is asked again; two answers are left as they are offered."""
    screen, terminal = pty.openpty()
    process = start("setup", stdin=terminal, stderr=terminal)
    os.close(terminal)
    received = b""
    answers = {
        b"(such as EUR)?": [b"shells\n", b"chf\n"],
        b"stock lies?": [b"Halle\n"],
        b"belong to?": [b"\n"],
    }
    asked = dict.fromkeys(answers, 0)
    try:
        while block := os.read(screen, 65536):
            received += block
            for question, given in answers.items():
                while asked[question] < received.count(question):
                    os.write(screen, given[asked[question]])
                    asked[question] += 1
    except OSError:
        pass  # Linux reports the end of a terminal as an error
    os.close(screen)
    process.communicate()
    assert process.returncode == 0, received.decode()
    assert names(run, "price_lists") == ["chf"]
    assert names(run, "stock_locations") == ["Halle"]
    assert names(run, "shipping_categories") == ["default"]
