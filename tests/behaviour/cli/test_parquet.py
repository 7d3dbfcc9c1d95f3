"""Parquet files and files compressed with zstd are imported as they are."""

import sys
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

from tests.behaviour.cli.conftest import Run

MakeFile = Callable[..., Path]

ROWS = 300
WRONG = (7, 250)  # numbers of rows whose weight is wrong


@pytest.fixture
def parquet(tmp_path: Path) -> Path:
    """SKUs in row groups of a hundred; the second row has no value at all, a name has two lines."""
    numbers = range(1, ROWS + 1)
    table = pa.table(
        {
            "code": [None if each == 2 else f"{each:05}" for each in numbers],
            "name": [
                None if each == 2 else f"Mug\n{each}" if each == 3 else "Mug" for each in numbers
            ],
            "weight": [
                None if each == 2 else "heavy" if each in WRONG else "1.5" for each in numbers
            ],
            "unit_of_weight": [None if each == 2 else "gr" for each in numbers],
            "do_not_ship": [None if each == 2 else each % 2 == 0 for each in numbers],
        }
    )
    path = tmp_path / "skus.parquet"
    pq.write_table(table, path, row_group_size=100)
    return path


@pytest.fixture
def category(run: Run, tmp_path: Path) -> str:
    path = tmp_path / "shipping_categories.csv"
    path.write_text("code,name\nGOODS,Goods\n")
    assert run("import", "shipping_categories", path).code == 0
    return str(run("records", "shipping_categories", "--json").data[0]["id"])


@pytest.mark.usefixtures("on_every_database")
def test_errors_of_parquet_name_row_group_and_column(
    run: Run, parquet: Path, category: str
) -> None:
    ended = run("import", "skus", parquet, "--parent", category, "--json")
    assert ended.code == 1
    assert ended.data["attributes"]["processed_count"] == ROWS - 1 - len(WRONG)
    errors = run("errors", ended.data["id"], "--json").data
    assert [(each["line"], each["column"], each["cell"]) for each in errors] == [
        (8, "weight", "row group 1, weight"),
        (251, "weight", "row group 3, weight"),
    ]
    codes = {each["attributes"]["code"] for each in run("records", "skus", "--json").data}
    assert "00001" in codes


def test_parquet_is_inspected(run: Run, parquet: Path) -> None:
    found = run("inspect", parquet, "--json").data
    assert found["format"] == "parquet"
    assert found["resource_type"] == "skus"
    assert found["rows_count"] == ROWS - 1
    assert [each["name"] for each in found["columns"]][:2] == ["code", "name"]
    assert run("inspect", parquet).facts["format"] == "parquet"


def test_nothing_can_be_said_of_how_parquet_is_written(run: Run, parquet: Path) -> None:
    for option in (
        "--delimiter=;",
        "--encoding=cp1252",
        "--format=csv",
        "--header-row=2",
        "--sheet=x",
    ):
        ended = run("import", "skus", parquet, option)
        assert ended.code == 2
        assert "the source is a Parquet file: no format, encoding" in ended.err


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("list.csv.zst", b"code,name\nA,Mug\n"),
        ("list.tsv.zst", b"code\tname\nA\tMug\n"),
        ("list.ndjson.zst", b'{"code":"A","name":"Mug"}\n'),
        ("list.json.zst", b'[{"code":"A","name":"Mug"}]'),
    ],
)
def test_every_format_of_text_may_be_compressed_with_zstd(
    run: Run, tmp_path: Path, name: str, text: bytes
) -> None:
    path = tmp_path / name
    path.write_bytes(zstd.compress(text))
    ended = run("import", "shipping_categories", path, "--json")
    assert ended.code == 0, ended.err
    assert ended.data["attributes"]["processed_count"] == 1


def test_without_the_extras_they_are_refused(
    run: Run, parquet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = tmp_path / "skus.csv.zst"
    packed.write_bytes(zstd.compress(b"code,name\nA,Mug\n"))
    for name in ("pyarrow", "backports", "compression"):
        monkeypatch.setitem(sys.modules, name, None)
    for path, extra in ((parquet, "parquet"), (packed, "zstd")):
        ended = run("import", "skus", path)
        assert (ended.code, ended.out) == (2, "")
        assert (
            f"hint: install longshore with the extra {extra}: pip install 'longshore[{extra}]'"
            in (ended.err)
        )
