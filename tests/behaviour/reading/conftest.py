import pytest

from longshore.access import ensure_environment
from longshore.database import Database
from tests.behaviour.reading.factory import Records


@pytest.fixture
def records(database: Database) -> Records:
    """The records of an environment, none yet."""
    return Records(database, ensure_environment(database))
