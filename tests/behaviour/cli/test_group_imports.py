"""`longshore import FILE` where FILE has rows of several types, and where it does not say of which
type its rows are."""

import json
import os
from dataclasses import replace

import pytest

from longshore.assembly import open_longshore
from longshore.cli.group_plan_report import say_next_step_of_group_plan
from longshore.cli.group_report import say_next_step_of_group
from longshore.operations import Asker, GroupRequest
from longshore.settings import Settings
from tests.behaviour.groups.grouping import group_source
from tests.unit.workbooks.building import archive

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
    _, _, table = out.partition("\ntype ")
    lines = table.partition("\n\n")[0].splitlines()[1:]
    return {name: cells for name, *cells in map(str.split, lines)}


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


def test_rows_for_one_record_change_it_in_turn_each_time_and_leave_it_as_it_was(run, make_file):
    """The last of them counts, as in any import, and that there are such rows is told."""
    run("setup", "--currency", "USD", "--warehouse", "Main", "--shipping-category", "Goods")
    file = make_file(
        "spree.csv",
        "slug,sku,name,price,currency,option1_name,option1_value,inventory_count\n"
        "p,P-1,Prod,10,USD,,,5\np,P-1,,11,USD,,,\np,p-1,,9,EUR,,,7\n",
    )
    found = []
    for _ in range(2):
        ended = run("import", file)
        assert ended.code == 0, ended.err
        assert "1 row names a record that an earlier row has named" in ended.err
        prices = run("records", "prices", "--json").data
        stock = run("records", "stock_items", "--json").data
        found.append(
            (
                sorted(each["attributes"]["amount_cents"] for each in prices),
                [each["attributes"]["quantity"] for each in stock],
            )
        )
    assert found == [([900, 1100], [7])] * 2
    assert lines_of(ended.out)["prices"][:4] == ["3", "0", "2", "1"]
    assert lines_of(ended.out)["skus"][:4] == ["1", "0", "0", "1"]


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


def test_rows_that_fail_are_named_where_they_stand_in_the_file(run, make_file):
    rows = "".join(
        f"T-{n}\tShirt {n}\tSoft\thttps://x/{n}\thttps://x/{n}.jpg\tin_stock\t15.00 USD\n"
        for n in range(20)
    )
    file = make_file("feed.tsv", FEED.replace("15.00 USD", "15,0o USD") + rows)
    ended = run("import", file, "--errors", file.with_name("failed.csv"))
    assert ended.code == 1
    told = lines_of(ended.out)
    assert told["prices"][:5] == ["22", "21", "0", "0", "1"]
    assert told["skus"][:5] == ["22", "22", "0", "0", "0"]
    line = next(each for each in ended.out.splitlines() if "15,0o" in each)
    assert line.split()[:5] == ["prices", "1", "2", "price", "15,0o"]
    assert "TSH-S" in line
    assert "1 failed row written to" in ended.err
    failed = file.with_name("failed.prices.csv").read_text()
    assert "TSH-S" in failed
    assert "_cells" not in failed
    assert "_source" not in failed


@pytest.mark.parametrize("words", [("import",), ("import", "--dry-run"), ("plan",)])
def test_columns_that_no_field_of_a_type_bears_are_named(run, tmp_path, words):
    """Whatever was given as such a column is not in the store."""
    file = tmp_path / "shop.zip"
    file.write_bytes(
        archive(
            {
                "customers.csv": b"email,emial\nann@example.com,x\n",
                "price_lists.csv": b"name,code,currency_code,colour,size\nEUR,eur,EUR,red,L\n",
            }
        ).getvalue()
    )
    told = run(*words, file)
    assert told.code == 0, told.err
    assert "warning: column emial is ignored, customers have no such field" in told.err
    assert "the nearest field is email: rename the column, or import customers alone" in told.err
    assert (
        "warning: 2 columns are ignored, price_lists have no such fields: colour, size" in told.err
    )
    included = run(*words, file, "--json").json["included"]
    told_of = "attributes" if words == ("plan",) else "meta"
    assert [each[told_of]["ignored_columns"] for each in included] == [
        ["colour", "size"],
        ["emial"],
    ]
    if "--dry-run" not in words:
        shown = run("show", told.out.split("\n")[0].split()[-1])
        assert shown.facts["ignored columns"] == "price_lists: colour, size; customers: emial"


