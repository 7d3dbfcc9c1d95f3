"""Random imports of any type, drawn from what the catalogue says of it.

A row mostly names what it must, a few other fields, and now and then something that is wrong. Keys
come from one small pool, so that rows repeat, find what is stored, and take each other's unique
values; in half of the files most rows have a key of their own, as in real ones. The same rows may
stand in JSON or in a table.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from hypothesis import strategies as st

from longshore.catalogue import (
    ORGANIZATION_FLAGS,
    Attribute,
    Form,
    Kind,
    Relationship,
    ResourceType,
    Trigger,
    ValueType,
    is_named_by_keys,
    keys_of_target,
    load_catalogue,
)
from longshore.engine.values.money_units import is_of_cents
from longshore.imports import StopRules
from tests.property.model import CsvRow
from tests.property.seeds_of_all_types import KEYS, OWN_KEYS, SEEDED_TEXTS, SEEDS_COUNT
from tests.property.strategies import (
    BOOLEANS,
    EMAILS,
    TAG_NAMES,
    TAGGING,
    UNSEEN,
    Elsewhere,
    Field,
    ImportCall,
    Ref,
    Values,
    often,
    only,
    stop_rules,
)

CATALOGUE = load_catalogue()
ROWS_MAX = len(OWN_KEYS)
_DISTINCT_ROWS_MAX = 10
_SHARING_ROWS_MAX = 5
_ELEMENTS_MAX = 4
_DEPTH_MAX = 2  # of nested records that are drawn

# Values by what an attribute takes

_TEXTS = often(["a", "b", " c ", "é", 7, True], [None, "", " ", {}, [], "\0", "\ud800"])
_KEY_TEXTS = often(
    [*KEYS, *KEYS, *(blank.format(KEYS[0]) for blank in UNSEEN), "A", "B", "WRITTEN-E\u0301"],
    [None, "", "\u200b", KEYS[0].lower(), "WRITTEN-\u00c9", "nowhere", {}, "\0", "x" * 600],
)
_TAG_NAMES = often(
    ["written-1", "red", "Red\u200b", "blue", "w:2"], ["no good", "", None, "x" * 26, "x" * 25]
)
_DATETIMES = often(
    ["2030-01-01", "2030-01-01T10:00:00Z", "2030-01-01T12:00:00.5+02:00"], ["soon", None, "", 5]
)
_OBJECTS = often(
    [{}, {"colour": "red"}, {"a": {"b": [None, 1.5]}}, '{"a": 1}'], ["x", [], "{", None, "", 2**70]
)
_OF_OBJECTS = often(["red", "blue", 5, {"a": [1]}], [None, "", [], "\0"])
_TAG_LISTS_AS_TEXT = often(["red", "Blue, red", "written-1,new"], ["no good", ""])
_ARRAYS = often([[], ["a", 1], '["a"]'], ["x", {}, None, "", "["])
_REGEXES = often(["^A", "^WRITTEN"], ["(", None, "", 5])
_DECIMALS = often(
    ["12", "12.34", "1,234.50", "5 EUR", "¥ 7", 12.5, 7],
    ["1.234", "12.345", "5 USD", "x", "", None, "-1", -0.5, True],
)
_NUMBERS = (-(2**63), -1, 0, 1, 2, 3, 100, 2**63 - 1)
_NO_NUMBERS: tuple[object, ...] = ("x", "", None, [], True, "nan", 2**63)


def _values(declared: ResourceType, attribute: Attribute) -> Field:
    """Values of an attribute by its traits: valid ones, also on its bounds, and invalid ones."""
    if attribute.names is not None:
        target = CATALOGUE.types[attribute.names.target]
        named = next(each for each in target.attributes if each.name == attribute.names.attribute)
        return _values(target, named)
    if attribute.enum:
        spelled = [*attribute.enum, *attribute.spellings, attribute.enum[0].title()]
        return often(spelled, ["x", None, "", 5])
    match attribute.form:
        case Form.EMAIL:
            return EMAILS
        case Form.COUNTRY:
            return often(["IT", "it", "HK"], ["XX", None, "", 5])
        case Form.CURRENCY:
            return often(["EUR", "eur", "JPY"], ["XXX", None, "", 5])
        case Form.REGEX:
            return _REGEXES
        case Form.TAG_NAME:
            return _TAG_NAMES
    match attribute.type:
        case ValueType.STRING if attribute.name == "reference":
            return often([*KEYS, "r1", "r1\u200b"], [None, "", 7, {}, "\ufeff"])
        case ValueType.STRING if declared.is_key_text(attribute):
            return _with_lengths(_KEY_TEXTS, attribute)
        case ValueType.STRING:
            return _with_lengths(_TEXTS, attribute)
        case ValueType.INTEGER:
            return _numbers(attribute, int)
        case ValueType.FLOAT:
            return _numbers(attribute, float)
        case ValueType.BOOLEAN:
            return BOOLEANS
        case ValueType.DATETIME:
            return _DATETIMES
        case ValueType.OBJECT:
            return _OBJECTS
        case ValueType.ARRAY:
            return _ARRAYS
    raise AssertionError(attribute)


def _with_lengths(values: Field, attribute: Attribute) -> Field:
    longest, shortest = _bound(attribute.length_max), _bound(attribute.length_min)
    good, bad = [], []
    if longest is not None:
        good.append("x" * int(longest))
        bad.append("x" * (int(longest) + 1))
    if shortest is not None:
        good.append("y" * int(shortest))
        bad.append("y" * (int(shortest) - 1))
    return Field(_or_one_of(values.good, good), _or_one_of(values.bad, bad))


def _or_one_of(values: Values, others: Sequence[object]) -> Values:
    return st.one_of(values, st.sampled_from(others)) if others else values


def _numbers(attribute: Attribute, of: type[int] | type[float]) -> Field:
    low, above, high = map(_bound, (attribute.minimum, attribute.above, attribute.maximum))
    edges = [bound for bound in (low, above, high) if bound is not None]
    numbers = {*_NUMBERS, *edges, *(bound + 1 for bound in edges), *(bound - 1 for bound in edges)}

    def fits(number: float) -> bool:
        return (
            (low is None or number >= low)
            and (above is None or number > above)
            and (high is None or number <= high)
            and not (attribute.nonzero and number == 0)
        )

    # Amounts times quantities stay within what stored sums may hold: whether a sum can be stored is
    # known when the whole chunk is.
    numbers = {number for number in numbers if not fits(number) or abs(number) < 2**27}
    good = sorted(filter(fits, numbers))
    spelled: list[object] = [*good, *map(str, good), f" {good[-1]}.0 "]
    odd: list[object] = [1.5, "1.5", "1e2"]
    beyond = sorted(numbers - set(good))
    if of is float:
        return often([*spelled, *odd], [*beyond, *_NO_NUMBERS])
    return often(spelled, [*beyond, *odd, *_NO_NUMBERS])


def _bound(bound: object) -> float | None:
    value = ORGANIZATION_FLAGS[bound] if isinstance(bound, str) else bound
    assert value is None or isinstance(value, int | float)
    return value


def _trigger_values(trigger: Trigger) -> Field:
    match trigger.type:
        case ValueType.BOOLEAN if trigger.accepted:
            return often([True, "true", False, "0"], [None, "", "maybe"])
        case ValueType.BOOLEAN:
            return often([False, None, "f", ""], [True, "1"])
        case ValueType.INTEGER:
            return often([1, -1, "100", 0], ["x", None, "", 1.5, -(2**40)])
        case _:
            return TAG_NAMES if trigger.rule else often([None, ""], ["x"])


def _ids(types: Sequence[str]) -> Field:
    """Ids of seeds; the odd ones may be of what earlier imports made, or no record of these."""
    good = [Ref(name, index) for name in types for index in range(SEEDS_COUNT[name])]
    later = [Ref(name, SEEDS_COUNT[name] + more) for name in types for more in range(2)]
    elsewhere = [Elsewhere(name) for name in ("skus", "price_lists", "customers")]
    wrong = Ref("tags" if "tags" not in types else "skus", 0)
    bad = [*later, wrong, *elsewhere, "nowhere", None, "", 5]
    return often(good or [None], bad)


# Rows


class RowShape:
    """The fields that rows of a type may hold at one place of a row."""

    def __init__(self, name: str, *, path: str, given: frozenset[str], units: frozenset[str]):
        """`given` are to-one relationships that rows need not name; `units` the fields of cents
        that are given in decimals."""
        self.declared = CATALOGUE.types[name]
        self.fields: dict[str, Field] = {}
        self.usual: list[str] = []  # that a row mostly has
        self.further: list[str] = []  # the more often in here, the more often in rows
        self.nested: dict[str, RowShape] = {}
        self.keyed: list[Relationship] = []  # whose targets rows may name by keys
        self._path, self._given, self._units = path, given, units
        self._add("id", _ids([name]), weight=2)
        self._add("unknown", often(["x", 5, {}]), weight=1)
        for attribute in self.declared.attributes:
            if attribute.creatable or attribute.updatable or attribute.accepted_with:
                self._add_attribute(attribute)
        for relationship in self.declared.relationships:
            if relationship.has_column and (relationship.creatable or relationship.updatable):
                self._add_target(relationship)
        for trigger in self.declared.triggers:
            self._add(trigger.name, _trigger_values(trigger), weight=2 if trigger.accepted else 0.2)
        for name in self.declared.nested:
            self._add_nested(_relationship(self.declared, name))

    def _add(self, name: str, values: Field, *, weight: float = 1) -> None:
        path = self._path + name
        self.fields[name] = _DECIMALS if path in self._units else values
        self.further += [name] * round(weight * 5)

    def _add_attribute(self, attribute: Attribute) -> None:
        is_key = self.declared.is_key_text(attribute)
        self._add(attribute.name, _values(self.declared, attribute), weight=2 if is_key else 1)
        shortcut = attribute.names.relationship if attribute.names is not None else None
        is_in_key = any(attribute.name in key.parts for key in self.declared.keys[:1])
        fills = shortcut is not None and self._is_required(shortcut)
        if fills or attribute.required is not None or (is_in_key and attribute.names is None):
            self.usual.append(attribute.name)
        if attribute.type is ValueType.OBJECT and attribute.default is not None:
            self._add(f"{attribute.name}.colour", _OF_OBJECTS, weight=0.6)

    def _is_required(self, name: str) -> bool:
        is_required = _relationship(self.declared, name).required is not None
        return is_required and name not in self._given

    def _add_target(self, relationship: Relationship) -> None:
        name = relationship.name
        targets = [each for each in CATALOGUE.targets_of(relationship) if each in SEEDS_COUNT]
        shortcuts = [
            each.name
            for each in self.declared.attributes
            if each.names is not None and each.names.relationship == name
        ]
        self._add(f"{name}_id", _ids(targets), weight=2)
        if is_named_by_keys(CATALOGUE, self.declared, relationship):
            self.keyed.append(relationship)
        if self._is_required(name) and not shortcuts:
            self.usual.append(f"{name}_id")
        if relationship.polymorphic and relationship.type_attribute is None:
            self._add(f"{name}_type", often(targets or ["x"], ["x", None, "", "skus"]))

    def _add_nested(self, relationship: Relationship) -> None:
        name = relationship.name
        if relationship.linked:
            self._add(name, TAGGING["tags"], weight=3)
            self._add(
                f"{name}.name",
                often(["red", "Blue, red", "written-1,new"], ["no good", ""]),
                weight=0.4,
            )
            self._add(f"{name}.id", _ids(["tags"]), weight=0.4)
        elif self._path.count(".") < _DEPTH_MAX:
            target = relationship.targets[0]
            given = frozenset({relationship.inverse} if relationship.inverse else ())
            self.nested[name] = RowShape(
                target, path=f"{self._path}{name}.", given=given, units=self._units
            )
            rows = _rows(self.nested[name])
            if relationship.kind is Kind.TO_MANY:
                elements = st.lists(rows, max_size=_ELEMENTS_MAX)
                again = elements.flatmap(lambda drawn: st.permutations([*drawn, *drawn[:1]]))
                self._add(
                    name,
                    Field(st.one_of(elements, again), st.sampled_from([None, "x", [5], [], {}])),
                    weight=4,
                )
            else:
                self._add(name, Field(rows, st.sampled_from([None, "x", {}, []])), weight=4)


def _relationship(declared: ResourceType, name: str) -> Relationship:
    return next(each for each in declared.relationships if each.name == name)


@cache
def _shape(name: str, given: frozenset[str], units: frozenset[str]) -> RowShape:
    return RowShape(name, path="", given=given, units=units)


@st.composite
def _rows(draw: st.DrawFn, shape: RowShape) -> dict[str, object]:
    """A row; about one in four has a field that is odd, wrong or missing."""
    further = draw(st.lists(st.sampled_from(shape.further), max_size=5, unique=True))
    names = list(dict.fromkeys([*shape.usual, *further]))
    row = {name: draw(shape.fields[name].good) for name in names}
    flaw = draw(st.integers(0, 7))
    if flaw == 7 and names:
        name = draw(st.sampled_from(names))
        row[name] = draw(shape.fields[name].bad)
    elif flaw == 6 and len(names) > 2:
        del row[draw(st.sampled_from(names))]
    if draw(st.integers(0, 3)):
        _name_types(shape.declared, row)
    for relationship in shape.keyed:
        if f"{relationship.name}_id" in row and draw(st.integers(0, 3)) == 3:
            _name_by_keys(draw, relationship, row)
    return row


def _name_by_keys(draw: st.DrawFn, relationship: Relationship, row: dict[str, object]) -> None:
    """Let a row name a target by a key, in place of its id or beside it."""
    if draw(st.integers(0, 4)):
        del row[f"{relationship.name}_id"]
    keys = _keys_of(draw, relationship)
    if draw(st.booleans()):
        row[relationship.name] = keys
    else:
        row.update(_dotted(relationship.name, keys))


def _keys_of(draw: st.DrawFn, relationship: Relationship) -> dict[str, object]:
    """The fields of a key of a target; now and then one is missing or wrong."""
    targets = [each for each in CATALOGUE.targets_of(relationship) if each in SEEDS_COUNT]
    ways = [
        (name, key) for name in targets for key in keys_of_target(CATALOGUE, CATALOGUE.types[name])
    ]
    if not ways:
        return {"name": "nowhere"}
    name, key = draw(st.sampled_from(ways))
    links = {each.name: each for each in CATALOGUE.types[name].relationships}
    keys: dict[str, object] = {}
    for part in key.parts:
        if part in key.nullable and draw(st.booleans()):
            continue
        if part in links:
            keys[part] = _keys_of(draw, links[part])
        elif part != "type":
            known = SEEDED_TEXTS.get((name, part), ["nowhere"])
            keys[part] = draw(st.sampled_from([*known, *known, f" {known[0]} ", *_NO_KEYS]))
    if len(keys) > 1 and draw(st.integers(0, 7)) == 7:
        del keys[draw(st.sampled_from(sorted(keys)))]
    return keys


_NO_KEYS: tuple[object, ...] = ("nowhere", None, "", {}, "\0", "x" * 600)


def _dotted(name: str, keys: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    for key, value in keys.items():
        if isinstance(value, dict) and value:
            yield from _dotted(f"{name}.{key}", value)
        else:
            yield f"{name}.{key}", value


def _name_types(declared: ResourceType, row: dict[str, object]) -> None:
    """Let a row say of which type the targets are that it names by id."""
    for relationship in declared.relationships:
        target = row.get(f"{relationship.name}_id")
        if relationship.polymorphic and relationship.has_column and isinstance(target, Ref):
            type_field = relationship.type_attribute or f"{relationship.name}_type"
            row[type_field] = target.resource_type


# Imports


@st.composite
def imports_of(draw: st.DrawFn, name: str) -> list[ImportCall]:
    """A few imports of a type, one after another; later ones may repeat rows of earlier ones."""
    declared = CATALOGUE.types[name]
    is_table, has_own_keys = draw(st.booleans()), draw(st.booleans())
    parent = draw(_parents(declared))
    given = frozenset({declared.parent} if parent is not None and declared.parent else ())
    units = draw(_units(declared))
    shape = _shape(name, given, frozenset(units))
    calls: list[ImportCall] = []
    pool: list[object] = []
    for _ in range(draw(st.sampled_from([1, 1, 2, 3]))):
        pool += draw(st.lists(_rows(shape), min_size=0 if pool else 1, max_size=_DISTINCT_ROWS_MAX))
        if draw(st.integers(0, 11)) == 11:
            pool.append(draw(st.sampled_from(["no object", None, 5, []])))
        rows = list(pool)
        if draw(st.booleans()):
            rows = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=ROWS_MAX))
        if has_own_keys:
            sharing = draw(st.sets(st.integers(0, ROWS_MAX), max_size=_SHARING_ROWS_MAX))
            rows = [
                row if place in sharing else _with_own_key(declared, row, place)
                for place, row in enumerate(rows[:ROWS_MAX])
            ]
        call = ImportCall(
            name,
            tuple(rows),
            parent=parent,
            skip_errors=draw(st.sampled_from([True, True, False])),
            stop_rules=draw(st.one_of(st.just(StopRules()), stop_rules)),
            only=draw(only),
            is_lines=not is_table and isinstance(rows[0], dict) and draw(st.booleans()),
        )
        calls.append(_with_units(_as_table(call) if is_table else call, units))
    return calls


def _with_own_key(declared: ResourceType, row: object, place: int) -> object:
    """A row with a key that only the rows at this place of imports have, or with several."""
    if not isinstance(row, dict):
        return row
    own: dict[str, object] = {}
    for part in {part for key in declared.matching_keys for part in key.parts}:
        for attribute in declared.attributes:
            names = attribute.names.relationship if attribute.names is not None else None
            if part not in (attribute.name, names) or attribute.enum:
                continue
            if attribute.form is Form.EMAIL:
                own[attribute.name] = f"{OWN_KEYS[place]}@x.it".lower()
            elif attribute.type is ValueType.INTEGER:
                own[attribute.name] = place + 1
            else:
                own[attribute.name] = OWN_KEYS[place]
    return {name: value for name, value in {**row, **own}.items() if name != "id"}


def _parents(declared: ResourceType) -> st.SearchStrategy[Ref | None]:
    """No parent, or a seed that the type's rows may have as their parent."""
    if declared.parent is None:
        return st.none()
    targets = CATALOGUE.targets_of(_relationship(declared, declared.parent))
    refs = [Ref(each, 0) for each in targets if each in SEEDS_COUNT]
    return st.one_of(st.none(), st.sampled_from(refs))


