"""What dialects declare is what they make."""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

import pytest

from longshore.dialects import DialectRefused, NamedRecord, StoreNames, dialects
from longshore.dialects.header import Column, Header
from longshore.dialects.member_files import MemberFiles
from tests.unit.dialects.made import made_of_rows

STORE = StoreNames(
    stock_locations=(NamedRecord(code="1", name="Warehouse"),),
    price_lists=(NamedRecord(code="usd", name="USD", currency="USD"),),
    markets=(NamedRecord(code="market", name="Market", currency="USD"),),
)
OPTIONS: dict[str, Any] = {
    "currency": "USD",
    "price_lists": {"1": "usd"},
    "market": "market",
    "image_base": "https://shop.example",
}
# Of all columns, one after the other: a number, a text, nothing, and what kinds of rows are called.
CELLS = ("1", "USD", "", "simple", "bundle", "grouped", "configurable", "variable", "a=1,sku=2")

TRANSLATION = "store_view_code"  # of Magento: a row that has one makes no record


@pytest.mark.parametrize("name", dialects())
def test_all_that_a_dialect_makes_is_in_its_declaration(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file has all columns that the dialect has asked the header of the file before for, and one
    row with the same cell in each."""
    asked: dict[str, None] = {}
    made: set[tuple[str, str]] = set()
    column, starting_with, write = Header.column, Header.starting_with, MemberFiles.write

    def asked_column(self: Header, *names: str) -> Column:
        asked.update(dict.fromkeys(names))
        return column(self, *names)

    def asked_start(self: Header, start: str) -> Any:
        asked.update(dict.fromkeys([f"{start.strip()} USD"]))
        return starting_with(self, start)

    def noted(self: MemberFiles, resource_type: str, fields: Mapping[str, Any], *more: Any) -> None:
        made.update((resource_type, field) for field in fields)
        write(self, resource_type, fields, *more)

    monkeypatch.setattr(Header, "column", asked_column)
    monkeypatch.setattr(Header, "starting_with", asked_start)
    monkeypatch.setattr(MemberFiles, "write", noted)
    dialect = dialects()[name]
    homes = [each.replace("*", "1") for each in dialect.homes]
    for cell in ("1", *CELLS):
        header = [*dict.fromkeys([*homes, *asked])]
        with suppress(DialectRefused):
            row = ["" if each == TRANSLATION else cell for each in header]
            made_of_rows(name, header, [row], store=STORE, **OPTIONS)
    declared = {(each, field) for each, fields in dialect.fields.items() for field in fields}
    # A record may also fail as a whole, or for what it names.
    named = {(each, field.partition(".")[0]) for each, field in declared if "." in field}
    assert made
    assert made <= declared | named | {(each, "base") for each in dialect.fields}
