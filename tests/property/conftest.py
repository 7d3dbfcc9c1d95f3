"""Installations with seeds, which types the properties of all types take, and a profile for a long
search:
`pytest tests/property --hypothesis-profile=long`."""

import random
from collections.abc import Iterator, Sequence

import pytest
from hypothesis import settings

from longshore.catalogue import load_catalogue
from tests.property.seeds import SEEDS
from tests.property.sides import Planted, PlantedDatabase, PlantedFolder
from tests.property.strategies import ImportCall

settings.register_profile(
    "long", parent=settings.get_profile("dev"), max_examples=8000, print_blob=True
)

_TYPES_PER_RUN = 3


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "importable_type" in metafunc.fixturenames:
        metafunc.parametrize("importable_type", _types(metafunc.config))


@pytest.fixture(scope="module")
def seeds() -> Sequence[ImportCall]:
    """What an installation has before the examples of a module."""
    return SEEDS


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def planted(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    seeds: Sequence[ImportCall],
) -> Iterator[Planted]:
    """An installation with the seeds of the module; examples work on copies of it."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "sqlite":
        planted: Planted = PlantedFolder(folder, seeds)
    else:
        databases = request.getfixturevalue("postgresql")
        migrated = request.getfixturevalue("migrated_postgresql")
        planted = PlantedDatabase(databases, migrated, folder, seeds)
    yield planted
    planted.close()


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
