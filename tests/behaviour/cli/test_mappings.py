"""`longshore mappings`: suggested, saved, listed, shown, deleted."""

import tomllib

import pytest

PRICES = "Artikel-Nr;Preis;UVP;Farbe\nA1;12,50;14,90;rot\nA2;1.234,50;;blau\n"


@pytest.fixture
def prices(make_file) -> str:
    return str(make_file("preise.csv", PRICES))


@pytest.fixture
def document(run, prices, make_file) -> str:
    ended = run("mappings", "suggest", prices)
    assert ended.code == 0, ended.err
    return str(make_file("map.toml", ended.out))


def test_a_mapping_is_suggested_with_what_was_seen(run, prices) -> None:
    ended = run("mappings", "suggest", prices)
    assert ended.code == 0
    assert tomllib.loads(ended.out) == {
        "version": 1,
        "type": "prices",
        "fields": {
            "sku_code": {"column": "Artikel-Nr"},
            "amount_cents": {"column": "Preis", "unit": "decimal-comma"},
            "compare_at_amount_cents": {"column": "UVP", "unit": "decimal-comma"},
        },
    }
    assert "# A1 | A2\n# another word for sku_code (high confidence)\n" in ended.out
    # What is left to do stands in comments that become fields by taking the # away.
    assert '# rot | blau\n# prices have no such field\n# [fields.FIELD]\n# column = "Farbe"\n' in (
        ended.out
    )
    assert '# [fields."price_list.name"]\n# constant = ""\n' in ended.out
    assert "warning: no column is the price_list that prices need" in ended.err
    assert run("mappings", "suggest", prices, "--json").data["fields"]["sku_code"] == {
        "column": "Artikel-Nr"
    }


def test_what_somebody_has_to_decide_is_a_comment(run, make_file) -> None:
    file = make_file("a.csv", "sku_code,Price\nA,12\n")
    ended = run("mappings", "suggest", file, "--type", "prices")
    assert "amount_cents" not in tomllib.loads(ended.out)["fields"]
    assert (
        '# [fields.amount_cents]\n# column = "Price"\n# unit = "decimal"  # or "cents"\n'
    ) in ended.out


def test_names_that_need_quotes_and_columns_to_leave_out(run, make_file) -> None:
    file = make_file("a.csv", 'code,"Na""me\nx",id\nA,Mug,17\n')
    ended = run("mappings", "suggest", file, "--type", "skus")
    document = tomllib.loads(ended.out)
    assert document["ignore"] == ["id"]
    assert document["fields"]["code"] == {"column": "code"}


def test_a_file_of_no_type_is_refused(run, make_file) -> None:
    ended = run("mappings", "suggest", make_file("a.csv", "foo,bar\n1,2\n"))
    assert (ended.code, ended.out) == (2, "")
    assert "error: no type has these columns" in ended.err
    assert "hint: --type TYPE says which one it is" in ended.err


@pytest.mark.usefixtures("on_every_database")
def test_a_mapping_lives(run, prices, document) -> None:
    saved = run("mappings", "save", "supplier", document, "--for", prices)
    assert (saved.code, saved.out) == (0, "")
    assert "saved supplier, version 1" in saved.err
    again = run("mappings", "save", "supplier", document)
    assert "version 1 of supplier says the same; nothing was saved" in again.err
    shown = run("mappings", "show", "supplier")
    assert tomllib.loads(shown.out)["fields"]["sku_code"] == {"column": "Artikel-Nr"}
    whole = run("mappings", "show", "supplier", "--json").data
    assert (whole["name"], whole["version"]) == ("supplier", 1)
    assert whole["source"]["columns"][1] == {"name": "Preis", "kind": "decimal_comma"}
    assert run("mappings", "list", "--json").data[0]["fields_count"] == 3
    assert "supplier" in run("mappings", "list").out
    assert [
        each["version"] for each in run("mappings", "show", "supplier", "--versions", "--json").data
    ] == [1]
    gone = run("mappings", "delete", "supplier", "--json")
    assert (gone.data, gone.err.strip()) == ({"name": "supplier"}, "deleted supplier")
    assert run("mappings", "list", "--json").data == []
    assert "no mappings are saved" in run("mappings", "list").err


