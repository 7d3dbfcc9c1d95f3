"""The files of a form. Several become one archive, which is a group as any other archive is.

`static/archive.js` makes the same archive of the same files, byte for byte: an upload that it has
begun can be gone on with by a form.
"""

import io
import zipfile
from dataclasses import dataclass
from itertools import pairwise

from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.request import PageRequest

_NAME_CHARACTERS_MAX = 255
_FIRST_NAME_CHARACTERS_MAX = 200  # of the name of an archive, before how many more there are
_TIME = (1980, 1, 1, 0, 0, 0)  # the first that an archive knows: when a file was made is no matter


@dataclass(frozen=True, slots=True, kw_only=True)
class ChosenFile:
    """A file as it was chosen, or the archive of several."""

    name: str
    content: bytes


def chosen_file(request: PageRequest) -> ChosenFile | None:
    """What the field `file` of a form holds; None: nothing was chosen. Raises PageRefused for two
    files of one name."""
    contents = request.values("file.bytes")
    files = [
        ChosenFile(name=file_name(name), content=content.encode("latin-1"))
        for name, content in zip(request.values("file"), contents, strict=True)
    ]
    files = [each for each in files if each.name]
    if len(files) > 1:
        return _archive_of(files)
    return files[0] if files else None


def file_name(text: str) -> str:
    """The name without folders, which some browsers send as well."""
    name = text.replace("\\", "/").rpartition("/")[2].replace("\0", "").strip()
    name = name.encode("utf-8", "replace").decode()  # JSON may name half of a pair of surrogates
    return name[:_NAME_CHARACTERS_MAX]


def _archive_of(files: list[ChosenFile]) -> ChosenFile:
    # As JavaScript sorts texts.
    files = sorted(files, key=lambda each: each.name.encode("utf-16-be"))
    for each, following in pairwise(files):
        if each.name == following.name:
            raise PageRefused(422, f"two of the files are called {each.name}")
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for each in files:
            member = zipfile.ZipInfo(each.name, _TIME)
            member.create_system = 0
            archive.writestr(member, each.content)
    first = files[0].name[:_FIRST_NAME_CHARACTERS_MAX]
    return ChosenFile(name=f"{first} and {len(files) - 1} more.zip", content=made.getvalue())
