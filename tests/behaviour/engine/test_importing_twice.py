"""A file that is imported twice changes nothing the second time, whatever the importable type.

Each type is imported from its own template, as JSON with all that a row may hold inside itself and
as CSV, and from its own export. The types whose rows need not name their record say so on their
pages, and are told here by the declaration from which the pages are made.
"""

import csv
import io
from typing import Any

import pytest

from longshore.catalogue import load_catalogue
from longshore.templates import template_row
from tests.behaviour.engine.organization import Organization

CATALOGUE = load_catalogue()


@pytest.fixture
def filled(shop: Organization) -> Organization:
    """An organization with a record of every importable type."""
    for resource_type in CATALOGUE.importable:
        fill(shop, resource_type, set())
    return shop


def fill(shop: Organization, resource_type: str, begun: set[str]) -> None:
    if resource_type in begun or shop.all(resource_type):
        return
    begun.add(resource_type)
    for awaited in template(shop, resource_type).missing:
        fill(shop, awaited, begun)
    assert shop.load(resource_type, [template(shop, resource_type).row]).errors == {}


def template(shop: Organization, resource_type: str) -> Any:
    with shop.longshore.database.read() as tx:
        return template_row(CATALOGUE, resource_type, shop.reader, tx, shop.environment)


def table(rows: list[dict[str, str]]) -> str:
    file = io.StringIO()
    writer = csv.DictWriter(file, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def can_name_itself(resource_type: str) -> bool:
    return bool(CATALOGUE.types[resource_type].matching_keys)


def test_every_type_from_its_own_template(filled: Organization) -> None:
    unlike = {}
    for resource_type in CATALOGUE.importable:
        made = template(filled, resource_type)
        for text in (None, table([made.cells])):
            load = (
                (lambda name, row=made.row: filled.load(name, [row]))
                if text is None
                else (lambda name, text=text: filled.load_csv(name, text))
            )
            load(resource_type)
            before = filled.all(resource_type)
            foreseen = filled.dry_run(resource_type, [made.row])
            again = load(resource_type)
            if again.counts != (0, 0, 1, 0) or filled.all(resource_type) != before:
                unlike[resource_type] = again.counts
            assert foreseen.created == again.counts[0]
    assert unlike == {
        name: (1, 0, 0, 0) for name in CATALOGUE.importable if not can_name_itself(name)
    }


def test_every_type_from_its_own_export(filled: Organization) -> None:
    for resource_type in CATALOGUE.importable:
        rows = exported(filled, resource_type)
        before = filled.all(resource_type)
        again = filled.load(resource_type, rows)
        assert again.counts == (0, 0, len(rows), 0), (resource_type, again.errors)
        assert filled.all(resource_type) == before


def exported(shop: Organization, resource_type: str) -> list[dict[str, Any]]:
    """What an export holds of each record: its fields as they are read, and its id."""
    declared = CATALOGUE.types[resource_type]
    given = {each.name for each in declared.attributes if each.creatable or each.updatable}
    given |= {f"{each.name}_id" for each in declared.relationships if each.has_column}
    return [
        {name: value for name, value in record.items() if name in given or name == "id"}
        for record in shop.all(resource_type)
    ]


def elements(shop: Organization, holder: str, name: str) -> Any:
    """What a row of a type may hold inside itself: that of the template of what it holds."""
    relationship = next(r for r in CATALOGUE.types[holder].relationships if r.name == name)
    row = dict(template(shop, relationship.targets[0]).row)
    for part in (f"{relationship.inverse}_id", "reference"):
        row.pop(part, None)
    return [row, row | {"tags": []}] if relationship.kind == "to_many" else row


HOLDERS = [
    (holder, name)
    for holder in CATALOGUE.importable
    for name in CATALOGUE.types[holder].nested
    if name != "tags"
]


@pytest.mark.parametrize(("holder", "name"), HOLDERS)
def test_every_nested_form(filled: Organization, holder: str, name: str) -> None:
    row = dict(template(filled, holder).row)
    row.pop(f"{name}_id", None)
    row[name] = elements(filled, holder, name)
    held = CATALOGUE.types[holder].relationships
    inside = next(each.targets[0] for each in held if each.name == name)
    first = filled.load(holder, [row])
    assert first.errors == {}
    before = filled.all(holder), filled.all(inside)
    foreseen = filled.dry_run(holder, [row])
    assert (foreseen.created, foreseen.updated, foreseen.unchanged) == (0, 0, 1)
    assert filled.load(holder, [row]).counts == (0, 0, 1, 0)
    assert (filled.all(holder), filled.all(inside)) == before


def test_declaration_tells_which_rows_need_not_name_their_record() -> None:
    """Their pages say so."""
    open_ = [
        name
        for name in CATALOGUE.importable
        if not any(
            CATALOGUE.types[name].always_names(key) for key in CATALOGUE.types[name].matching_keys
        )
    ]
    assert open_ == [
        "addresses",
        "customer_payment_sources",
        "gift_cards",
        "line_item_options",
        "line_items",
        "orders",
        "stock_transfers",
    ]
