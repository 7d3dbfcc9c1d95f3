"""What is decided before the first row of a plan, the same for the import that is pinned to it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from longshore import __version__
from longshore.database import schema_revision
from longshore.imports.import_ import Import
from longshore.settings import Settings

_LIMITS = ("chunk_records", "chunk_bytes", "cell_bytes_max", "nested_elements_max")
_NOTHING = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class PinnedHead:
    """What the judgement of every row depends on, beside its values and the store; JSON-safe."""

    resource_type: str
    parent_id: int | None
    skip_errors: bool  # the threshold does not count
    stop_rules: Mapping[str, Any]
    only: str | None
    flags: Mapping[str, Any]  # of the organization
    column_map: Mapping[str, Any]
    mapping: Mapping[str, Any] | None
    layout: Mapping[str, Any]  # how the source is read
    limits: Mapping[str, int]  # settings that say which rows are one chunk, and what a row may hold
    release: str  # with the revision of the schema: which catalogue, and which rules
    revision: str

    @classmethod
    def of(
        cls, import_: Import, *, flags: Mapping[str, object], settings: Settings
    ) -> "PinnedHead":
        """What is decided of an import, or of a plan, by this release; `flags` are those of the
        organization."""
        head = cls(
            resource_type=import_.resource_type,
            parent_id=import_.parent_id,
            skip_errors=import_.skip_errors,
            stop_rules=import_.stop_rules.to_dict(),
            only=None if import_.only is None else import_.only.value,
            flags=flags,
            column_map=import_.column_map,
            mapping=None if import_.mapping is None else import_.mapping.to_dict(),
            layout=import_.layout.to_dict(),
            limits={name: getattr(settings, name) for name in _LIMITS},
            release=__version__,
            revision=schema_revision(),
        )
        # As it is when it comes back: lists for tuples, texts for enumerations.
        return cls.from_dict(json.loads(json.dumps(head.to_dict())))

    def to_dict(self) -> dict[str, Any]:
        """The same as JSON-safe values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "PinnedHead":
        """What `to_dict` described."""
        return cls(**values)

    def changes(self, now: "PinnedHead") -> list[str]:
        """What differs from what is decided now, each as a part of a sentence."""
        return [
            *self._of_values(now),
            *_of_members("flag {} of the organization", self.flags, now.flags),
            *_of_members("setting {}", self.limits, now.limits),
            *_of_members("stop rule {}", self.stop_rules, now.stop_rules),
            *_of_members("field of the column {}", self.column_map, now.column_map),
            *(["the mapping has changed"] if self.mapping != now.mapping else ()),
            *(["how the source is read has changed"] if self.layout != now.layout else ()),
        ]

    def _of_values(self, now: "PinnedHead") -> Iterator[str]:
        named = {
            "release": "release",
            "revision": "revision of the schema",
            "resource_type": "resource type",
            "parent_id": "parent",
            "skip_errors": "option skip_errors",
            "only": "option only",
        }
        for name, called in named.items():
            before, after = getattr(self, name), getattr(now, name)
            if before != after:
                yield _told(called, before, after)


def _of_members(called: str, before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in sorted({*before, *now}):
        was, is_ = before.get(name, _NOTHING), now.get(name, _NOTHING)
        if was != is_:
            yield _told(called.format(name), was, is_)


def _told(called: str, before: object, now: object) -> str:
    was, is_ = (
        "not set" if each in (None, _NOTHING) else json.dumps(each) for each in (before, now)
    )
    return f"the {called} was {was}, and is {is_}"
