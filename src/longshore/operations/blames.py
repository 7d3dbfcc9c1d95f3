"""Who has given the fields of a record their values: which row of which import, which undo,
application or person, and what was there before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from longshore.access import Environment
from longshore.catalogue import Catalogue, MoneyFloat, MoneyText, ResourceType, recorded_type
from longshore.clock import format_datetime
from longshore.database import Database, Transaction
from longshore.errors import RequestRefused
from longshore.history import LastChange, LastChanges, RecordValues, last_changes
from longshore.identifiers import environment_of
from longshore.imports import Difference, Import, RowOrigin, origin_of_creation, origin_of_row
from longshore.operations.asker import Asker
from longshore.operations.authors import Authors
from longshore.operations.changed_amounts import ChangedAmounts
from longshore.operations.named_records import find_record
from longshore.records import TableReader


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBlame:
    """Who has given a record its values."""

    type: str  # the concrete one
    id: str  # public
    fields: Sequence[Mapping[str, Any]]  # as they are shown
    # How the record came back that was gone, as it is shown; None: it was not.
    returned: Mapping[str, Any] | None
    # By field of cents, as money: what it was before, and what it is.
    amounts: Mapping[str, Sequence[str | None]]

    @property
    def meta(self) -> dict[str, Any]:
        """What there is to say of the record as a whole, as it is shown."""
        return {"record": {"type": self.type, "id": self.id}, "returned": self.returned}


class Blames:
    """Looks for the authors of values in one installation; each look is one snapshot."""

    def __init__(self, database: Database, catalogue: Catalogue, *, read_seconds: float) -> None:
        self._database = database
        self._catalogue = catalogue
        self._read_seconds = read_seconds

    def of_named(
        self, environment: Environment, resource_type: str, text: str, name: str | None
    ) -> RecordBlame:
        """Who has given the fields of the record their values that a text means, or one of them.

        Raises RequestRefused where there is no such type, record or field, and where the text means
        several records.
        """
        declared = recorded_type(self._catalogue, resource_type)
        with self._database.read() as tx:
            key = find_record(tx, self._database, self._catalogue, environment, declared, text)
            found = self._of(tx, declared, key, name)
        assert found is not None, "it was found in the same snapshot"
        return found

    def of(self, asker: Asker, resource_type: str, key: int) -> RecordBlame | None:
        """Who has given all fields of a record their values; None: the environment has no such
        record of the type."""
        if environment_of(key) != asker.environment.number:
            return None
        declared = recorded_type(self._catalogue, resource_type)
        with self._database.read(seconds=self._read_seconds) as tx:
            return self._of(tx, declared, key, None)

    def _of(
        self, tx: Transaction, declared: ResourceType, key: int, name: str | None
    ) -> RecordBlame | None:
        concrete = self._concrete(tx, declared, key)
        if concrete is None:
            return None
        fields = RecordValues(tx, self._catalogue, concrete.table).fields_of(concrete)
        if name is not None:
            fields = [_meant(concrete, name, fields)]
        last = last_changes(tx, self._catalogue, concrete.table, key, fields=fields)
        if last is None:
            return None
        told = _FieldAuthors(tx, concrete.table, key)
        return RecordBlame(
            type=concrete.name,
            id=tx.public_ids.encode(key),
            fields=[told.attributes(change) for change in last.changes.values()],
            returned=told.returned(last),
            amounts=self._amounts(tx, concrete, key, last),
        )

    def _amounts(
        self, tx: Transaction, declared: ResourceType, key: int, last: LastChanges
    ) -> Mapping[str, Sequence[str | None]]:
        pairs = {field: (each.before, each.value) for field, each in last.changes.items()}
        told = Difference(0, declared.table, declared.name, key, pairs)
        amounts = ChangedAmounts(tx, self._catalogue)
        amounts.look([told])
        return amounts.of(told)

    def _concrete(self, tx: Transaction, declared: ResourceType, key: int) -> ResourceType | None:
        """The type of a record, which may be one of several that a table holds."""
        types = self._catalogue.concrete_types(declared.name)
        if declared.base is None and not declared.is_abstract:
            return declared
        found = TableReader(declared.table, ["type"]).by_id(tx, [key])
        name = found[0][1] if found else None
        return self._catalogue.types[name] if name in types else None


class _FieldAuthors:
    """What is said of the fields of a record; each row is looked for once."""

    def __init__(self, tx: Transaction, table: str, record_id: int) -> None:
        self._tx = tx
        self._table = table
        self._record_id = record_id
        self._authors = Authors(tx)
        self._origins: dict[tuple[int, int | None], RowOrigin | None] = {}

    def attributes(self, change: LastChange) -> dict[str, Any]:
        """A field with its value and who gave it, as it is shown."""
        encode = self._tx.public_ids.encode
        author = self._authors.of(change.actor)
        import_, taken_back = author.import_, author.takes_back
        origin = None
        if import_ is not None and not author.goes_back:
            origin = self._origin(import_, change)
        return {
            "field": change.field,
            "value": change.value,
            "before": change.before,
            "since": format_datetime(change.at),
            "event": "create" if change.is_creation else "update",
            "who": author.document(self._tx.public_ids),
            "row": origin and origin.number,
            "line": origin and origin.line,
            "source": import_ and import_.source_name,
            "retry_of": None
            if import_ is None or import_.retry_of is None
            else encode(import_.retry_of),
            "takes_back": None if taken_back is None else encode(taken_back),
        }

    def returned(self, last: LastChanges) -> dict[str, Any] | None:
        """How a record came back that was gone, as it is shown."""
        if last.returned is None:
            return None
        author = self._authors.of(last.returned.actor)
        return {
            "at": format_datetime(last.returned.at),
            "who": author.document(self._tx.public_ids),
        }

    def _origin(self, import_: Import, change: LastChange) -> RowOrigin | None:
        if not change.is_creation and change.row_number is None:
            return None
        sought = (import_.id, None if change.is_creation else change.row_number)
        if sought not in self._origins:
            self._origins[sought] = (
                origin_of_creation(self._tx, import_, self._table, self._record_id)
                if sought[1] is None
                else origin_of_row(self._tx, import_, sought[1])
            )
        return self._origins[sought]


def _meant(declared: ResourceType, name: str, fields: Sequence[str]) -> str:
    """The field that somebody names; raises RequestRefused where it is none that is kept."""
    for spelled in (name, f"{name}_id"):
        if spelled in fields:
            return spelled
    computed = next((each.computed for each in declared.attributes if each.name == name), None)
    if isinstance(computed, MoneyFloat | MoneyText):
        hint = f"it is computed of {computed.cents}"
    elif computed is not None:
        hint = "it is computed, and nobody gives it a value"
    elif close := get_close_matches(name, fields, n=1):
        hint = f"did you mean {close[0]}?"
    else:
        hint = f"they have {', '.join(fields)}"
    raise RequestRefused(f"{declared.name} keep no field {name!r}", hint=hint)
