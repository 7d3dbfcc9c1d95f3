"""What the file of a draft is found to be, and the request that is made of its choices."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from longshore.drafts import Draft, DraftChoices, TooManyDrafts, note_draft_import
from longshore.operations import DraftUndecided
from tests.behaviour.api.site import Site
from tests.behaviour.dashboard.browser import Browser, signed_in

SKUS = b"code,name\nA-1,Mug\nA-2,Cup\n"


class Drafting:
    """Makes drafts with their files."""

    def __init__(self, site: Site, browser: Browser) -> None:
        self.operations = site.services.operations
        self.asker = browser.asker
        self.sources = self.operations.draft_sources

    def draft(self, content: bytes, name: str = "file.csv", **choices: Any) -> Draft:
        drafts, asker = self.operations.drafts, self.asker
        made = drafts.create(asker, name, choices=DraftChoices(**choices))
        drafts.add_part(asker, made.id, 0, [content])
        return drafts.finish(asker, made.id)


@pytest.fixture(scope="module")
def site(shared_site: Site) -> Site:
    return shared_site


@pytest.fixture
def drafting(site: Site, browser: Browser) -> Drafting:
    return Drafting(site, browser)


def test_a_file_whose_header_names_fields_is_of_the_type_that_it_is_called_after(
    drafting: Drafting,
) -> None:
    draft = drafting.draft(SKUS, "skus.csv")
    found = drafting.sources.recognised(drafting.asker, draft)
    assert found.resource_type == "skus"
    assert found.needs_columns  # of the shipping category, which no column names
    assert [(each.number, each.line, each.cells) for each in found.first_rows] == [
        (1, 2, ["A-1", "Mug"]),
        (2, 3, ["A-2", "Cup"]),
    ]
    request = drafting.sources.request(drafting.asker, draft)
    assert (request.resource_type, request.mapping, request.column_map) == ("skus", None, {})


def test_rows_that_may_be_of_several_types_are_of_none_until_somebody_says_it(
    drafting: Drafting,
) -> None:
    draft = drafting.draft(SKUS, "unknown.csv")
    found = drafting.sources.recognised(drafting.asker, draft)
    assert not found.is_decided
    assert "skus" in found.choices
    with pytest.raises(DraftUndecided):
        drafting.sources.request(drafting.asker, draft)
    said = replace(draft, choices=replace(draft.choices, resource_type="skus"))
    assert drafting.sources.request(drafting.asker, said).resource_type == "skus"


def test_a_file_that_cannot_be_read_says_where_with_the_lines_around(drafting: Drafting) -> None:
    draft = drafting.draft(b'[{"code": "A-1"},\n{"code": "A-2"},\n{"code": }]\n', "skus.json")
    found = drafting.sources.recognised(drafting.asker, draft)
    assert found.refusal is not None
    assert "line 3" in found.refusal.message
    assert [each.number for each in found.lines if each.is_meant] == [3]
    assert [each.text for each in found.lines][1:] == ['{"code": "A-2"},', '{"code": }]']


def test_a_file_of_another_system_names_the_option_that_it_needs(drafting: Drafting) -> None:
    header = b"Handle,Title,Variant SKU,Variant Price,Option1 Name,Option1 Value,Vendor\n"
    draft = drafting.draft(header + b"mug,Mug,A-1,12.50,Title,Default Title,Acme\n", "export.csv")
    found = drafting.sources.recognised(drafting.asker, draft)
    assert found.needed_options == ["currency"]
    assert [each.name for each in found.dialects] == ["shopify"]
    said = replace(draft, choices=replace(draft.choices, dialect_options={"currency": "EUR"}))
    found = drafting.sources.recognised(drafting.asker, said)
    assert found.group is not None
    assert "skus" in [each.resource_type for each in found.group.members]
    assert found.group.rows_count == 1
    with drafting.sources.group(drafting.asker, said) as group:
        assert group.dialect == found.group.dialect


def test_the_choices_say_how_the_file_is_read(drafting: Drafting) -> None:
    content = "Liste\n\ncode;name\nA-1;M\xfcll\n".encode("cp1252")
    draft = drafting.draft(
        content, "skus.csv", encoding="cp1252", delimiter=";", header_row=3, resource_type="skus"
    )
    found = drafting.sources.recognised(drafting.asker, draft)
    assert found.stored is not None
    assert found.stored.layout.header_line == 3
    assert found.first_rows[0].cells == ["A-1", "Müll"]
    with drafting.sources.source(draft) as source:
        assert (source.encoding, source.csv.delimiter, source.csv.header_row) == ("cp1252", ";", 3)


def test_a_document_of_several_types_is_a_group(drafting: Drafting) -> None:
    draft = drafting.draft(b'{"skus": [{"code": "A"}], "price_lists": [{"name": "L"}]}', "all.json")
    found = drafting.sources.recognised(drafting.asker, draft)
    assert found.group is not None
    assert {each.resource_type: each.rows_count for each in found.group.members} == {
        "skus": 1,
        "price_lists": 1,
    }
    assert not found.needs_columns


def test_drafts_that_were_imported_do_not_count_among_those_that_are_open(
    open_site: Callable[..., Site],
) -> None:
    site = open_site(uploads_open_max=1)
    drafting = Drafting(site, signed_in(site))
    draft = drafting.draft(SKUS)
    with pytest.raises(TooManyDrafts):
        drafting.draft(SKUS)
    with site.database.write() as tx:
        note_draft_import(tx, draft.id, 1)
    assert drafting.draft(SKUS).is_received