def test_failed_rows_are_written_as_they_stand_in_the_file_and_imported_mended(
    run, make_file, tmp_path
):
    run("setup", "--currency", "USD", "--warehouse", "Main", "--shipping-category", "Goods")
    header = "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price"
    bad = "tee,,,M,T-M,5o"
    file = make_file("shop.csv", f"{header}\ntee,Tee,Size,S,T-S,5\n{bad}\n")
    failed = tmp_path / "failed.csv"
    ended = run("import", file, "--currency", "USD", "--skip-errors", "--errors", failed)
    assert "has the rows as they stand in the source: mended, it is a file to import" in ended.err
    told = "amount_cents: is not a number (Variant Price: 5o)"
    assert failed.read_text().splitlines() == [
        f"{header},_row,_errors,_codes",
        f"{bad},2,{told},not_a_number",
    ]
    written = {each.name for each in tmp_path.glob("failed*.csv")}
    assert written == {"failed.csv", "failed.prices.csv"}
    failed.write_text(failed.read_text().replace("5o,2", "6,2"))
    again = run("import", failed, "--currency", "USD")
    assert (again.code, "left out" in again.err) == (0, False)
    assert lines_of(again.out)["all"][:4] == ["2", "1", "0", "1"]


def test_what_was_made_on_the_way_stands_in_the_report_and_is_no_warning(run, feed):
    ended = run("import", feed)
    assert ended.facts["made on the way"] == (
        "shipping category default, price list usd, price list jpy"
    )
    assert "warning: the" not in ended.err
    assert "made on the way" not in run("import", feed).facts


def test_a_dry_run_shows_each_type_and_its_first_records_before_and_after(run, feed):
    ended = run("import", feed, "--dry-run")
    assert ended.code == 0
    assert ended.facts["dry run"] == "nothing was written"
    assert lines_of(ended.out)["all"] == ["7", "7", "0", "0", "0"]
    assert "prices: 2 records" in ended.out
    [line] = [each for each in ended.out.splitlines() if "amount_cents" in each]
    assert line.split() == [
        *("price", "amount_cents", "15.00", "USD", "->", "1500", "1980", "JPY", "->", "1980")
    ]
    assert run("imports", "--json").data == []
    document = run("import", feed, "--dry-run", "--json").json
    assert document["data"]["id"] is None
    assert document["data"]["meta"]["dry_run"] is True
    assert document["data"]["attributes"]["created_count"] == 7
    assert [each["meta"]["created"] for each in document["included"]] == [1, 2, 2, 2]
    assert document["errors"] == []


@pytest.mark.parametrize("words", [("import", "--dry-run"), ("plan",)])
def test_each_of_the_first_records_shows_the_cell_that_a_value_is_of(run, make_file, words):
    """A sale price on one row, the regular price on the next: each names its own column."""
    file = make_file(
        "woo.csv",
        "Type,SKU,Name,Visibility in catalog,Sale price,Regular price,Images\n"
        "simple,A,Cup,visible,,20,\n"
        "simple,B,Mug,visible,15,20,https://x/b.jpg\n"
        "simple,C,Jug,visible,5x,20,\n",
    )
    out = run(*words, file, "--currency", "USD").out
    assert "Regular price: 20 -> 2000  Sale price: 15 -> 1500  Sale price: 5x -> (fails)" in out
    (compared,) = [line for line in out.splitlines() if "compare_at_amount_cents" in line]
    assert compared.split() == ["Regular", "price", "compare_at_amount_cents", "20", "->", "2000"]
    (image,) = [line for line in out.splitlines() if " image_url " in line]
    assert image.split() == ["Images", "image_url", "https://x/b.jpg"]


