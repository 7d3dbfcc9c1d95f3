"""The parts of a source of several types: sheets, files or lists, and what is said of them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from longshore.catalogue import Catalogue, meant_type
from longshore.errors import RequestRefused
from longshore.imports import GroupForm
from longshore.notices import Notice, NoticeCode
from longshore.readers import EmptySource
from longshore.sources import Source

_NAMES_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupPart:
    """A sheet, a file or a list, of which a member may be made."""

    name: str  # as it stands there
    type_: str | None  # that it is named after
    source: Source
    is_empty: Callable[[], bool] = lambda: False
    is_hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartWords:
    """How the parts of a source are called."""

    whole: str
    part: str
    parts: str


PART_WORDS = {
    GroupForm.WORKBOOK: PartWords(whole="the workbook", part="sheet", parts="sheets"),
    GroupForm.ARCHIVE: PartWords(whole="the archive", part="file", parts="files"),
    GroupForm.DOCUMENT: PartWords(whole="the document", part="member", parts="members"),
}


def notices_of(
    catalogue: Catalogue, words: PartWords, parts: Sequence[GroupPart], empty: Sequence[str]
) -> tuple[Notice, ...]:
    """What is told of the parts of which no member is made; `empty` are the names of those without
    rows."""
    return (*_unnamed(catalogue, words, parts), *_hidden(words, parts), *_empty(words, empty))


def _unnamed(
    catalogue: Catalogue, words: PartWords, parts: Sequence[GroupPart]
) -> Iterator[Notice]:
    names = [part.name for part in parts if part.type_ is None]
    if not names:
        return
    creatable = catalogue.creatable
    near = ((name, meant_type(catalogue, name, creatable)) for name in names)
    meant = ", ".join(f"{name!r}: perhaps {type_}" for name, type_ in near if type_)
    listed = f"`longshore types` lists what a {words.part} may be named after"
    yield Notice(
        code=NoticeCode.PARTS_LEFT_OUT,
        message=f"{_parts(words, names)} left out: no resource type is called so",
        hint=f"{meant}; {listed}" if meant else listed,
        count=len(names),
    )


def why_group(words: PartWords, by_type: Mapping[str, GroupPart]) -> str:
    """Why a source is a group."""
    named = ", ".join(
        f"{part.name!r} is {type_}" if part.name != type_ else repr(type_)
        for type_, part in by_type.items()
    )
    called = f"a {words.part}" if len(by_type) == 1 else words.parts
    return f"{words.whole} has {called} named after resource types: {named}"


def _hidden(words: PartWords, parts: Sequence[GroupPart]) -> Iterator[Notice]:
    names = [part.name for part in parts if part.is_hidden]
    if names:
        are = "it is" if len(names) == 1 else "they are"
        yield Notice(
            code=NoticeCode.PARTS_LEFT_OUT,
            message=f"{_parts(words, names)} left out: {are} hidden, though named after a resource "
            "type",
            hint="show what is to be imported",
            count=len(names),
        )


def _empty(words: PartWords, names: Sequence[str]) -> Iterator[Notice]:
    if names:
        yield Notice(
            code=NoticeCode.PARTS_EMPTY,
            message=f"{_parts(words, names)} left out: there are no rows",
            count=len(names),
        )


def _parts(words: PartWords, names: Sequence[str]) -> str:
    """The subject of a sentence in the past."""
    if len(names) == 1:
        return f"the {words.part} {names[0]!r} of {words.whole} was"
    return f"the {words.parts} {_listed(names)} of {words.whole} were"


def _listed(names: Sequence[str]) -> str:
    return ", ".join(map(repr, names[:_NAMES_SHOWN])) + (", ..." * (len(names) > _NAMES_SHOWN))


def refuse_twice(words: PartWords, type_: str, first: str, second: str) -> RequestRefused:
    """The refusal of two parts of one type."""
    what = f"{first!r} and {second!r}" if first != second else f"{first!r}, twice"
    return RequestRefused(
        f"{words.whole} has two {words.parts} of {type_}: {what}",
        hint=f"put their rows into one {words.part}, or rename the one that is not to be imported",
    )


def refuse_empty(words: PartWords, empty: Sequence[str]) -> EmptySource:
    """The refusal of a source of which all parts are empty."""
    is_one = len(empty) == 1
    return EmptySource(
        f"there are no rows in {words.whole}: the {words.part if is_one else words.parts} "
        f"{_listed(empty)} {'has' if is_one else 'have'} none"
    )
