"""Style sheet, modules and pictures of the pages; each address holds a digest of its contents, so a
browser keeps them for ever and never shows old ones."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

STATIC_PATH = "/dashboard/static"

_MEDIA_TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StaticFile:
    """One file, as it is sent."""

    contents: bytes
    compressed: bytes  # gzip
    media_type: str
    digest: str


@lru_cache(maxsize=1)
def static_files() -> dict[str, StaticFile]:
    """All files by name."""
    folder = files("longshore.dashboard") / "static"
    found = {}
    for each in sorted(folder.iterdir(), key=lambda file: file.name):
        ending = each.name.rpartition(".")[2]
        if ending not in _MEDIA_TYPES:
            continue
        contents = each.read_bytes()
        found[each.name] = StaticFile(
            contents=contents,
            compressed=gzip.compress(contents, mtime=0),
            media_type=_MEDIA_TYPES[ending],
            digest=_digest_of_all(),
        )
    return found


def static_address(name: str) -> str:
    """The address of a file; modules import each other from the same folder."""
    assert name in static_files(), name
    return f"{STATIC_PATH}/{_digest_of_all()}/{name}"


@lru_cache(maxsize=1)
def _digest_of_all() -> str:
    """One digest for all, because modules name each other by relative addresses."""
    folder = files("longshore.dashboard") / "static"
    digest = hashlib.sha256()
    for each in sorted(folder.iterdir(), key=lambda file: file.name):
        if each.is_file():
            digest.update(each.name.encode() + b"\0" + each.read_bytes())
    return digest.hexdigest()[:16]
