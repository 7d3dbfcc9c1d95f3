"""Imports for pages to show: made by the operations that the terminal calls, and run at once."""

from io import BytesIO

from longshore.imports import Import, ImportRequest
from longshore.sources import Source
from tests.behaviour.dashboard.browser import Browser

HEADER = "code,name,do_not_ship,weight,unit_of_weight"


def sku_lines(count: int, *, bad: dict[int, str] | None = None) -> str:
    """A CSV of SKUs; `bad` has the units of weight of some rows, by their numbers."""
    units = bad or {}
    rows = [
        f"SKU-{number},Article {number},true,{number},{units.get(number, 'gr')}"
        for number in range(1, count + 1)
    ]
    return "\n".join([HEADER, *rows, ""])


def imported(
    browser: Browser,
    text: str,
    *,
    name: str = "supplier.csv",
    to_run: bool = True,
    encoding: str = "utf-8",
    resource_type: str = "skus",
    **request: object,
) -> Import:
    """An import of a CSV; with `to_run` as it is when it has ended."""
    longshore = browser.site.longshore
    import_ = longshore.submissions.submit(
        browser.environment,
        Source.from_stream(BytesIO(text.encode(encoding)), name=name),
        ImportRequest(resource_type=resource_type, **request),  # type: ignore[arg-type]
        to_run=to_run,
    )
    return longshore.import_runs.run(import_.id) if to_run else import_


def address(browser: Browser, import_: Import) -> str:
    """Where the import is shown."""
    return f"/dashboard/imports/{browser.site.longshore.public_ids.encode(import_.id)}"


def run_undos(browser: Browser) -> None:
    """Run the undos that wait, as a worker would."""
    for undo in browser.site.longshore.undos.open():
        browser.site.longshore.undos.run(undo.id)


def run_imports(browser: Browser) -> None:
    """Run the imports that wait, as a worker would."""
    for import_ in browser.site.longshore.imports.open():
        browser.site.longshore.import_runs.run(import_.id)
