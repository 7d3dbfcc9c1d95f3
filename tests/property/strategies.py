"""Random imports in which rows meet each other.

Alphabets are small, so that keys repeat, unique values are taken, given up and taken again, and
ids name records of the wrong type. An id is written as a `Ref`, because the two sides that are
compared give different ids to the same record: each side puts in its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from longshore.error_codes import ErrorCode
from longshore.imports import Only, StopRules
from tests.property.model import CsvRow
from tests.property.model.values import spelled

# A strategy for a value that may stand in a row.
Values = st.SearchStrategy[Any]


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of the record of a type that is at this place in id order; there may be none."""

    resource_type: str
    index: int


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The id of a record of the type in another environment."""

    resource_type: str


@dataclass(frozen=True, slots=True)
class ImportCall:
    """One import."""

    resource_type: str
    rows: tuple[object, ...]
    parent: Ref | None = None
    skip_errors: bool = True
    column_map: Mapping[str, str] = field(default_factory=dict)
    is_lines: bool = False  # rows of JSON stand one after another
    stop_rules: StopRules = field(default_factory=StopRules)
    only: Only | None = None


@dataclass(frozen=True, slots=True)
class Field:
    """Values of a field that a row may well have, and values that should be refused, or odd."""

    good: Values
    bad: Values


def often(good: Sequence[object], bad: Sequence[object] = (None,)) -> Field:
    return Field(st.sampled_from(good), st.sampled_from(bad))


def refs(resource_type: str, count: int = 3, *, wrong: str = "tags") -> Field:
    """Ids of a few records; the odd ones are no record of the type."""
    good = [Ref(resource_type, index) for index in range(count)]
    return often(good, [Ref(wrong, 0), Elsewhere(resource_type), "nowhere", None, "", 5])


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of a row: those it mostly has, and those of which it has a few."""

    usual: dict[str, Field]
    further: dict[str, Field]
    exclusive: frozenset[str] = frozenset()  # a row has these inside itself or by id, never both


@st.composite
def rows_of(draw: st.DrawFn, shape: Shape) -> dict[str, object]:
    """A row; about one in four has a field that is odd, wrong or missing."""
    names = list(shape.usual)
    names += draw(st.lists(st.sampled_from(sorted(shape.further)), max_size=3, unique=True))
    fields = shape.usual | shape.further
    row = {name: draw(fields[name].good) for name in names}
    flaw = draw(st.integers(0, 7))
    if flaw == 7:
        name = draw(st.sampled_from(names))
        row[name] = draw(fields[name].bad)
    elif flaw == 6:
        del row[draw(st.sampled_from(names))]
    for name in shape.exclusive & row.keys():
        row.pop(f"{name}_id", None)
    return row


def listed(shape: Shape, *, max_size: int = 3) -> Field:
    """A nested collection."""
    elements = st.lists(rows_of(shape), max_size=max_size)
    again = elements.flatmap(lambda drawn: st.permutations([*drawn, *drawn[:1]]))
    return Field(st.one_of(elements, again), st.sampled_from([None, "x", [5], []]))


BOOLEANS = often([True, False, "true", "no", 1], [None, "maybe", "", 2, []])
CENTS = often([0, 5, 100, "100", "7.0", 12.0], [None, -1, "x", 1.5, 2**63, "", True])
REFERENCES = often(["r1", "r2", "r3", "r1\u200b", " r2"], [None, "", 7, {}, "\ufeff"])
METADATA = often([{}, {"a": 1}, {"a": {"b": [None, 1.5]}}], ["x", []])
TAG_ELEMENTS = st.one_of(
    st.sampled_from([{"name": "red"}, {"name": "Red\u200b"}, {"name": "blue"}]),
    st.builds(lambda ref: {"id": ref}, st.builds(Ref, st.just("tags"), st.integers(0, 1))),
)
ODD_TAG_LISTS: list[object] = [
    [{"name": f"t{number}"} for number in range(10)],
    [{"name": f"t{number}"} for number in range(11)],
    [{"name": "no good"}],
    [{"name": "x" * 26}],
    [{"name": " "}, {"name": None}, {"name": "\u200b"}],
    [{}],
    [{"id": "nowhere"}],
    [{"id": Ref("skus", 0)}],
    ["red"],
    "red",
    None,
]
TAG_NAMES = often(["red", "blue, RED", "none,red", "", None], ["no good", "t0,t1,t2", " ,", 5])
TAGGING: dict[str, Field] = {
    "tags": Field(st.lists(TAG_ELEMENTS, max_size=3), st.sampled_from(ODD_TAG_LISTS)),
    "_add_tags": TAG_NAMES,
    "_remove_tags": TAG_NAMES,
}
# The first of these with what nobody sees around them, and letters of two forms.
UNSEEN = (" {}", "{}\xa0", "\ufeff{}", "{}\u200b", "\u200b {}\u2060")
SPELLED_A = ["A", "A", *(blank.format("A") for blank in UNSEEN)]
SPELLED_EMAILS = ["a@x.it", "A@x.it", "A@X.IT\xa0", "\ufeffa@x.it", "a@x.it\u200b"]
ODD_EMAILS = [
    *(None, "", "no", "\u200b", "a@x.it/", "a@http://x.it", "mailto:a@x.it", "a@-x.it"),
    *("a@1.2.3.4", "a\u200b@x.it", "a@x", f"{'a' * 65}@x.it", "a@x..it", "a b@x.it"),
]
EMAILS = often([*SPELLED_EMAILS, "b@x.it", "b@x.it", "c@x.it", "ann+b@x-1.test"], [*ODD_EMAILS, 5])
CODES = often(
    [*SPELLED_A, "B", "B", "C", "C", "A\u0301", "\u00c1", 7],
    [None, "", {}, "\x00", "x" * 513, "\u200b", "\xa0\ufeff", "A\u200bB"],
)
SKU_CODES = often([*SPELLED_A, "B", "B"], ["Z", None, "", 7, {}, "\x00", "\u200b"])

