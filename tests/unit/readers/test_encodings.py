"""How the encoding of a CSV is found, asked for and refused; and what is told of it."""

import codecs
from collections.abc import Iterator

import pytest

from benchmarks.names import names
from longshore.errors import RequestRefused
from longshore.notices import Notice, NoticeCode
from longshore.readers import Format, Survey, UnreadableSource, read_rows, survey, text_codec

WINDOWS = [1, 7, 1 << 18]


def table(language: str, times: int = 1, delimiter: str = ",") -> str:
    lines = [f"A{number}{delimiter}{name}" for number, name in enumerate(names(language) * times)]
    return "\n".join([f"code{delimiter}name", *lines, ""])


def second_cells(source: bytes, found: Survey, window_bytes: int = 1 << 18) -> list[str]:
    batches = read_rows([source], found.layout, window_bytes=window_bytes)
    return [row[1] for rows in batches for row in rows.values]


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    ("language", "encoding", "name"),
    [
        ("German", "cp1252", "cp1252"),
        ("Polish", "cp1250", "cp1250"),
        ("Russian", "cp1251", "cp1251"),
        ("Russian", "koi8-r", "koi8-r"),
        ("Ukrainian", "cp1251", "cp1251"),  # some pairs of its letters are valid UTF-8
        ("French", "mac_roman", "mac-roman"),
        ("Japanese", "cp932", "cp932"),
        ("Chinese, simplified", "gb18030", "gb18030"),
        ("Chinese, traditional", "big5", "big5"),
        ("Polish", "utf-16-le", "utf-16-le"),
        ("Chinese, simplified", "utf-16-be", "utf-16-be"),
        ("Japanese", "utf-8", "utf-8"),
    ],
)
def test_encoding_is_found_whatever_the_window(
    language: str, encoding: str, name: str, window_bytes: int
) -> None:
    source = table(language).encode(encoding)
    found = survey([source], window_bytes=window_bytes)
    assert found.layout.encoding == name
    assert second_cells(source, found, window_bytes) == names(language)
    codes = [notice.code for notice in found.notices]
    assert codes == ([] if name == "utf-8" else [NoticeCode.ENCODING_GUESSED])


def test_notice_names_the_encoding_its_confidence_and_a_line_as_it_was_read() -> None:
    found = survey([b"code,name\nA1,plain\nA2,\xa3\xf3d\x9f\n"])
    assert found.notices == (
        Notice(
            code=NoticeCode.ENCODING_GUESSED,
            message="the source is not UTF-8 (line 3, column 4: byte 0xA3); it was read as "
            "Windows-1250, with a confidence of 99 %; line 3 reads: A2,Łódź",
            hint="if the text is wrong, name the encoding with --encoding",
            first=({"line": 3, "encoding": "cp1250", "text": "A2,Łódź"},),
        ),
    )


def test_notice_shows_a_line_that_another_likely_encoding_reads_differently() -> None:
    found = survey([b"code,name\nA1,Gr\xfcn\nA2,T\xf5r\n"])
    (notice,) = found.notices
    assert notice.message.endswith(
        "line 3 reads: A2,Tőr; as Windows-1252 it would read: A2,Tõr"
    ) or notice.message.endswith("line 3 reads: A2,Tõr; as Windows-1250 it would read: A2,Tőr")
    assert {each["encoding"]: each["text"] for each in notice.first} == {
        "cp1252": "A2,Tõr",
        "cp1250": "A2,Tőr",
    }
    assert "--encoding cp125" in (notice.hint or "")


def test_bytes_that_are_no_text_anywhere_are_read_as_most_files_are() -> None:
    found = survey([b"code,name\nA1,x\xc0\xaf\n"])
    assert found.layout.encoding == "cp1252"
    (notice,) = found.notices
    assert "as Windows-1252, with a confidence of 8 %" in notice.message
    assert "as GB 18030 it would read" in notice.message


