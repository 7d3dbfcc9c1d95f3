"""Values that would do in place of those that were refused: for errors and for groups of them.

They are found when errors are read, and stored nowhere. What a field refuses is mended by its
declaration alone; a target that does not exist is sought among the records of its type, by the key
by which the row has named it. Codes that are worth money (of coupons and gift cards) are not told.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import NamedTuple, TypeAlias

from longshore.access import Environment, read_environment
from longshore.catalogue import Catalogue, Form, ResourceType, is_named_by_keys, key_prefix
from longshore.database import Transaction
from longshore.engine import ValueMender, is_of_cents, nearest_key, other_spellings, source_columns
from longshore.error_codes import ErrorCode
from longshore.errors import RequestRefused
from longshore.imports import Digest, ErrorGroup, Import, LoggedError
from longshore.mapping import MadeField, MappingDocument
from longshore.operations.currencies import Currencies
from longshore.readers import Layout
from longshore.records import TableReader, read_beginning

# Errors that are looked at together, and missing targets of theirs that are sought at once.
_PAGE = 1_000
_SOUGHT_MAX = 100
# Keys with one beginning that are compared with a text; of more none can be told to be the nearest.
_ALIKE_MAX = 500
_BEGINNING_CHARACTERS_MIN = 4

MayRead: TypeAlias = Callable[[str], bool]
_Cause: TypeAlias = tuple[str, str | None, str]  # attribute, column, value


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorSource:
    """What the errors of a source depend on."""

    environment: Environment
    resource_type: str
    layout: Layout
    column_map: Mapping[str, str]
    mapping: MappingDocument | None
    parent: int | None  # id of the record that rows belong to which name none


def everything(_resource_type: str) -> bool:
    """Whoever has the installation may read all of its records."""
    return True


class _Target(NamedTuple):
    """Where a missing target is sought."""

    table: str
    column: str  # of what the rows name
    key: str  # the column of the key that this alone makes
    is_address: bool  # whether the key is an e-mail address


class ValueSuggestions:
    """Suggests values for the errors of one source; remembers what it has found."""

    def __init__(
        self,
        catalogue: Catalogue,
        source: ErrorSource,
        *,
        cell_bytes_max: int,
        may_read: MayRead = everything,
    ) -> None:
        self._may_read = may_read  # records of other types are not told by their keys
        self.resource_type = source.resource_type
        self._catalogue = catalogue
        self._type = catalogue.types[source.resource_type]
        self._prefix = key_prefix(source.environment.number)
        self._fields: Mapping[str, Sequence[str]] = {}  # by column
        self._made: Mapping[str, MadeField] = {}
        units: Mapping[str, str] = {}
        try:
            columns = source_columns(
                catalogue, self._type, source.layout, source.column_map, source.mapping
            )
        except RequestRefused:
            pass  # an older release has taken what this one does not
        else:
            self._fields = columns.fields_by_column()
            self._made = {each.field: each for each in columns.made}
            units = columns.units
        self._currencies = Currencies(
            catalogue,
            self._type,
            environment=source.environment.number,
            parent=source.parent,
            given=[*chain.from_iterable(self._fields.values()), *self._made],
        )
        self._mender = ValueMender(
            catalogue,
            self._type,
            flags=source.environment.flags,
            cell_bytes_max=cell_bytes_max,
            units=units,
        )

    def of_errors(self, tx: Transaction, errors: Iterable[LoggedError]) -> Iterator[LoggedError]:
        """The errors with suggestions, page by page."""
        left = iter(errors)
        while page := list(islice(left, _PAGE)):
            found = self._find(tx, page)
            for error in page:
                # What is missing is known, and nothing near to it is meant.
                suggestion = None if error.cause else found.get(_cause(error))
                yield error if suggestion is None else replace(error, suggestion=suggestion)

    def of_digest(self, tx: Transaction, digest: Digest) -> Digest:
        """The digest with suggestions for its groups of one value."""
        found = self._find(tx, digest.groups)
        return replace(
            digest,
            groups=[replace(group, suggestion=found.get(_cause(group))) for group in digest.groups],
        )

    def _find(
        self, tx: Transaction, findings: Sequence[LoggedError] | Sequence[ErrorGroup]
    ) -> Mapping[_Cause, str | None]:
        found: dict[_Cause, str | None] = {}
        sought: dict[_Target, set[_Cause]] = {}
        for finding in findings:
            cause = _cause(finding)
            if finding.value is None or cause in found:
                continue
            found[cause] = None
            if finding.code != ErrorCode.MUST_EXIST:
                found[cause] = self._mended(tx, finding.attribute, finding.value)
            elif (target := self._target(finding.attribute, finding.column)) is not None:
                sought.setdefault(target, set()).add(cause)
        for target, causes in sought.items():
            left = iter(sorted(causes, key=lambda cause: cause[2]))
            while part := list(islice(left, _SOUGHT_MAX)):
                nearest = self._nearest(tx, target, {value for _, _, value in part})
                found |= {cause: nearest.get(cause[2]) for cause in part}
        if self._made:
            return {cause: self._of_column(cause, value) for cause, value in found.items()}
        return found

    def _mended(self, tx: Transaction, field: str, value: str) -> str | None:
        made = self._made.get(field)
        if made is not None and (mended := made.mended(value)) is not None:
            return mended
        currency = self._currencies.of(tx, field) if is_of_cents(field) else None
        return self._mender.mend(field, value, currency=currency)

    def _of_column(self, cause: _Cause, suggestion: str | None) -> str | None:
        """A suggestion that would do in the column of a source: what a mapping makes another text
        of is none, unless it was found by the mapping."""
        attribute, column, value = cause
        fields = [attribute] if column is None else self._fields.get(column, [attribute])
        made = [self._made[each] for each in fields if each in self._made]
        if suggestion is None or not made:
            return suggestion
        if any(each.mended(value) == suggestion for each in made):
            return suggestion
        return suggestion if all(each.leaves(suggestion) for each in made) else None

    def _target(self, attribute: str, column: str | None) -> _Target | None:
        """What an error is about whose value names its target by a key; not by an id."""
        *holders, name = attribute.split(".")
        declared: ResourceType | None = self._type
        for holder in holders:
            declared = declared and _inside(self._catalogue, declared, holder)
        if declared is None or column is None:
            return None
        given_as = self._fields.get(column, [column])
        by_key = next((each for each in given_as if each.startswith(f"{attribute}.")), None)
        if by_key is not None:
            return self._target_of_key(declared, name, by_key.removeprefix(f"{attribute}."))
        fields = [each.rpartition(".")[2] for each in given_as]
        field = next((each for each in fields if each.startswith(name)), fields[0])
        given = next((each for each in declared.attributes if each.name == field), None)
        if given is None or (given.names is not None and given.names.relationship != name):
            return None
        if given.names is not None:
            target, key_part = self._catalogue.types[given.names.target], given.names.attribute
        elif given.is_code and field == f"{name}_code":
            # A rule looks the record up.
            found = next((t for t in self._catalogue.types.values() if t.singular == name), None)
            if found is None:
                return None
            target, key_part = found, "code"
        else:
            return None
        return self._target_in(target, key_part)

    def _target_of_key(self, declared: ResourceType, name: str, key_part: str) -> _Target | None:
        """The same where a row names it behind a dot, in the only type that has such a key."""
        relationship = next((each for each in declared.relationships if each.name == name), None)
        if relationship is None or not is_named_by_keys(self._catalogue, declared, relationship):
            return None
        targets = [self._catalogue.types[t] for t in self._catalogue.targets_of(relationship)]
        known = [each for each in targets if any(key.parts == (key_part,) for key in each.keys)]
        return self._target_in(known[0], key_part) if len(known) == 1 else None

    def _target_in(self, target: ResourceType, key_part: str) -> _Target | None:
        if not self._may_read(target.name):
            return None
        key = next((each for each in target.keys if each.parts == (key_part,)), None)
        if key is None:
            return None
        is_address = any(
            each.name == key_part and each.form is Form.EMAIL for each in target.attributes
        )
        return _Target(target.table, key_part, key.column, is_address)

    def _nearest(
        self, tx: Transaction, target: _Target, texts: Collection[str]
    ) -> Mapping[str, str | None]:
        """The nearest key of each text, of the records that there are."""
        spellings: dict[str, list[str]] = {}  # texts by what each may be spelled like
        for text in texts:
            for spelling in other_spellings(text):
                spellings.setdefault(f"{self._prefix}{spelling}", []).append(text)
        candidates: dict[str, set[str]] = {text: set() for text in texts}
        reader = TableReader(target.table, [target.key, target.column])
        for _, key, name in reader.by(tx, target.key, list(spellings)):
            for text in spellings[key]:
                candidates[text].add(name)
        beginnings = {text: f"{self._prefix}{_beginning(text)}" for text in texts}
        alike: dict[str, list[str]] = {}
        prefixes = sorted(set(beginnings.values()))
        for prefix, name in read_beginning(
            tx,
            target.table,
            target.column,
            key=target.key,
            prefixes=prefixes,
            limit=_ALIKE_MAX,
        ):
            alike.setdefault(prefix, []).append(name)
        nearest = {}
        for text in texts:
            near = alike.get(beginnings[text], [])
            nearest[text] = nearest_key(
                text,
                candidates[text].union(near),
                are_all=len(near) < _ALIKE_MAX,
                is_address=target.is_address,
            )
        return nearest


def suggestions_of(
    tx: Transaction,
    catalogue: Catalogue,
    import_: Import,
    *,
    cell_bytes_max: int,
    may_read: MayRead,
) -> ValueSuggestions:
    """The suggestions for the errors of a stored import."""
    source = ErrorSource(
        environment=read_environment(tx, import_.environment),
        resource_type=import_.resource_type,
        layout=import_.layout,
        column_map=import_.column_map,
        mapping=import_.mapping,
        parent=import_.parent_id,
    )
    return ValueSuggestions(catalogue, source, cell_bytes_max=cell_bytes_max, may_read=may_read)


def _cause(finding: LoggedError | ErrorGroup) -> _Cause:
    return (finding.attribute, finding.column, finding.value or "")


def _beginning(text: str) -> str:
    text = text.strip()
    return text[: max(_BEGINNING_CHARACTERS_MIN, len(text) // 2)]


def _inside(catalogue: Catalogue, declared: ResourceType, name: str) -> ResourceType | None:
    """The type of the records that a row of a type holds under a name."""
    for relationship in declared.relationships:
        if relationship.name == name:
            return catalogue.types.get(relationship.targets[0])
    return None