def test_what_is_not_there_is_refused(run, prices, document, make_file) -> None:
    run("mappings", "save", "supplier", document)
    for arguments, said in (
        (("show", "suplier"), "hint: did you mean supplier?"),
        (("show", "supplier", "--version", 2), "has no version 2"),
        (("show", "supplier", "--version", 1, "--versions"), "goes without --version"),
        (("delete", "b"), "error: there is no mapping 'b'"),
        (("save", "a b", document), "error: a mapping cannot be called 'a b'"),
        (("save", "a", "missing.toml"), "missing.toml"),
        (("save", "a", make_file("x.toml", "version = 2")), "version: expected 1, found 2"),
        (("save", "a", prices), "is not TOML"),
        (
            ("save", "a", document, "--for", make_file("y.csv", "Artikel-Nr;Preis neu\n1;2\n")),
            "2 columns are gone: 'Preis' (amount_cents), 'UVP' (compare_at_amount_cents)",
        ),
    ):
        ended = run("mappings", *arguments)
        assert (ended.code, ended.out) == (2, ""), ended.err
        assert said in ended.err


def test_each_environment_has_its_own(run, document) -> None:
    run("mappings", "save", "supplier", document)
    assert run("mappings", "list", "--mode", "live", "--json").data == []
    assert run("mappings", "show", "supplier", "--mode", "live").code == 2


def test_without_a_command_help_is_shown(run) -> None:
    assert "suggest" in run("mappings").out


SKUS = "Nr;Titel;Versand\nA1;Becher;nein\nA2;Krug;nein\n"
MAPPING = """
version = 1
ignore = ["Versand"]
[fields]
code = "Nr"
name = "Titel"
do_not_ship = { constant = true }
"""


@pytest.fixture
def saved(run, make_file) -> None:
    mapping, file = make_file("goods.toml", MAPPING), make_file("goods.csv", SKUS)
    ended = run("mappings", "save", "goods", mapping, "--for", file)
    assert ended.code == 0, ended.err


@pytest.mark.usefixtures("on_every_database")
def test_a_file_is_imported_by_a_saved_mapping(run, make_file, request) -> None:
    request.getfixturevalue("saved")
    ended = run("import", "skus", make_file("goods.csv", SKUS), "--mapping", "goods", "--json")
    assert ended.code == 0, ended.err
    meta = ended.data["meta"]
    assert meta["saved_mapping"] == {"name": "goods", "version": 1}
    assert meta["mapping"]["fields"]["code"] == {"column": "Nr"}
    assert meta["warnings"] == []
    # An import keeps what its mapping said.
    run("mappings", "delete", "goods")
    shown = run("show", ended.data["id"])
    assert shown.facts["saved mapping"] == "goods@1"
    assert run("records", "skus", "--json").data[0]["attributes"]["code"] in ("A1", "A2")


def test_a_version_can_be_named(run, saved, make_file) -> None:
    other = make_file("other.toml", MAPPING.replace('"Titel"', '{ template = "{Titel} neu" }'))
    run("mappings", "save", "goods", other)
    file = make_file("goods.csv", SKUS)
    for reference, version in (("goods@1", 1), ("goods", 2)):
        ended = run("import", "skus", file, "--mapping", reference, "--json")
        assert ended.data["meta"]["saved_mapping"] == {"name": "goods", "version": version}
    refused = run("import", "skus", file, "--mapping", "goods@3")
    assert (refused.code, "has no version 3" in refused.err) == (2, True)


def test_a_needed_column_that_is_gone_is_refused_with_the_nearest(run, saved, make_file) -> None:
    file = make_file("goods.csv", SKUS.replace("Titel", "Titel (DE)"))
    for arguments in ((), ("--dry-run",)):
        ended = run("import", "skus", file, "--mapping", "goods", *arguments)
        assert (ended.code, ended.out) == (2, "")
        assert (
            "error: the mapping goods (version 1) does not fit: 1 column is gone: 'Titel' (name)"
        ) in ended.err
        assert "hint: 'Titel (DE)' may be 'Titel'" in ended.err
    assert run("imports", "--json").data == []
    # What an option says of the field goes before.
    ended = run("import", "skus", file, "--mapping", "goods", "--map", "Titel (DE)=name")
    assert ended.code == 0, ended.err


