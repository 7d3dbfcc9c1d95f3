"""What can be bought, on its way into a file of another system."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Beside(NamedTuple):
    """Records that a file has beside those that its rows are of, of which it has one each."""

    resource_type: str
    of: str  # the relationship to what it stands beside
    at: str  # that which says where it counts, so a file has those of one target
    targets: str  # the type of these


EXPORTED_TYPE = "skus"
PRICES_BESIDE = Beside("prices", of="sku", at="price_list", targets="price_lists")
STOCK_BESIDE = Beside("stock_items", of="sku", at="stock_location", targets="stock_locations")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedSku:
    """A stored SKU, with its price in one list and what is in stock in one place."""

    code: str
    name: str
    description: str | None = None
    image_url: str | None = None
    weight: float | None = None
    unit_of_weight: str | None = None  # gr, oz, lb
    do_not_ship: bool = False
    do_not_track: bool = False
    reference: str | None = None  # that SKUs of one product share
    reference_origin: str | None = None
    tags: Sequence[str] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)
    amount_cents: int | None = None
    compare_at_amount_cents: int | None = None
    quantity: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsExport:
    """How a dialect writes SKUs."""

    columns: Sequence[str]
    # Of the SKUs of one product in their order, and a currency: the rows.
    rows: Callable[[Sequence[ExportedSku], str | None], Iterator[Sequence[str]]]


def exported_products(skus: Iterable[ExportedSku]) -> Iterator[list[ExportedSku]]:
    """The SKUs that follow each other and have one reference; one without any is alone."""
    product: list[ExportedSku] = []
    for sku in skus:
        if product and (sku.reference is None or sku.reference != product[0].reference):
            yield product
            product = []
        product.append(sku)
    if product:
        yield product
