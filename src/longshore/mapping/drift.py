"""Whether a mapping still fits a file, and what has changed since it was made.

A column that the mapping needs and that is gone makes it unfit. Whatever else has changed is worth
knowing, and an import goes on.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from longshore.mapping.column_looks import ColumnLook
from longshore.mapping.column_names import name_keys
from longshore.mapping.document import MappingDocument
from longshore.mapping.source_shape import SourceShape
from longshore.mapping.value_kinds import KIND_WORDS, ValueKind

_RATIO_MIN = 0.6
_COMPARED_MAX = 1_000  # names that one that is gone is compared with
_TOLD_MAX = 10  # columns of a message

_BY_POINT = frozenset({ValueKind.INTEGER, ValueKind.DECIMAL_POINT, ValueKind.SEPARATED})
_BY_COMMA = frozenset({ValueKind.INTEGER, ValueKind.DECIMAL_COMMA, ValueKind.SEPARATED})
_CODES = frozenset({ValueKind.INTEGER, ValueKind.CODE})
# Kinds that one column may well have in turn.
_ALIKE = (_BY_POINT, _BY_COMMA, _CODES)
# Whatever comes after these is no surprise.
_OPEN = frozenset({ValueKind.BLANK, ValueKind.TEXT})


@dataclass(frozen=True, slots=True, kw_only=True)
class GoneColumn:
    """A column that the mapping needs, and that the file does not have."""

    name: str
    fields: tuple[str, ...]  # that are made of it
    nearest: str | None  # a column of the file that may be it, under another name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedColumn:
    """A column whose values no longer look like what they were."""

    name: str
    before: ValueKind
    after: ValueKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What has changed since a mapping was made."""

    gone: tuple[GoneColumn, ...] = ()
    new: tuple[str, ...] = ()  # columns that the file had not, and that nothing takes
    changed: tuple[ChangedColumn, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.gone or self.new or self.changed)

    @property
    def refusal(self) -> str | None:
        """Why the mapping does not fit; None: it does."""
        if not self.gone:
            return None
        told = [f"{each.name!r} ({', '.join(each.fields)})" for each in self.gone[:_TOLD_MAX]]
        return f"{_counted(self.gone, 'column')} gone: {_listed(told, len(self.gone))}"

    @property
    def hint(self) -> str | None:
        """What the columns that are gone may be called now."""
        renamed = [
            f"{each.nearest!r} may be {each.name!r}"
            for each in self.gone[:_TOLD_MAX]
            if each.nearest is not None
        ]
        return ", ".join(renamed) or None

    def notices(self) -> Iterator[str]:
        """What is worth knowing, sentence by sentence."""
        if self.new:
            told = [repr(each) for each in self.new[:_TOLD_MAX]]
            yield (
                f"{_counted(self.new, 'column')} new, and the mapping says nothing of "
                f"{'it' if len(self.new) == 1 else 'them'}: {_listed(told, len(self.new))}"
            )
        for each in self.changed[:_TOLD_MAX]:
            yield (
                f"the column {each.name!r} held {KIND_WORDS[each.before]}, and now holds "
                f"{KIND_WORDS[each.after]}"
            )


def drift_of(
    document: MappingDocument,
    shape: SourceShape | None,
    names: Sequence[str],
    looks: Sequence[ColumnLook] = (),
) -> Drift:
    """What has changed, as the columns of a file say; `shape`: what the file looked like when the
    mapping was made, where that is known; `looks`: what was seen of the columns, if anything."""
    fields = _fields_by_column(document)
    there = set(names)
    known = {each.name: each.kind for each in (shape.columns if shape else ())}
    free = [each for each in names if each and each not in fields and each not in document.ignore]
    new = [each for each in free if each not in known]
    gone = []
    for name in fields:
        if name not in there:
            nearest = _nearest(name, new if shape else free)
            gone.append(GoneColumn(name=name, fields=tuple(fields[name]), nearest=nearest))
    renamed = {each.nearest for each in gone}
    kinds = {each.name: each.kind for each in looks}
    return Drift(
        gone=tuple(gone),
        new=tuple(each for each in new if each not in renamed) if shape else (),
        changed=tuple(
            ChangedColumn(name=name, before=known[name], after=kinds[name])
            for name in fields
            if name in known and name in kinds and _differ(known[name], kinds[name])
        ),
    )


def _fields_by_column(document: MappingDocument) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for field, mapping in document.fields.items():
        for column in mapping.columns:
            fields.setdefault(column, []).append(field)
    return fields


def _differ(before: ValueKind, after: ValueKind) -> bool:
    if before == after or before in _OPEN or after is ValueKind.BLANK:
        return False
    return not any(before in kinds and after in kinds for kinds in _ALIKE)


def _nearest(name: str, names: Sequence[str]) -> str | None:
    keys = set(name_keys(name))
    best, best_ratio = None, _RATIO_MIN
    for other in names[:_COMPARED_MAX]:
        if keys & set(name_keys(other)):
            return other
        ratio = SequenceMatcher(None, name.casefold(), other.casefold()).ratio()
        if ratio >= best_ratio:
            best, best_ratio = other, ratio
    return best


def _counted(columns: Sequence[object], noun: str) -> str:
    return f"{len(columns):,} {noun} is" if len(columns) == 1 else f"{len(columns):,} {noun}s are"


def _listed(told: Sequence[str], count: int) -> str:
    more = f" and {count - len(told):,} more" if count > len(told) else ""
    return ", ".join(told) + more
