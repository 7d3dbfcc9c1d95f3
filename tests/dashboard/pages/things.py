"""One of each kind of thing that has an id, in an environment."""

import csv
import io
from collections.abc import Sequence

from longshore.access import Environment
from longshore.imports import Import, ImportRequest
from longshore.operations import Asker
from longshore.readers import Format
from longshore.sources import Source
from tests.dashboard.pages.site import Site


def submit(
    site: Site,
    environment: Environment,
    rows: Sequence[Sequence[str]],
    *,
    resource_type: str = "skus",
    name: str = "articles.csv",
    is_plan: bool = False,
    to_run: bool = True,
    **asked: object,
) -> Import:
    """An import of rows, the first of which is the header; or a plan of it. It waits."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    content = io.BytesIO(text.getvalue().encode())
    source = Source.from_stream(content, name=name, format=Format.CSV)
    request = ImportRequest(resource_type=resource_type, **asked)  # type: ignore[arg-type]
    return site.longshore.submissions.submit(
        environment, source, request, is_plan=is_plan, to_run=to_run
    )


def import_rows(
    site: Site,
    environment: Environment,
    rows: Sequence[Sequence[str]],
    **asked: object,
) -> Import:
    """The same, run to its end."""
    import_ = submit(site, environment, rows, **asked)  # type: ignore[arg-type]
    return site.longshore.import_runs.run(import_.id)


def make_things(site: Site, environment: Environment) -> dict[str, str]:
    """The public ids of one of each, by kind."""
    encode = site.database.public_ids.encode
    asker = Asker(environment=environment)
    rows = [["code", "name", "do_not_ship"], ["A", "Apple", "true"], ["B", "", "perhaps"]]
    import_ = import_rows(site, environment, rows, skip_errors=True)
    plan = submit(site, environment, rows, is_plan=True, skip_errors=True)
    draft = site.longshore.drafts.create(asker, "articles.csv")
    with site.longshore.records.found(environment, "skus") as found:
        record = next(iter(found.views)).id
    undo = site.longshore.undos.start(asker, import_, to_run=True)
    return {
        "record": record,
        "import": encode(import_.id),
        "plan": encode(plan.id),
        "draft": encode(draft.id),
        "undo": encode(undo.id),
        "application": encode(site.credentials(environment).application.id),
    }
