"""Headers of two lines, other tables below the first one, and notes: found and said."""

import pytest

from longshore.errors import RequestRefused
from longshore.notices import NoticeCode
from longshore.readers import CsvOptions, Rows, Survey, UnreadableSource, read_rows, survey

FIELDS = frozenset(("code", "name", "weight", "sku_code", "amount_cents", "currency_code"))
WINDOWS = (1, 7, 1 << 18)


def found(
    source: bytes, window_bytes: int = 1 << 18, *, sheet: str = "", header_row: str | None = None
) -> tuple[Survey, list[tuple[int, list[str]]]]:
    surveyed = survey(
        [source],
        name="table.csv",
        csv=CsvOptions.parse(header_row=header_row),
        is_field=FIELDS.__contains__,
        window_bytes=window_bytes,
        sheet=sheet,
    )
    rows = Rows.joined(list(read_rows([source], surveyed.layout, window_bytes=window_bytes)))
    assert len(rows) == surveyed.rows_count
    return surveyed, list(zip(rows.lines, rows.values, strict=True))


def codes(surveyed: Survey) -> list[str]:
    return [str(each.code) for each in surveyed.notices]


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    ("source", "columns", "header"),
    [
        (
            b"code,name,Price,\n,,EUR,USD\nA,Mug,1,2\n",
            ("code", "name", "Price EUR", "Price USD"),
            (1, 2),
        ),
        # What the lower line names goes before the group, where it is a field.
        (b"code,Price,\n,amount_cents,currency_code\nA,1,EUR\n", None, (1, 2)),
        # The line whose names are fields may be the lower one.
        (
            b"Prices\n\nItem,Price,\n,amount_cents,currency_code\nA,1,EUR\n",
            ("Item", "amount_cents", "currency_code"),
            (3, 2),
        ),
        # One that names every column needs no groups.
        (
            b"Item,,Price,\ncode,name,amount_cents,currency_code\nA,B,1,EUR\n",
            ("code", "name", "amount_cents", "currency_code"),
            (2, 1),
        ),
        # Unless it has a name twice.
        (
            b"Item,,Old,,New,\ncode,name,net,gross,net,gross\nA,B,1,2,3,4\n",
            ("code", "name", "Old net", "Old gross", "New net", "New gross"),
            (1, 2),
        ),
        # Rows under names that do not stand in every column are rows.
        (b"code,name,,\nA,Mug,x,y\n", ("code", "name"), (1, 1)),
        (b"code,name,Price,\n,,5,6\n", ("code", "name", "Price"), (1, 1)),
        (b"code,name,Price,\nA,B,red,blue\n", ("code", "name", "Price"), (1, 1)),
        # A blank line between is none of one header.
        (b"code,name,Price,\n\n,,EUR,USD\n", ("code", "name", "Price"), (1, 1)),
    ],
)
def test_header_of_two_lines(
    source: bytes, columns: tuple[str, ...] | None, header: tuple[int, int], window_bytes: int
) -> None:
    surveyed, rows = found(source, window_bytes)
    layout = surveyed.layout
    assert layout.columns == (columns or ("code", "amount_cents", "currency_code"))
    assert (layout.header_line, layout.header_rows) == header
    assert rows[-1][0] == source.count(b"\n")
    assert (NoticeCode.HEADER_OF_TWO_LINES in codes(surveyed)) == (header[1] == 2)
    assert type(layout).from_dict(layout.to_dict()) == layout


def test_lines_of_the_header_are_as_somebody_says() -> None:
    source = b"code,name,Price,\n,,EUR,USD\nA,Mug,1,2\n"
    assert found(source, header_row="1")[0].layout.columns == ("code", "name", "Price")
    assert found(source, header_row="2")[0].layout.columns == ("", "", "EUR", "USD")
    assert found(source, header_row="1-2")[0].layout.columns[2] == "Price EUR"
    assert found(b"x,y\nu,v\n1,2\n", header_row="1-2")[0].layout.columns == ("u", "v")
    for wrong in ("0", "2-1", "1-3", "x", "1-", "-1", ""):
        with pytest.raises(RequestRefused, match="expected a line"):
            CsvOptions.parse(header_row=wrong)
    with pytest.raises(UnreadableSource, match="line 2"):
        found(b"code,name\n\nA,b\n", header_row="1-2")


