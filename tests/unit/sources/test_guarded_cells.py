"""Sources of which nobody has said whether an apostrophe guards their cells."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from longshore.notices import NoticeCode
from longshore.readers import read_rows, survey
from longshore.sources import AttachmentStore, Source, StoredAttachment
from longshore.sources.guarded_cells import GuardLook

GUARDED = "code,name\nA,'-5\nB,'=SUM(A1)\nC,Mug\n"
DOUBTFUL = "code,name\nA,'-5\nB,-6\n"
TAKEN, KEPT = NoticeCode.APOSTROPHES_GUARD, NoticeCode.APOSTROPHES_KEPT


def stored(
    folder: Path, content: bytes, name: str = "skus.csv", is_guarded: bool | None = None
) -> tuple[StoredAttachment, list[object]]:
    """What becomes of a file, and the names in its rows."""
    path = folder / name
    path.write_bytes(content)
    store = AttachmentStore(folder / "attachments")
    found = store.write(replace(Source.from_path(path), is_guarded=is_guarded))
    rows = [row for rows in store.open(found.name, found.layout) for row in rows.values]
    return found, [row[1] if isinstance(row, list) else row["name"] for row in rows]


@pytest.mark.parametrize(
    ("text", "name", "names", "code"),
    [
        (GUARDED, "skus.csv", ["-5", "=SUM(A1)", "Mug"], TAKEN),
        (DOUBTFUL, "skus.csv", ["'-5", "-6"], KEPT),
        (DOUBTFUL, "skus.spreadsheet-safe (1).csv", ["-5", "-6"], TAKEN),
        ("code,name\nA,'-5\nB,'tis\n", "skus.csv", ["'-5", "'tis"], KEPT),
        ("code,name\nA,'-5\nB,'tis\n", "skus.spreadsheet-safe.csv", ["-5", "'tis"], TAKEN),
        ("code,name\nA,Mug's\nB,'tis\n", "skus.spreadsheet-safe.csv", ["Mug's", "'tis"], None),
        ("code,name\nA,a'-b\nB,-5\n", "skus.csv", ["a'-b", "-5"], None),
    ],
)
def test_name_and_cells_show_it(
    tmp_path: Path, text: str, name: str, names: list[str], code: NoticeCode | None
) -> None:
    found, read = stored(tmp_path, text.encode(), name)
    assert read == names
    assert [each.code for each in found.notices] == ([] if code is None else [code])
    assert found.layout.is_guarded == (code is TAKEN)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16", "utf-16-le"])
def test_it_is_found_in_any_encoding(tmp_path: Path, encoding: str) -> None:
    text = GUARDED.replace("Mug", "Größe")
    mark = "\ufeff" if encoding == "utf-16-le" else ""
    _, read = stored(tmp_path, (mark + text).encode(encoding))
    assert read == ["-5", "=SUM(A1)", "Größe"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_it_is_found_between_blocks(encoding: str) -> None:
    content = GUARDED.encode(encoding)
    layout = survey([content]).layout
    cuts = [[content[:cut], content[cut:]] for cut in range(len(content))]
    for cut in [*cuts, [content[at : at + 1] for at in range(len(content))]]:
        look = GuardLook(None)
        assert b"".join(look.watch(cut)) == content
        judged = look.judged("skus.csv", layout, lambda: read_rows([content], layout))
        assert judged.is_guarded, cut


def test_the_header_is_read_likewise(tmp_path: Path) -> None:
    found, _ = stored(tmp_path, b"code,'=Preis\nA,5\n")
    assert found.layout.columns == ("code", "=Preis")


@pytest.mark.parametrize(("is_guarded", "name"), [(True, "-5"), (False, "'-5")])
def test_what_somebody_says_holds(tmp_path: Path, is_guarded: bool, name: str) -> None:
    for text in (GUARDED, DOUBTFUL):
        found, read = stored(tmp_path, text.encode(), is_guarded=is_guarded)
        assert read[0] == name
        assert not found.notices


def test_nothing_is_taken_off_json(tmp_path: Path) -> None:
    content = json.dumps([{"code": "A", "name": "'-5"}]).encode()
    found, read = stored(tmp_path, content, "skus.spreadsheet-safe.json")
    assert read == ["'-5"]
    assert not found.notices
