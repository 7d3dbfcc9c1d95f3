"""A mapping that changes nothing: rows become the same candidates as without it."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from longshore.catalogue import ORGANIZATION_FLAGS
from longshore.engine import Prepared, prepare
from longshore.mapping import MappingDocument, read_mapping
from longshore.readers import Format, Layout, Position
from tests.unit.engine.plans import CATALOGUE, CELL_BYTES_MAX, PUBLIC_IDS

COLUMNS = ("code", "name", "weight", "do_not_ship", "tags", "metadata.x", "reference")
_NOTHING: dict[str, Any] = {"name": "replace", "table": {}}
_TEXTS = st.one_of(
    st.sampled_from(["", " ", "A1", "5", "2.5", "true", "x, y", "heavy", "\x00", "Ä", "null"]),
    st.text(max_size=4),
)
_VALUES = st.one_of(_TEXTS, st.none(), st.booleans(), st.integers(-5, 5), st.just({"a": [1]}))


def prepared(format: Format, mapping: MappingDocument | None) -> Prepared:
    layout = Layout(
        format=format, encoding="utf-8", delimiter=",", columns=COLUMNS, first=Position()
    )
    return prepare(
        CATALOGUE.types["skus"],
        layout,
        {},
        catalogue=CATALOGUE,
        public_ids=PUBLIC_IDS,
        parent=None,
        environment=1,
        flags=ORGANIZATION_FLAGS,
        cell_bytes_max=CELL_BYTES_MAX,
        elements_max=100,
        mapping=mapping,
    )


def identity(*, with_transforms: bool) -> MappingDocument:
    transforms = [_NOTHING] if with_transforms else []
    fields = {name: {"column": name, "transforms": transforms} for name in COLUMNS}
    return read_mapping({"version": 1, "fields": fields})


def told(prepared: Prepared, rows: list[Any]) -> list[Any]:
    """Candidates by name, because a mapping may lay them out in another order."""
    root = prepared.plan.root
    return [
        (
            {name: repr(fields[slot]) for name, slot in root.slots.items()},
            sorted(map(repr, findings)),
            [prepared.places.find(row, name).column for name, _, _ in sorted(findings, key=repr)],
            prepared.identify(row),
        )
        for row, (fields, findings) in zip(rows, prepared.convert(rows).rows(), strict=True)
    ]


@given(
    st.lists(st.lists(_TEXTS, min_size=1, max_size=len(COLUMNS) + 1), min_size=1, max_size=6),
    st.booleans(),
)
def test_rows_of_a_table_are_the_same(rows: list[list[str]], with_transforms: bool) -> None:
    mapping = identity(with_transforms=with_transforms)
    assert told(prepared(Format.CSV, mapping), rows) == told(prepared(Format.CSV, None), rows)


@given(
    st.lists(
        st.one_of(st.dictionaries(st.sampled_from(COLUMNS), _VALUES), st.just("none")),
        min_size=1,
        max_size=6,
    ),
)
def test_objects_are_the_same(rows: list[Any]) -> None:
    mapping = identity(with_transforms=False)
    assert told(prepared(Format.JSON, mapping), rows) == told(prepared(Format.JSON, None), rows)
