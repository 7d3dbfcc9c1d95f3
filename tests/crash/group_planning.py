"""The process that is killed: plans a group of three types, wherever the one before it died.

`python -m tests.crash.group_planning SOURCES`, as `tests.crash.importing`.
"""

from pathlib import Path

from longshore.assembly import Longshore
from longshore.imports import GroupForm, list_groups
from longshore.operations import GroupMember, GroupRequest, GroupSource
from longshore.sources import Source
from tests.crash.importing import Points, finish, go_on

TYPES = ("shipping_categories", "tags", "skus")


def write_members(folder: Path, rows: int) -> None:
    """Rows of which the later members name what the earlier ones would make; some fail."""
    (folder / "shipping_categories.csv").write_text("name\nShirts\nShoes\n", encoding="utf-8")
    with open(folder / "tags.csv", "w", encoding="utf-8") as tags:
        tags.write("name\n")
        tags.writelines(f"t{number}\n" for number in range(rows))
    with open(folder / "skus.csv", "w", encoding="utf-8") as skus:
        skus.write("code,name,shipping_category.name,tags\n")
        for number in range(rows):
            category = "Socks" if number % 50 == 3 else ("Shirts", "Shoes")[number % 2]
            skus.write(f"P{number % (rows - 100):05},Item {number},{category},t{number}\n")


def plan_group(longshore: Longshore, sources: Path, points: Points) -> None:
    """Bring the plans of the members to their ends."""
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.read() as tx:
        found = list_groups(tx, environment.number, are_plans=True)
    if found:
        for member in longshore.import_groups.read(found[0].id).members:
            finish(longshore, member)
        return
    points.submitting = True
    source = GroupSource(
        form=GroupForm.ARCHIVE,
        name="shop.zip",
        members=[
            GroupMember(resource_type=name, source=Source.from_path(sources / f"{name}.csv"))
            for name in TYPES
        ],
    )
    group = longshore.group_submissions.submit(
        environment, source, GroupRequest(skip_errors=True), is_plan=True
    )
    points.submitting = False
    points("submitted")
    longshore.import_groups.run(group)


if __name__ == "__main__":
    go_on(plan_group)
