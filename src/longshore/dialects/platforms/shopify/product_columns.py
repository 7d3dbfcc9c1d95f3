"""The columns of Shopify's file of products, and the cells of a row by their meaning."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from longshore.dialects.header import Column, Header, SourceRow
from longshore.dialects.texts import slug

ORIGIN = "shopify"  # of the references of SKUs
MANUAL = "manual"  # the service that sends what the merchant sends
# Of an export: the row is of SKUs of the store that are no product of Shopify's; the first code of
# those that stand together.
OWN_COLUMN = "Longshore SKU"


class GoodsColumns:
    """The columns of a file, by the names of old and those of the template of 2025."""

    def __init__(self, header: Header) -> None:
        column = header.column
        self.handle = column("Handle", "URL handle")
        self.title = column("Title")
        self.body = column("Body (HTML)", "Description")
        self.vendor = column("Vendor")
        self.type = column("Type")
        self.category = column("Product Category")
        self.tags = column("Tags")
        self.published = column("Published", "Published on online store")
        self.status = column("Status")
        self.gift_card = column("Gift Card")
        self.option1_name, self.option1_value = column("Option1 Name"), column("Option1 Value")
        self.option2_name, self.option2_value = column("Option2 Name"), column("Option2 Value")
        self.option3_name, self.option3_value = column("Option3 Name"), column("Option3 Value")
        self.sku = column("Variant SKU", "SKU")
        self.grams = column("Variant Grams", "Weight value (grams)")
        self.shown_unit = column("Variant Weight Unit", "Weight unit for display")
        self.tracker = column("Variant Inventory Tracker", "Inventory tracker")
        self.quantity = column("Variant Inventory Qty", "Inventory quantity")
        self.policy = column("Variant Inventory Policy", "Continue selling when out of stock")
        self.price = column("Variant Price", "Price")
        self.compare_at = column("Variant Compare At Price", "Compare-at price")
        self.ships = column("Variant Requires Shipping", "Requires shipping")
        self.taxable = column("Variant Taxable", "Charge tax")
        self.tax_code = column("Variant Tax Code", "Tax code")
        self.cost = column("Cost per item")
        self.barcode = column("Variant Barcode", "Barcode")
        self.image = column("Image Src", "Product image URL")
        self.position = column("Image Position")
        self.fulfillment = column("Variant Fulfillment Service", "Fulfillment service")
        self.own = column(OWN_COLUMN)
        self.variant_image = column("Variant Image", "Variant image URL")
        self.markets = [
            Market(name, price, column(f"Compare At Price / {name}"), column(f"Included / {name}"))
            for price, name in header.starting_with("Price /")
        ]

    def key(self, row: SourceRow) -> str:
        """What rows of one product have in common."""
        own = self.own(row)
        return f"{self.handle_of(row)}\n{own}" if own else self.handle_of(row)

    def handle_of(self, row: SourceRow) -> str:
        """The handle of a row's product; Shopify makes a missing one of the title."""
        return self.handle(row) or slug(self.title(row))


@dataclass(frozen=True, slots=True)
class Market:
    """What a shop with markets says of one of them."""

    name: str
    price: Column
    compare_at: Column
    included: Column


class GoodsCells(NamedTuple):
    """The cells of a row, without blanks around them."""

    handle: str
    title: str
    body: str
    vendor: str
    type: str
    category: str
    tags: str
    published: str
    status: str
    gift_card: str
    option1_name: str
    option2_name: str
    option3_name: str
    option1_value: str
    option2_value: str
    option3_value: str
    sku: str
    grams: str
    shown_unit: str
    tracker: str
    quantity: str
    policy: str
    price: str
    compare_at: str
    ships: str
    taxable: str
    tax_code: str
    cost: str
    barcode: str
    image: str
    position: str
    variant_image: str
    fulfillment: str
    own: str

    @property
    def is_variant(self) -> bool:
        return bool(self.price or self.option1_value or self.sku)

    def or_those(self, others: Sequence["GoodsCells"]) -> "GoodsCells":
        """These, and where one is blank the first that is not among others."""
        return GoodsCells._make(
            next(filter(None, each), "") for each in zip(self, *others, strict=True)
        )
