"""Client ids and secrets."""

import math
import re

from longshore.access.secrets import digest_of, matches, random_text


def test_a_secret_holds_256_bits_in_letters_and_digits_alone():
    made = {random_text() for _ in range(200)}
    assert len(made) == 200
    assert all(re.fullmatch("[A-Za-z0-9]{43}", each) for each in made)
    assert 43 * math.log2(62) > 256


def test_a_digest_matches_its_text_and_no_other():
    digest = digest_of("secret")
    assert digest == "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
    assert matches("secret", digest)
    assert not matches("Secret", digest)
    assert not matches("", digest)
    assert not matches("\ud800", digest)
