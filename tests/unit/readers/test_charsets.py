"""Short columns of names are read in the encoding that their people save them in."""

import codecs

import pytest

from benchmarks.names import cases, columns
from longshore.readers.charsets import CHARSETS, find_charset


@pytest.mark.parametrize("length", [5, 25])
@pytest.mark.parametrize(("language", "codec"), cases())
def test_a_few_names_are_read_as_they_were_written(language: str, codec: str, length: int) -> None:
    for data in columns(language, codec, length):
        verdict = find_charset(data.splitlines())
        assert verdict is not None
        assert data.decode(verdict.codec) == data.decode(codec)


@pytest.mark.parametrize(
    # The text, how it was saved, what it is taken for, and what else is likely enough to be shown.
    ("text", "codec", "found", "rival"),
    [
        ("Façade", "cp1252", "cp1252", None),
        ("Müller", "cp1250", "cp1252", None),  # the same text in both
        ("5 €", "cp1252", "cp1252", None),
        ("5 €", "iso8859-15", "iso8859-15", "mac-roman"),
        ("Cœur", "iso8859-15", "iso8859-15", None),
        ("“It’s”", "cp1252", "cp1252", None),
        ("Größe", "mac-roman", "mac-roman", None),
        ("Łódź", "cp1250", "cp1250", None),
        ("Tőr", "cp1250", "cp1252", "cp1250"),
        ("Žluťoučký kůň", "cp1250", "cp1250", None),
        ("Кружка", "cp1251", "cp1251", None),
        ("КРУЖКА", "cp1251", "cp1251", None),
        ("Кружка", "koi8-r", "koi8-r", None),
        ("陶器のマグカップ", "cp932", "cp932", None),
        ("ﾏｸﾞｶｯﾌﾟ", "cp932", "cp932", None),
        ("陶瓷马克杯", "gb18030", "gb18030", None),
        ("陶瓷馬克杯", "big5", "big5", None),
        ("plain", "ascii", "cp1252", None),
    ],
)
def test_one_name_is_read_and_what_else_it_may_be_is_named(
    text: str, codec: str, found: str, rival: str | None
) -> None:
    verdict = find_charset([f"A1,{text}".encode(codec)])
    assert verdict is not None
    assert (verdict.codec, verdict.rival) == (found, rival)


def test_confidence_is_that_of_the_text_and_falls_where_it_looks_like_none() -> None:
    sure = find_charset(["Bürostuhl;Gästetuch;Möhren".encode("cp1252")])
    unsure = find_charset(["Bürostuhl".encode("cp850")])
    assert sure is not None
    assert unsure is not None
    assert unsure.confidence < 0.9 < sure.confidence < 1


def test_charsets_that_are_known_to_be_wrong_are_left_out() -> None:
    verdict = find_charset([b"A1,Fa\xe7ade"], without={"cp1252", "cp1250"})
    assert verdict is not None
    assert verdict.codec == "iso8859-15"


def test_charsets_are_named_as_python_names_them() -> None:
    for charset in CHARSETS:
        assert codecs.lookup(charset.codec).name == charset.codec