def test_what_else_has_changed_is_told(run, saved, make_file) -> None:
    file = make_file("goods.csv", "Nr;Titel;Farbe\n1;Becher;rot\n2;Krug;blau\n")
    told = run("import", "skus", file, "--mapping", "goods", "--json").data["meta"]["warnings"]
    assert [each["code"] for each in told] == ["mapping_drifted"]
    assert told[0]["message"] == (
        "since the mapping goods (version 1) was saved: 1 column is new, and the mapping says "
        "nothing of it: 'Farbe'"
    )


def test_values_of_another_kind_are_told(run, make_file) -> None:
    mapping = make_file("m.toml", MAPPING.replace('name = "Titel"', 'name = "Titel"\nweight = "g"'))
    header = "Nr;Titel;Versand;g\n"
    run("mappings", "save", "goods", mapping, "--for", make_file("a.csv", header + "A;B;n;1,5\n"))
    ended = run("import", "skus", make_file("b.csv", header + "A;B;n;1.5\n"), "--mapping=goods")
    assert (
        "the column 'g' held decimals with a comma, and now holds decimals with a point"
    ) in ended.err


def test_a_name_is_looked_for_where_there_is_no_file(run, make_file) -> None:
    file = make_file("goods.csv", SKUS)
    for name, said in (
        ("goods", "error: there is no mapping 'goods'"),
        ("goods.toml", "error: there is no file goods.toml"),
        ("goods@x", "names no version of a mapping"),
    ):
        ended = run("import", "skus", file, "--mapping", name)
        assert (ended.code, ended.out) == (2, "")
        assert said in ended.err
    ended = run("import", "skus", file, "--mapping", "goods", "--server", "http://127.0.0.1:1")
    assert "with --server no saved mapping is looked for" in ended.err


def test_what_is_suggested_is_imported_as_it_is(run, make_file) -> None:
    file = make_file("goods.csv", "SKU;Title;Variant Weight\nA1;Mug;12.5\nA2;Jug;3\n")
    mapping = make_file("map.toml", run("mappings", "suggest", file, "--type", "skus").out)
    ended = run("import", "skus", file, "--mapping", mapping, "--set", "do_not_ship=true")
    assert ended.code == 0, ended.err


def test_what_people_write_is_read_by_what_is_suggested(run, make_file) -> None:
    file = make_file(
        "goods.csv",
        "SKU;Title;Gewicht (kg);do_not_ship\nA1;Mug;0,35;ja\nA2;Jug;1.250,5;ja\n",
    )
    mapping = make_file("map.toml", run("mappings", "suggest", file, "--type", "skus").out)
    fields = tomllib.loads(mapping.read_text("utf-8"))["fields"]
    assert fields["weight"] == {
        "column": "Gewicht (kg)",
        "transforms": [{"name": "unit", "from": "kg", "decimal": "comma"}],
    }
    assert fields["unit_of_weight"] == {"constant": "gr"}
    assert fields["do_not_ship"]["transforms"] == [{"name": "boolean"}]
    ended = run("import", "skus", file, "--mapping", mapping)
    assert ended.code == 0, ended.err
    records = [each["attributes"] for each in run("records", "skus", "--json").data]
    assert {(each["code"], each["weight"], each["unit_of_weight"]) for each in records} == {
        ("A1", 350.0, "gr"),
        ("A2", 1_250_500.0, "gr"),
    }


def test_a_column_of_units_leaves_weights_as_they_are(run, make_file) -> None:
    file = make_file("goods.csv", "SKU;Weight (g);Weight unit\nA1;350;gr\n")
    fields = tomllib.loads(run("mappings", "suggest", file, "--type", "skus").out)["fields"]
    assert fields["weight"] == {"column": "Weight (g)"}
    assert fields["unit_of_weight"] == {"column": "Weight unit"}


def test_dates_are_read_by_what_is_suggested(run, make_file) -> None:
    file = make_file("cards.csv", "code;Guthaben;Gültig bis\nGIFT-0001;5,50;01.12.2026\n")
    fields = tomllib.loads(run("mappings", "suggest", file, "--type", "gift_cards").out)["fields"]
    assert fields["expires_at"]["transforms"] == [{"name": "date"}]
    assert fields["balance_cents"]["unit"] == "decimal-comma"
