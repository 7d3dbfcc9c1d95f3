"""Which types the properties of all types take, and a profile for a long search:
`pytest tests/property --hypothesis-profile=long`."""

import random

import pytest
from hypothesis import settings

from longshore.catalogue import load_catalogue

settings.register_profile(
    "long", parent=settings.get_profile("dev"), max_examples=8000, print_blob=True
)

_TYPES_PER_RUN = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "importable_type" in metafunc.fixturenames:
        metafunc.parametrize("importable_type", _types(metafunc.config))


@pytest.fixture
def types_examples(request: pytest.FixtureRequest) -> int:
    """How many random files of each type are tried."""
    examples = request.config.getoption("--types-examples")
    assert isinstance(examples, int)
    return examples


@pytest.fixture
def types_hint(request: pytest.FixtureRequest) -> str:
    """How to try the same types again."""
    return f"the same types again: {_option(request.config)}"


def _types(config: pytest.Config) -> list[str]:
    importable = load_catalogue().importable
    asked = config.getoption("--types")
    if asked is None:
        seed = config.getoption("--types-seed")
        return sorted(random.Random(seed).sample(importable, _TYPES_PER_RUN))
    return list(importable) if asked == "all" else asked.split(",")


def _option(config: pytest.Config) -> str:
    asked = config.getoption("--types")
    return f"--types={asked}" if asked else f"--types-seed={config.getoption('--types-seed')}"
