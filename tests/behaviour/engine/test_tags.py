"""Tags of records: a set replaced, added to or taken from."""

from typing import Any

import pytest

from tests.behaviour.engine.organization import Organization

SKU = {"code": "A", "name": "a", "do_not_ship": True}


def load_sku(shop: Organization, **fields: Any) -> Any:
    return shop.load("skus", [SKU | fields])


def named(*names: str) -> list[dict[str, str]]:
    return [{"name": name} for name in names]


@pytest.fixture
def tagged(shop: Organization) -> Organization:
    """A SKU with the tags red and blue; green is a tag, too."""
    shop.load("tags", named("green"))
    assert load_sku(shop, tags=named("red", "blue")).counts == (1, 0, 0, 0)
    return shop


def tags_of(shop: Organization) -> list[str]:
    return sorted(shop.one("skus")["tags"])


# The set


def test_unknown_tags_of_a_set_are_created(tagged: Organization) -> None:
    assert tags_of(tagged) == ["blue", "red"]
    assert tagged.values("tags", "name") == ["green", "red", "blue"]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (named("red", "blue"), ["blue", "red"]),
        (named("BLUE", "Red", "red"), ["blue", "red"]),
        (named("green"), ["green"]),
        ([], []),
        (None, []),
    ],
)
def test_set_replaces_what_the_record_had(
    tagged: Organization, tags: object, expected: list[str]
) -> None:
    outcome = load_sku(tagged, tags=tags)
    assert tags_of(tagged) == expected
    assert outcome.counts == ((0, 0, 1, 0) if expected == ["blue", "red"] else (0, 1, 0, 0))


def test_row_that_names_no_tags_leaves_them(tagged: Organization) -> None:
    assert load_sku(tagged, name="b").counts == (0, 1, 0, 0)
    assert tags_of(tagged) == ["blue", "red"]


def test_tags_are_named_by_id(tagged: Organization) -> None:
    (green,) = (tag["id"] for tag in tagged.all("tags") if tag["name"] == "green")
    load_sku(tagged, tags=[{"id": green}, {"name": "red"}])
    assert tags_of(tagged) == ["green", "red"]


@pytest.mark.parametrize(
    ("tags", "errors"),
    [
        ([{"id": "nowhere"}], {"tags": ["must exist"]}),
        (named("no good"), {"tags.name": ["is invalid"]}),
        (named("x" * 26), {"tags.name": ["is too long (maximum is 25 characters)"]}),
        ([{}], {"tags.name": ["can't be blank"]}),
        ("red", {"tags": ["is invalid"]}),
    ],
)
def test_wrong_tag_fails_the_row(
    tagged: Organization, tags: object, errors: dict[str, list[str]]
) -> None:
    assert load_sku(tagged, name="b", tags=tags).errors == {1: errors}
    assert tagged.one("skus")["name"] == "a"


def test_wrong_tags_are_told_for_a_row_that_means_no_record(tagged: Organization) -> None:
    tags = [{"name": "no good"}, "red", {"name": "red"}, {"name": "no good"}]
    outcome = load_sku(tagged, id="nowhere", tags=tags)
    assert outcome.errors == {
        1: {"id": ["must exist"], "tags.name": ["is invalid"], "tags": ["is invalid"]}
    }
    assert load_sku(tagged, id="nowhere", tags=None).errors == {1: {"id": ["must exist"]}}


def test_wrong_tags_are_told_for_a_row_that_matches_several_records(shop: Organization) -> None:
    for _ in range(2):
        shop.have("sku_options", name="a", market_id=None, currency_code="EUR")
    outcome = shop.load("sku_options", [{"name": "a", "tags": named("no good", "new")}])
    assert outcome.errors == {1: {"base": ["matches 2 records"], "tags.name": ["is invalid"]}}


def test_id_of_a_sku_is_no_tag(tagged: Organization) -> None:
    outcome = load_sku(tagged, tags=[{"id": tagged.one("skus")["id"]}])
    assert outcome.errors == {1: {"tags": ["must exist"]}}


def test_record_has_as_many_tags_as_its_organization_allows(shop: Organization) -> None:
    names = [f"t{number}" for number in range(11)]
    assert load_sku(shop, tags=named(*names[:10])).counts == (1, 0, 0, 0)
    outcome = load_sku(shop, tags=named(*names))
    assert outcome.errors == {1: {"tags": ["is too long (maximum is 10 tags)"]}}
    assert len(shop.all("tags")) == 10  # the eleventh went with its row
    shop.with_flags(tags_max_allowed_number=11)
    assert load_sku(shop, tags=named(*names)).counts == (0, 1, 0, 0)


def test_cells_hold_lists_of_names_and_ids(tagged: Organization) -> None:
    (green,) = (tag["id"] for tag in tagged.all("tags") if tag["name"] == "green")
    tagged.load_csv("skus", f'code,tags.name,tags.id\nA,"red, new",{green}\n')
    assert tags_of(tagged) == ["green", "new", "red"]
    assert tagged.load_csv("skus", "code,tags.name\nA,\n").counts == (0, 0, 1, 0)
    tagged.load_csv("skus", 'code,tags\nA,"blue,red"\n')
    assert tags_of(tagged) == ["blue", "red"]