def test_notice_shows_a_piece_of_a_long_line() -> None:
    source = b"code,name\nA1," + b"x" * 5000 + b" Fa\xe7ade " + b"y" * 5000 + b"\n"
    (notice,) = survey([source]).notices
    assert "Façade" in notice.message
    assert len(notice.message) < 300


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    # The source, and where the first byte stands that is not UTF-8.
    ("source", "line", "column"),
    [
        ("code,name\nA1,Café\nA2,".encode() + b"caf\xe9\n", 3, 7),
        (b"code,name\nA2,caf\xe9\n" + "A1,Café\n".encode(), 2, 7),
        ("code,name\nA1,Größe – 5 €\nA2,ÄÖ".encode() + b"\xfc\n", 3, 6),
        ("code,name\nÉ,".encode() + b'"x\ny \xff"\n', 3, 3),
        ("code,né\nA1,".encode() + "façade\nB,Hänsel\nC,Größe\n".encode("cp1252"), 2, 6),
        ("code,name\nA1,日本\n".encode() + "A2,東京\n".encode("cp932"), 3, 4),
        ("code,name\nA1,Café\nA2,Caf".encode() + b"\xc3", 3, 7),
    ],
)
def test_source_with_a_character_of_utf_8_and_other_bytes_is_damaged(
    source: bytes, line: int, column: int, window_bytes: int
) -> None:
    with pytest.raises(UnreadableSource) as refused:
        survey([source], window_bytes=window_bytes)
    assert (refused.value.line, refused.value.column) == (line, column)
    assert "--encoding" in (refused.value.hint or "")


def test_damage_after_a_million_characters_is_found() -> None:
    row = "A,Größe\n".encode()
    source = b"code,name\n" + row * 200_000 + b"B,Gr\xf6\xdfe\n" * 3
    with pytest.raises(UnreadableSource, match="line 200002, column 5: the byte 0xF6"):
        survey(iter([source]))


def test_sample_is_of_the_whole_source() -> None:
    # In the first 2,000 lines nothing speaks against Windows-1252.
    source = b"code,name\n" + "A,Größe\n".encode("cp1250") * 2000
    source += table("Polish", times=40).encode("cp1250").partition(b"\n")[2]
    assert survey([source]).layout.encoding == "cp1250"


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize("encoding", ["cp932", "gb18030", "big5"])
@pytest.mark.parametrize("delimiter", ["|", ","])
def test_second_byte_of_a_character_separates_nothing(
    delimiter: str, encoding: str, window_bytes: int
) -> None:
    # In each encoding the second byte of these is 0x7C, the pipe, or 0x5C, the backslash.
    special = {"cp932": "ポソ表", "gb18030": "縷誠", "big5": "功許蓋"}[encoding]
    assert b"|" in special.encode(encoding) or b"\\" in special.encode(encoding)
    language = {"cp932": "Japanese", "gb18030": "Chinese, simplified"}.get(
        encoding, "Chinese, traditional"
    )
    extra = f'B1{delimiter}"{special}"\nB2{delimiter}{special}"5"\nB3{delimiter}"x\n{special}"\n'
    source = (table(language, delimiter=delimiter) + extra).encode(encoding)
    found = survey([source], window_bytes=window_bytes)
    assert (found.layout.encoding, found.layout.delimiter) == (encoding, delimiter)
    cells = second_cells(source, found, window_bytes)
    assert cells == [*names(language), special, f'{special}"5"', f"x\n{special}"]
    assert found.rows_count == len(cells)


def test_encoding_that_shows_after_rows_were_cut_by_the_pipe_is_read_from_the_start_again() -> None:
    source = b"code|name\n" + b"A|plain\n" * 20_000
    source += 'B|ポ"5"\n'.encode("cp932") + table("Japanese", delimiter="|").encode("cp932")
    found = survey([source])
    assert found.layout.encoding == "cp932"
    assert found.rows_count == survey([source], encoding="cp932").rows_count
    assert 'ポ"5"' in second_cells(source, found, 1 << 18)


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "Ã©"),  # which also is a character of UTF-8
        ("cp850", "Größe"),
        ("cp1253", "κύπελλο"),
        ("cp1254", "şişe"),
        ("euc_kr", "머그컵"),
        ("euc_jp", "湯呑み"),
        ("shift_jis", "ポット"),
        ("utf-16", "Größe"),
        ("utf-16-be", "Größe"),
        ("utf-8", "Größe"),
    ],
)
def test_encoding_that_is_named_is_the_one(encoding: str, text: str, window_bytes: int) -> None:
    source = f"code,name\nA,{text}\n".encode(encoding)
    found = survey([source], encoding=text_codec(encoding), window_bytes=window_bytes)
    assert second_cells(source, found, window_bytes) == [text]
    assert NoticeCode.ENCODING_GUESSED not in [notice.code for notice in found.notices]


