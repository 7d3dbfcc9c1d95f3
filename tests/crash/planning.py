"""The process that is killed: plans a file, wherever the one before it died.

`python -m tests.crash.planning SOURCES`, as `tests.crash.importing`.
"""

from pathlib import Path

from longshore.assembly import Longshore
from longshore.imports import Import, ImportRequest, list_plans
from longshore.sources import Source
from tests.crash.importing import Points, finish, go_on

SOURCE = "planned.csv"


def write_planned(folder: Path, rows: int, category: str) -> None:
    """Rows that create, that fail, and that change what rows before them make."""
    with open(folder / SOURCE, "w", encoding="utf-8") as file:
        file.write("code,name,shipping_category_id,tags\n")
        for number in range(rows):
            code = f"P{number if number % 7 else 0:05}"
            name = "" if number % 50 == 3 else f"Shirt {number}"
            file.write(f"{code},{name},{category},t{number % 11}\n")


def plan_file(longshore: Longshore, sources: Path, points: Points) -> None:
    """Bring the plan of the file to its end."""
    environment = longshore.organizations.environment("default", "test")
    with longshore.database.read() as tx:
        found = [each for each in list_plans(tx, environment.number) if isinstance(each, Import)]
    if found:
        finish(longshore, found[0])
        return
    points.submitting = True
    source = Source.from_path(sources / SOURCE)
    request = ImportRequest(resource_type="skus", skip_errors=True)
    plan = longshore.import_plans.submit(environment, source, request)
    points.submitting = False
    points("submitted")
    longshore.import_runs.run(plan.id)  # which this process keeps for itself


if __name__ == "__main__":
    go_on(plan_file)
