"""Sources that cannot be read, or not be meant: refused whole, with a message that says what to do.

Method: the real program is given each; it ends with exit code 2, and neither the database nor the
folder of attachments differs from before.
"""

import subprocess
from pathlib import Path

import pytest

from tests.behaviour.bad_input.conftest import Place

_SKUS = "code,name,do_not_ship\nA,a,true\nB,b,true\n"

# Name of the file, what it holds, further arguments, and what the message must say.
_REFUSED = [
    ("empty.csv", b"", (), "empty"),
    ("blank.csv", b"\n \n\n", (), "empty"),
    ("header.csv", b"code,name\n", (), "no rows"),
    ("empty.json", b"", (), "empty"),
    ("none.json", b"[]", (), "no rows"),
    ("none.ndjson", b"\n\n", (), "no rows"),
    ("wrapped.json", b'{"skus": [{"code": "A"}]}', (), "an array under 'skus'"),
    ("wrapped.json", b'{"skus": [{"code": "A"}]}', ("--format", "json"), "an array under 'skus'"),
    ("keys.json", b'[{"size": "A"}]', (), "none of the keys is a field"),
    ("pages.json", b'{"data": [{"code": "A"}]}\n' * 2, (), "line 2, column 1"),
    ("cut.json", b'[{"code": "A"}, {"code":', (), "line 1"),
    ("csv.json", _SKUS.encode(), (), "line 1, column 1"),
    ("skus.csv", _SKUS.encode(), ("--format", "json"), "line 1, column 1"),
    ("skus.csv", _SKUS.encode(), ("--format", "ndjson"), "line 1, column 1"),
    ("twice.csv", b"code,name,code\nA,a,B\n", (), "code"),
    ("mapped.csv", b"code,name,sku\nA,a,B\n", ("--map", "sku=code"), "code"),
    ("quote.csv", b'code,name\nA,"a\n' + b"B,b\n" * 100, (), "line 2, column 3"),
    ("bytes.json", b'[{"code": "\xff"}]', (), "line 1, column 12"),
    ("nan.json", b'[{"code": "A", "weight": NaN}]', (), "line 1"),
    ("deep.json", b'[{"metadata": ' + b"[" * 5000 + b"]" * 5000 + b"}]", (), "line 1"),
    ("undefined.csv", b"code,name\nA,\x81\n", ("--encoding", "cp1252"), "line 2, column 3"),
    ("half.csv.gz", b"\x1f\x8b\x08\0\0\0\0\0\0\x03K", (), "gzip"),
]


@pytest.mark.parametrize(
    ("name", "content", "arguments", "message"),
    _REFUSED,
    ids=[" ".join((case[0], *case[2])) for case in _REFUSED],
)
def test_a_source_that_cannot_be_read_is_refused_whole(
    place: Place,
    tmp_path: Path,
    name: str,
    content: bytes,
    arguments: tuple[str, ...],
    message: str,
) -> None:
    source = tmp_path / name
    source.write_bytes(content)
    with place.unchanged():
        ended = place.run("import", "skus", source, *arguments)
    assert ended.code == 2
    assert ended.err.startswith("error: ")
    assert message in ended.err
    assert ended.out == ""


def test_an_unknown_type_is_refused_with_the_nearest(place: Place, tmp_path: Path) -> None:
    source = tmp_path / "skus.csv"
    source.write_text(_SKUS)
    with place.unchanged():
        ended = place.run("import", "skuss", source)
    assert ended.code == 2
    assert "skuss" in ended.err
    assert "did you mean skus" in ended.err


def test_an_unknown_file_is_refused(place: Place, tmp_path: Path) -> None:
    with place.unchanged():
        ended = place.run("import", "skus", tmp_path / "nowhere.csv")
    assert ended.code == 2
    assert "nowhere.csv" in ended.err


def test_a_directory_is_refused(place: Place, tmp_path: Path) -> None:
    with place.unchanged():
        ended = place.run("import", "skus", tmp_path)
    assert ended.code == 2
    assert "directory" in ended.err


def test_a_file_that_changes_while_it_is_read_is_refused(place: Place, tmp_path: Path) -> None:
    """Somebody still writes the file: a row every few milliseconds until the program ends."""
    source = tmp_path / "growing.csv"
    row = f"A,{'a' * 200},true\n"
    source.write_text("code,name,do_not_ship\n" + row * 50_000)
    with place.unchanged():
        process = place.start("import", "skus", source)
        with source.open("a") as file:
            while True:
                try:
                    _, errors = process.communicate(timeout=0.005)
                    break
                except subprocess.TimeoutExpired:
                    file.write(row)
                    file.flush()
    assert process.returncode == 2
    assert "changed while it was read" in errors


@pytest.mark.parametrize(
    ("row", "message"),
    [
        pytest.param("B", "name can't be blank", id="too few cells"),
        pytest.param("B,b,true,more", "base has 4 cells, the header has 3", id="too many cells"),
    ],
)
def test_a_ragged_row_stops_no_other(place: Place, tmp_path: Path, row: str, message: str) -> None:
    source = tmp_path / "ragged.csv"
    source.write_text(f"code,name,do_not_ship\nA,a,true\n{row}\nC,c,true\n")
    ended = place.run("import", "skus", source, "--skip-errors")
    assert ended.code == 1, ended.err
    assert message in " ".join(ended.out.split())
    codes = place.run("export", "skus")
    assert [line.split(",")[1] for line in codes.out.splitlines()] == ["code", "A", "C"]


def test_a_cell_of_five_megabytes_is_an_error_of_its_row(place: Place, tmp_path: Path) -> None:
    source = tmp_path / "long.csv"
    source.write_text(f"code,name,do_not_ship\nA,a,true\nB,{'b' * 5_000_000},true\nC,c,true\n")
    ended = place.run("import", "skus", source, "--skip-errors")
    assert ended.code == 1, ended.err
    assert "is too long (maximum is 1048576 bytes)" in " ".join(ended.out.split())
    assert len(ended.out) < 10_000
    codes = place.run("export", "skus")
    assert [line.split(",")[1] for line in codes.out.splitlines()] == ["code", "A", "C"]
