"""Rows of a group that a dialect has made: errors are told in the words of the file."""

import json

from longshore.imports import GroupForm, errors_of
from longshore.operations import GroupRequest, GroupSource
from tests.behaviour.engine.organization import Organization
from tests.behaviour.groups.grouping import member, run


def test_errors_of_members_name_places_of_the_file(shop: Organization) -> None:
    cells = json.dumps({"weight": ["Variant Grams", "12,5o", "not_a_number", []]})
    skus = "code,name,weight,_source,_cells\n"
    text = skus + f'A,Mug,,12:34,"{cells.replace(chr(34), chr(34) * 2)}"\nB,,5,13:36,\n'
    source = GroupSource(
        form=GroupForm.DIALECT,
        name="export.csv",
        members=[
            member("tags", "name,_source,_cells\nT,12:34,\n", source_columns={"name": "Tags"}),
            member("skus", text, source_columns={"weight": "Variant Grams", "name": "Title"}),
        ],
    )
    submitted = shop.longshore.group_submissions.submit(
        shop.environment, source, GroupRequest(skip_errors=True)
    )
    group = run(shop, submitted)
    assert group.total("created_count") == 1
    with shop.longshore.database.read() as tx:
        told = {
            (each.source_row, each.line, each.attribute, each.column, each.value)
            for each in errors_of(tx, group.members[1].id)
        }
    assert told >= {
        (12, 34, "weight", "Variant Grams", "12,5o"),
        (13, 36, "name", "Title", None),
    }
