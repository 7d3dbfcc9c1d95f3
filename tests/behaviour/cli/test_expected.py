"""What errors show beside their messages, and which type is meant by a word that is none."""

import pytest

pytestmark = pytest.mark.usefixtures("on_every_database")

SOURCE = """code,name,unit_of_weight,shipping_category_id,metadata
A1,One,GR,,
A2,Two,stone,nowhere,[1]
"""


@pytest.mark.parametrize("tries", [(), ("--dry-run",)], ids=["import", "dry run"])
def test_errors_show_what_was_found_and_what_was_expected(run, make_file, tries) -> None:
    file = make_file("s.csv", SOURCE)
    ended = run("import", "skus", file, "--skip-errors", *tries)
    assert ended.code == 1
    assert "is not included in the list, expected one of gr, oz, lb" in ended.out
    assert 'is invalid, expected an object, such as {"color": "red"}' in ended.out
    assert ended.out.count("(none was given)") == 1
    assert "nowhere" in ended.out
    if tries:
        errors = run("import", "skus", file, "--skip-errors", *tries, "--json").json["errors"]
    else:
        errors = run("errors", ended.facts["import"], "--json").json["data"]
    found = {(each["row"], each["attribute"]): each for each in errors}
    assert found[1, "shipping_category"]["value"] is None
    assert found[2, "shipping_category"]["value"] == "nowhere"
    assert found[2, "shipping_category"]["message"] == "must exist"
    assert found[2, "metadata"]["message"] == "is invalid"
    assert found[2, "metadata"]["expected"] == 'an object, such as {"color": "red"}'
    assert found[2, "shipping_category"]["expected"].endswith("one of the shipping categories")


WORDS = {"products": "skus", "Stock-Item": "stock_items", "client": "customers"}


@pytest.mark.parametrize(("name", "meant"), WORDS.items())
def test_another_word_for_a_resource_type_is_understood(run, make_file, name, meant) -> None:
    file = make_file("s.csv", SOURCE)
    for arguments in (("import", name, file), ("records", name), ("export", name)):
        ended = run(*arguments)
        assert ended.code == 2
        assert f"hint: did you mean {meant}?" in ended.err