SKUS = Shape(
    {
        "code": CODES,
        "name": often(["a", "b"], [None, " ", ["x"], 3]),
        "shipping_category_id": refs("shipping_categories", 2),
    },
    {
        "id": refs("skus"),
        "do_not_ship": BOOLEANS,
        "pieces_per_pack": often([1, "2", "3.0", 4.0], ["x", 2.5, "2.5", 2**63, -(2**63) - 1]),
        "weight": often([1, 1.5, "2", "1e2"], ["x", [], "nan"]),
        "unit_of_weight": often(["gr", "oz", "GR", " Oz "], ["kg", None]),
        "reference": REFERENCES,
        "metadata": METADATA,
        "unknown": often(["ignored"]),
        **TAGGING,
    },
)

PRICE_TIERS = Shape(
    {
        "name": often(["t", "u"], [None, " "]),
        "price_amount_cents": CENTS,
        "up_to": often([1, 2, 2.0, "2", None], [0, "x"]),
    },
    {
        "type": often(
            ["price_volume_tiers", "PriceFrequencyTier", "price_frequency_tier"], ["x", None, ""]
        ),
        "id": refs("price_tiers", wrong="prices"),
    },
)

PRICES = Shape(
    {
        "sku_code": SKU_CODES,
        "amount_cents": CENTS,
        "price_list_id": refs("price_lists", 2, wrong="prices"),
    },
    {
        "id": refs("prices"),
        "sku_id": refs("skus", 2),
        "compare_at_amount_cents": CENTS,
        "reference": REFERENCES,
        "price_tiers": listed(PRICE_TIERS),
    },
)

CUSTOMERS = Shape(
    {"email": EMAILS},
    {
        "id": refs("customers"),
        "password": often(["secret"], [None, ""]),
        "customer_group_id": refs("customer_groups", 1),
        "shopper_reference": REFERENCES,
        "metadata": METADATA,
        **TAGGING,
    },
)

LINE_ITEMS = Shape(
    {
        "quantity": often([1, 2, -1, "3"], [0, None, "x", 1.5]),
        "sku_code": often([*SPELLED_A, "B"], ["Z", None, "", {}, "\u200b"]),
        "unit_amount_cents": CENTS,
    },
    {
        "name": often(["a", "line"], [None, ""]),
        "reference": REFERENCES,
        "item_type": often(["skus", "sku", "Sku"], ["bundle", "x"]),
        "id": refs("line_items", wrong="orders"),
        "_external_price": BOOLEANS,
        "_reserve_stock": often([False, None], [True]),
        **TAGGING,
    },
)

PRICE_TIER_ROWS = Shape(
    PRICE_TIERS.usual | {"price_id": refs("prices", 2, wrong="price_tiers")}, PRICE_TIERS.further
)

LINE_ITEM_ROWS = Shape(
    LINE_ITEMS.usual | {"order_id": refs("orders", 2, wrong="markets")}, LINE_ITEMS.further
)

