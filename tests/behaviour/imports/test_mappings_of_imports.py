"""Mappings as imports keep them, and what other releases see of such an import."""

import json

import pytest
from sqlalchemy import text

from longshore.imports import ImportUnreadable, read_import
from longshore.mapping import read_mapping
from longshore.readers import Layout
from tests.behaviour.imports.factory import LAYOUT, pending

MAPPING = read_mapping(
    {
        "version": 1,
        "blank": "clear",
        "fields": {
            "code": {"column": "Nr\x00", "transforms": [{"name": "trim"}]},
            "name": {"constant": "x"},
        },
    }
)


def test_an_import_keeps_its_mapping(database) -> None:
    import_ = pending(database, mapping=read_mapping({"version": 1, "fields": {"code": "Nr"}}))
    with database.read() as tx:
        stored = read_import(tx, import_.id)
    assert stored.mapping == read_mapping({"version": 1, "fields": {"code": "Nr"}})
    assert stored.layout == LAYOUT
    assert pending(database).mapping is None


def test_to_an_older_release_an_import_with_a_mapping_has_no_layout(database) -> None:
    """Whatever an older release knows of layouts, it finds none, and lets the import rest."""
    import_ = pending(database, mapping=MAPPING)
    with database.read() as tx:
        query = text("SELECT layout FROM imports WHERE id = :id")
        layout = json.loads(tx.connection.execute(query, {"id": import_.id}).scalar_one())
    assert list(layout) == ["mapped"]
    for found in (layout, layout.get("limited", layout), layout.get("new") or layout):
        with pytest.raises(LookupError):
            Layout.from_dict(found)


def test_a_mapping_of_a_later_release_makes_the_import_unreadable(database) -> None:
    import_ = pending(database, mapping=MAPPING)
    with database.write() as tx:
        query = text("UPDATE imports SET mapping = :mapping WHERE id = :id")
        tx.connection.execute(query, {"mapping": '{"version": 2}', "id": import_.id})
    with database.read() as tx, pytest.raises(ImportUnreadable):
        read_import(tx, import_.id)
