"""`longshore blame`: who has given the fields of a record their values, for people."""

import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

SKUS = "code,name,weight\nB1,One,\nB2,Two,\n"


@pytest.fixture
def first(run, category, make_file) -> str:
    """The id of an import that creates two SKUs."""
    file = make_file("skus.csv", SKUS)
    found = run("import", "skus", file, "--parent", category, "--json").data["id"]
    assert isinstance(found, str)
    return found


def by(ended) -> dict[str, list[str]]:
    """Field -> the cells of its line."""
    lines = [line.split() for line in ended.out.splitlines()[1:]]
    return {line[0]: line[1:] for line in lines}


def test_a_record_is_named_by_id_or_key_and_each_field_has_its_row(run, make_file, first):
    second = run("import", "skus", make_file("new.csv", "code,name\nB2,Zwei\n"), "--json").data
    ended = run("blame", "skus", " B2")
    assert ended.code == 0
    assert ended.out.splitlines()[0].split() == ["field", "value", "before", "since", "by"]
    told = by(ended)
    row = ["import", first, "(skus.csv),", "row", "2", "(line", "3)"]
    assert told["code"][0] == "B2"
    assert told["code"][-7:] == row
    assert told["name"][:2] == ["Zwei", "Two"]
    assert told["name"][-7:] == ["import", second["id"], "(new.csv),", "row", "1", "(line", "2)"]
    assert "weight" not in told
    document = run("blame", "skus", "B2", "--json").json
    id = document["meta"]["record"]["id"]
    assert run("blame", "skus", id, "--json").json == document
    fields = {each["field"]: each for each in document["data"]}
    assert fields["weight"]["value"] is None
    assert fields["name"]["who"] == {
        "worker": {"type": "imports", "id": second["id"]},
        "terminal": True,
    }
    assert (fields["name"]["row"], fields["name"]["line"]) == (1, 2)
    assert run("blame", "skus", "B2", "name", "--json").data == [fields["name"]]
    assert by(run("blame", "skus", id, "weight")).keys() == {"weight"}
    category_id = run("blame", "skus", id, "shipping_category", "--json").data[0]["field"]
    assert category_id == "shipping_category_id"


def test_amounts_are_money_and_a_price_is_named_by_its_fields(run, make_file, first):
    lists = make_file("lists.csv", "name,currency_code\nEU,EUR\nJP,JPY\n")
    run("import", "price_lists", lists)
    prices = "sku_code,amount_cents\nB1,{}\n"
    run("import", "prices", make_file("jp.csv", prices.format(500)), "--parent", "JP")
    for number, cents in enumerate((1250, 1300)):
        file = make_file(f"{number}.csv", prices.format(cents))
        run("import", "prices", file, "--parent", "EU")
    told = by(run("blame", "prices", "sku_code=B1,price_list_name=EU"))
    assert told["amount_cents"][:4] == ["13.00", "EUR", "12.50", "EUR"]
    assert by(run("blame", "prices", "sku_code=B1,price_list_name=JP"))["amount_cents"][:2] == [
        "500",
        "JPY",
    ]
    ended = run("blame", "prices", "sku_code=B1")
    assert (ended.code, ended.out) == (2, "")
    assert "'sku_code=B1' means several prices" in ended.err
    assert "hint: name one by its id: " in ended.err


def test_a_field_that_lists_do_not_show_has_its_row(run, make_file):
    for number in (1, 2):
        row = f'[{{"name": "EU", "currency_code": "EUR", "rules": {{"a": {number}}}}}]'
        assert run("import", "price_lists", make_file(f"{number}.json", row)).code == 0
    (rules,) = run("blame", "price_lists", "EU", "rules", "--json").data
    assert (rules["value"], rules["before"], rules["source"]) == ({"a": 2}, {"a": 1}, "2.json")


@pytest.mark.parametrize(
    ("arguments", "said", "hint"),
    [
        (["skus", "B9"], "none of the skus is 'B9', expected its id or code", "records skus"),
        (["skus", ""], "none of the skus is ''", "records skus"),
        (["skus", "\udc80"], "none of the skus is", "records skus"),
        (["skus", "B1", "nam"], "skus keep no field 'nam'", "did you mean name?"),
        (["skus", "B1", "xyz"], "skus keep no field 'xyz'", "they have code, name"),
        (["prices", "foo=1"], "prices cannot be filtered by foo", ""),
        (["sku", "B1"], "sku", "skus"),
        (["imports", "B1"], "imports are not records", "longshore imports"),
    ],
)
def test_what_is_not_there_is_refused(run, first, arguments, said, hint):
    ended = run("blame", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert hint in ended.err


def test_a_computed_field_says_of_what(run, make_file, first):
    run("import", "price_lists", make_file("lists.csv", "name,currency_code\nEU,EUR\n"))
    file = make_file("p.csv", "sku_code,amount_cents\nB1,5\n")
    run("import", "prices", file, "--parent", "EU")
    ended = run("blame", "prices", "sku_code=B1", "formatted_amount")
    assert "it is computed of amount_cents" in ended.err


def test_environments_are_apart(run, first):
    id = run("blame", "skus", "B1", "--json").json["meta"]["record"]["id"]
    for name in ("B1", id):
        ended = run("blame", "skus", name, "--mode", "live")
        assert (ended.code, ended.out) == (2, "")
        assert "none of the skus is" in ended.err


def test_a_deleted_import_is_told_without_its_row(run, first):
    run("delete", first)
    told = by(run("blame", "skus", "B1"))
    assert told["name"][-3:] == ["import", first, "(skus.csv)"]


def test_undos_are_told_and_what_came_back_has_its_rows(run, make_file, first):
    """An update taken back, and a creation taken back and brought back."""
    file = make_file("new.csv", "code,name\nB2,Zwei\n")
    second = run("import", "skus", file, "--json").data["id"]
    undo = run("undo", second, "--json").data["id"]
    (name,) = run("blame", "skus", "B2", "name", "--json").data
    assert (name["value"], name["before"], name["row"]) == ("Two", "Zwei", None)
    assert name["who"]["worker"] == {"type": "import_undos", "id": undo}
    assert name["takes_back"] == second
    assert f"undo {undo} of {second}" in run("blame", "skus", "B2", "name").out
    (given_back,) = run("changes", undo, "--json").data
    assert given_back["changes"] == {"name": ["Zwei", "Two"]}
    of_first = run("undo", first, "--json").data["id"]
    assert run("blame", "skus", "B1").code == 2  # the other one was changed since, and stays
    removed = run("changes", of_first, "--json").data
    assert {each["event"] for each in removed} == {"destroy"}
    back = run("undo", of_first, "--json").data["id"]
    document = run("blame", "skus", "B1", "--json").json
    assert document["meta"]["returned"]["who"]["worker"] == {"type": "import_undos", "id": back}
    fields = {each["field"]: each for each in document["data"]}
    assert fields["code"]["who"]["worker"] == {"type": "imports", "id": first}
    assert (fields["code"]["row"], fields["code"]["line"]) == (1, 2)
    assert "was gone and came back at" in run("blame", "skus", "B1").err
    returned = run("changes", back, "--json").data
    assert {each["event"] for each in returned} == {"restore"}