def _units(declared: ResourceType) -> st.SearchStrategy[list[str]]:
    """Fields of cents of the row itself that are given in decimals; mostly none."""
    names = [each.name for each in declared.attributes if each.creatable or each.updatable]
    names += [each.name for each in declared.triggers if each.accepted]
    cents = list(filter(is_of_cents, names))
    if not cents:
        return st.just([])
    return st.one_of(st.just([]), st.lists(st.sampled_from(cents), max_size=2, unique=True))


def _with_units(call: ImportCall, units: Sequence[str]) -> ImportCall:
    """The import with a column map that says which of its columns are given in decimals."""
    columns = {name for row in call.rows for name in _columns(row)}
    named = {name: f"{name}:decimal" for name in units if name in columns}
    return replace(call, column_map=named)


def _columns(row: object) -> Sequence[str]:
    if isinstance(row, CsvRow):
        return row.columns
    return tuple(row) if isinstance(row, dict) else ()


# Tables


def _as_table(call: ImportCall) -> ImportCall:
    """The same rows as far as a table can hold them; what is no object has too many cells."""
    cells = [dict(_cells(row)) if isinstance(row, dict) else {} for row in call.rows]
    columns = tuple(dict.fromkeys(name for row in cells for name in row)) or ("id",)
    rows = [
        CsvRow(columns, tuple(row.get(name, "") for name in columns))
        if isinstance(call.rows[index], dict)
        else CsvRow(columns, ("x",) * (len(columns) + 1))
        for index, row in enumerate(cells)
    ]
    # The reader drops blank lines, and a row in which no cell holds anything is one.
    kept = tuple(row for row in rows if any(map(_holds_something, row.cells)))
    return replace(call, rows=kept or (CsvRow(columns, ("x",) * len(columns)),))


