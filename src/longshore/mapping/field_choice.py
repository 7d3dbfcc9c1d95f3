"""Which field of a type each column is: by its name, by what others call it, by its values.

Each column has one field at most, and each field one column: the best pairs come first. What a
suggestion is worth is its confidence, and only what is worth something goes into a command.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from longshore.catalogue import Attribute, Catalogue, Form, Kind, ResourceType, ValueType
from longshore.mapping.column_looks import ColumnLook
from longshore.mapping.column_names import name_keys, shorter_names, words_of
from longshore.mapping.value_kinds import (
    KIND_WORDS,
    NUMBERS,
    SHOWS_DECIMALS,
    WRITTEN_NUMBERS,
    ValueKind,
)

_SIMILAR_RATIO_MIN = 0.84
_SIMILAR_CHARACTERS_MIN = 5
_SIMILAR_COLUMNS_MAX = 300
_SHOWN_ONE_IN = 20  # numbers of a column that are decimals, for all to be taken as such
_TRIED_MAX = 1_000  # values of a column that a field has to take
# Columns whose names begin with what the rows are, for those names to come before others.
_ABOUT_MIN = 3
# Which of the aliases of a field it is counts only between two columns.
_LATER_ALIAS = 0.0002
_OFFERED = 0.5  # of what is said, and in no command


class Confidence(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"  # said, but in no command


class Ground(StrEnum):
    """Why a field was suggested."""

    NAME = "name"
    SPELLING = "spelling"
    ALIAS = "alias"
    SIMILAR = "similar"
    VALUES = "values"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldSuggestion:
    """A field that a column may be."""

    column: int  # its number, from 1
    field: str
    ground: Ground
    reason: str
    confidence: Confidence
    is_decimal: bool = False  # an amount in decimals of its currency
    # An amount of which nothing says whether it is cents: somebody has to.
    is_unit_open: bool = False

    @property
    def is_taken(self) -> bool:
        """Whether it is worth a place in a command."""
        return self.confidence is not Confidence.LOW and not self.is_unit_open


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceMeaning:
    """What an import makes of a source by itself, which `engine` knows and this package is told."""

    field_of: Callable[[str], str | None]  # the field that a column is without a word from anybody
    fields: Sequence[str]  # all that a column may be mapped to
    is_amount: Callable[[str], bool]  # whether a field takes cents
    says_cents: Callable[[str], bool]  # whether the name of a column says that it holds cents
    takes: Callable[[str, object], bool]  # whether a field takes a value
    maps_dotted: bool  # whether columns of dotted names can be mapped; keys of JSON cannot


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pair:
    score: float
    column: ColumnLook
    field: str
    ground: Ground
    reason: str


def suggest_fields(
    catalogue: Catalogue,
    type_: ResourceType,
    columns: Sequence[ColumnLook],
    meaning: SourceMeaning,
    *,
    values_max: int = _TRIED_MAX,
) -> list[FieldSuggestion]:
    """The fields of a type that columns may be, in the order of the columns."""
    known = _KnownNames(catalogue, type_, meaning, [each.name for each in columns])
    counts = Counter(each.name for each in columns)
    seeks_similar = len(columns) <= _SIMILAR_COLUMNS_MAX
    pairs = [
        pair
        for column in columns
        if column.name and counts[column.name] == 1
        for pair in known.pairs(column, seeks_similar=seeks_similar)
    ]
    judged = [(pair, _judged(pair, meaning, values_max)) for pair in pairs]
    taken: dict[int, FieldSuggestion] = {}
    fields: set[str] = set()
    # What is in no command stands in the way of nothing.
    for pair, found in sorted(
        judged, key=lambda each: (not each[1].is_taken, -each[0].score, each[0].column.number)
    ):
        if pair.column.number not in taken and pair.field not in fields:
            taken[pair.column.number] = found
            fields.add(pair.field)
    for column in columns:
        # Only a column that bears a field's own name is surely not another one.
        held = taken.get(column.number)
        if counts[column.name] == 1 and (held is None or held.ground is not Ground.NAME):
            spare = known.spare(column)
            if spare is not None and spare.field not in fields:
                if held is not None:
                    fields.discard(held.field)
                taken[column.number] = _judged(spare, meaning, values_max)
                fields.add(spare.field)
    return [taken[number] for number in sorted(taken)]


def is_alias(types: Iterable[ResourceType]) -> Callable[[str], bool]:
    """Says of a text whether other systems call a field of one of these types like that."""
    keys = {
        key
        for type_ in types
        for attribute in type_.attributes
        for alias in attribute.aliases
        for key in name_keys(alias)
    }
    return lambda name: any(key in keys for key in name_keys(name))


def is_harmful(field: str) -> bool:
    """Whether a value that means something else would do damage there: ids, types, triggers."""
    last = field.rpartition(".")[2]
    return last.startswith("_") or last in ("id", "type") or last.endswith(("_id", "_type"))


class _KnownNames:
    """What the fields of a type are called, here and elsewhere."""

    def __init__(
        self,
        catalogue: Catalogue,
        type_: ResourceType,
        meaning: SourceMeaning,
        columns: Sequence[str],
    ) -> None:
        self._meaning = meaning
        self._about = {*type_.singular.split("_"), type_.singular.replace("_", "")}
        self._singular = type_.singular.replace("_", "")
        self._is_prefixed = sum(map(self._names_the_type, columns)) >= _ABOUT_MIN
        harmless = [
            each
            for each in meaning.fields
            if not is_harmful(each) and _has_one_place(catalogue.types, type_, each)
        ]
        self._attributes = {
            field: attribute
            for field in harmless
            if (attribute := _attribute(catalogue, type_, field)) is not None
        }
        self._own = {key: field for field in harmless for key in name_keys(_without_cents(field))}
        self._others: dict[str, str] = {}
        self._ranks: dict[str, int] = {}
        self._spare: dict[str, str] = {}
        # What names a target by its key is called like the target: words for its fields are words
        # for those of the row first.
        targets = {each for each in self._attributes if _names_target(type_, each)}
        self._targets = {
            key: field
            for field in sorted(targets, key=_target_key_rank, reverse=True)
            for key in name_keys(field.partition(".")[0])
        }
        # Fields of the row itself come before those of what is nested in it.
        for field in sorted(self._attributes.keys() - targets, key=_depth_and_name):
            for rank, alias in enumerate(self._attributes[field].aliases):
                for key in name_keys(alias):
                    if self._others.setdefault(key, field) == field:
                        self._ranks.setdefault(key, rank)
            if "." not in field:
                for alias in self._attributes[field].spare_aliases:
                    self._spare |= dict.fromkeys(name_keys(alias), field)

    def pairs(self, column: ColumnLook, *, seeks_similar: bool) -> Iterator[_Pair]:
        """What a column may be, with how likely that is."""
        own = self._meaning.field_of(column.name)
        if own is not None:
            is_exact = own == column.name
            named = _Pair(
                score=1.0 if is_exact else 0.97,
                column=column,
                field=own,
                ground=Ground.NAME if is_exact else Ground.SPELLING,
                reason="its name" if is_exact else f"another spelling of {own}",
            )
            others = len(column.values) - _ids_count(column)
            if not is_harmful(own) or _could_be_ids(own, column):
                yield named
            elif _names_id(own) and others * 2 < len(column.values):
                # Somebody has to say so: an id that means something else would do damage.
                reason = f"{named.reason}; no id in {others:,} of {len(column.values):,} values"
                yield replace(named, score=_OFFERED, reason=reason)
            return
        if "." in column.name and not self._meaning.maps_dotted:
            return
        shorter = -0.06 if self._is_prefixed and self._names_the_type(column.name) else 0.04
        names = [(column.name, 0.0)]
        names += [(each, shorter) for each in shorter_names(column.name, about=self._about)]
        for name, less in names:
            for key in name_keys(name):
                if key in self._own:
                    field = self._own[key]
                    yield self._pair(0.95 - less, column, field, Ground.SPELLING, name)
                if key in self._targets and not _is_of_numbers(column):
                    score = 0.8 - less
                    yield self._pair(score, column, self._targets[key], Ground.SPELLING, name)
                if key in self._others:
                    score = 0.92 - less - _LATER_ALIAS * self._ranks[key]
                    yield self._pair(score, column, self._others[key], Ground.ALIAS, name)
        if seeks_similar:
            yield from self._similar(column)
        yield from self._by_values(column)

    def spare(self, column: ColumnLook) -> _Pair | None:
        """What a column may be where no other one is it."""
        field = next((self._spare[key] for key in name_keys(column.name) if key in self._spare), "")
        if not field or not column.values:
            return None
        # Numbers of records of another system mean nothing outside of it.
        if is_harmful(column.name.strip().casefold()) and (
            column.kind is ValueKind.INTEGER or _could_be_ids(column.name, column)
        ):
            return None
        return _Pair(
            score=0.7,
            column=column,
            field=field,
            ground=Ground.ALIAS,
            reason=f"perhaps {field}, which no other column is",
        )

    def _names_the_type(self, column: str) -> bool:
        """Whether a name begins with what the rows are: `Lineitem price`."""
        words = words_of(column)
        joined = ["".join(words[:size]).casefold() for size in range(1, len(words))]
        return self._singular in joined

    def _pair(
        self, score: float, column: ColumnLook, field: str, ground: Ground, name: str
    ) -> _Pair:
        as_ = "" if name == column.name else f", read as {name!r}"
        if ground is Ground.SPELLING:
            reason = f"another spelling of {field}{as_}"
        else:
            reason = f"another word for {field}{as_}"
        # What stands inside of another record is less likely meant.
        return _Pair(
            score=score - 0.15 * field.count("."),
            column=column,
            field=field,
            ground=ground,
            reason=reason,
        )

    def _similar(self, column: ColumnLook) -> Iterator[_Pair]:
        for key in name_keys(column.name):
            if len(key) < _SIMILAR_CHARACTERS_MIN:
                continue
            matcher = SequenceMatcher(b=key)
            for known in (self._own, self._others):
                for other, field in known.items():
                    if len(other) < _SIMILAR_CHARACTERS_MIN:
                        continue
                    matcher.set_seq1(other)
                    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < _SIMILAR_RATIO_MIN:
                        continue
                    ratio = matcher.ratio()
                    if ratio >= _SIMILAR_RATIO_MIN:
                        yield _Pair(
                            score=0.8 * ratio - 0.15 * field.count("."),
                            column=column,
                            field=field,
                            ground=Ground.SIMILAR,
                            reason=f"similar to {field}"
                            if known is self._own
                            else f"similar to another word for {field}",
                        )

    def _by_values(self, column: ColumnLook) -> Iterator[_Pair]:
        """Only what values show by themselves: nobody can tell one number from another."""
        for field, attribute in self._attributes.items():
            if "." in field or not column.values:
                continue
            if attribute.form is Form.EMAIL:
                fits = column.kind is ValueKind.EMAIL
            elif attribute.form in (Form.CURRENCY, Form.COUNTRY):
                fits = all(
                    isinstance(value, str)
                    and value.strip().isupper()
                    and self._meaning.takes(field, value)
                    for value in column.values
                )
            elif field == "image_url":
                fits = column.kind is ValueKind.URL and any(
                    str(value)
                    .partition("?")[0]
                    .lower()
                    .endswith((".jpg", ".png", ".jpeg", ".webp"))
                    for value in column.values
                )
            else:
                continue
            if fits:
                yield _Pair(
                    score=0.4,
                    column=column,
                    field=field,
                    ground=Ground.VALUES,
                    reason=f"its values look like those of {field}",
                )


def _judged(pair: _Pair, meaning: SourceMeaning, values_max: int) -> FieldSuggestion:
    """What a pair is worth, once the values have their say."""
    column, field, reason = pair.column, pair.field, pair.reason
    confidence = (
        Confidence.HIGH
        if pair.score >= 0.85
        else Confidence.MEDIUM
        if pair.score >= 0.6
        else Confidence.LOW
    )
    if is_harmful(field):
        confidence = min(confidence, Confidence.MEDIUM, key=_ORDER.index)
    is_decimal = is_open = False
    if meaning.is_amount(field) and not meaning.says_cents(column.name):
        counts = column.kinds
        shown = sum(counts.get(kind, 0) for kind in SHOWS_DECIMALS)
        numbers = sum(counts.get(kind, 0) for kind in NUMBERS)
        others = sum(counts.values()) - numbers
        # A few decimals among cents are more likely mistakes.
        is_decimal = shown > others and shown * _SHOWN_ONE_IN >= numbers
        is_open = not is_decimal
        if is_decimal:
            reason += (
                f", in decimals: {shown:,} of {sum(counts.values()):,} values show decimals or a "
                "currency"
            )
            if shown * 2 < numbers:
                confidence = min(confidence, Confidence.MEDIUM, key=_ORDER.index)
        else:
            reason += ", and nothing says whether its values are cents"
            confidence = Confidence.LOW
    else:
        values = column.values[:values_max]
        refused = sum(not meaning.takes(field, value) for value in values)
        if refused and _is_written(field, column.kind, meaning):
            reason += f", written as {KIND_WORDS[column.kind]}"
            refused = 0
        if refused:
            reason += f"; {field} takes {len(values) - refused:,} of {len(values):,} values"
            kind = KIND_WORDS[column.kind]
            reason += f", which are {kind}" if column.kind is not ValueKind.TEXT else ""
            if pair.ground is not Ground.NAME and refused * 2 > len(values):
                confidence = Confidence.LOW
            elif pair.ground is not Ground.NAME:
                confidence = min(confidence, Confidence.MEDIUM, key=_ORDER.index)
    return FieldSuggestion(
        column=column.number,
        field=field,
        ground=pair.ground,
        reason=reason,
        confidence=confidence,
        is_decimal=is_decimal,
        is_unit_open=is_open,
    )


def _is_written(field: str, kind: ValueKind, meaning: SourceMeaning) -> bool:
    """Whether values of a kind are those of a field as people write them."""
    if kind in WRITTEN_NUMBERS:
        return meaning.takes(field, 1.5)
    if kind is ValueKind.DATE:
        return meaning.takes(field, _A_DATE) and not meaning.takes(field, _A_WORD)
    return (
        kind is ValueKind.BOOLEAN
        and meaning.takes(field, True)
        and not meaning.takes(field, _A_WORD)
    )


_A_DATE, _A_WORD = "2026-12-01T00:00:00Z", "word"
_ORDER = (Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH)


def _could_be_ids(field: str, column: ColumnLook) -> bool:
    """Whether a column that bears the name of an id holds what ids look like: ten letters and
    digits each. A trigger never could."""
    last = field.rpartition(".")[2]
    if last.startswith("_"):
        return False
    if last == "type" or last.endswith("_type"):
        return True
    return bool(column.values) and _ids_count(column) == len(column.values)


def _names_id(field: str) -> bool:
    last = field.rpartition(".")[2]
    return last == "id" or last.endswith("_id")


def _ids_count(column: ColumnLook) -> int:
    return sum(
        isinstance(value, str) and len(value) == 10 and value.isalnum() and value.isascii()
        for value in column.values
    )


def _names_target(type_: ResourceType, field: str) -> bool:
    """Whether a field is a key of a record that the row refers to, and no field of the row."""
    holder, dot, _ = field.partition(".")
    return bool(dot) and holder not in type_.nested


def _target_key_rank(field: str) -> int:
    """Of several keys of one target people give names first."""
    return {"name": 0, "code": 1}.get(field.rpartition(".")[2], 2)


def _depth_and_name(field: str) -> tuple[int, str]:
    return field.count("."), field


def _is_of_numbers(column: ColumnLook) -> bool:
    return column.kind in NUMBERS and column.kind is not ValueKind.INTEGER


def _without_cents(field: str) -> str:
    """`price_amount_cents` is what others call a price amount."""
    return field.removesuffix("_cents")


def _attribute(catalogue: Catalogue, type_: ResourceType, field: str) -> Attribute | None:
    *holders, name = field.split(".")
    declared: ResourceType | None = type_
    for holder in holders:
        declared = declared and _inside(catalogue.types, declared, holder)
    if declared is None:
        return None
    for attribute in declared.attributes:
        if attribute.name == name and attribute.type is not ValueType.OBJECT:
            return attribute
    return None


def _has_one_place(types: Mapping[str, ResourceType], declared: ResourceType, field: str) -> bool:
    """Whether a row holds the field once: it is its own, or of one record inside of it."""
    for holder in field.split(".")[:-1]:
        found = next((each for each in declared.relationships if each.name == holder), None)
        if found is None or found.kind is not Kind.TO_ONE or found.targets[0] not in types:
            return False
        declared = types[found.targets[0]]
    return True


def _inside(
    types: Mapping[str, ResourceType], declared: ResourceType, name: str
) -> ResourceType | None:
    """The type of the records that a row of a type holds under a name."""
    for relationship in declared.relationships:
        if relationship.name == name:
            return types.get(relationship.targets[0])
    return None
