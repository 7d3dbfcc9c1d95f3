"""Ids inside and outside."""

import string

from hypothesis import given
from hypothesis import strategies as st

from longshore.identifiers import (
    PublicIds,
    environment_of,
    environment_range,
    first_id,
    new_secret,
)

ALPHABET = string.ascii_letters + string.digits
PUBLIC_IDS = PublicIds(new_secret())

ids = st.integers(0, 62**10 - 1)


@given(ids)
def test_an_id_comes_back_from_its_public_id(id_):
    public_id = PUBLIC_IDS.encode(id_)
    assert len(public_id) == 10
    assert set(public_id) <= set(ALPHABET)
    assert PUBLIC_IDS.decode(public_id) == id_


@given(st.text(alphabet=ALPHABET, min_size=10, max_size=10))
def test_a_public_id_has_only_one_spelling(text):
    id_ = PUBLIC_IDS.decode(text)
    assert id_ is not None
    assert PUBLIC_IDS.encode(id_) == text


@given(st.text(max_size=12))
def test_a_text_that_is_no_public_id_stands_for_nothing(text):
    id_ = PUBLIC_IDS.decode(text)
    assert (id_ is None) == (len(text) != 10 or not set(text) <= set(ALPHABET))


def test_digits_of_other_scripts_are_no_digits_of_a_public_id():
    assert PUBLIC_IDS.decode("１234567890") is None
    assert PUBLIC_IDS.decode("123456789 ") is None


def test_two_installations_write_the_same_id_differently():
    id_ = first_id(1) + 1
    assert PublicIds(new_secret()).encode(id_) != PublicIds(new_secret()).encode(id_)


def test_every_secret_has_an_inverse():
    for _ in range(200):
        public_ids = PublicIds(new_secret())
        assert public_ids.decode(public_ids.encode(first_id(7) + 5)) == first_id(7) + 5


@given(st.integers(0, 700_000), st.integers(1, 2**40 - 1))
def test_an_id_names_its_environment(environment, sequence):
    id_ = first_id(environment) + sequence
    assert environment_of(id_) == environment
    low, high = environment_range(environment)
    assert low <= id_ <= high
    assert environment_of(low) == environment_of(high) == environment
    assert environment_of(low - 1) == environment
    assert environment_of(high + 1) == environment + 1
