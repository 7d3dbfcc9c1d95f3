"""The step Check: what an import would do, mended in the page, and applied exactly."""

import re
from typing import Any

import httpx2
import pytest

from longshore.drafts import Draft, DraftChoices
from longshore.imports import ImportRequest
from longshore.operations import Asker
from longshore.sources import Source
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, text_of

HEADER = "code,name,unit_of_weight,weight,shipping_category.name\n"


class Wizard:
    """An import that is prepared, at its step Check."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.operations = site.services.operations
        self.asker = Asker(environment=browser.environment)
        self.draft: Draft | None = None
        self.shown: httpx2.Response | None = None

    def import_(self, resource_type: str, csv: str) -> None:
        """Import rows beside the wizard."""
        import io

        source = Source.from_stream(io.BytesIO(csv.encode()), name=f"{resource_type}.csv")
        request = ImportRequest(resource_type=resource_type)
        made = self.operations.submissions.submit(
            self.browser.environment, source, request, to_run=True
        )
        self.operations.import_runs.run(made.id)

    def begin(self, content: str | bytes, name: str = "skus.csv", **choices: Any) -> "Wizard":
        drafts = self.operations.drafts
        made = drafts.create(self.asker, name, choices=DraftChoices(**choices))
        drafts.add_part(
            self.asker, made.id, 0, [content if isinstance(content, bytes) else content.encode()]
        )
        self.draft = drafts.finish(self.asker, made.id)
        return self

    @property
    def path(self) -> str:
        assert self.draft is not None
        return f"/dashboard/new/{self.site.services.public_ids.encode(self.draft.id)}"

    def now(self) -> Draft:
        assert self.draft is not None
        return self.operations.drafts.find(self.asker, self.path.rpartition("/")[2])

    def check(self, query: str = "") -> str:
        """The page with a plan of all rows, made if there is none."""
        self.browser.get(f"{self.path}/check")
        self.run()
        self.shown = self.browser.get(f"{self.path}/check{query}")
        return text_of(self.shown.text)

    def run(self) -> None:
        plan = self.operations.draft_plans.found(self.asker, self.now())
        for each in () if plan is None else plan.members:
            if not each.is_finished:
                self.operations.import_runs.run(each.id)

    def post(self, action: str, **fields: str) -> httpx2.Response:
        given = {"version": str(self.now().version), **fields}
        return self.browser.post(f"{self.path}/{action}", given, follow=False)

    def applied(self) -> Any:
        """The import that was made of the draft, run to its end."""
        import_id = self.now().import_id
        assert import_id is not None
        self.operations.import_runs.run(import_id)
        return self.operations.imports.read(import_id)


@pytest.fixture
def wizard(site: Site, browser: Browser) -> Wizard:
    wizard = Wizard(site, browser)
    wizard.import_("shipping_categories", "name\nMerchandise\nBulky\n")
    return wizard


def rows(count: int, *others: str) -> str:
    made = "".join(f"A-{number},Mug,gr,5,Merchandise\n" for number in range(count))
    return HEADER + made + "".join(f"{each}\n" for each in others)


def test_a_file_is_checked_and_exactly_what_was_shown_is_imported(wizard: Wizard) -> None:
    wizard.begin(rows(20, "B-1,Cup,kg,5,Merchandise"))
    text = wizard.check()
    assert "Of 21 rows 20 would be created, 0 updated, 0 stay as they are, 1 has errors" in text
    assert "Import 20 SKUs" in text
    answer = wizard.post("apply")
    assert re.fullmatch(r"/dashboard/imports/\w+", answer.headers["location"])
    done = wizard.applied()
    assert (done.status, done.created_count, done.errors_count) == ("completed", 20, 1)
    # The draft leads there from now on, in every window.
    again = wizard.browser.send("GET", f"{wizard.path}/check", follow=False)
    assert again.headers["location"] == answer.headers["location"]
    assert wizard.post("apply").headers["location"] == answer.headers["location"]
