"""JSON of whatever texts and numbers there are."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.json_text import decode_json, decode_stored, encode_json

_TEXTS = st.text(st.characters(exclude_categories=()))
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | _TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_TEXTS, inner, max_size=4),
    max_leaves=8,
)


@given(_VALUES, st.sampled_from([None, 2]))
def test_every_value_is_encoded_as_json_and_comes_back(value: object, indent: int | None) -> None:
    finite = _without_infinities(value)
    encoded = encode_json(value, indent=indent)
    assert json.loads(encoded.decode(), parse_constant=pytest.fail) == finite
    assert decode_json(encoded) == finite
    assert decode_json(encoded.decode()) == finite


@pytest.mark.parametrize(
    "text",
    [b"", b"{", b"[NaN]", b"[-Infinity]", b'"\\ud83d', b'"\xed\xa0\xbd"', "[1]".encode("utf-16")],
)
def test_what_is_no_json_is_refused(text: bytes) -> None:
    with pytest.raises(ValueError):
        decode_json(text)


def test_a_stored_text_that_is_no_json_is_shown_as_it_is() -> None:
    assert decode_stored('{"a": "\\ud83d"}') == {"a": "\ud83d"}
    assert decode_stored('{"a": ') == '{"a": '
    assert decode_stored("[" * 100_000) == "[" * 100_000


def _without_infinities(value: object) -> object:
    match value:
        case dict():
            return {name: _without_infinities(each) for name, each in value.items()}
        case list():
            return [_without_infinities(each) for each in value]
        case float() if value in (float("inf"), float("-inf")):
            return None
        case _:
            return value