def test_a_plan_of_several_types_is_kept_shown_and_applied(run, feed):
    planned = run("plan", feed)
    assert planned.code == 0, planned.err
    assert lines_of(planned.out)["all"] == ["7", "7", "0", "0", "0"]
    assert "amount_cents" in planned.out
    public_id = planned.facts["plan of a group"]
    assert f"hint: longshore apply {public_id} does exactly this, or nothing" in planned.err
    assert run("imports", "--json").data == []
    for shown in (run("show", public_id), run("plan", "show", public_id)):
        assert lines_of(shown.out)["all"] == ["7", "7", "0", "0", "0"]
    applied = run("apply", public_id)
    assert applied.code == 0
    assert lines_of(applied.out)["all"] == ["7", "7", "0", "0", "0"]
    assert run("apply", public_id).code == 2


def test_a_group_and_its_errors_are_shown_again(run, make_file):
    bad = make_file("feed.tsv", FEED.replace("15.00 USD", "15,0o USD"))
    ended = run("import", bad, "--skip-errors")
    public_id = ended.facts["group"]
    shown = run("show", public_id)
    assert lines_of(shown.out) == lines_of(ended.out)
    assert run("show", public_id, "--json").json == run("show", public_id, "--json").json
    assert run("show", public_id, "--json").data["id"] == public_id
    errors = run("errors", public_id, "--json").data
    [error] = [each for each in errors if each["attribute"] == "amount_cents"]
    assert (error["resource_type"], error["source_row"], error["line"]) == ("prices", 1, 2)
    assert (error["column"], error["value"]) == ("price", "15,0o USD")
    assert "15,0o" in run("errors", public_id).out
    assert "prices, 1 failed row" in run("errors", public_id, "--digest").out
    file = bad.with_name("again.csv")
    run("errors", public_id, "--failed-rows", file)
    assert "TSH-S" in file.with_name("again.prices.csv").read_text()
    rows = run("rows", public_id)
    assert rows.code == 2
    assert f"{public_id!r} is an import group, and no import" in rows.err
    assert "(prices)" in rows.err


def test_groups_are_listed_newest_first_and_deleted_with_their_imports(run, feed):
    assert "no import groups yet" in run("groups").err
    first = run("import", feed).facts["group"]
    second = run("import", feed).facts["group"]
    planned = run("plan", feed).facts["plan of a group"]
    assert [each["id"] for each in run("groups", "--json").data] == [second, first]
    assert [each["id"] for each in run("groups", "--plans", "--json").data] == [planned]
    listed = run("groups", "--limit", "1")
    assert second in listed.out
    assert "google" in listed.out
    assert "and 1 older group" in listed.err
    assert run("interrupt", first).code == 2
    assert run("delete", first).code == 0
    assert [each["id"] for each in run("groups", "--json").data] == [second]
    assert len(run("imports", "--json").data) == 2
    assert len(run("records", "skus", "--json").data) == 2
    assert run("show", first).code == 2


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
        (
            ("PATH", "--server", "http://127.0.0.1:9"),
            "longshore import TYPE FILE --server URL; rows",
        ),
        (("PATH", "--server", "http://127.0.0.1:9", "--as", "google"), "without --server"),
    ],
)
def test_what_cannot_be_understood_is_refused_and_nothing_is_imported(run, feed, words, message):
    ended = run("import", *(word.replace("PATH", str(feed)) for word in words))
    assert ended.code == 2
    assert message.replace("PATH", str(feed)) in ended.err
    assert run("imports", "--json").data == []