# Adding and taking away


@pytest.mark.parametrize(
    ("triggers", "expected", "warnings"),
    [
        ({"_add_tags": "green"}, ["blue", "green", "red"], []),
        ({"_add_tags": " GREEN , red"}, ["blue", "green", "red"], []),
        ({"_remove_tags": "red"}, ["blue"], []),
        ({"_remove_tags": "green"}, ["blue", "red"], []),
        ({"_add_tags": "green", "_remove_tags": "green,red"}, ["blue"], []),
        ({"_add_tags": ""}, ["blue", "red"], []),
        ({"_add_tags": None, "_remove_tags": " , "}, ["blue", "red"], []),
        (
            {"_add_tags": "green,unknown"},
            ["blue", "green", "red"],
            ["_add_tags: there is no tag 'unknown', it was discarded"],
        ),
        (
            {"_add_tags": "no good", "_remove_tags": "nor this"},
            ["blue", "red"],
            [
                "_add_tags: there is no tag 'no good', it was discarded",
                "_remove_tags: there is no tag 'nor this', it was discarded",
            ],
        ),
    ],
)
def test_triggers_add_before_they_remove_and_discard_what_is_no_tag(
    tagged: Organization, triggers: dict[str, object], expected: list[str], warnings: list[str]
) -> None:
    outcome = load_sku(tagged, **triggers)
    assert outcome.errors == {}
    assert tags_of(tagged) == expected
    assert outcome.warnings_log == ({"A": warnings} if warnings else {})
    assert outcome.import_.warnings_count == bool(warnings)
    assert len(tagged.all("tags")) == 3


def test_triggers_work_on_a_set_that_the_row_replaces(tagged: Organization) -> None:
    load_sku(tagged, tags=named("new"), _add_tags="green", _remove_tags="new")
    assert tags_of(tagged) == ["green"]


def test_added_tags_are_limited_like_a_set(shop: Organization) -> None:
    names = [f"t{number}" for number in range(11)]
    shop.load("tags", named(*names))
    load_sku(shop, tags=named(*names[:10]))
    outcome = load_sku(shop, _add_tags="t10")
    assert outcome.errors == {1: {"tags": ["is too long (maximum is 10 tags)"]}}
    assert load_sku(shop, _add_tags="t10", _remove_tags="t0").counts == (0, 1, 0, 0)


def test_warnings_of_a_row_that_fails_are_not_told(tagged: Organization) -> None:
    outcome = load_sku(tagged, _add_tags="unknown", name=None)
    assert outcome.errors == {1: {"name": ["can't be blank"]}}
    assert (outcome.warnings_log, outcome.import_.warnings_count) == ({}, 0)


def test_warnings_count_rows_and_the_log_merges_them(tagged: Organization) -> None:
    rows = [SKU | {"_add_tags": "u,v"}, SKU | {"_add_tags": "v,w"}]
    outcome = tagged.load("skus", rows)
    assert outcome.import_.warnings_count == 2
    assert [text.split("'")[1] for text in outcome.warnings_log["A"]] == ["u", "v", "w"]


def test_tag_that_a_row_creates_is_there_for_the_next_one(shop: Organization) -> None:
    other = {"code": "B", "name": "b", "do_not_ship": True, "_add_tags": "new"}
    for chunk_rows in (1, 2):
        name = f"new{chunk_rows}"
        rows = [SKU | {"tags": named(name)}, {**other, "_add_tags": name}]
        assert shop.in_chunks(chunk_rows).load("skus", rows).warnings_log == {}
    assert shop.values("skus", "tags") == [["new2"], ["new1", "new2"]]


def test_tag_of_a_failed_row_is_not_there_for_the_next_one(shop: Organization) -> None:
    rows = [{"code": "A", "tags": named("new")}, SKU | {"_add_tags": "new"}]
    outcome = shop.load("skus", rows)
    assert outcome.counts == (1, 0, 0, 1)
    assert list(outcome.warnings_log) == ["A"]
    assert shop.all("tags") == []


def test_tags_of_nested_records_are_theirs(shop: Organization) -> None:
    shop.load("tags", named("red"))
    line = {"name": "x", "quantity": 1, "unit_amount_cents": 1, "_add_tags": "red"}
    row = {"number": "N", "market_id": shop.some("markets"), "line_items": [line]}
    shop.load("orders", [row])
    assert shop.one("orders")["tags"] == []
    assert shop.one("line_items")["tags"] == ["red"]


def test_changed_tags_are_in_the_journal(tagged: Organization) -> None:
    ids = {tag["name"]: tagged.inside(tag["id"]) for tag in tagged.all("tags")}
    outcome = load_sku(tagged, tags=named("green", "red"))
    before, after = sorted((ids["red"], ids["blue"])), sorted((ids["red"], ids["green"]))
    assert outcome.changes == [(1, {"tags": (before, after)})]


def test_deleted_sets_are_gone_from_storage(tagged: Organization) -> None:
    load_sku(tagged, tags=[])
    sku = tagged.inside(tagged.one("skus")["id"])
    with tagged.longshore.database.read() as tx:
        assert tx.fetch("SELECT * FROM taggings WHERE record_id = ?", (sku,)) == []
