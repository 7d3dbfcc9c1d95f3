"""The process that is killed: imports a file that is all or nothing, while somebody else changes
records of a row that is written by then, and of one that is not.

`python -m tests.crash.going_back SOURCES`, as `tests.crash.importing`.
"""

from pathlib import Path

from longshore.assembly import Longshore
from longshore.engine import RecordWriter
from longshore.identifiers import RecordId
from longshore.imports import Import, ImportRequest, list_imports
from longshore.sources import Source
from tests.crash.importing import Points, finish, go_on

SOURCE = "whole.csv"
CHANGED = ("A5", "A1100")  # codes of what somebody else changes
ROWS = 1500  # of the source: two ranges


def write_whole_source(folder: Path, category: str) -> None:
    """Rows that all succeed."""
    with open(folder / SOURCE, "w", encoding="utf-8") as file:
        file.write("code,name,shipping_category_id\n")
        file.writelines(f"A{number},New {number},{category}\n" for number in range(ROWS))


def go_through(longshore: Longshore, sources: Path, points: Points) -> None:
    """Bring the import to its end."""
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.read() as tx:
        found = [
            each
            for each in list_imports(tx, environment.number)
            if isinstance(each, Import) and each.reference == SOURCE
        ]

    def change(point: str) -> None:
        if point == "committed" and points.passed[point] == 1:
            change_by_hand(longshore)

    points.then = change
    if not found:
        points.submitting = True
        found.append(
            longshore.submissions.submit(
                environment,
                Source.from_path(sources / SOURCE),
                ImportRequest(resource_type="skus", reference=SOURCE, all_or_nothing=True),
            )
        )
        points.submitting = False
    finish(longshore, found[0])


def change_by_hand(longshore: Longshore) -> None:
    """Give records another name, unless they have it."""
    writer = RecordWriter(
        longshore.database, longshore.catalogue, longshore.settings, longshore.public_ids
    )
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.read() as tx:
        wanted = tx.fetch(
            "SELECT id FROM skus WHERE code IN (?, ?) AND name <> 'by hand' ORDER BY id", CHANGED
        )
    for (id_,) in wanted:
        done = writer.update(environment, "skus", RecordId(id_), {"name": "by hand"}, creator=1)
        assert done.record_id is not None, done.findings


if __name__ == "__main__":
    go_on(go_through)
