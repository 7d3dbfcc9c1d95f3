"""What is told of records that were made of a file names the rows and lines of that file."""

from pathlib import Path

import pytest

from longshore.imports import ImportGroup
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.foreign_files import WAREHOUSE, counts, import_file

SPREE = """\
slug,sku,name,price,currency,inventory_count,option1_name,option1_value
mug,MUG,Mug,10,USD,,,
mug,MUG-R,,11,USD,3,Color,Red
mug,MUG-B,,12,USD,4,Color,Blue
mug,MUG-B,,14,USD,,,
"""


def told(group: ImportGroup) -> list[str]:
    return [notice.message for each in group.members for notice in each.notices]


@pytest.fixture(autouse=True)
def warehouse(shop: Organization) -> None:
    shop.load("stock_locations", [WAREHOUSE])


def test_rows_that_name_a_record_again_are_those_of_the_file(
    shop: Organization, tmp_path: Path
) -> None:
    path = tmp_path / "products.csv"
    path.write_text(SPREE)
    group = import_file(shop, path)
    assert told(group) == [
        "1 row names a record that an earlier row has named: MUG-B in rows 3 and 4 (lines 4 and 5)"
    ]


def test_quotes_of_a_title_are_no_backslashes(shop: Organization, tmp_path: Path) -> None:
    path = tmp_path / "products.csv"
    path.write_text(
        "Handle,Title,Variant SKU,Variant Price,Option1 Name,Option1 Value\n"
        'tv,"TV 42""",TV,10,Title,Default Title\n'
    )
    group = import_file(shop, path, currency="EUR")
    assert told(group) == []
    assert counts(group)["skus"] == (1, 0, 0, 0)
    (metadata,) = shop.values("skus", "metadata")
    assert metadata == {"product": {"handle": "tv", "title": 'TV 42"'}}
