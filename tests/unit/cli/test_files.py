"""Files that commands write."""

import json
import os
import stat
from pathlib import Path

import pytest

from longshore.cli.failed_rows import FailedRowsFile
from longshore.cli.files import check_can_write, spreadsheet_safe_name, written_whole
from longshore.error_codes import code_of
from longshore.errors import PermanentError, RequestRefused
from longshore.imports import LoggedError
from longshore.operations import FailedRow, SourceForm, match_failed_rows
from longshore.readers import Format, Layout, Position, Rows, TextForm


def error(row: int, attribute: str = "name", message: str = "can't be blank") -> LoggedError:
    return LoggedError(
        row=row,
        line=row + 1,
        identifier=None,
        attribute=attribute,
        message=message,
        value=None,
        code=code_of(message),
    )


def layout(*columns: str, format: Format = Format.CSV, encoding: str = "utf-8") -> Layout:
    delimiter = "," if format is Format.CSV else ""
    return Layout(
        format=format, encoding=encoding, delimiter=delimiter, columns=columns, first=Position()
    )


def write_failed_rows(
    path: Path, rows: list[FailedRow], source: Layout, *, is_spreadsheet_safe: bool = False
) -> int:
    file = FailedRowsFile(path=path, is_spreadsheet_safe=is_spreadsheet_safe)
    return file.write(rows, SourceForm(source, TextForm()))


def failed(number: int, values: object, *errors: LoggedError) -> FailedRow:
    return FailedRow(
        number=number, line=number + 1, values=values, errors=errors or [error(number)]
    )


def test_a_file_takes_the_place_of_the_former_one_only_when_it_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("former")
    with pytest.raises(ZeroDivisionError), written_whole(path) as file:
        file.write(b"half %d" % (1 / 0))
    assert path.read_text() == "former"
    with written_whole(path) as file:
        file.write(b"whole")
    assert path.read_text() == "whole"
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_has_the_mode_of_files_made_the_ordinary_way(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        with written_whole(tmp_path / "out.csv"):
            pass
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.csv").stat().st_mode) == 0o640


def test_what_a_link_leads_to_is_replaced_and_not_the_link(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("former")
    (tmp_path / "link.csv").symlink_to("real.csv")
    with written_whole(tmp_path / "link.csv") as file:
        file.write(b"whole")
    assert (tmp_path / "link.csv").is_symlink()
    assert (tmp_path / "real.csv").read_text() == "whole"


def test_a_device_is_written_to_and_not_replaced() -> None:
    check_can_write(Path(os.devnull))
    with written_whole(Path(os.devnull)) as file:
        file.write(b"text")
    assert Path(os.devnull).is_char_device()


def test_a_full_disk_is_a_failed_operation() -> None:
    with (
        pytest.raises(PermanentError, match="No space left"),
        written_whole(Path("/dev/full")) as f,
    ):
        f.write(b"text")


def test_files_that_cannot_be_written_are_refused_beforehand(tmp_path: Path) -> None:
    with pytest.raises(RequestRefused, match="is a folder"):
        check_can_write(tmp_path)
    with pytest.raises(RequestRefused, match="there is no folder"):
        check_can_write(tmp_path / "no" / "out.csv")
    source = tmp_path / "source.csv"
    source.write_text("code\n")
    (tmp_path / "link.csv").symlink_to(source)
    with pytest.raises(RequestRefused, match="is the file that is read"):
        check_can_write(tmp_path / "link.csv", source=source)
    check_can_write(tmp_path / "out.csv", source=tmp_path / "missing.csv")


CASES = [
    (
        "former report columns are replaced",
        "f.csv",
        layout("code", "_row", "_errors", "name"),
        [failed(7, ["A", "3", "name: old", ""])],
        "code,name,_row,_errors,_codes\nA,,7,name: can't be blank,blank\n",
    ),
    (
        "a delimiter at the end of the header",
        "f.csv",
        layout("code", ""),
        [failed(1, ["A", ""])],
        "code,_row,_errors,_codes\nA,1,name: can't be blank,blank\n",
    ),
    (
        "short rows",
        "f.csv",
        layout("a", "b"),
        [failed(1, ["A"])],
        "a,b,_row,_errors,_codes\nA,,1,name: can't be blank,blank\n",
    ),
    (
        "cells that need quotes",
        "f.csv",
        layout("a"),
        [failed(1, ['say "x",\ny'])],
        'a,_row,_errors,_codes\n"say ""x"",\ny",1,name: can\'t be blank,blank\n',
    ),
    (
        "tabs",
        "f.tsv",
        layout("a"),
        [failed(1, ["x,y"])],
        "a\t_row\t_errors\t_codes\nx,y\t1\tname: can't be blank\tblank\n",
    ),
    (
        "objects as a table",
        "f.csv",
        layout("a", "b", "tags", "tags.name", format=Format.JSON),
        [failed(1, {"a": 1.5, "tags": [{"name": "t"}]}), failed(2, 5)],
        'a,b,tags,_row,_errors,_codes\n1.5,,"[{""name"": ""t""}]",1,name: can\'t be blank,blank\n'
        "5,,,2,name: can't be blank,blank\n",
    ),
]


@pytest.mark.parametrize(
    ("name", "source", "rows", "text"),
    [case[1:] for case in CASES],
    ids=[case[0] for case in CASES],
)
def test_failed_rows_as_a_table(tmp_path: Path, name, source, rows, text) -> None:
    assert write_failed_rows(tmp_path / name, rows, source) == len(rows)
    assert (tmp_path / name).read_text() == text


def test_failed_rows_as_objects(tmp_path: Path) -> None:
    path = tmp_path / "f.ndjson"
    rows = [
        failed(
            1,
            {"a": "\ud800", "_row": 9},
            error(1),
            error(1, "a", "is invalid"),
            error(1, "a", "two"),
        ),
        failed(2, "no object"),
    ]
    assert write_failed_rows(path, rows, layout("a", format=Format.JSON)) == 2
    errors = {"name": ["can't be blank"], "a": ["is invalid", "two"]}
    codes = {"name": ["blank"], "a": ["invalid", None]}
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"a": "\ud800", "_row": 1, "_errors": errors, "_codes": codes},
        {
            "_input": "no object",
            "_row": 2,
            "_errors": {"name": ["can't be blank"]},
            "_codes": {"name": ["blank"]},
        },
    ]


