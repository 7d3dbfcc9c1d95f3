"""How people call resource types: SKUs, price lists, addresses."""

_ABBREVIATIONS = {"sku": "SKU", "skus": "SKUs", "api": "API", "url": "URL"}


def type_words(name: str) -> str:
    """The name of a type in words, in the plural: `stock_items` is stock items."""
    return " ".join(_ABBREVIATIONS.get(each, each) for each in name.split("_"))


def counted_type(count: int, name: str) -> str:
    """1 SKU, 2,995 SKUs, 1 address."""
    words = type_words(name)
    return f"{count:,} {_singular(words) if count == 1 else words}"


def _singular(words: str) -> str:
    if words.endswith("ies"):
        return f"{words[:-3]}y"
    if words.endswith(("sses", "xes")):
        return words[:-2]
    return words.removesuffix("s")
