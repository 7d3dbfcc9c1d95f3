"""A mapping that cannot be meant, and where in its document that stands."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import TypeAlias

from longshore.errors import RequestRefused

# Keys and indexes that lead to a place in a document.
Path: TypeAlias = tuple[str | int, ...]

_SHOWN_MAX = 12  # names that a hint lists


class MappingRefused(RequestRefused):
    """A document that is no mapping, or that cannot be used; `path` says where."""

    def __init__(self, message: str, *, path: Path = (), hint: str | None = None) -> None:
        super().__init__(f"{place_of(path)}: {message}" if path else message, hint=hint)
        self.reason = message  # without its place
        self.path = path


def place_of(path: Sequence[str | int]) -> str:
    """A path as people read it: `fields.sku_code.transforms[0].to`."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
            continue
        name = f'"{step}"' if "." in step or " " in step else step
        text += f".{name}" if text else name
    return text


def unknown_name(
    what: str, name: str, names: Iterable[str], *, path: Path, hint: str | None = None
) -> MappingRefused:
    """The refusal of a name that is none of these, with the nearest."""
    known = list(names)
    nearest = get_close_matches(name, known, n=1)
    if nearest:
        hint = f"did you mean {nearest[0]}?"
    elif hint is None and len(known) <= _SHOWN_MAX:
        hint = f"it may be {', '.join(known)}"
    return MappingRefused(f"{name!r} is no {what}", path=path, hint=hint)
