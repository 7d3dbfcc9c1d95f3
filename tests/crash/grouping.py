"""The process that is killed: imports a group, wherever the one before it died.

`python -m tests.crash.grouping SOURCES`, as `tests.crash.importing`.
"""

from pathlib import Path

from longshore.assembly import Longshore
from longshore.imports import GroupForm, list_groups
from longshore.operations import GroupMember, GroupRequest, GroupSource
from longshore.sources import Source
from tests.crash.importing import Points, finish, go_on

# Rows of later members name records that earlier ones make.
MEMBERS = ("customer_groups", "customers", "skus", "tags")
ROWS = 300  # of each member: two chunks
FIRST = 250  # of these, in the first chunk


def write_members(folder: Path, category: str) -> None:
    """Rows that create, change what rows before them make, and fail."""
    texts = {
        "customer_groups": ["name", *(f"G{n if n % 5 else 0}" for n in range(ROWS))],
        "customers": [
            "email,customer_group.name",
            *(f"c{n}{'' if n % 50 else ' '}@example.com,G{n}" for n in range(ROWS)),
        ],
        "skus": [
            "code,name,shipping_category_id,tags",
            *(f"S{n if n % 7 else 0},Shirt {n},{category},t{n % 11}" for n in range(ROWS)),
        ],
        "tags": ["name", *("" if n % 40 == 39 else f"t{n}" for n in range(ROWS))],
    }
    for name, lines in texts.items():
        (folder / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def import_group(longshore: Longshore, sources: Path, points: Points) -> None:
    """Bring the group of the files to its end."""
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.read() as tx:
        found = list_groups(tx, environment.number)
    if not found:
        points.submitting = True
        members = [
            GroupMember(resource_type=name, source=Source.from_path(sources / f"{name}.csv"))
            for name in MEMBERS
        ]
        source = GroupSource(form=GroupForm.ARCHIVE, name="shop.zip", members=members)
        request = GroupRequest(skip_errors=True)
        found = [longshore.group_submissions.submit(environment, source, request)]
        points.submitting = False
        points("submitted")
    for member in found[0].members:
        finish(longshore, member)


if __name__ == "__main__":
    go_on(import_group)
