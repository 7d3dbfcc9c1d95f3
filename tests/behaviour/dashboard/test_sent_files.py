"""The file that was sent is given back as it came, whatever was changed in the check."""

import gzip
import io
import json
import zipfile
from collections.abc import Mapping, Sequence

import openpyxl
import pytest

from tests.behaviour.dashboard.markup import text_of
from tests.behaviour.dashboard.wizard import HEADER, SAMPLES, Wizard, rows
from tests.behaviour.groups.foreign_files import WAREHOUSE

HEAD = HEADER.strip().split(",")
ROW = ("B-1", "Cup", "kg", "5", "Merchandise")
RECORD = dict(zip(HEAD, ROW, strict=True))


def as_xlsx(sheets: Mapping[str, Sequence[Sequence[str]]]) -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, lines in sheets.items():
        sheet = workbook.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    file = io.BytesIO()
    workbook.save(file)
    return file.getvalue()


def as_archive(parts: Mapping[str, str]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(f"{name}.csv", text)
    return file.getvalue()


FILES = {
    "skus.csv": rows(2, ",".join(ROW)).encode("utf-16"),
    "skus.csv.gz": gzip.compress(rows(2, ",".join(ROW)).encode()),
    "skus.xlsx": as_xlsx({"skus": [HEAD, ROW]}),
    "skus.json": json.dumps([RECORD], indent=2).encode(),
    "skus.ndjson": (json.dumps(RECORD) + "\n").encode() * 2,
}


def applied(wizard: Wizard) -> str:
    """The page of what was made of a draft."""
    wizard.check()
    return wizard.post("apply").headers["location"]


@pytest.mark.parametrize("is_changed", [True, False])
@pytest.mark.parametrize("name", FILES)
def test_a_file_is_given_back_as_it_was_sent(wizard: Wizard, name: str, is_changed: bool) -> None:
    wizard.begin(FILES[name], name, resource_type="skus", skip_errors=True)
    wizard.check()
    if is_changed:
        wizard.post("edits", do="replace", name="unit_of_weight", old="kg", value="gr")
    path = applied(wizard)
    shown = text_of(wizard.browser.page(f"{path}/files"))
    assert f"Download {name} as it was sent The rows as they are imported" in shown
    answer = wizard.browser.get(f"{path}/original")
    assert answer.content == FILES[name]
    assert f'filename="{name}"' in answer.headers["content-disposition"]
    as_read = wizard.browser.get(f"{path}/attachment").content.replace(b"\0", b"")
    assert (b"kg" in as_read) is not is_changed


def test_each_file_of_an_archive_is_given_back_as_it_was_sent(wizard: Wizard) -> None:
    parts = {"skus": rows(2, ",".join(ROW)), "shipping_categories": "name\nBulky\n"}
    wizard.begin(as_archive(parts), "shop.zip", skip_errors=True)
    wizard.check()
    wizard.post("edits", do="replace", of="skus", name="unit_of_weight", old="kg", value="gr")
    applied(wizard)
    group = wizard.operations.import_groups.read(wizard.now().import_id or 0)
    for member in group.members:
        id_ = wizard.site.services.public_ids.encode(member.id)
        sent = wizard.browser.get(f"/dashboard/imports/{id_}/original")
        assert sent.text == parts[member.resource_type]


def test_a_workbook_of_several_types_is_given_back_as_it_was_sent(wizard: Wizard) -> None:
    content = as_xlsx({"skus": [HEAD, ROW], "shipping_categories": [("name",), ("Bulky",)]})
    wizard.begin(content, "shop.xlsx", skip_errors=True)
    wizard.check()
    wizard.post("edits", do="replace", of="skus", name="unit_of_weight", old="kg", value="gr")
    applied(wizard)
    group = wizard.operations.import_groups.read(wizard.now().import_id or 0)
    assert len(group.members) == 2
    for member in group.members:
        id_ = wizard.site.services.public_ids.encode(member.id)
        assert wizard.browser.get(f"/dashboard/imports/{id_}/original").content == content


def test_another_systems_file_is_given_back_as_it_was_sent(wizard: Wizard) -> None:
    wizard.import_("stock_locations", json.dumps([WAREHOUSE]))
    content = (SAMPLES / "shopify_2025.csv").read_text().replace(",29.5,", ",29.5x,")
    options = {"currency": "EUR", "shipping_category": "Merchandise"}
    wizard.begin(content, "shopify.csv", dialect_options=options)
    wizard.check()
    wizard.post("edits", do="replace", of="prices", name="Price", old="29.5x", value="29.5")
    path = applied(wizard)
    assert wizard.browser.get(f"{path}/original").content == content.encode()
    group = wizard.operations.import_groups.read(wizard.now().import_id or 0)
    id_ = wizard.site.services.public_ids.encode(group.members[0].id)
    shown = text_of(wizard.browser.page(f"/dashboard/imports/{id_}/files"))
    assert "Download shopify.csv as it was sent" in shown
    sent = wizard.browser.get(f"/dashboard/imports/{id_}/original")
    assert sent.content == content.encode()
