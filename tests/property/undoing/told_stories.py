"""Stories whose ends are known: each has the reasons that its undos must give.

Random stories might miss a reason for a long time without anybody noticing it; these do not.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tests.property.strategies import ImportCall, Ref
from tests.property.undoing.steps import Creates, Destroys, Purges, Sets, Step, Undoes, Updates

A, B, NEW = Ref("skus", 0), Ref("skus", 1), Ref("skus", 2)
GOODS, BOOKS = Ref("shipping_categories", 0), Ref("shipping_categories", 1)
HOME = Ref("addresses", 0)
ORDER, EUROPE = Ref("orders", 0), Ref("markets", 0)


@dataclass(frozen=True, slots=True)
class ToldStory:
    """Steps, and the reasons for what its undos keep."""

    told: str
    steps: Sequence[Step]
    reasons: frozenset[str] = frozenset()


def _skus(*rows: dict[str, object]) -> ImportCall:
    return ImportCall("skus", tuple({"name": "x", "do_not_ship": True, **row} for row in rows))


def _orders(*rows: dict[str, object]) -> ImportCall:
    return ImportCall("orders", tuple({"market_id": EUROPE, **row} for row in rows))


UNDO = Undoes(0)
PERSON = {"business": False, "first_name": "Ada", "last_name": "Rossi"}

TOLD_STORIES = (
    ToldStory("nothing has happened since", [_skus({"code": "A"}, {"code": "C"}), UNDO]),
    ToldStory(
        "the undo of an undo of an undo",
        [_skus({"code": "A"}, {"code": "C"}), UNDO, UNDO, UNDO, UNDO],
    ),
    ToldStory(
        "an order with all that is made on its way",
        [
            _orders(
                {
                    "number": "N1",
                    "customer_email": "new@x.it",
                    "tags": [{"name": "fresh"}],
                    "line_items": [
                        {"sku_code": "A", "quantity": 7},
                        {"sku_code": "B", "quantity": 1, "unit_amount_cents": 5},
                    ],
                },
                {"number": "N9", "customer_email": "new@x.it", "line_items": []},
            ),
            UNDO,
            UNDO,
            UNDO,
        ],
    ),
    ToldStory(
        "codes that change hands within the import",
        [
            ImportCall(
                "skus",
                (
                    {"id": A, "code": "T"},
                    {"id": B, "code": "A"},
                    {"id": A, "code": "B"},
                ),
            ),
            UNDO,
            UNDO,
            UNDO,
        ],
    ),
    ToldStory(
        "a code that the import passes on to what it creates",
        [
            ImportCall("skus", ({"id": A, "code": "T"},)),
            _skus({"id": B, "code": "U"}, {"code": "B"}),
            UNDO,
            UNDO,
            UNDO,
        ],
    ),
    ToldStory(
        "one field was changed since, another one not",
        [
            _skus({"code": "A", "name": "y", "weight": 3, "unit_of_weight": "gr"}),
            Updates(A, {"name": "z"}),
            UNDO,
            UNDO,
            UNDO,
        ],
        frozenset({"changed_since"}),
    ),
    ToldStory(
        "a weight whose unit was changed since",
        [
            _skus({"code": "A", "weight": 3, "unit_of_weight": "gr"}),
            _skus({"code": "A", "weight": 4}),
            Updates(A, {"unit_of_weight": "oz"}),
            UNDO,
        ],
        frozenset({"changed_since"}),
    ),
    ToldStory(
        "a created record was changed since",
        [_skus({"code": "C", "tags": [{"name": "n"}]}), Updates(NEW, {"name": "z"}), UNDO],
        frozenset({"changed_since", "referred_to"}),
    ),
    ToldStory(
        "a line was added to a created order",
        [
            _orders({"number": "N9", "line_items": [{"sku_code": "A", "quantity": 1}]}),
            Creates(
                "line_items",
                {
                    "order_id": Ref("orders", 1),
                    "sku_code": "B",
                    "quantity": 1,
                    "unit_amount_cents": 3,
                },
            ),
            UNDO,
        ],
        frozenset({"referred_to"}),
    ),
    ToldStory(
        "a price was given to a created SKU",
        [
            _skus({"code": "C"}),
            Creates(
                "prices",
                {"sku_id": NEW, "price_list_id": Ref("price_lists", 0), "amount_cents": 1},
            ),
            UNDO,
        ],
        frozenset({"referred_to"}),
    ),
    ToldStory(
        "a created coupon is named by an order",
        [
            ImportCall(
                "coupons",
                (
                    {
                        "code": "COUPON-9",
                        "promotion_rule_id": Ref("coupon_codes_promotion_rules", 0),
                    },
                ),
            ),
            Updates(ORDER, {"coupon_code": "COUPON-9"}),
            UNDO,
        ],
        frozenset({"referred_to"}),
    ),
    ToldStory(
        "a created tag is borne by another record",
        [
            _skus({"code": "A", "tags": [{"name": "n"}]}),
            Updates(B, {"tags": [{"name": "n"}]}),
            UNDO,
            UNDO,
        ],
        frozenset({"referred_to"}),
    ),
    ToldStory(
        "another record has the code by now",
        [
            _skus({"id": A, "code": "T"}),
            Creates("skus", {"code": "A", "name": "z", "do_not_ship": True}),
            UNDO,
        ],
        frozenset({"key_taken"}),
    ),
    ToldStory(
        "a destroyed record does not come back, for its code is taken",
        [
            _skus({"code": "C"}),
            UNDO,
            Creates("skus", {"code": "C", "name": "z", "do_not_ship": True}),
            UNDO,
        ],
        frozenset({"key_taken"}),
    ),
    ToldStory(
        "the target is gone",
        [
            _skus({"code": "A", "do_not_ship": False, "shipping_category_id": BOOKS}),
            Destroys(GOODS),
            UNDO,
        ],
        frozenset({"target_gone"}),
    ),
    ToldStory(
        "a tag is gone",
        [_skus({"code": "B", "tags": []}), Destroys(Ref("tags", 0)), UNDO],
        frozenset({"target_gone"}),
    ),
    ToldStory(
        "a destroyed record does not come back, for its target is gone",
        [
            ImportCall(
                "prices",
                (
                    {
                        "sku_code": "B",
                        "amount_cents": 5,
                        "price_list_id": Ref("price_lists", 1),
                        "price_tiers": [{"name": "t", "up_to": 1, "price_amount_cents": 4}],
                    },
                ),
            ),
            UNDO,
            Destroys(Ref("price_lists", 1)),
            UNDO,
        ],
        frozenset({"target_gone"}),
    ),
    ToldStory(
        "a phone is required by now",
        [
            Sets("addresses_phone_required", value=False),
            Updates(HOME, {"phone": None}),
            ImportCall("addresses", ({"id": HOME, "phone": "5"},)),
            Sets("addresses_phone_required", value=True),
            UNDO,
        ],
        frozenset({"would_be_invalid"}),
    ),
    ToldStory(
        "changed and created records are gone",
        [
            _skus({"code": "B", "name": "y"}, {"code": "C"}),
            Destroys(B),
            Destroys(Ref("skus", 1)),
            UNDO,
        ],
        frozenset({"destroyed_since"}),
    ),
    ToldStory(
        "nobody knows any more what the import has changed",
        [
            _skus({"code": "A", "name": "y"}, {"code": "C", "tags": [{"name": "n"}]}),
            Purges(),
            UNDO,
        ],
        frozenset({"history_purged"}),
    ),
    ToldStory(
        "the status of an order with its times",
        [
            _orders({"number": "N1", "_archive": True, "status": "placed"}),
            Updates(ORDER, {"_unarchive": True}),
            UNDO,
        ],
        frozenset({"changed_since"}),
    ),
    ToldStory(
        "two imports, the later one first, whose undo has changed the field since",
        [_skus({"code": "A", "name": "y"}), _skus({"code": "A", "name": "z"}), UNDO, Undoes(2)],
        frozenset({"changed_since"}),
    ),
    ToldStory(
        "two imports, the earlier one first",
        [_skus({"code": "A", "name": "y"}), _skus({"code": "A", "name": "z"}), Undoes(1)],
        frozenset({"changed_since"}),
    ),
)

# What an import of a few chunks of two rows has done, with something for most reasons.
MANY_CHUNKS: Sequence[Step] = (
    _skus(
        {"code": "A", "name": "y", "tags": [{"name": "n"}]},
        {"code": "C"},
        {"code": "D", "tags": [{"name": "m"}]},
        {"id": B, "code": "T", "weight": 2, "unit_of_weight": "gr"},
        {"code": "B"},
        {"code": "C", "name": "z"},
    ),
    Updates(B, {"unit_of_weight": "oz"}),
    Updates(Ref("skus", 3), {"name": "w"}),
)
