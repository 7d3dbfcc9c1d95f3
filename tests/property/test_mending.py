"""Whatever is suggested in place of a value is taken by its field, and no right value has one."""

import re

from hypothesis import given
from hypothesis import strategies as st

from longshore.catalogue import CURRENCIES, ORGANIZATION_FLAGS, load_catalogue
from longshore.engine import ValueRefused, nearest_key
from longshore.engine.values.converters import converter
from longshore.engine.values.mending import mended

FIELDS = [
    attribute
    for type_ in load_catalogue().types.values()
    for attribute in type_.attributes
    if attribute.creatable or attribute.updatable
]
DIGITS = st.text(alphabet="0123456789.,' -+", min_size=1, max_size=12)
MARK = st.sampled_from(["", " ", "€", "$", "kr", "%", *sorted(CURRENCIES)[:20]])
WORD = st.sampled_from(
    ["ja", "Nein", "ture", "gr", "kg", "UK", "euro", "ann@example", "{'a': 1}", "[1,]", "Dec"]
)
DATE = st.tuples(
    st.integers(0, 40), st.sampled_from("./-"), st.integers(0, 14), st.integers(1900, 2100)
).map(lambda parts: f"{parts[0]}{parts[1]}{parts[2]}{parts[1]}{parts[3]}")
EDGE = st.text(alphabet=" \t'\"“.,;<>@é€１ポ", max_size=4)
VALUE = st.builds(
    lambda before, middle, after: f"{before}{middle}{after}",
    EDGE | MARK,
    DIGITS | WORD | DATE | st.text(max_size=12),
    EDGE | MARK,
)


@given(st.sampled_from(FIELDS), VALUE, st.sampled_from(["EUR", "JPY", None]))
def test_what_is_suggested_is_taken_and_right_values_have_none(attribute, value, currency) -> None:
    convert = converter(attribute, ORGANIZATION_FLAGS, 10_000)
    suggestion = mended(attribute, value, convert, currency=currency)
    try:
        is_right = convert(value) is not None or not value.strip()
    except ValueRefused:
        is_right = False
    if is_right:
        assert suggestion is None
    elif suggestion is not None:
        assert suggestion != value
        assert convert(suggestion) is not None


KEY = st.text(alphabet="aAbB017 -+_./<", min_size=1, max_size=5)


@given(KEY, st.lists(KEY, max_size=6))
def test_a_short_key_differs_in_case_separators_and_zeros_alone(text, keys) -> None:
    found = nearest_key(text, keys)
    assert found == nearest_key(text, keys[::-1])
    if found is not None:
        assert found in keys
        assert bare(found) == bare(text)


def bare(text: str) -> str:
    without_zeros = re.sub(r"(?<![0-9.])0+(?=[1-9])", "", text.strip().lower())
    return re.sub(r"[ _./-]", "", without_zeros)
