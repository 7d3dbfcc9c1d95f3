"""Layouts are stored with their imports, and those that older releases cannot read by are not
theirs to find."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select

from longshore.imports.tables import imports
from longshore.readers import Layout
from tests.behaviour.imports.factory import LAYOUT, pending, stored


@pytest.mark.parametrize(
    ("layout", "is_found"),
    [
        (LAYOUT, True),
        (replace(LAYOUT, delimiter=" "), True),
        (replace(LAYOUT, delimiter=", "), False),
        (replace(LAYOUT, delimiter="::"), False),
    ],
)
def test_an_older_release_finds_no_layout_that_it_cannot_read_by(
    database, layout: Layout, is_found: bool
) -> None:
    import_ = pending(database, layout=layout)
    assert stored(database, import_).layout == layout
    with database.read() as tx:
        text = tx.connection.execute(
            select(imports.c.layout).where(imports.c.run_id == import_.id)
        ).scalar_one()
    values = json.loads(text)
    assert ("format" in values.get("limited", values)) == is_found