def test_cells_as_objects(tmp_path: Path) -> None:
    path = tmp_path / "f.json"
    write_failed_rows(path, [failed(1, ["A", "B", "beyond"])], layout("a", "b"))
    (row,) = json.loads(path.read_text())
    assert (row["a"], row["b"], row["_row"]) == ("A", "B", 1)


@pytest.mark.parametrize(
    ("format", "start"), [(Format.CSV, "a,_row,_errors,_codes\n"), (Format.JSON, "[\n")]
)
def test_without_an_extension_the_format_is_that_of_the_source(
    tmp_path: Path, format: Format, start: str
) -> None:
    values = ["A"] if format is Format.CSV else {"a": "A"}
    write_failed_rows(tmp_path / "failed", [failed(1, values)], layout("a", format=format))
    assert (tmp_path / "failed").read_text().startswith(start)


def test_what_the_encoding_of_the_source_cannot_hold_makes_it_utf_8_and_is_said(
    tmp_path: Path, capsys
) -> None:
    path = tmp_path / "f.csv"
    rows = [
        failed(1, ["é"], error(1, message="can't be blank")),
        failed(2, ["è"], error(2, message="did you mean Łódź?")),
    ]
    assert write_failed_rows(path, rows, layout("a", encoding="cp1252")) == 2
    assert path.read_bytes().startswith(b"\xef\xbb\xbfa,")  # nobody has to guess
    assert "Łódź" in path.read_text()
    assert (
        f"warning: {path} is in UTF-8: cp1252, the encoding of the source, has no 'Ł'\n"
        "hint: import it without --encoding\n"
    ) in capsys.readouterr().err
    write_failed_rows(path, rows[:1], layout("a", encoding="cp1252"))
    assert path.read_bytes() == "a,_row,_errors,_codes\né,1,name: can't be blank,blank\n".encode(
        "cp1252"
    )
    assert "warning" not in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("failed.csv", "failed.spreadsheet-safe.csv"),
        ("failed", "failed.spreadsheet-safe"),
        ("a.b.tsv", "a.b.spreadsheet-safe.tsv"),
        ("failed.spreadsheet-safe.csv", "failed.spreadsheet-safe.csv"),
        ("failed.spreadsheet-safe", "failed.spreadsheet-safe"),
    ],
)
def test_the_name_of_a_file_says_that_its_cells_are_guarded(
    tmp_path: Path, name: str, safe: str
) -> None:
    assert spreadsheet_safe_name(tmp_path / name) == tmp_path / safe
    assert spreadsheet_safe_name(Path(os.devnull)) == Path(os.devnull)


def test_guarded_cells_of_failed_rows(tmp_path: Path) -> None:
    rows = [failed(1, ["=1+1", "-5", "'@x", "plain"])]
    path = tmp_path / "f.csv"
    write_failed_rows(path, rows, layout("=a", "b", "c", "d"), is_spreadsheet_safe=True)
    assert path.read_text() == (
        "'=a,b,c,d,_row,_errors,_codes\n'=1+1,'-5,''@x,plain,1,name: can't be blank,blank\n"
    )


def test_errors_find_their_rows_across_batches() -> None:
    def batch(first: int, *values: str) -> Rows:
        places = range(first, first + len(values))
        return Rows(
            first=first,
            lines=places,
            offsets=places,
            values=list(values),
            end_line=0,
            end_offset=0,
        )

    errors = [error(2), error(2, "code"), error(3), error(6)]
    found = match_failed_rows([batch(1, "a", "b"), batch(3, "c"), batch(4, "d", "e", "f")], errors)
    assert [(row.number, row.line, row.values, len(row.errors)) for row in found] == [
        (2, 2, "b", 2),
        (3, 3, "c", 1),
        (6, 6, "f", 1),
    ]