def _cells(row: Mapping[str, object], path: str = "") -> Iterator[tuple[str, str]]:
    """Columns and cells of a row; of the nested elements, a table can hold the first one."""
    for name, value in row.items():
        if name == "tags":
            yield from _tag_cells(value, path)
        elif isinstance(value, dict) and _is_row(value):
            yield from _cells(value, f"{path}{name}.")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield from _cells(value[0], f"{path}{name}.")
        else:
            yield path + name, _cell(value)


def _holds_something(cell: object) -> bool:
    return not isinstance(cell, str) or bool(cell.strip())


def _is_row(value: Mapping[str, object]) -> bool:
    """Whether an object is a nested record rather than a value, as those of `_OBJECTS`."""
    return bool(value) and not set(value) <= {"colour", "a", "text"}


def _tag_cells(value: object, path: str) -> Iterator[tuple[str, str]]:
    elements = [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
    ids = [each["id"] for each in elements if "id" in each]
    names = [str(each["name"]) for each in elements if each.get("name") is not None]
    if ids:
        yield f"{path}tags.id", ids[0]
    if names or not ids:
        yield f"{path}tags", ", ".join(names)


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case Ref() | Elsewhere():
            return value  # type: ignore[return-value]  # each side puts in its own id
        case str():
            return value.encode("utf-8", "replace").decode()
        case dict() | list():
            return json.dumps(value)
    return str(value)
