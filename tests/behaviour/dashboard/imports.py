"""Imports for the pages to show, as the terminal makes them."""

import csv
import io
from collections.abc import Sequence

from longshore.imports import Import, ImportRequest
from longshore.readers import Format
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


def csv_of(rows: Sequence[Sequence[str]]) -> str:
    """A CSV of rows, the first of which is the header."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue()


def imported(browser: Browser, text: str, **asked: object) -> Import:
    """An import of a text, as it is when it has ended."""
    import_ = submitted(browser, text, to_run=True, **asked)  # type: ignore[arg-type]
    return browser.site.longshore.import_runs.run(import_.id)


def submitted(
    browser: Browser,
    text: str,
    *,
    name: str = "supplier.csv",
    format: Format | None = None,  # None: whatever the text is found to be
    encoding: str = "utf-8",
    resource_type: str = "skus",
    is_plan: bool = False,
    to_run: bool = False,
    **request: object,
) -> Import:
    """An import of a text, or a plan of one, that waits: with `to_run` for the test that will run
    it, otherwise for a worker."""
    content = io.BytesIO(text.encode(encoding))
    return browser.site.longshore.submissions.submit(
        browser.environment,
        Source.from_stream(content, name=name, format=format),
        ImportRequest(resource_type=resource_type, **request),  # type: ignore[arg-type]
        is_plan=is_plan,
        to_run=to_run,
    )


def planned(browser: Browser, text: str, **asked: object) -> str:
    """Where a plan of a text is shown, which has ended."""
    plan = submitted(browser, text, is_plan=True, to_run=True, **asked)  # type: ignore[arg-type]
    browser.site.longshore.import_runs.run(plan.id)
    return f"/dashboard/plans/{browser.site.longshore.public_ids.encode(plan.id)}"


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
