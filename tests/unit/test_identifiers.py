"""Ids inside and outside."""

import hashlib
import math
import random
import string
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.identifiers import (
    EVENTS_FROM,
    Permutation,
    PublicIdKeys,
    PublicIds,
    environment_of,
    environment_range,
    first_id,
    new_key,
    new_secret,
)

ALPHABET = string.digits + string.ascii_letters.swapcase()
MODULUS = 62**10
SECRET = 612_345_678_901_234_569
RECORDS_BEFORE = 5_000_000
EVENTS_BEFORE = 3_000


def keys_with(**changes):
    return PublicIdKeys(**{"key": new_key(), "secret": SECRET, **changes})


def first_release(id_):
    """The public id that a release without a key gave."""
    value, text = id_ * SECRET % MODULUS, ""
    for _ in range(10):
        value, place = divmod(value, 62)
        text = ALPHABET[place] + text
    return text


# An installation that began with a key; one that got it later; and one in which every second id is
# older than the key, so that those since have to look twice for a public id of their own.
INSTALLATIONS = {
    "young": PublicIds(keys_with()),
    "upgraded": PublicIds(keys_with(records_before=RECORDS_BEFORE, events_before=EVENTS_BEFORE)),
    "half": PublicIds(keys_with(records_before=EVENTS_FROM)),
}

public_ids_of_all = pytest.mark.parametrize(
    "public_ids", INSTALLATIONS.values(), ids=INSTALLATIONS.keys()
)

sequences = st.one_of(
    st.integers(1, 50),
    st.integers(RECORDS_BEFORE - 2, RECORDS_BEFORE + 2),
    st.integers(EVENTS_FROM - 2, EVENTS_FROM + EVENTS_BEFORE + 2),
    st.integers(1, 2**40 - 1),
)
given_ids = st.builds(lambda number, last: first_id(number) + last, st.integers(0, 700), sequences)
ids = st.one_of(given_ids, st.integers(0, MODULUS - 1))


@public_ids_of_all
@given(id_=ids)
def test_an_id_comes_back_from_its_public_id(public_ids, id_):
    public_id = public_ids.encode(id_)
    assert len(public_id) == 10
    assert set(public_id) <= set(ALPHABET)
    assert public_ids.decode(public_id) == id_


@public_ids_of_all
@given(text=st.text(alphabet=ALPHABET, min_size=10, max_size=10))
def test_a_public_id_has_only_one_spelling(public_ids, text):
    """With the test above: no two ids have one public id, and no public id has none."""
    id_ = public_ids.decode(text)
    assert id_ is not None
    assert 0 <= id_ < MODULUS
    assert public_ids.encode(id_) == text


@given(environment=st.integers(0, 700), sequence=sequences)
def test_an_id_older_than_the_key_stays_as_it_was_and_no_other(environment, sequence):
    id_ = first_id(environment) + sequence
    is_older = sequence <= RECORDS_BEFORE or 0 < sequence - EVENTS_FROM <= EVENTS_BEFORE
    public_id = INSTALLATIONS["upgraded"].encode(id_)
    assert (public_id == first_release(id_)) == is_older


@public_ids_of_all
@given(text=st.text(max_size=12))
def test_a_text_that_is_no_public_id_stands_for_nothing(public_ids, text):
    id_ = public_ids.decode(text)
    assert (id_ is None) == (len(text) != 10 or not set(text) <= set(ALPHABET))


def test_digits_of_other_scripts_are_no_digits_of_a_public_id():
    public_ids = INSTALLATIONS["young"]
    assert public_ids.decode("１234567890") is None
    assert public_ids.decode("123456789 ") is None


def test_two_installations_write_the_same_id_differently():
    id_ = first_id(1) + 1
    assert PublicIds(keys_with()).encode(id_) != PublicIds(keys_with()).encode(id_)


def test_every_secret_has_an_inverse():
    for _ in range(200):
        public_ids = PublicIds(keys_with(secret=new_secret()))
        assert public_ids.decode(public_ids.encode(first_id(7) + 5)) == first_id(7) + 5


# What public ids tell to whom they are none of the business


def value_of(public_id):
    return sum(62**place * ALPHABET.index(each) for place, each in enumerate(reversed(public_id)))


@pytest.mark.parametrize("ahead", [1, 7, 1_000_000])
def test_two_neighbours_of_ones_own_do_not_tell_how_far_away_a_third_id_is(ahead):
    """Of a multiplication they tell the factor, and with it every distance."""
    last = first_id(3) + RECORDS_BEFORE + 500
    one, next_one, third = (
        value_of(INSTALLATIONS["upgraded"].encode(last + each)) for each in (0, 1, 1 + ahead)
    )
    assert (third - next_one) % MODULUS != (next_one - one) * ahead % MODULUS


