"""By what files of other systems are recognised, before and after their header is known."""

import pytest

from longshore.dialects import DialectRefused, asked_dialect, dialects, is_header_name, reading_of

GOOGLE = ("id", "title", "link", "image_link", "availability", "price")


def test_names_of_columns_are_known_however_they_are_spelled() -> None:
    assert is_header_name("Image Link")
    assert not is_header_name("a sentence above the header")


def test_dialects_begin_with_the_name_of_their_platform() -> None:
    for dialect in dialects().values():
        assert dialect.name.startswith(dialect.platform)


def test_first_bytes_of_most_files_say_nothing() -> None:
    assert reading_of("\t".join(GOOGLE).encode()) is None


def test_asking_for_a_dialect_that_does_not_fit_says_what_it_has() -> None:
    with pytest.raises(DialectRefused) as refused:
        asked_dialect("google", ("a", "b"))
    assert "the file is not of the dialect google: it has the columns a, b" in str(refused.value)
    assert "image_link" in (refused.value.hint or "")
