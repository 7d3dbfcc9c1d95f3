"""How people call what the catalogue names: types and fields."""

_CAPITALS = {"sku": "SKU", "skus": "SKUs", "id": "ID", "url": "URL", "hs": "HS", "vat": "VAT"}


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
