"""What is an e-mail address: the ones that people have, and none of what files hold beside them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.engine.values.email_addresses import is_email_address, is_judged_an_address

ADDRESSES = [
    "ann@example.com",
    "Ann.Lee@Example.COM",
    "ann+news@example.co.uk",
    "ann_lee-1@mail.example.photography",
    "o'hara@example.ie",
    "1@example.com",
    "a=b/c@example.com",
    "x@a.test",
    "x@b.invalid",
    "x@printer.local",
    "x@mail.localhost",
    "ann@münchen.de",
    "ann@xn--mnchen-3ya.de",
    "jörg@example.de",
    "用户@例子.中国",
    "διαφήμιση@παράδειγμα.ελ",
    f"{'a' * 64}@example.com",
    f"a@{'b' * 63}.com",
]
NONE = [
    "ann",
    "ann@",
    "@example.com",
    "ann@localhost",
    "ann@example",
    "ann@example.com/",
    "ann@http://example.com",
    "http://ann@example.com",
    "mailto:ann@example.com",
    "ann@-example.com",
    "ann@example-.com",
    "ann@1.2.3.4",
    "ann@[1.2.3.4]",
    "ann@example..com",
    ".ann@example.com",
    "ann.@example.com",
    "a..b@example.com",
    "ann@example.com.",
    "ann@@example.com",
    "ann lee@example.com",
    "ann@exam ple.com",
    "ann\u200b@example.com",
    "ann@exa\u200bmple.com",
    "ann\x07@example.com",
    "ann\n@example.com",
    "ann@example.com\nbcc:x@example.com",
    "ann\u202e@example.com",
    "ann@example.com,bob@example.com",
    "ann@example.com;bob@example.com",
    "Ann <ann@example.com>",
    "<ann@example.com>",
    '"ann lee"@example.com',
    "ann@exam_ple.com",
    "ann@ab--c.com",
    "ann@xn--a.com",
    f"{'a' * 65}@example.com",
    f"a@{'b' * 64}.com",
    f"a@{'b.' * 126}com",
    f"{'a' * 64}@{'b' * 63}.{'c' * 63}.{'d' * 63}.com",
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_addresses_that_people_have_are_taken(text: str) -> None:
    assert is_email_address(text)
    assert is_judged_an_address(text)


@pytest.mark.parametrize("text", NONE, ids=ascii)
def test_what_is_no_address_is_refused(text: str) -> None:
    assert not is_email_address(text)


@given(st.text(alphabet="aZ1.@-_+'xn", max_size=12))
def test_quick_and_thorough_judgement_agree(text: str) -> None:
    assert is_email_address(text) == is_judged_an_address(text)


@given(
    st.from_regex(r"\A[a-z0-9.+_'-]{1,70}@([a-z0-9-]{1,66}\.){1,4}[a-z0-9-]{2,4}\Z"),
)
def test_they_agree_on_what_looks_like_an_address(text: str) -> None:
    assert is_email_address(text) == is_judged_an_address(text)
