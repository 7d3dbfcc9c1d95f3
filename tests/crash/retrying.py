"""The process that is killed: imports a file, and mends one cause of failures after another.

`python -m tests.crash.retrying SOURCES`, as `tests.crash.importing`. It looks how many retries
there are, brings each to its end, and makes those that are still to be made.
"""

from pathlib import Path

from longshore.assembly import Longshore
from longshore.edits import Edits, Replacement
from longshore.imports import Import, ImportRequest, list_imports
from longshore.sources import Source
from tests.crash.importing import Points, finish, go_on

SOURCE = "failing.csv"
CAUSES = (
    Replacement(column="weight", old="heavy", new="7"),
    Replacement(column="unit_of_weight", old="gram", new="gr"),
    Replacement(column="name", old="", new="Mended"),
)


def write_source(folder: Path, rows: int, category: str) -> None:
    """Rows of which 9 of 100 fail: as many for each of the causes, and some for two of them."""
    with open(folder / SOURCE, "w", encoding="utf-8") as file:
        file.write("code,name,weight,unit_of_weight,shipping_category_id\n")
        for number in range(rows):
            weight = "heavy" if number % 33 in (0, 11) else 5
            unit = "gram" if number % 33 == 11 else "gr"
            name = "" if number % 33 == 22 else f"Shirt {number}"
            file.write(f"S{number:05},{name},{weight},{unit},{category}\n")


def retry_failures(longshore: Longshore, sources: Path, points: Points) -> None:
    """Bring the import and a retry for each cause to their ends."""
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.read() as tx:
        found = [
            each
            for each in reversed(list_imports(tx, environment.number))
            if isinstance(each, Import) and (each.reference == SOURCE or each.retry_of is not None)
        ]
    for step in range(len(CAUSES) + 1):
        if step == len(found):
            points.submitting = True
            if step:
                found.append(_retry(longshore, found[0], CAUSES[step - 1], points))
            else:
                found.append(
                    longshore.submissions.submit(
                        environment,
                        Source.from_path(sources / SOURCE),
                        ImportRequest(resource_type="skus", reference=SOURCE),
                    )
                )
            points.submitting = False
            points("submitted")
        finish(longshore, found[step])


def _retry(longshore: Longshore, first: Import, cause: Replacement, points: Points) -> Import:
    return longshore.retries.retry(
        longshore.imports.environment_of(first),
        longshore.imports.read(first.id),
        Edits(replacements=(cause,)),
        on_read=lambda _done, _total: points("reading"),
    ).import_


if __name__ == "__main__":
    go_on(retry_failures)
