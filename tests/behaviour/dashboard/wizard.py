"""Imports that are prepared in the dashboard, driven up to their step Check and behind it."""

import json
from pathlib import Path
from typing import Any

import httpx2

from longshore.drafts import Draft, DraftChoices
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser
from tests.behaviour.dashboard.imports import imported
from tests.behaviour.dashboard.markup import text_of

SAMPLES = Path("tests/unit/dialects/samples")
HEADER = "code,name,unit_of_weight,weight,shipping_category.name\n"


class Wizard:
    """An import that is prepared, at its step Check."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.site, self.browser = site, browser
        self.operations = site.services.operations
        self.asker = browser.asker
        self.draft: Draft | None = None
        self.shown: httpx2.Response | None = None

    def import_(self, resource_type: str, content: str) -> None:
        """Import rows beside the wizard."""
        imported(self.browser, content, name="beside", resource_type=resource_type)

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
        while "The file is read" in (shown := self.browser.get(f"{self.path}/check")).text:
            pass  # it waits for a while itself
        if shown.status_code != 200:
            return text_of(shown.text)
        self.run()
        text = ""
        while not text or "grouping them takes a while" in text:
            self.shown = self.browser.get(f"{self.path}/check{query}")
            text = text_of(self.shown.text)
        return text

    def run(self) -> None:
        plan = self.operations.draft_plans.found(self.asker, self.now())
        for each in () if plan is None else plan.members:
            if not each.is_finished:
                self.operations.import_runs.run(each.id)

    def post(self, action: str, **fields: str) -> httpx2.Response:
        given = {"version": str(self.now().version), **fields}
        return self.browser.post(f"{self.path}/{action}", given, follow=False)

    def mended(self, *cells: tuple[int, str, str], **others: str) -> Any:
        """What the grid gets for cells that are typed into: row, column, value."""
        given = [dict(zip(("row", "column", "value"), each, strict=True)) for each in cells]
        body = json.dumps({"version": self.now().version, "cells": given, **others}).encode()
        status, answer = self.browser.module("POST", f"{self.path}/edits", body)
        assert status == 200
        return answer

    def applied(self) -> Any:
        """The import that was made of the draft, run to its end."""
        import_id = self.now().import_id
        assert import_id is not None
        self.operations.import_runs.run(import_id)
        return self.operations.imports.read(import_id)


def rows(count: int, *others: str) -> str:
    """A file of so many rows without errors, and of others."""
    made = "".join(f"A-{number},Mug,gr,5,Merchandise\n" for number in range(count))
    return HEADER + made + "".join(f"{each}\n" for each in others)
