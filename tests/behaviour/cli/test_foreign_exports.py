"""`longshore export --as DIALECT`."""

import csv

FEED = (
    "id\ttitle\tdescription\tlink\timage_link\tavailability\tprice\n"
    "TSH-S\tT-shirt S\tSoft\thttps://x/1\thttps://x/1.jpg\tin_stock\t15.00 USD\n"
)


def test_skus_are_written_as_a_file_of_shopify(run, make_file, tmp_path):
    run("import", make_file("feed.tsv", FEED))
    output = tmp_path / "products.csv"
    ended = run("export", "--as", "shopify", "--output", output)
    assert ended.code == 0, ended.err
    assert "1 SKU written to" in ended.err
    with output.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["Title"], row["Variant SKU"], row["Variant Price"]) == (
        "T-shirt S",
        "TSH-S",
        "15.00",
    )
    written = run("export", "--as", "shopify", "--price-list", "usd").out
    assert written.splitlines() == output.read_text().splitlines()


def test_what_does_not_go_together_is_misuse(run):
    for arguments, told in (
        (("--as", "shopify", "--format", "ndjson"), "--as is a format of its own"),
        (("prices", "--as", "shopify"), "a file of shopify has skus"),
        (("skus", "--price-list", "eur"), "are for --as DIALECT"),
        ((), "name the TYPE to export"),
    ):
        ended = run("export", *arguments)
        assert ended.code == 2
        assert told in ended.err


def test_a_dialect_that_is_only_read_is_refused(run, make_file):
    run("import", make_file("feed.tsv", FEED))
    ended = run("export", "--as", "vendure")
    assert ended.code != 0
    assert "no file of the dialect 'vendure' can be written" in ended.err
    assert "a file is written as shopify" in ended.err
