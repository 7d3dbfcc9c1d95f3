from pathlib import Path

import pytest

from tests.behaviour.sources.places import BucketPlace, FolderPlace, Place
from tests.s3 import S3Server


@pytest.fixture
def folder_place(tmp_path: Path) -> FolderPlace:
    return FolderPlace(tmp_path / "attachments")


@pytest.fixture
def bucket_place(s3: S3Server) -> BucketPlace:
    return BucketPlace(s3)


@pytest.fixture(params=["folder", "bucket"])
def place(request: pytest.FixtureRequest) -> Place:
    """Each place in which attachments can be kept."""
    found: Place = request.getfixturevalue(f"{request.param}_place")
    return found