ORDERS = Shape(
    {
        "number": often(["N1", "N1 ", "N2", "\ufeffN2", "N3"], [None, 7, [], "", "\u200b"]),
        "market_id": refs("markets", 1),
    },
    {
        "id": refs("orders"),
        "customer_email": EMAILS,
        "customer_id": refs("customers", 2),
        "coupon_code": often(["COUPON-1", "COUPON-1\xa0"], ["nothing", None, "\u200b"]),
        "guest": BOOLEANS,
        "language_code": often(["en", "it"], [None]),
        "line_items": listed(LINE_ITEMS, max_size=4),
        "_archive": often([True, "1", 0, "false"], [None, ""]),
        "_unarchive": often([True, False]),
        "_place": often([True, False]),
        "_approve": often([True, False]),
        "_cancel": often([True, False]),
        "_capture": often([False, "f"], [True, "1"]),
        "status": often(["draft", "placed"], ["x"]),
        **TAGGING,
    },
)

SKU_LISTS = Shape(
    {"name": often(["L1", "L1\xa0", "L2", "\u200bL2", "L3"], [None, "", "\u200b"])},
    {
        "id": refs("sku_lists"),
        "manual": BOOLEANS,
        "sku_code_regex": often(["^A"], ["(", None]),
        "description": REFERENCES,
        "customer_id": refs("customers", 2),
        "sku_list_items": listed(
            Shape(
                {"sku_code": SKU_CODES},
                {"quantity": often([1, 2], [0, None]), "position": often([1, 2])},
            )
        ),
    },
)

SKU_LIST_ITEMS = Shape(
    {"sku_list_id": refs("sku_lists", 2), "sku_code": SKU_CODES},
    {
        "sku_id": refs("skus", 2),
        "quantity": often([1, 2], [0, "x"]),
        "position": often([1, 2]),
        "id": refs("sku_list_items"),
    },
)

COUPONS = Shape(
    {
        "code": often(
            ["COUPON-1", "COUPON-1\xa0", "COUPON-2", "\u200bCOUPON-2", "COUPON-3"],
            ["short", " short\u200b", "x" * 41, None],
        ),
        "promotion_rule_id": refs("coupon_codes_promotion_rules", 1),
    },
    {
        "id": refs("coupons"),
        "recipient_email": EMAILS,
        "usage_limit": often([0, 1, "2"], [-1, None]),
        "customer_single_use": BOOLEANS,
        "expires_at": often(
            ["2030-01-01", "2030-01-01T10:00:00Z", "2030-01-01T12:00:00.5+02:00"],
            ["soon", None, 5],
        ),
        **TAGGING,
    },
)

STOCK_ITEMS = Shape(
    {
        "sku_code": SKU_CODES,
        "quantity": CENTS,
        "stock_location_id": refs("stock_locations", 2),
    },
    {"id": refs("stock_items"), "sku_id": refs("skus", 2), "reference": REFERENCES},
)

CUSTOMER_SUBSCRIPTIONS = Shape(
    {"customer_email": EMAILS, "reference": REFERENCES},
    {
        "id": refs("customer_subscriptions"),
        "customer_id": refs("customers", 2),
        "metadata": METADATA,
    },
)

ADDRESSES = Shape(
    {
        "line_1": often(["Via Po 1", "Via Po 1", "Via Po 2"]),
        "city": often(["Rome"], [""]),
        "country_code": often(["IT", "HK"], ["XX"]),
        "zip_code": often(["00100"]),
        "phone": often(["1"]),
        "first_name": often(["Ada"]),
        "last_name": often(["Rossi"]),
    },
    {"id": refs("addresses"), "business": BOOLEANS, "company": often(["Acme"]), **TAGGING},
)

CUSTOMER_ADDRESSES = Shape(
    {"customer_email": EMAILS, "address_id": refs("addresses", 2)},
    {
        "id": refs("customer_addresses"),
        "customer_id": refs("customers", 2),
        "customer": Field(
            rows_of(Shape({"email": EMAILS}, {"id": refs("customers", 2)})),
            st.sampled_from([None, "x", {}]),
        ),
        "address": Field(rows_of(ADDRESSES), st.sampled_from([None, "x", {}, {"city": "Bari"}])),
        "reference": REFERENCES,
    },
    exclusive=frozenset({"address", "customer"}),
)

# What rows of a type look like, and the parents its imports may have.
TYPES: dict[str, tuple[Shape, str]] = {
    "skus": (SKUS, "shipping_categories"),
    "prices": (PRICES, "price_lists"),
    "price_tiers": (PRICE_TIER_ROWS, "prices"),
    "customers": (CUSTOMERS, "customer_groups"),
    "orders": (ORDERS, "markets"),
    "line_items": (LINE_ITEM_ROWS, "orders"),
    "sku_lists": (SKU_LISTS, "customers"),
    "sku_list_items": (SKU_LIST_ITEMS, "sku_lists"),
    "coupons": (COUPONS, "coupon_codes_promotion_rules"),
    "stock_items": (STOCK_ITEMS, "stock_locations"),
    "customer_subscriptions": (CUSTOMER_SUBSCRIPTIONS, "customers"),
    "customer_addresses": (CUSTOMER_ADDRESSES, "customers"),
}


