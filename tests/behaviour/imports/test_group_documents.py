"""The document of a group: what its members have come to, and what is said of its source."""

from longshore.api import Origin, group_document
from longshore.engine import DryRun
from longshore.imports import (
    GroupForm,
    NewGroup,
    create_group,
    create_import,
    interrupt_import,
    read_group,
)
from longshore.notices import Notice
from longshore.operations import GroupOrigin, shown_group, tried_group
from tests.behaviour.imports.factory import claim, go_to, new_import

ORIGIN = Origin(mode="test", organization_id="AaBbCcDdEe")


def create(database, *types, is_plan=False, **values):
    """A group with a member of ten rows for each type."""
    with database.write() as tx:
        new = NewGroup(environment=1, form=GroupForm.WORKBOOK, is_plan=is_plan, **values)
        id_ = create_group(tx, new)
        for position, type_ in enumerate(types):
            member = new_import(
                resource_type=type_, group_id=id_, group_position=position, is_plan=is_plan
            )
            create_import(tx, member, unfinished_max=100)
    return id_


def document(database, id_):
    with database.read() as tx:
        group = read_group(tx, id_)
    return group_document(shown_group(group, database.public_ids), ORIGIN)


def test_a_group_that_waits_has_the_rows_of_all_members_and_names_these_in_their_order(database):
    id_ = create(database, "skus", "prices", source_name="shop.xlsx", reference="spring")
    found = document(database, id_)
    with database.read() as tx:
        members = [database.public_ids.encode(each.id) for each in read_group(tx, id_).members]
    public_id = database.public_ids.encode(id_)
    assert found["id"] == public_id
    assert found["type"] == "import_groups"
    assert found["links"]["self"].endswith(f"/api/import_groups/{public_id}")
    attributes = found["attributes"]
    assert attributes["status"] == "pending"
    assert attributes["form"] == "workbook"
    assert attributes["source_name"] == "shop.xlsx"
    assert attributes["reference"] == "spring"
    assert attributes["inputs_size"] == 20
    assert attributes["started_at"] is attributes["completed_at"] is None
    assert found["relationships"]["imports"]["data"] == [
        {"type": "imports", "id": id_} for id_ in members
    ]


def test_counts_are_sums_and_a_member_that_is_interrupted_interrupts_the_group(database):
    id_ = create(database, "skus", "prices")
    with database.read() as tx:
        first, _ = read_group(tx, id_).members
    running = claim(database, first)
    go_to(database, running, 10, created=6, errors=1, warnings=2)
    found = document(database, id_)["attributes"]
    assert found["status"] == "in_progress"
    assert found["started_at"] is not None
    assert (found["created_count"], found["unchanged_count"]) == (6, 3)
    assert (found["processed_count"], found["errors_count"]) == (9, 1)
    assert found["warnings_count"] == 2
    with database.write() as tx:
        interrupt_import(tx, first.id)
    found = document(database, id_)["attributes"]
    assert found["status"] == "interrupted"
    assert found["interrupted_at"] is not None
    assert found["completed_at"] is None


def test_the_source_says_why_it_was_recognised_beside_the_options(database):
    examples = {"skus": [{"row": 1, "line": 2, "source": {"Handle": "a"}, "fields": {"code": "a"}}]}
    id_ = create(
        database,
        "skus",
        source_size=22,
        recognised=["Shopify products, by Handle"],
        options={"currency": "USD"},
        notices=(Notice(code="left_out", message="1 column is left out"),),
        examples=examples,
    )
    meta = document(database, id_)["meta"]
    assert meta["recognised"] == ["Shopify products, by Handle"]
    assert meta["options"] == {"currency": "USD"}
    assert meta["source_size"] == 22
    assert [each["message"] for each in meta["warnings"]] == ["1 column is left out"]
    assert meta["examples"] == examples
    assert (meta["is_plan"], meta["retry_of"], meta["plan_id"]) == (False, None, None)


def test_members_of_a_plan_are_plans(database):
    found = document(database, create(database, "skus", is_plan=True))
    assert [each["type"] for each in found["relationships"]["imports"]["data"]] == ["import_plans"]
    assert found["meta"]["is_plan"] is True


def test_what_is_only_tried_has_no_id_and_counts_like_an_import():
    origin = GroupOrigin(
        form=GroupForm.DIALECT,
        dialect="shopify",
        source_name="products.csv",
        source_size=3,
        why=("Shopify products, by Handle",),
        options={},
        notices=(),
        examples={},
    )
    tried = [
        DryRun(inputs_size=3, created=1, unchanged=1, skipped=1),
        DryRun(inputs_size=2, failed=1, updated=1, warned=1, interrupted=True),
    ]
    found = group_document(tried_group(origin, tried), ORIGIN)
    assert found["id"] is None
    assert found["links"]["self"] is None
    assert found["meta"]["dry_run"] is True
    assert found["relationships"]["imports"]["data"] == []
    attributes = found["attributes"]
    assert attributes["status"] == "interrupted"
    assert attributes["inputs_size"] == 5
    assert attributes["unchanged_count"] == 2
    assert attributes["processed_count"] == 4
    assert attributes["errors_count"] == 1