def test_byte_order_mark_is_no_text_whatever_encoding_is_named() -> None:
    source = codecs.BOM_UTF8 + b"code,name\nA,Fa\xe7ade\n"
    found = survey([source], encoding="cp1252")
    assert found.layout.columns == ("code", "name")
    assert second_cells(source, found) == ["Façade"]


@pytest.mark.parametrize("window_bytes", WINDOWS)
@pytest.mark.parametrize(
    ("encoding", "source", "message"),
    [
        ("cp1252", b"code,name\nA,x\nB\xe9,y\x81\n", "line 3, column 5: the byte 0x81"),
        (
            "utf-8",
            b"code,name\nA,Fa\xe7ade\n",
            "line 2, column 5: the byte 0xE7 is not valid UTF-8",
        ),
        (
            "big5",
            b"code,name\nA,\xa4\x40\xff\n",
            "line 2, column 4: the byte 0xFF is not valid Big5",
        ),
    ],
)
def test_byte_that_the_named_encoding_leaves_undefined_is_refused(
    encoding: str, source: bytes, message: str, window_bytes: int
) -> None:
    with pytest.raises(UnreadableSource, match=message):
        survey([source], encoding=encoding, window_bytes=window_bytes)


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("Windows-1252", "cp1252"),
        ("latin-9", "iso8859-15"),
        ("Mac OS Roman", "mac-roman"),
        ("macroman", "mac-roman"),
        ("Shift_JIS", "shift_jis"),
        ("UTF8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("UTF-16", "utf-16"),
    ],
)
def test_names_of_encodings_are_those_of_python(name: str, codec: str) -> None:
    assert text_codec(name) == codec


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("win-1252", "did you mean windows-1252?"),
        ("cp1525", "did you mean cp1"),
        ("?", "such as big5, cp1250, cp1251, cp1252"),
        ("a\0b", "such as big5"),
        ("hex", "save the file as UTF-8"),
        ("cp037", "save the file as UTF-8"),
        ("utf-7", "save the file as UTF-8"),
        ("iso2022_jp", "save the file as UTF-8"),
        ("hz", "save the file as UTF-8"),
        ("unicode_escape", "save the file as UTF-8"),
    ],
)
def test_what_is_no_encoding_of_files_is_refused(name: str, hint: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        text_codec(name)
    assert (refused.value.hint or "").startswith(hint)


@pytest.mark.parametrize("format", [Format.JSON, Format.NDJSON])
def test_json_has_no_other_encoding(format: Format) -> None:
    source = b'[{"code": "A"}]' if format is Format.JSON else b'{"code": "A"}\n'
    assert survey([source], encoding="utf-8").rows_count == 1
    with pytest.raises(UnreadableSource, match="JSON has to be UTF-8"):
        survey([source], encoding="cp1252")


def test_text_with_nuls_is_no_utf_16() -> None:
    source = b"code,name\n" + b"A\0\0\0,x\n" * 10
    assert survey([source]).layout.encoding == "utf-8"


def pieces(source: bytes) -> Iterator[bytes]:
    return (source[start : start + 3] for start in range(0, len(source), 3))


def test_utf_16_without_mark_is_found_however_the_bytes_arrive() -> None:
    source = "code;name\nA;Größe\nB;日本\n".encode("utf-16-le")
    found = survey(pieces(source))
    assert (found.layout.encoding, found.rows_count) == ("utf-16-le", 2)
    assert found.notices[0].message == (
        "the source is not UTF-8 (NUL in every other byte); it was read as UTF-16, with a "
        "confidence of 99 %; line 2 reads: A;Größe"
    )
