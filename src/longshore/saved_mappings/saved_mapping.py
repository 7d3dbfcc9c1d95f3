"""A saved mapping, and what its name may be."""

import re
from dataclasses import dataclass
from typing import Final

from longshore.errors import RequestRefused
from longshore.mapping import MappingDocument, SourceShape

NAMES_MAX: Final = 1_000  # of an environment
VERSIONS_KEPT: Final = 100  # of a name, the newest
DOCUMENT_BYTES_MAX: Final = 1 << 20  # of a document, or of what the file looked like, as JSON

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", re.ASCII)
# A name is told from a file by its end.
_FILES = (".toml", ".json")


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedMapping:
    """One version of a mapping under a name."""

    name: str
    version: int  # from 1
    document: MappingDocument
    shape: SourceShape | None  # what the file looked like for which it was made
    created_at: int
    application_id: int | None  # that saved it; None: somebody at a terminal

    @property
    def reference(self) -> "MappingReference":
        """What names this version."""
        return MappingReference(name=self.name, version=self.version)


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingSummary:
    """A version of a mapping, as lists show it."""

    name: str
    version: int
    resource_type: str | None  # None: the mapping names none
    fields_count: int
    created_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MappingReference:
    """What names a version of a saved mapping: `supplier`, `supplier@2`."""

    name: str
    version: int | None = None  # None: the newest

    @classmethod
    def parse(cls, text: str) -> "MappingReference":
        """What a text names; raises RequestRefused when it can name none."""
        name, at, version = text.partition("@")
        if at and not (version.isascii() and version.isdigit() and 0 < len(version) < 10):
            raise RequestRefused(
                f"{text[:100]!r} names no version of a mapping", hint="write NAME@NUMBER, from 1"
            )
        check_name(name)
        return cls(name=name, version=int(version) if at else None)

    def __str__(self) -> str:
        return self.name if self.version is None else f"{self.name}@{self.version}"


def is_name(text: str) -> bool:
    """Whether a mapping can be saved under it."""
    return bool(_NAME.fullmatch(text)) and not text.lower().endswith(_FILES)


def check_name(text: str) -> None:
    """Raises RequestRefused for what no mapping can be called."""
    if not is_name(text):
        raise RequestRefused(
            f"a mapping cannot be called {text[:100]!r}",
            hint="a name has 1 to 100 letters, digits, dots, hyphens and underscores, begins with "
            "a letter or digit, and does not end with .toml or .json",
        )
