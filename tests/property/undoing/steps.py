"""Random stories: imports, single writes, and undos of whatever was written so far.

Alphabets are small, so that imports and others meet at the same records and keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from tests.property.strategies import (
    ADDRESSES,
    COUPONS,
    CUSTOMERS,
    LINE_ITEM_ROWS,
    ORDERS,
    PRICE_TIER_ROWS,
    PRICES,
    SKUS,
    STOCK_ITEMS,
    ImportCall,
    Ref,
    Shape,
    exchanges,
    import_calls,
    often,
    rows_of,
)


@dataclass(frozen=True, slots=True)
class Creates:
    """Somebody creates a record."""

    resource_type: str
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Updates:
    """Somebody changes a record."""

    record: Ref
    row: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Destroys:
    """Somebody destroys a record."""

    record: Ref


@dataclass(frozen=True, slots=True)
class Sets:
    """An operator sets a flag of the organization."""

    flag: str
    value: bool


@dataclass(frozen=True, slots=True)
class Purges:
    """The entries of the last import are gone from the journal."""


@dataclass(frozen=True, slots=True)
class Undoes:
    """An import, or an undo, is taken back: the one that many from the last."""

    back: int
    kills: tuple[int, ...] = ()  # before so many points its process dies, and another goes on


Step = ImportCall | Creates | Updates | Destroys | Sets | Purges | Undoes

_TAGS = Shape({"name": often(["red", "blue", "green"])}, {"reference": often(["r1", "r2"])})
_NAMED = Shape({"name": often(["x", "y"])}, {"reference": often(["r1", "r2"])})
_LISTS = Shape({"name": often(["x", "y"])}, {"code": often(["x", "y"])})

# What single writes write, by type.
_SHAPES: Mapping[str, Shape] = {
    "skus": SKUS,
    "prices": PRICES,
    "customers": CUSTOMERS,
    "orders": ORDERS,
    "line_items": LINE_ITEM_ROWS,
    "price_tiers": PRICE_TIER_ROWS,
    "stock_items": STOCK_ITEMS,
    "addresses": ADDRESSES,
    "coupons": COUPONS,
    "tags": _TAGS,
    "shipping_categories": _NAMED,
    "price_lists": _LISTS,
}
_INSIDE = frozenset({"id", "line_items", "price_tiers", "unknown"})  # not of single writes
_IMPORTED = (
    "skus",
    "skus",
    "prices",
    "customers",
    "orders",
    "orders",
    "line_items",
    "stock_items",
    "customer_addresses",
    "sku_lists",
)


@st.composite
def _creates(draw: st.DrawFn) -> Creates:
    type_ = draw(st.sampled_from(["skus", "prices", "customers", "orders", "line_items", "tags"]))
    row = draw(rows_of(_SHAPES[type_]))
    return Creates(type_, {name: row[name] for name in row if name not in _INSIDE})


@st.composite
def _updates(draw: st.DrawFn) -> Updates:
    type_ = draw(st.sampled_from([*_SHAPES, "skus", "skus", "orders", "customers"]))
    shape = _SHAPES[type_]
    fields = {**shape.usual, **shape.further}
    named = draw(
        st.lists(
            st.sampled_from(sorted(fields.keys() - _INSIDE)), min_size=1, max_size=2, unique=True
        )
    )
    row = {name: draw(fields[name].good) for name in named}
    return Updates(Ref(type_, draw(st.integers(0, 3))), row)


_DESTROYS = st.builds(
    Destroys,
    st.builds(
        Ref,
        st.sampled_from(
            [*_SHAPES, "sku_lists", "sku_list_items", "customer_addresses", "skus", "tags"]
        ),
        st.integers(0, 3),
    ),
)
_IMPORTS = st.one_of(
    st.sampled_from(_IMPORTED).flatmap(lambda name: import_calls(name, rows_max=5)),
    exchanges(),
)
_UNDOES = st.builds(
    Undoes,
    st.sampled_from([0, 0, 0, 1, 1, 2, 3]),
    st.lists(st.integers(1, 6), max_size=2).map(tuple),
)


@dataclass(frozen=True, slots=True)
class _Theme:
    """A few records that imports and others meet at."""

    imports: Mapping[str, st.SearchStrategy[Any]]  # valid rows by type
    updates: Mapping[str, st.SearchStrategy[Any]]  # of what somebody changes
    creates: Mapping[str, st.SearchStrategy[Any]]
    destroys: tuple[str, ...]


def _some(**fields: Sequence[object]) -> st.SearchStrategy[dict[str, object]]:
    """Some of these fields, one at least."""
    strategies = {name: st.sampled_from(values) for name, values in fields.items()}
    return st.fixed_dictionaries({}, optional=strategies).filter(bool)


def _row(given: Mapping[str, Sequence[object]], **further: Sequence[object]) -> Any:
    """These fields, and some further ones."""
    return st.fixed_dictionaries(
        {name: st.sampled_from(values) for name, values in given.items()},
        optional={name: st.sampled_from(values) for name, values in further.items()},
    )


_TAG_LISTS: Sequence[object] = (
    [],
    [{"name": "red"}],
    [{"name": "red"}, {"name": "new"}],
    [{"name": "new"}],
)
_SKU_FIELDS: Mapping[str, Sequence[object]] = {
    "name": ["a", "b", "c"],
    "weight": [1, 2, None],
    "unit_of_weight": ["gr", "oz"],
    "do_not_ship": [True, True, False],
    "shipping_category_id": [Ref("shipping_categories", 0), Ref("shipping_categories", 1), None],
    "tags": _TAG_LISTS,
    "reference": ["r", None],
}
_LINE_FIELDS: Mapping[str, Sequence[object]] = {
    "quantity": [1, 2, 3],
    "unit_amount_cents": [5, 6],
    "reference": ["r1", "r2"],
    "name": ["l", "m"],
}
_ORDER_FIELDS: Mapping[str, Sequence[object]] = {
    "customer_email": ["a@x.it", "new@x.it", "other@x.it"],
    "language_code": ["it", "en"],
    "coupon_code": ["COUPON-1", None],
    "shipping_address_id": [Ref("addresses", 0), Ref("addresses", 1), None],
    "tags": _TAG_LISTS,
}
_ORDER_TRIGGERS: Mapping[str, Sequence[object]] = {
    name: [True] for name in ("_archive", "_unarchive", "_place", "_cancel", "_approve")
}
_ORDERS = [Ref("orders", 0), Ref("orders", 1)]
_LINES = st.lists(
    _row({"sku_code": ["A", "B"], "quantity": [1, 2], "unit_amount_cents": [5, 7]}), max_size=2
)
_ADDRESS_FIELDS: Mapping[str, Sequence[object]] = {
    "business": [True, False],
    "first_name": ["Ada", None],
    "last_name": ["Rossi", None],
    "company": ["Acme", "Bolt", None],
    "country_code": ["IT", "HK"],
    "zip_code": ["59100", None],
    "line_1": ["Via Po 1", "Via Roma 1"],
}
_PRICE_FIELDS: Mapping[str, Sequence[object]] = {
    "amount_cents": [1000, 5, 6],
    "compare_at_amount_cents": [2000, None],
    "reference": ["r", None],
}
_PLACES = [Ref("price_lists", 0), Ref("price_lists", 1)]
_TIERS = st.lists(
    _row({"name": ["t"], "up_to": [1, 5, None], "price_amount_cents": [8, 9]}),
    max_size=2,
    unique_by=lambda tier: tier["up_to"],
)
_THEMES = (
    _Theme(
        imports={
            "skus": _row(
                {"code": ["A", "B", "C", "D"], "name": ["a", "b", "x"], "do_not_ship": [True]},
                **{name: _SKU_FIELDS[name] for name in ("weight", "unit_of_weight", "tags")},
            ),
            "tags": _row({"name": ["red", "new"]}, reference=["r", "s"]),
        },
        updates={"skus": _some(**_SKU_FIELDS, code=["A", "B", "E"]), "tags": _some(name=["odd"])},
        creates={
            "skus": _row({"code": ["A", "B", "C"], "name": ["a"], "do_not_ship": [True]}),
            "prices": _row(
                {"sku_code": ["B", "C", "D"], "price_list_id": _PLACES, "amount_cents": [1]}
            ),
        },
        destroys=("skus", "skus", "tags", "shipping_categories"),
    ),
    _Theme(
        imports={
            "skus": st.one_of(
                _some(**_SKU_FIELDS, code=["A", "B", "C"]).flatmap(
                    lambda row: st.integers(0, 2).map(lambda at: {**row, "id": Ref("skus", at)})
                ),
                _row({"code": ["A", "B", "C"], "name": ["x"], "do_not_ship": [True]}),
            )
        },
        updates={"skus": _some(**_SKU_FIELDS, code=["A", "B", "C"])},
        creates={"skus": _row({"code": ["A", "B", "C"], "name": ["a"], "do_not_ship": [True]})},
        destroys=("skus", "shipping_categories"),
    ),
    _Theme(
        imports={
            "prices": st.tuples(
                _row({"sku_code": ["A", "B"], "price_list_id": _PLACES}, **_PRICE_FIELDS),
                st.fixed_dictionaries({"amount_cents": st.sampled_from([5, 6])}),
                st.fixed_dictionaries({}, optional={"price_tiers": _TIERS}),
            ).map(lambda parts: parts[1] | parts[0] | parts[2])
        },
        updates={
            "prices": _some(**_PRICE_FIELDS, price_list_id=_PLACES),
            "price_tiers": _some(up_to=[1, 5, None], price_amount_cents=[1, 8]),
        },
        creates={
            "price_tiers": _row(
                {
                    "price_id": [Ref("prices", 0), Ref("prices", 1)],
                    "name": ["u"],
                    "price_amount_cents": [3],
                },
                up_to=[1, 5, 7],
            ),
            "prices": _row({"sku_code": ["A", "B"], "price_list_id": _PLACES, "amount_cents": [1]}),
        },
        destroys=("prices", "price_tiers", "price_lists", "skus"),
    ),
    _Theme(
        imports={
            "orders": st.tuples(
                _row(
                    {"number": ["N1", "N1", "N2"], "market_id": [Ref("markets", 0)]},
                    **_ORDER_FIELDS,
                    **_ORDER_TRIGGERS,
                ),
                st.fixed_dictionaries({}, optional={"line_items": _LINES}),
            ).map(lambda parts: parts[0] | parts[1]),
            "line_items": _row({**_LINE_FIELDS, "order_id": _ORDERS, "sku_code": ["A", "B"]}),
            "customers": _row(
                {"email": ["a@x.it", "new@x.it", "b@x.it"]},
                tags=_TAG_LISTS,
                customer_group_id=[Ref("customer_groups", 0), None],
            ),
        },
        updates={
            "orders": _some(**_ORDER_FIELDS, **_ORDER_TRIGGERS, number=["N2", "N3"]),
            "line_items": _some(**_LINE_FIELDS),
            "customers": _some(email=["a@x.it", "b@x.it", "new@x.it"], tags=_TAG_LISTS),
        },
        creates={
            "orders": _row({"number": ["N2"], "market_id": [Ref("markets", 0)]}, **_ORDER_FIELDS),
            "line_items": _row({**_LINE_FIELDS, "order_id": _ORDERS, "sku_code": ["A", "B"]}),
        },
        destroys=("orders", "line_items", "customers", "coupons", "tags", "addresses"),
    ),
    _Theme(
        imports={
            "addresses": _some(**_ADDRESS_FIELDS).map(
                lambda row: {**row, "id": Ref("addresses", 0)}
            ),
            "customer_addresses": st.tuples(
                _row({"customer_email": ["a@x.it", "new@x.it"]}),
                st.one_of(
                    _row({"address_id": [Ref("addresses", 0), Ref("addresses", 1)]}),
                    _row({"line_1": ["Via Po 9"], "city": ["Rome"], "zip_code": ["1"]}).map(
                        lambda row: {
                            "address": {
                                **row,
                                "country_code": "IT",
                                "phone": "1",
                                "first_name": "Ada",
                                "last_name": "Rossi",
                            }
                        }
                    ),
                ),
            ).map(lambda parts: parts[0] | parts[1]),
        },
        updates={"addresses": _some(**_ADDRESS_FIELDS)},
        creates={
            "customer_addresses": _row(
                {
                    "customer_email": ["a@x.it", "new@x.it"],
                    "address_id": [Ref("addresses", 0), Ref("addresses", 1)],
                }
            )
        },
        destroys=("customer_addresses", "addresses", "customers"),
    ),
)


@st.composite
def _of_theme(draw: st.DrawFn, theme: _Theme) -> Step:
    """A step that meets the others of its theme."""
    match draw(st.integers(0, 11)):
        case 0 | 1 | 2:
            type_ = draw(st.sampled_from(list(theme.imports)))
            rows = draw(st.lists(theme.imports[type_], min_size=1, max_size=5))
            return ImportCall(type_, tuple(rows))
        case 3 | 4:
            type_ = draw(st.sampled_from(list(theme.updates)))
            return Updates(Ref(type_, draw(st.integers(0, 3))), draw(theme.updates[type_]))
        case 5:
            type_ = draw(st.sampled_from(list(theme.creates)))
            return Creates(type_, draw(theme.creates[type_]))
        case 6:
            return Destroys(Ref(draw(st.sampled_from(theme.destroys)), draw(st.integers(0, 3))))
        case _:
            return draw(_UNDOES)


@st.composite
def meetings(draw: st.DrawFn) -> list[Step]:
    """Steps that meet at the same few records, an import first and an undo last."""
    theme = draw(st.sampled_from(_THEMES))
    type_ = draw(st.sampled_from(list(theme.imports)))
    rows = draw(st.lists(theme.imports[type_], min_size=1, max_size=5))
    steps = draw(st.lists(_of_theme(theme), min_size=1, max_size=10))
    return [ImportCall(type_, tuple(rows)), *steps, draw(_UNDOES)]


@st.composite
def mixtures(draw: st.DrawFn) -> list[Step]:
    """An import first, an undo last, and anything between, right or wrong."""
    between = st.one_of(_IMPORTS, _creates(), _updates(), _updates(), _DESTROYS, _UNDOES, _UNDOES)
    return [draw(_IMPORTS), *draw(st.lists(between, max_size=6)), draw(_UNDOES)]


def stories() -> st.SearchStrategy[list[Step]]:
    return st.one_of(meetings(), meetings(), mixtures())


def single_writes() -> st.SearchStrategy[list[Creates | Updates | Destroys]]:
    """What others write in between: mostly nothing much."""
    return st.lists(st.one_of(_updates(), _creates(), _DESTROYS), max_size=2)
