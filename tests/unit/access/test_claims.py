"""How claims are written into a token, whatever they hold."""

import base64
import json

from hypothesis import given
from hypothesis import strategies as st

from longshore.access.tokens import encode_claims

TEXTS = st.text(st.characters(codec="utf-8"))
CLAIMS = st.dictionaries(
    TEXTS, st.recursive(TEXTS | st.integers() | st.booleans(), st.lists, max_leaves=5)
)


@given(CLAIMS)
def test_the_payload_of_a_token_is_plain_base64_that_says_the_same(claims):
    encoded = base64.urlsafe_b64encode(encode_claims(claims))
    assert b"-" not in encoded
    assert b"_" not in encoded
    assert json.loads(base64.b64decode(encoded)) == claims


def test_every_character_of_ascii_can_stand_in_a_claim():
    claims = {chr(code): f"{chr(code)}{chr(other)}" for code in range(128) for other in (62, 127)}
    encoded = base64.urlsafe_b64encode(encode_claims(claims))
    assert set(encoded) & set(b"-_") == set()
    assert json.loads(base64.b64decode(encoded)) == claims
