"""In which currency the amounts of a source are, where all of its records have the same."""

from collections.abc import Iterable

from longshore.catalogue import Catalogue, ResourceType
from longshore.database import Transaction
from longshore.engine import currency_ways
from longshore.identifiers import environment_range
from longshore.records import TableReader, read_distinct


class Currencies:
    """Knows the currency of fields of cents; remembers what it has found."""

    def __init__(
        self,
        catalogue: Catalogue,
        resource_type: ResourceType,
        *,
        environment: int,
        parent: int | None,
        given: Iterable[str],
    ) -> None:
        """`given` are the fields that rows give themselves, `parent` is the record that rows
        belong to which name none."""
        self._catalogue = catalogue
        self._type = resource_type
        self._environment = environment
        self._parent = parent
        self._given = frozenset(given)
        self._known: dict[str, str | None] = {}

    def of(self, tx: Transaction, field: str) -> str | None:
        """The currency of a field, such as `line_items.unit_amount_cents`; None: its records may
        be in several, or in one that only their rows say."""
        if field not in self._known:
            codes = self._codes(tx, field)
            self._known[field] = codes.pop() if len(codes) == 1 else None
        return self._known[field]

    def _codes(self, tx: Transaction, field: str) -> set[str]:
        *holders, name = field.split(".")
        declared = self._type
        for holder in holders:
            found = next((each for each in declared.relationships if each.name == holder), None)
            target = found and self._catalogue.types.get(found.targets[0])
            if not target:
                return set()
            declared = target
        codes: set[str] = set()
        for way in currency_ways(self._catalogue, declared, name):
            if len(way.columns) == 1:
                if way.field in self._given or holders:
                    return set()  # each row may say another one
                continue
            if not holders and way.field == declared.parent and way.field not in self._named():
                codes |= self._of_parent(tx, way.columns)
            else:
                table, column = way.columns[-1]
                within = environment_range(self._environment)
                codes.update(read_distinct(tx, table, column, within=within, limit=2))
        return codes

    def _named(self) -> set[str]:
        """The relationships that rows name themselves."""
        return {
            field.removesuffix("_id").removesuffix("_code").partition(".")[0]
            for field in self._given
        }

    def _of_parent(self, tx: Transaction, columns: Iterable[tuple[str, str]]) -> set[str]:
        value: object = self._parent
        _, *further = columns
        for table, column in further:
            if not isinstance(value, int):
                return set()
            rows = TableReader(table, [column]).by_id(tx, [value])
            value = rows[0][1] if rows else None
        return {value} if isinstance(value, str) else set()
