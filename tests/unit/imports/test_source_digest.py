"""What makes two sources the same."""

from dataclasses import replace
from typing import Any

import pytest

from longshore.imports import source_digest
from longshore.readers import Format, Layout, Position

LAYOUT = Layout(
    format=Format.CSV,
    encoding="utf-8",
    delimiter=",",
    columns=("code", "name"),
    first=Position(1, 2, 10),
)
WAY: dict[str, Any] = {
    "resource_type": "skus",
    "parent_id": 7,
    "column_map": {"Code": "code", "Name": "name"},
    "part_of": None,
}


def digest(content: str = "abc", layout: Layout = LAYOUT, **changes: Any) -> str:
    return source_digest(content, layout, **{**WAY, **changes})


def test_the_same_content_in_the_same_way_has_the_same_digest() -> None:
    assert digest() == digest()
    assert digest(column_map={"Name": "name", "Code": "code"}) == digest()


@pytest.mark.parametrize(
    "changes",
    [
        {"content": "abd"},
        {"resource_type": "prices"},
        {"parent_id": 8},
        {"parent_id": None},
        {"column_map": {"Code": "code"}},
        {"column_map": {"Code": "name", "Name": "code"}},
        {"part_of": "a whole"},
        {"layout": replace(LAYOUT, format=Format.JSON)},
        {"layout": replace(LAYOUT, encoding="cp1252")},
        {"layout": replace(LAYOUT, delimiter=";")},
        {"layout": replace(LAYOUT, quote="'")},
        {"layout": replace(LAYOUT, escape="\\")},
        {"layout": replace(LAYOUT, header_line=3)},
        {"layout": replace(LAYOUT, is_guarded=True)},
    ],
    ids=str,
)
def test_whatever_else_is_made_of_it_has_another(changes: dict[str, Any]) -> None:
    assert digest(**changes) != digest()