def test_a_damaged_file_of_an_archive_is_named_and_nothing_is_imported(run, make_file):
    """Left out as one without rows, it would be missed by nobody."""
    files = {"skus.parquet": b"RAP1 damaged" * 50, "shipping_categories.csv": b"code,name\nC,Cat\n"}
    ended = run("import", make_file("shop.zip", archive(files).getvalue()))
    assert ended.code == 2
    assert (
        "error: shop.zip/skus.parquet (skus): this is no Parquet file, though its name ends in "
        ".parquet"
    ) in ended.err
    assert run("records", "shipping_categories", "--json").data == []


def test_once_refuses_a_group_that_is_in(run, feed):
    assert run("import", feed, "--once").code == 0
    ended = run("import", feed, "--once")
    assert ended.code == 2
    assert len(run("imports", "--json").data) == 4
    assert json.loads(run("imports", "--json").out)


@pytest.mark.parametrize("is_plan", [False, True])
def test_a_group_that_this_process_has_stopped_is_said_to_be_left_open(run, capsys, is_plan):
    """The process that made the group keeps the members behind for itself until it closes."""
    settings = replace(Settings.from_environment(os.environ), chunk_rows=1, chunk_rows_first=1)
    with open_longshore(settings) as longshore:
        environment = longshore.organizations.environment("default", "test")
        rows = {"tags": [{"name": "T"}, {"name": "U"}], "customer_groups": [{"name": "G"}]}
        group = longshore.group_submissions.submit(
            environment, group_source(rows), GroupRequest(), is_plan=is_plan, to_run=True
        )
        longshore.import_runs.run(group.members[0].id, should_stop=lambda: True)
        stopped = longshore.import_groups.read(group.id)
        capsys.readouterr()
        say = say_next_step_of_group_plan if is_plan else say_next_step_of_group
        say(longshore, stopped, was_run_here=True)
        told = capsys.readouterr().err
    assert "a process is at it" not in told
    assert "hint: longshore resume finishes it" in told


def test_undo_is_not_offered_for_a_group_of_which_a_member_is_deleted(run, feed):
    ended = run("import", feed)
    public_id = ended.facts["group"]
    assert "longshore undo" in run("show", public_id).err
    assert run("delete", lines_of(ended.out)["skus"][-1]).code == 0
    assert "longshore undo" not in run("show", public_id).err
    assert run("undo", public_id).code == 2


def test_dry_run_of_a_document_shows_its_first_records(run, tmp_path):
    file = tmp_path / "shop.json"
    file.write_text('{"shipping_categories": [{"name": "Boxes"}], "tags": [{"name": "new"}]}')
    tried = run("import", file, "--dry-run")
    assert "shipping_categories: 1 record" in tried.out
    assert "Boxes" in tried.out
    examples = run("import", file, "--dry-run", "--json").data["meta"]["examples"]
    assert [each["fields"] for each in examples["tags"]] == [{"name": "new"}]


def test_a_group_that_somebody_has_stopped_says_how_to_go_on(run, capsys):
    with open_longshore(Settings.from_environment(os.environ)) as longshore:
        environment = longshore.organizations.environment("default", "test")
        group = longshore.group_submissions.submit(
            environment, group_source({"tags": [{"name": "new"}]}), GroupRequest()
        )
        stopped = longshore.import_groups.interrupt(Asker(environment=environment), group.id)
        capsys.readouterr()
        say_next_step_of_group(longshore, stopped, was_run_here=True)
        told = capsys.readouterr().err
    assert "import the file again to go on" in told
    assert "mend the rows" not in told


def test_plan_of_a_document_shows_its_first_records_but_no_passwords(run, tmp_path):
    file = tmp_path / "shop.json"
    shop = {
        "tags": [{"name": "new"}],
        "customers": [{"email": "ada@example.com", "password": "wool-and-tea"}],
    }
    file.write_text(json.dumps(shop))
    planned = run("plan", file)
    assert "tags: 1 record" in planned.out
    assert "wool-and-tea" not in planned.out
    examples = run("groups", "--plans", "--json").data[0]["meta"]["examples"]
    assert [each["fields"] for each in examples["tags"]] == [{"name": "new"}]
    assert "customers" not in examples
