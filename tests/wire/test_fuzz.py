"""The server keeps what its own description promises, whatever it is sent.

Goal: no answer that the description lacks, none that looks otherwise, none of status 500 and
above. Method: schemathesis makes requests up from the description, allowed ones and broken ones,
for every operation (`--fuzz-examples` says how many; few of them ask for relationships, of which
there are a thousand, unless it is more than the default).
"""

import pytest

from longshore.api.openapi import describe_api
from longshore.catalogue import load_catalogue
from tests.wire.fuzzing import Fuzzer
from tests.wire.installation import Installation

TAGS = [each["name"] for each in describe_api(load_catalogue())["tags"]]

EXAMPLES = 3


@pytest.fixture(scope="session")
def fuzzer(installation: Installation) -> Fuzzer:
    return Fuzzer(installation)


@pytest.mark.parametrize("tag", TAGS)
def test_every_answer_is_described(fuzzer: Fuzzer, tag: str, fuzz_examples: int) -> None:
    more = fuzz_examples > EXAMPLES
    assert fuzzer.fuzz(tag, examples=fuzz_examples, with_relationships=more) > 0
