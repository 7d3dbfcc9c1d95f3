"""The columns of WooCommerce's product export, and what their cells say by themselves."""

import re

from longshore.dialects.goods import Cell, compact
from longshore.dialects.header import Column, Header, SourceRow
from longshore.dialects.texts import is_true, unprotected

WEIGHT_UNITS = {"lbs": "lb", "lb": "lb", "kg": "kg", "oz": "oz", "g": "gr"}
_KINDS = {
    "": "simple",
    **{kind: kind for kind in ("simple", "variable", "variation", "grouped", "external")},
    **{"subscription": "simple", "variable-subscription": "variable"},
    "subscription_variation": "variation",
}
_NOT_SHIPPED = frozenset(("virtual", "downloadable"))
_STATES = {"1": "published", "0": "private", "-1": "draft"}
_ATTRIBUTE = re.compile(r"attribute (\d+) name", re.IGNORECASE)


class Shop:
    """The columns of an export."""

    def __init__(self, header: Header) -> None:
        column = header.column
        self.id = column("ID")
        self.type = column("Type")
        self.sku = column("SKU")
        self.name = column("Name")
        self.published = column("Published")
        self.description = column("Description")
        self.short_description = column("Short description")
        self.sale_starts = column("Date sale price starts")
        self.sale_ends = column("Date sale price ends")
        self.in_stock = column("In stock?")
        self.stock = column("Stock")
        self.backorders = column("Backorders allowed?")
        self.sale_price = column("Sale price")
        self.regular_price = column("Regular price")
        self.categories = column("Categories")
        self.brands = column("Brands")
        self.tags = column("Tags")
        self.images = column("Images")
        self.parent = column("Parent")
        self.grouped = column("Grouped products")
        self.barcode = column("GTIN, UPC, EAN, or ISBN")
        self.meta = list(header.starting_with("Meta: "))
        self.attributes = [
            (column(name), column(f"Attribute {found[1]} value(s)"))
            for name in header.names
            if (found := _ATTRIBUTE.fullmatch(name.strip()))
        ]
        units = ((unit, column(f"Weight ({unit})")) for unit in WEIGHT_UNITS)
        self.weight_unit: str | None = None
        self.weight = column("Weight")
        for unit, weight in units:
            if weight:
                self.weight_unit, self.weight = WEIGHT_UNITS[unit], weight
                break

    def cell(self, column: Column, row: SourceRow) -> Cell:
        return Cell(column.name, column(row))

    def own_description(self, row: SourceRow) -> str:
        return self.description(row) or self.short_description(row)

    def options(self, row: SourceRow) -> dict[str, str]:
        """The values of a variation; a blank one means any."""
        return compact({name(row): value(row) for name, value in self.attributes if name(row)})

    def kind(self, row: SourceRow) -> tuple[str | None, bool]:
        """What a row is, None for what nobody knows, and whether that is shipped."""
        words = {word.casefold() for word in listed(self.type(row))}
        kinds = words - _NOT_SHIPPED or {""}
        kind = _KINDS.get(next(iter(kinds))) if len(kinds) == 1 else None
        return kind, words.isdisjoint(_NOT_SHIPPED)

    def state(self, row: SourceRow) -> str:
        text = unprotected(self.published(row))
        return _STATES.get(text, "published" if is_true(text) else text)


def listed(cell: str) -> list[str]:
    if "\\" in cell:
        parts = cell.replace("\\,", "\0").split(",")
        return [each for part in parts if (each := part.replace("\0", ",").strip())]
    return [each for part in cell.split(",") if (each := part.strip())]