@st.composite
def import_calls(draw: st.DrawFn, resource_type: str, *, rows_max: int = 12) -> ImportCall:
    """An import of the type, mostly one that goes on after errors."""
    shape, parent = TYPES[resource_type]
    rows: list[object] = list(draw(st.lists(rows_of(shape), min_size=1, max_size=rows_max)))
    if draw(st.integers(0, 9)) == 9:
        place = draw(st.integers(0, len(rows)))
        rows.insert(place, draw(st.sampled_from(["no object", None, 5, []])))
    return ImportCall(
        resource_type,
        tuple(rows),
        parent=draw(st.sampled_from([None, Ref(parent, 0)])),
        skip_errors=draw(st.sampled_from([True, True, True, False])),
    )


stop_rules = st.builds(
    StopRules,
    on=st.sampled_from(
        [(), (), (ErrorCode.NOT_A_NUMBER,), (ErrorCode.TAKEN, ErrorCode.MUST_EXIST)]
    ),
    consecutive=st.sampled_from([None, None, 1, 2, 3]),
    after=st.sampled_from([None, None, 1, 2, 5]),
    at=st.sampled_from([None, None, *map(Decimal, ("0.5", "10", "33.333333", "50", "100"))]),
)
only = st.sampled_from([None, None, *Only])


@st.composite
def limited_calls(draw: st.DrawFn, resource_type: str) -> ImportCall:
    """An import with stop rules, or of which some rows are to be skipped."""
    calls = import_calls(resource_type)
    if resource_type in CSV_COLUMNS:
        calls = st.one_of(calls, csv_calls(resource_type))
    return replace(draw(calls), stop_rules=draw(stop_rules), only=draw(only))


@st.composite
def exchanges(draw: st.DrawFn) -> ImportCall:
    """Valid rows that hand a few unique codes around among a few records."""
    names = ["A", "B", "C", "D"]
    row = st.fixed_dictionaries(
        {"id": st.builds(Ref, st.just("skus"), st.integers(0, 2)), "code": st.sampled_from(names)}
    )
    create = st.fixed_dictionaries(
        {
            "code": st.sampled_from(names),
            "name": st.sampled_from(["a", "b"]),
            "do_not_ship": st.just(True),
        }
    )
    rows = draw(st.lists(st.one_of(row, create), min_size=1, max_size=16))
    return ImportCall("skus", tuple(rows))


KEYED_TYPES = ("skus", "prices", "customers", "orders", "sku_lists", "coupons", "stock_items")


@st.composite
def keyed_calls(draw: st.DrawFn, resource_type: str) -> ImportCall:
    """Valid rows with distinct keys."""
    count = draw(st.integers(1, 4))
    numbers = draw(st.permutations(range(count)))
    return ImportCall(resource_type, tuple(draw(_keyed_row(resource_type, n)) for n in numbers))