SKUS = b"code,name,weight\nA1,Mug,350\nA2,Bowl,900\n"


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    ("below", "line"),
    [
        (b"\nsku_code,amount_cents\nA1,5\n", 5),  # two fields
        (b"\n,,\nPrices\nsku_code,amount_cents\nA1,5\n", 7),  # below a title
        (b"\nPrices\n\nsku_code,amount_cents\nA1,5\n", 7),
        (b"\nColour,Meaning,Remark\nr,Red 7,x\n", 5),  # a text where the others have numbers
        (b"\nLegend\nState,Meaning\nA,Active\n", 6),  # narrower, under a title
        (b"\nShop,Street,Town,Land\nOne,Main,Rome,IT\n", 5),  # wider than the header
    ],
)
def test_another_table_is_refused_unless_one_is_named(
    below: bytes, line: int, window_bytes: int
) -> None:
    with pytest.raises(UnreadableSource, match=f"another table.*line {line} ") as refused:
        found(SKUS + below, window_bytes)
    assert f"--header-row 1 reads the first one, --header-row {line}" in str(refused.value.hint)
    surveyed, rows = found(SKUS + below, window_bytes, header_row="1")
    assert rows == [(2, ["A1", "Mug", "350"]), (3, ["A2", "Bowl", "900"])]
    (told,) = surveyed.notices
    assert (told.code, str(line) in told.message) == (NoticeCode.TABLE_BELOW, True)
    assert type(surveyed.layout).from_dict(surveyed.layout.to_dict()) == surveyed.layout
    surveyed, rows = found(SKUS + below, window_bytes, header_row=f"{line}")
    assert [number for number, _ in rows] == [line + 1]
    assert codes(surveyed) == [NoticeCode.LINES_ABOVE_HEADER]


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    "below",
    [
        b"\nA3,Cup,100\n\nA4,Jug,200\n",  # groups of rows
        b"\nA3,Cup,unknown\nA4,Jug,200\n",
        b"\nAB,Cup,\nAC,Jug,\n",
        b"\ncode,name,weight\nA3,Cup,100\n",  # the same header on each page
        b"\nPage two\ncode,name,weight\nA3,Cup,100\n",
        b"\nSumme,,1250\n",
        b"Total,,1250\n",
        b"\nnote\nA3,Cup,100\n",
        b'\n"A3","Cup\nblue",100\n"A4","Jug\n\nred",100\n',
    ],
)
def test_rows_behind_blank_lines_are_rows(below: bytes, window_bytes: int) -> None:
    surveyed, rows = found(SKUS + below, window_bytes)
    assert surveyed.layout.end_offset is None
    lines = below.replace(b"\nblue", b"").replace(b"\n\nred", b"").split(b"\n")
    wanted = [line for line in lines if line and not line.startswith(b"code")]
    assert len(rows) == 2 + len(wanted)


@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_notes_at_the_end_are_left_out_and_said(window_bytes: int) -> None:
    notes = b"\n\nPrices until May\n\n,,* without box\n"
    surveyed, rows = found(SKUS + notes, window_bytes)
    assert [number for number, _ in rows] == [2, 3]
    (told,) = surveyed.notices
    assert (told.code, told.count) == (NoticeCode.NOTES_BELOW, 2)
    assert told.first == (
        {"line": 6, "text": "Prices until May"},
        {"line": 8, "text": "* without box"},
    )
    assert surveyed.layout.end_offset == len(SKUS) + 2
    # Where rows have one cell, too, nobody can tell.
    surveyed, rows = found(b"code,name\nA,\nB,Mug\n\nC,\n", window_bytes)
    assert (len(rows), codes(surveyed)) == (3, [])
    # Neither can anybody where no blank line stands between.
    assert len(found(SKUS + b"note,,\n", window_bytes)[1]) == 3


@pytest.mark.parametrize("window_bytes", WINDOWS)
def test_lines_of_a_sheet_are_told_by_their_rows(window_bytes: int) -> None:
    source = (
        b'"A title\nin two lines"\n"co\nde",code,name,weight\n"1\n2",A1,Mug,350\n,A2,Cup,5\n'
        b"\n,sku_code,amount_cents\n,A1,5\n"
    )
    with pytest.raises(UnreadableSource, match="line 6 "):
        found(source, window_bytes, sheet="Prices")
    surveyed, rows = found(source[: source.index(b"\n,sku")], window_bytes, sheet="Prices")
    assert surveyed.layout.header_line == 2
    assert [number for number, _ in rows] == [3, 4]
    assert surveyed.layout.cell("name", rows[0][0]) == "Prices!C3"
