"""Keys: one text per tuple of values that count as equal, and none for what is no key."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.engine.plan.table_plans import KeyPart, KeyPlan, normalized

# The characters that the encoding itself uses, blanks, and letters with more than one spelling.
TEXTS = st.text(alphabet="ab=~:\x1f 1é\u0301eÅ\u212bß", max_size=5)
VALUES = st.one_of(st.none(), TEXTS, st.integers(1, 3))


def key_of(*kinds: str, prefix: str = "1:") -> KeyPlan:
    """A key whose parts are of these kinds: target, text, nullable or folded."""
    return KeyPlan(
        parts=tuple(
            KeyPart(
                field=f"field_{position}",
                column=position,
                is_target=kind == "target",
                is_nullable=kind == "nullable",
                folds=kind == "folded",
            )
            for position, kind in enumerate(kinds)
        ),
        column=len(kinds),
        is_unique=True,
        matches=True,
        prefix=prefix,
    )


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (("A",), "1:A"),
        ((" A ",), "1:A"),
        (("a",), "1:a"),
        (("A\u030a",), "1:Å"),
        (("\u212b",), "1:Å"),
        ((7,), "1:7"),
        ((None,), None),
        (("",), None),
        ((" \t",), None),
    ],
)
def test_key_of_one_text_is_the_text_itself(values: tuple[object], expected: str | None) -> None:
    assert key_of("text").of(values) == expected


@pytest.mark.parametrize(
    ("kinds", "values", "expected"),
    [
        (("target", "text"), (5, "A"), "1:5\x1f=A"),
        (("target", "text"), (None, "A"), None),
        (("target", "text"), (5, None), None),
        (("text", "text"), ("a\x1fb", "c"), "1:=a\x1f\x1fb\x1f=c"),
        (("target", "nullable"), (5, None), "1:5\x1f~"),
        (("target", "nullable"), (5, "~"), "1:5\x1f=~"),
        (("target", "nullable"), (5, 10), "1:5\x1f=10"),
        (("nullable", "nullable"), (None, None), "1:~\x1f~"),
        (("target", "folded"), (5, "A@X.com"), "1:5\x1f=a@x.com"),
    ],
)
def test_key_of_several_parts_keeps_them_apart(
    kinds: tuple[str, ...], values: tuple[object, ...], expected: str | None
) -> None:
    assert key_of(*kinds).of(values) == expected


def test_case_matters_only_where_it_is_not_folded() -> None:
    assert key_of("text").of(("A",)) != key_of("text").of(("a",))
    assert key_of("folded").of(("STRASSE@x.de",)) == key_of("folded").of(("straße@x.de",))


def test_keys_of_two_environments_are_never_equal() -> None:
    assert key_of("text", prefix="1:").of(("A",)) != key_of("text", prefix="11:").of(("A",))
    assert key_of("text", prefix="1:").of(("1:A",)) != key_of("text", prefix="11:").of(("A",))


def test_taken_key_is_reported_under_its_last_part_because_the_scope_comes_first() -> None:
    assert key_of("target", "text").error_part.field == "field_1"
    assert key_of("target", "target").error_part.field == "field_1"


@pytest.mark.parametrize("kinds", [("nullable", "nullable"), ("nullable", "nullable", "nullable")])
@given(data=st.data())
def test_two_tuples_have_one_key_exactly_when_their_parts_are_equal(
    kinds: tuple[str, ...], data: st.DataObject
) -> None:
    parts = st.tuples(*(VALUES for _ in kinds))
    one, other = data.draw(parts), data.draw(parts)
    are_equal = [_compared(value) for value in one] == [_compared(value) for value in other]
    assert (key_of(*kinds).of(one) == key_of(*kinds).of(other)) == are_equal


def _compared(value: str | int | None) -> str | None:
    return None if value is None else normalized(str(value), folds=False) or None


@given(TEXTS, st.booleans())
def test_spellings_of_one_text_are_one_key(text: str, folds: bool) -> None:
    spellings = {
        normalized(f" {unicodedata.normalize(form, text)}\n", folds=folds)
        for form in ("NFC", "NFD")
    }
    assert spellings == {normalized(text, folds=folds)}
