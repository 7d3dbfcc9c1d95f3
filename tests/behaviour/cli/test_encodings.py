"""Files in other encodings, in imports and dry runs: what is stored, and what is told."""

import gzip
import json

import pytest

from longshore.readers.charsets import CHARSETS

DAMAGED = "code,name,do_not_ship\nA1,Café crème,yes\nA2,Größe – 5 €,yes\nA3,".encode()


@pytest.mark.parametrize("dry", [False, True])
@pytest.mark.parametrize(
    # What stands after DAMAGED, and how the file is refused.
    ("rest", "refusal"),
    [
        (b"caf\xe9,yes\n", "line 4, column 7: the byte 0xE9 is not UTF-8"),
        (b"Caf\xc3", "line 4, column 7: the source ends inside a character of UTF-8"),
    ],
)
def test_file_with_one_damaged_character_is_refused_whole(
    run, make_file, rest: bytes, refusal: str, dry: bool
) -> None:
    file = make_file("s.csv", DAMAGED + rest)
    ended = run("import", "skus", file, *(["--dry-run"] if dry else []))
    assert ended.code == 2
    assert refusal in ended.err
    assert "hint: " in ended.err
    assert "--encoding" in ended.err
    assert run("records", "skus", "--json").data == []
    assert run("imports", "--json").data == []


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("cp1252", "Façade – 5 €"),
        ("cp1250", "Żółta gęś"),
        ("cp1251", "Кружка белая"),
        ("iso8859-15", "Bœuf, cœur et œuf à 5 €"),
        ("mac-roman", "Größe «schön»"),
        ("cp932", "陶器のマグカップ"),
        ("gb18030", "陶瓷马克杯"),
        ("big5", "陶瓷馬克杯"),
        ("koi8-r", "Кружка белая"),
        ("utf-16-le", "Größe"),
    ],
)
@pytest.mark.parametrize("zipped", [False, True])
def test_file_in_another_encoding_is_read_and_one_warning_says_so(
    run, category, make_file, encoding: str, name: str, zipped: bool
) -> None:
    content = f'code,name\nA1,plain\nA2,"{name}"\n'.encode(encoding)
    file = make_file("s.csv", gzip.compress(content) if zipped else content)
    dry = run("import", "skus", file, "--parent", "MAIN", "--dry-run", "--json")
    ended = run("import", "skus", file, "--parent", "MAIN")
    assert (dry.code, ended.code) == (0, 0)
    assert ended.err.count("warning: ") == 1
    assert name in ended.err
    (warning,) = dry.json["meta"]["warnings"]
    assert warning["code"] == "encoding_guessed"
    assert "with a confidence of " in warning["message"]
    assert warning["first"][0]["encoding"] == encoding
    assert warning["first"][0]["line"] == 3
    skus = run("records", "skus", "--json").data
    assert sorted(sku["attributes"]["name"] for sku in skus) == sorted(["plain", name])
    (listed,) = [
        each
        for each in run("imports", "--json").data
        if each["attributes"]["resource_type"] == "skus"
    ]
    assert listed["meta"]["warnings"] == [warning]


def test_encoding_that_is_named_decides_and_nothing_is_warned_of(run, category, make_file) -> None:
    file = make_file("s.csv", "code,name\nA1,T\xf5r\nA2,Ã©\n".encode("cp1252"))
    refused = run("import", "skus", file, "--parent", "MAIN")
    assert refused.code == 2
    ended = run("import", "skus", file, "--parent", "MAIN", "--encoding", "windows-1250")
    assert ended.code == 0
    assert "warning" not in ended.err
    names = {sku["attributes"]["name"] for sku in run("records", "skus", "--json").data}
    assert names == {"Tőr", "Ă©"}


@pytest.mark.parametrize(
    ("encoding", "content", "message", "hint"),
    [
        ("cp1525", b"code,name\nA,b\n", "no encoding of the name 'cp1525'", "did you mean cp1"),
        (
            "utf-8",
            b"code,name\nA,b\xe9\n",
            "line 2, column 4: the byte 0xE9 is not valid UTF-8",
            "",
        ),
        ("cp1252", b'[{"code": "A"}]', "JSON has to be UTF-8", "leave the encoding out"),
    ],
)
def test_encoding_that_cannot_be_is_refused(
    run, make_file, encoding: str, content: bytes, message: str, hint: str
) -> None:
    file = make_file("s.txt", content)
    ended = run("import", "skus", file, "--encoding", encoding)
    assert ended.code == 2
    assert message in ended.err
    assert hint in ended.err


def test_guide_names_every_encoding_that_is_looked_for() -> None:
    from tests.docs.pages import ROOT

    guide = (ROOT / "docs/guides/csv.md").read_text()
    for charset in CHARSETS:
        assert f"`{charset.codec}`" in guide


@pytest.mark.parametrize("name", ["s.csv", "s.json", "s.ndjson"])
def test_texts_that_were_encoded_twice_are_stored_and_told_once(
    run, category, make_file, name: str
) -> None:
    spoilt = "Müller".encode().decode("cp1252")
    rows = [{"code": f"A{number}", "name": spoilt} for number in range(3)]
    content = {
        "s.csv": "code,name\n" + "".join(f"{row['code']},{row['name']}\n" for row in rows),
        "s.json": json.dumps(rows),
        "s.ndjson": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows),
    }[name]
    file = make_file(name, content)
    dry = run("import", "skus", file, "--parent", "MAIN", "--dry-run", "--json")
    (warning,) = dry.json["meta"]["warnings"]
    assert (warning["code"], warning["count"]) == ("twice_encoded", 3)
    ended = run("import", "skus", file, "--parent", "MAIN")
    assert (dry.code, ended.code) == (0, 0)
    assert ended.err.count("warning: ") == 1
    assert "3 rows hold text that seems to be encoded twice" in ended.err
    assert "MÃ¼ller, which probably was Müller" in ended.err
    skus = run("records", "skus", "--json").data
    assert {sku["attributes"]["name"] for sku in skus} == {spoilt}
