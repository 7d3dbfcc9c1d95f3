"""A profile for a long search: `pytest tests/property --hypothesis-profile=long`."""

from hypothesis import settings

settings.register_profile(
    "long", parent=settings.get_profile("dev"), max_examples=8000, print_blob=True
)
