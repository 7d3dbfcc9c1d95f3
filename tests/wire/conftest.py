from collections.abc import Iterator

import pytest

from tests.wire.installation import Installation


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """One that many tests ask; it never says that they ask too often."""
    folder = tmp_path_factory.mktemp("wire") / "data"
    installation = Installation(folder, rate_limit_requests=10**9)
    yield installation
    installation.close()


@pytest.fixture
def accepts_documents(request: pytest.FixtureRequest) -> bool:
    """Whether documents that differ from the expected ones take their place."""
    return bool(request.config.getoption("--accept-documents"))
