"""`longshore import FILE` where FILE has rows of several types, and where it does not say of which
type its rows are."""

import json

import pytest

FEED = (
    "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\n"
    "TSH-S\tT-shirt S\tSoft\thttps://x/1\thttps://x/1.jpg\tin_stock\t15.00 USD\n"
    "TSH-M\tT-shirt M\tSoft\thttps://x/2\thttps://x/2.jpg\tin_stock\t1980 JPY\n"
)


@pytest.fixture
def feed(make_file):
    return make_file("feed.tsv", FEED)


def lines_of(out):
    """The lines of the table of types, by type."""
    cells = (line.split() for line in out.splitlines())
    return {each[0]: each[1:] for each in cells if len(each) > 5 and each[1].isdigit()}


def test_a_file_of_another_system_is_recognised_and_comes_in_as_several_types(run, feed):
    ended = run("import", feed)
    assert ended.code == 0, ended.err
    assert "Google product feed, by id, title, link" in ended.err
    assert "the price list 'usd' in USD is made on the way" in ended.err
    assert "warning: the price list" not in ended.err
    assert ended.facts["recognised as"].startswith("Google product feed, by id")
    assert ended.facts["source"] == "feed.tsv (2 rows)"
    assert ended.facts["status"] == "completed"
    told = lines_of(ended.out)
    assert list(told) == ["shipping_categories", "price_lists", "skus", "prices", "all"]
    assert told["prices"][:5] == ["2", "2", "0", "0", "0"]
    assert told["all"] == ["7", "7", "0", "0", "0"]
    [price] = run("records", "prices", "--filter", "sku_code_eq=TSH-M", "--json").data
    assert price["attributes"]["amount_cents"] == 1980
    assert price["attributes"]["currency_code"] == "JPY"


def test_the_same_file_once_more_changes_nothing(run, feed):
    run("import", feed)
    ended = run("import", feed)
    assert ended.code == 0
    assert lines_of(ended.out)["all"] == ["4", "0", "0", "4", "0"]


def test_members_are_imports_like_any_other(run, feed):
    ended = run("import", feed)
    for name, line in lines_of(ended.out).items():
        if name != "all":
            assert run("show", line[-1]).facts["type"] == name
    listed = run("imports", "--json").data
    assert {each["attributes"]["resource_type"] for each in listed} == set(lines_of(ended.out)) - {
        "all"
    }


def test_json_is_the_document_of_the_group_with_its_imports_beside_it(run, feed):
    ended = run("import", feed, "--json")
    assert ended.code == 0
    data, included = ended.data, ended.json["included"]
    assert data["type"] == "import_groups"
    attributes = data["attributes"]
    assert attributes["status"] == "completed"
    assert attributes["dialect"] == "google"
    assert (attributes["inputs_size"], attributes["created_count"]) == (7, 7)
    assert [each["id"] for each in data["relationships"]["imports"]["data"]] == [
        each["id"] for each in included
    ]
    assert [each["attributes"]["resource_type"] for each in included] == [
        "shipping_categories",
        "price_lists",
        "skus",
        "prices",
    ]
    assert all(each["attributes"]["status"] == "completed" for each in included)
    assert data["meta"]["recognised"] == [
        "Google product feed, by id, title, link, image_link, availability, price"
    ]


def test_the_hint_behind_a_group_takes_all_of_it_back(run, feed):
    ended = run("import", feed)
    assert f"hint: longshore undo {ended.facts['group']} takes all of it back" in ended.err


def test_a_file_of_wire_rows_needs_no_type_where_its_columns_leave_no_doubt(run, make_file):
    run("import", make_file("feed.tsv", FEED))
    file = make_file(
        "skus.csv", [["code", "name", "shipping_category.code"], ["A", "a", "default"]]
    )
    ended = run("import", file)
    assert ended.code == 0, ended.err
    assert ended.err.startswith("rows of skus: 3 of 3 columns are fields")
    assert ended.facts["type"] == "skus"
    assert ended.facts["created"] == "1"


def test_what_may_be_several_types_is_refused_with_a_hint_where_nobody_can_be_asked(run, make_file):
    ended = run("import", make_file("things.csv", [["sku_code", "quantity"], ["a", 1]]))
    assert ended.code == 2
    assert "may be" in ended.err
    assert "hint: name their type, such as `longshore import " in ended.err


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("PATH", "skus"), "the type stands before the file: skus PATH"),
        (("PATH", "PATH"), "one command imports one file, found PATH and PATH"),
        (("skus", "PATH", "more"), "expected TYPE and FILE, found 3 arguments"),
        ((), "missing argument 'FILE'"),
        (("skus", "PATH", "--currency", "EUR"), "--currency says what a file of another system"),
        (("PATH", "--currency", "EURO"), "'EURO' is no currency"),
        (("PATH", "--price-list", "USD="), "expected CODE or NAME=CODE, found 'USD='"),
        (
            ("PATH", "--price-list", "usd=a", "--price-list", "usd=b"),
            "'usd' is given both 'a' and 'b'",
        ),
        (("PATH", "--as", "wix"), "there is no dialect 'wix'"),
        (("PATH", "--map", "id=code"), "--map is for rows of one type, and the file has several"),
        (("PATH", "--parent", "x"), "--parent is for rows of one type"),
        (("PATH", "--all-or-nothing"), "--all-or-nothing is for rows of one type"),
        (("PATH", "--errors", "-"), "the failed rows of each are a file of their own"),
        (("PATH", "--server", "http://127.0.0.1:9"), "with --server the type of the rows stands"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_nothing_is_imported(run, feed, words, message):
    ended = run("import", *(word.replace("PATH", str(feed)) for word in words))
    assert ended.code == 2
    assert message.replace("PATH", str(feed)) in ended.err
    assert run("imports", "--json").data == []


def test_once_refuses_a_group_that_is_in(run, feed):
    assert run("import", feed, "--once").code == 0
    ended = run("import", feed, "--once")
    assert ended.code == 2
    assert len(run("imports", "--json").data) == 4
    assert json.loads(run("imports", "--json").out)
