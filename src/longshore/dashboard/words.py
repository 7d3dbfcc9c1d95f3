"""How people call what the catalogue names: types and fields, with one line about each type."""

from collections.abc import Iterable, Mapping

_CAPITALS = {"sku": "SKU", "skus": "SKUs", "id": "ID", "url": "URL", "hs": "HS", "vat": "VAT"}

# The types that most files are of, in the order in which people look for them.
COMMON_TYPES = (
    "skus",
    "prices",
    "stock_items",
    "customers",
    "price_lists",
    "stock_locations",
    "shipping_categories",
    "orders",
)

_ABOUT: Mapping[str, str] = {
    "skus": "what you sell",
    "prices": "what an SKU costs in a price list",
    "stock_items": "how many pieces of an SKU a stock location has",
    "customers": "who buys, by e-mail address",
    "price_lists": "prices of one currency",
    "stock_locations": "warehouses and shops",
    "shipping_categories": "which SKUs are shipped alike",
    "orders": "what was bought, with line items",
    "addresses": "where something is sent or billed to",
    "bundles": "several SKUs that are sold as one",
    "coupons": "codes of a promotion",
    "customer_addresses": "which addresses a customer has",
    "gift_cards": "codes with a balance",
    "line_items": "the lines of an order",
    "price_tiers": "other prices for more pieces",
    "sku_lists": "SKUs that belong together",
    "sku_list_items": "which SKUs are in a list",
    "sku_options": "what can be added to an SKU",
    "stock_transfers": "pieces moved between stock locations",
    "tags": "words by which records are found",
    "tax_categories": "which tax code an SKU has",
}


def words_of(name: str) -> str:
    """`stock_items` as `stock items`, `sku_code` as `SKU code`."""
    return " ".join(_CAPITALS.get(word, word) for word in name.strip("_").split("_"))


def title_of(name: str) -> str:
    """The same with a capital at its beginning; parts behind a dot stand behind a `›`. An amount is
    called so without its unit: it is shown as money."""
    parts = [words_of(part.removesuffix("_cents")) for part in name.split(".")]
    return " › ".join(part[:1].upper() + part[1:] for part in parts if part)


def page_hint(hint: str | None) -> str | None:
    """A hint that says something to somebody who has no terminal; None: it is for a terminal."""
    is_for_terminal = hint is None or " --" in f" {hint}" or "longshore " in hint
    return None if is_for_terminal else hint


def sentence(text: str) -> str:
    """A message with a capital at its beginning, unless it begins with what stands in a file."""
    return text[:1].upper() + text[1:]


def about_type(name: str) -> str | None:
    """One line about a type, for whoever chooses one; None: nothing is said."""
    return _ABOUT.get(name)


def ordered_types(names: Iterable[str]) -> list[str]:
    """Types with those that most files are of first, the others by their names."""
    known = set(names)
    common = [name for name in COMMON_TYPES if name in known]
    return common + sorted(known - set(common))
