"""Texts that were encoded twice are read as they are, and told once."""

import json
from typing import Any

import pytest

from longshore.notices import Notice, NoticeCode
from longshore.readers import Format, read_rows, survey
from longshore.readers.twice_encoded import may_be_twice_encoded, meant

CSV, JSON, NDJSON = Format.CSV, Format.JSON, Format.NDJSON


def twice(text: str, encoding: str = "cp1252") -> str:
    """`text` as programs spoil it that take UTF-8 for `encoding`."""
    found = ""
    for byte in text.encode():
        try:
            found += bytes([byte]).decode(encoding)
        except UnicodeDecodeError:
            found += chr(byte)
    return found


@pytest.mark.parametrize("encoding", ["cp1252", "latin-1"])
@pytest.mark.parametrize(
    "text",
    [
        "Müller",
        "Größe 5 €",
        "voilà",
        "Ångström",
        "“quoted” – and…",
        "Łódź, Čapek, Őszi",
        "Кружка",
        "Κύπελλο",
        "陶器のマグカップ",
        "naïve 😀",
        "20 °C, ½ l, 3 × 5",
    ],
)
def test_text_that_was_encoded_twice_is_known_by_what_it_was(text: str, encoding: str) -> None:
    spoilt = twice(text, encoding)
    assert spoilt != text
    assert meant(spoilt) == text
    assert may_be_twice_encoded(spoilt.encode())
    assert may_be_twice_encoded(json.dumps(spoilt).encode())


@pytest.mark.parametrize(
    "text",
    [
        "plain",
        "Müller, Größe, Garçon, Ñandú, Ångström, Çatal, São, Ünal",
        "CAFÉ–BAR, „BLÅ“, ‘DÉJÀ’, É™, Ü“",
        "Ärger… Öl®, Ë°",
        "Кружка, 陶器, 5 €, “x”",
        "Ã, Â, â€",
    ],
)
def test_other_texts_are_left_alone(text: str) -> None:
    assert meant(text) is None


def sources(rows: list[dict[str, Any]]) -> list[tuple[Format, bytes]]:
    lines = [",".join(str(value) for value in row.values()) + "\n" for row in rows]
    quoted = [",".join(f'"{value}"' for value in row.values()) + "\r\n" for row in rows]
    return [
        (CSV, ("code,name\n" + "".join(lines)).encode()),
        (CSV, ("code,name\r\n" + "".join(quoted)).encode()),
        (CSV, ("code,name\n" + "".join(lines)).encode("utf-16")),
        (JSON, json.dumps(rows).encode()),
        (JSON, json.dumps(rows, ensure_ascii=False).encode()),
        (NDJSON, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()),
    ]


@pytest.mark.parametrize("window_bytes", [1, 7, 1 << 18])
@pytest.mark.parametrize("block_bytes", [1, 5, 1 << 20])
def test_rows_are_counted_and_the_first_are_shown(block_bytes: int, window_bytes: int) -> None:
    names = ["Müller", twice("Müller"), "plain", *[twice("5 €")] * 6]
    rows = [{"code": f"A{number}", "name": name} for number, name in enumerate(names, 1)]
    for format, source in sources(rows):
        blocks = [source[at : at + block_bytes] for at in range(0, len(source), block_bytes)]
        found = survey(blocks, format=format, window_bytes=window_bytes)
        (notice,) = found.notices
        assert (notice.code, notice.count) == (NoticeCode.TWICE_ENCODED, 7)
        assert [each["row"] for each in notice.first] == [2, 4, 5, 6, 7]
        line = {CSV: 3, JSON: 1, NDJSON: 2}[format]
        assert notice.first[0] == {
            "row": 2,
            "line": line,
            "text": "MÃ¼ller",
            "meant": "Müller",
        }
        values = [value for batch in read_rows([source], found.layout) for value in batch.values]
        assert "MÃ¼ller" in str(values[1])


def test_message_names_the_first_row() -> None:
    found = survey([("code,name\nA1,x\nA2," + twice("Müller") + "\n").encode()])
    assert found.notices == (
        Notice(
            code=NoticeCode.TWICE_ENCODED,
            message="1 row holds text that seems to be encoded twice, first on line 3: MÃ¼ller, "
            "which probably was Müller",
            hint="it is read as it is; export the source again, as UTF-8, and import that",
            count=1,
            first=({"row": 2, "line": 3, "text": "MÃ¼ller", "meant": "Müller"},),
        ),
    )


def test_nested_texts_of_json_are_looked_at_and_keys_are_not() -> None:
    spoilt = twice("é")
    rows = [
        {"code": "A", "metadata": {"note": ["x", {"y": spoilt}]}},
        {"code": "B", "metadata": {spoilt: 1}},
    ]
    (notice,) = survey([json.dumps(rows).encode()]).notices
    assert notice.count == 1


def test_long_text_is_shown_in_part() -> None:
    text = "x" * 1000 + twice("Größe") + "y" * 1000
    (notice,) = survey([f"code,name\nA,{text}\n".encode()]).notices
    assert "GrÃ¶Ã" in str(notice.first[0]["text"])
    assert "Größe" in str(notice.first[0]["meant"])
    assert len(notice.message) < 300


def test_encoding_that_is_named_wrongly_is_told_too() -> None:
    (notice,) = survey(["code,name\nA,Größe\n".encode()], encoding="cp1252").notices
    assert notice.first[0]["meant"] == "Größe"