def test_places_of_consecutive_ids_hold_all_letters_and_digits_alike():
    public_ids = INSTALLATIONS["young"]
    texts = [public_ids.encode(first_id(2) + n) for n in range(1, 6201)]
    for place in range(10):
        counts = Counter(text[place] for text in texts)
        # a hundred of each are expected: chi-square of 61 degrees, beyond 150 once in 10^8
        assert sum((counts[letter] - 100) ** 2 / 100 for letter in ALPHABET) < 150, place
    in_order = sum(one < other for one, other in pairwise(texts))
    assert 2800 < in_order < 3400


# The permutation


@pytest.mark.parametrize("half", [2, 3, 7, 62])
def test_a_permutation_gives_each_number_once(half):
    permutation = Permutation(new_key(), half, purpose=b"test")
    numbers = range(half * half)
    images = [permutation.forth(number) for number in numbers]
    assert sorted(images) == [*numbers]
    assert [permutation.back(image) for image in images] == [*numbers]


@given(st.integers(0, MODULUS - 1))
def test_a_permutation_leads_back_from_any_number(number):
    permutation = Permutation(bytes(range(32)), 62**5, purpose=b"test")
    assert permutation.back(permutation.forth(number)) == number
    assert permutation.forth(permutation.back(number)) == number


def test_keys_and_purposes_make_permutations_that_agree_only_by_chance():
    key = new_key()
    permutations = [
        Permutation(key, 62**5, purpose=b"one"),
        Permutation(key, 62**5, purpose=b"two"),
        Permutation(new_key(), 62**5, purpose=b"one"),
    ]
    assert len({permutation.forth(12_345) for permutation in permutations}) == 3


def test_a_permutation_is_the_same_in_every_release():
    """Public ids are kept by clients for good."""
    permutation = Permutation(bytes(range(32)), 62**5, purpose=b"id")
    assert [permutation.forth(number) for number in (0, 1, MODULUS - 1)] == [
        612411625057250508,
        457841346425947384,
        807127337508849431,
    ]
    public_ids = PublicIds(
        PublicIdKeys(key=bytes(range(32)), secret=SECRET, records_before=100, events_before=10)
    )
    assert [public_ids.encode(first_id(1) + number) for number in (1, 100, 101)] == [
        "z9r7efmXNZ",
        "DOHDWo9igG",
        "wJEYzqpVy9",
    ]


def feistel(key, half, value, *, rounds):
    """The network as books have it: a round adds to one half a hash of the other."""
    still, moved = divmod(value, half)
    for number in range(rounds):
        round_key = hashlib.blake2s(bytes([number]), key=key, person=b"test").digest()
        if number == 1:
            digest = hashlib.blake2b(round_key + (still >> 3).to_bytes(4, "little")).digest()
            digest = digest[(still & 7) * 8 :]
        else:
            digest = hashlib.blake2s(round_key + still.to_bytes(4, "little")).digest()
        still, moved = (moved + int.from_bytes(digest[:8], "little")) % half, still
    return still * half + moved  # after rounds of an even number


@given(st.integers(0, MODULUS - 1))
def test_a_permutation_is_a_network_of_six_rounds(number):
    key = bytes(range(32))
    permutation = Permutation(key, 62**5, purpose=b"test")
    assert permutation.forth(number) == feistel(key, 62**5, number, rounds=6)


@pytest.mark.parametrize(("rounds", "is_told"), [(4, True), (6, False)])
def test_the_distance_of_two_runs_of_ids_is_not_told_by_all_their_pairs(rounds, is_told):
    """Two runs of ids of one's own, with ids of others between. Where two meet in the middle of
    four rounds, their last halves are as far apart as they are, so the distance of the runs is
    the most frequent of all; a small permutation shows what takes a million ids of a large one.
    """
    half, run, apart = 512, 200, 300
    found: Counter[int] = Counter()
    for seed in range(4):
        key = random.Random(seed).randbytes(32)
        lasts = [feistel(key, half, number, rounds=rounds) % half for number in range(half)]
        found.update(
            (lasts[apart + j] - lasts[i] - j + i) % half for i in range(run) for j in range(run)
        )
    expected = 4 * run * run / half
    surplus = (found[apart] - expected) / math.sqrt(expected)
    assert (surplus > 8) == is_told, surplus


@given(st.integers(0, 700_000), st.integers(1, 2**40 - 1))
def test_an_id_names_its_environment(environment, sequence):
    id_ = first_id(environment) + sequence
    assert environment_of(id_) == environment
    low, high = environment_range(environment)
    assert low <= id_ <= high
    assert environment_of(low) == environment_of(high) == environment
    assert environment_of(low - 1) == environment
    assert environment_of(high + 1) == environment + 1


def test_numbers_and_changes_are_permuted_each_in_its_own_way():
    public_ids = INSTALLATIONS["young"]
    numbers = [public_ids.number(first_id(1) + sequence) for sequence in range(1, 1001)]
    changes = [public_ids.encode_change(number) for number in range(1000)]
    assert len(set(numbers)) == len(set(changes)) == 1000
    assert all(len(each) == 14 for each in numbers)
    assert all(len(each) == 18 for each in changes)
    assert [public_ids.decode_change(each) for each in changes] == [*range(1000)]
    assert public_ids.decode_change("9" * 18) is None  # beyond 62^10