def _keyed_row(resource_type: str, number: int) -> st.SearchStrategy[dict[str, object]]:
    """A valid row of which only one number has the key."""
    tags = {"tags": st.lists(st.sampled_from([{"name": "red"}, {"name": "blue"}]), max_size=2)}
    cents = st.sampled_from([0, 1, "100", 7.0])
    sku = {"sku_code": st.just("AB"[number % 2])}
    match resource_type:
        case "skus":
            required: dict[str, Values] = {
                "code": st.just(f"K{number}"),
                "name": st.sampled_from(["a", " b "]),
                "do_not_ship": st.just(True),
            }
            optional: dict[str, Values] = {"weight": st.sampled_from([1, "1.5"]), **tags}
        case "prices":
            place = Ref("price_lists", number // 2 % 2)
            required = {**sku, "amount_cents": cents, "price_list_id": st.just(place)}
            tier = {"name": st.just("t"), "price_amount_cents": cents}
            tiers = [{"up_to": st.just(limit), **tier} for limit in (1, "2", None)]
            optional = {"price_tiers": st.tuples(*map(st.fixed_dictionaries, tiers)).map(list)}
        case "customers":
            required = {"email": st.just(f"k{number}@x.it")}
            optional = {"password": st.just("secret"), "metadata": st.just({"a": 1}), **tags}
        case "orders":
            line = {**sku, "quantity": st.sampled_from([1, -2]), "unit_amount_cents": cents}
            lines = st.lists(st.fixed_dictionaries(line), max_size=3)
            required = {"number": st.just(f"K{number}"), "market_id": st.just(Ref("markets", 0))}
            optional = {
                "customer_email": st.sampled_from(["a@x.it", "n@x.it"]),
                "line_items": lines,
                "_archive": st.just(True),
                "_place": st.just(True),
                **tags,
            }
        case "sku_lists":
            items = st.lists(st.sampled_from(["A", "B"]), max_size=2, unique=True)
            required = {"name": st.just(f"K{number}")}
            optional = {
                "sku_list_items": items.map(lambda codes: [{"sku_code": code} for code in codes]),
                "manual": st.just("true"),
                "sku_code_regex": st.just("^A"),
            }
        case "coupons":
            rule = Ref("coupon_codes_promotion_rules", 0)
            required = {"code": st.just(f"KEY-{number:05}"), "promotion_rule_id": st.just(rule)}
            optional = {"recipient_email": st.sampled_from(["a@x.it", "n@x.it"]), **tags}
        case "stock_items":
            place = Ref("stock_locations", number // 2 % 2)
            required = {**sku, "quantity": cents, "stock_location_id": st.just(place)}
            optional = {"reference": st.just("r")}
        case _:
            raise NotImplementedError(resource_type)
    return st.fixed_dictionaries(required, optional=optional)


CSV_COLUMNS: dict[str, dict[str, Sequence[str]]] = {
    "skus": {
        "code": ["A", "B", "C", " A", "A\xa0", "\ufeffB", "\u200b", "", "0012"],
        "name": ["a", "b", "a, b", 'say "a"', "a\nb", "a", " "],
        "shipping_category_id": ["", "nowhere"],
        "do_not_ship": ["true", "T", "yes", "1", "no", "", "maybe"],
        "pieces_per_pack": ["1", " 2 ", "2.0", "", "2.5"],
        "metadata": ['{"a": 1}', "{}", "", "{"],
        "tags.name": ["red, Blue", "", "red", "red", ",", "no good"],
        "_add_tags": ["red,none", ""],
        "unknown": ["x", ""],
    },
    "prices": {
        "sku_code": ["A", "B", "A\u200b", "Z"],
        "amount_cents": ["1", "2", "3", "1", "", "-1"],
        "price_tiers.name": ["t", "u", "", "t", " "],
        "price_tiers.up_to": ["1", "2.0", "", "0"],
        "price_tiers.price_amount_cents": ["1", "2", "3", ""],
    },
    "sku_lists": {
        "name": ["L1", "L2", "L1", ""],
        "sku_list_items.sku_code": ["A", "B", "A", "Z", ""],
        "sku_list_items.quantity": ["1", "2", "3", "0", ""],
    },
    "customer_addresses": {
        "customer.email": ["a@x.it", "b@x.it", "A@X.it\u200b", "no", ""],
        "address.line_1": ["Via Po 1", "Via Po 2", "Via Po 3", ""],
        "address.city": ["Rome"],
        "address.country_code": ["IT", "FR", "IT", "XX", ""],
        "address.zip_code": ["00100"],
        "address.phone": ["1", "2", "1", ""],
        "address.business": ["true"],
        "address.company": ["Acme"],
    },
}


@st.composite
def csv_calls(draw: st.DrawFn, resource_type: str) -> ImportCall:
    """A CSV source, with rows that are too short or too long among the others."""
    cells = CSV_COLUMNS[resource_type]
    columns = tuple(draw(st.permutations(list(cells))))
    row: st.SearchStrategy[tuple[str, ...]] = st.tuples(
        *(st.sampled_from(cells[column]) for column in columns)
    )
    rows: list[tuple[str, ...]] = list(draw(st.lists(row, min_size=1, max_size=10)))
    place = draw(st.integers(0, len(rows)))
    match draw(st.sampled_from(["even", "short", "blank cells", "long"])):
        case "short":
            rows.insert(place, draw(row)[: draw(st.integers(1, len(columns)))])
        case "blank cells":
            rows.insert(place, (*draw(row), "", " "))
        case "long":
            rows.insert(place, (*draw(row), "", "x"))
    # The reader drops blank lines, and a row in which no cell holds anything to be seen is one.
    kept = tuple(CsvRow(columns, row) for row in rows if any(map(spelled, row)))
    parent = "price_lists" if resource_type == "prices" else None
    return ImportCall(
        resource_type,
        kept or (CsvRow(columns, ("x",)),),
        parent=Ref(parent, 0) if parent else None,
        skip_errors=draw(st.booleans()),
    )
