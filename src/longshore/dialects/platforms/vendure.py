"""Vendure's file of products.

Facts: cells are padded with blanks, lists have `|`. The first row of a product has its name; those
that follow without one are its other variants, and have as many `optionValues` as the product has
`optionGroups`. A header may be of a language, `name:en`: the first one is the default language.
A row with more or fewer cells than the header is an error. `trackInventory` blank is tracked. The
file does not say its currency, and a SKU may be there twice.
"""

from collections.abc import Mapping
from typing import Any

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import (
    GOODS_FIELDS,
    GOODS_OPTIONS,
    Cell,
    Sku,
    compact,
    emit_price,
    emit_sku,
    emit_stock_item,
)
from longshore.dialects.header import Column, SourceRow
from longshore.dialects.texts import full_name, is_false, made_code, slug
from longshore.error_codes import ErrorCode

_TRANSLATED = ("name", "slug", "description", "facets", "optionGroups")
_OF_VARIANTS = ("optionValues", "variantFacets")


class _Texts:
    """A column that may be there once for each language."""

    def __init__(self, conversion: Conversion, name: str) -> None:
        self.name = name
        plain = conversion.header.column(name)
        spoken = list(conversion.header.starting_with(f"{name}:"))
        self.column = plain if plain or not spoken else spoken[0][0]
        self._others = spoken if plain else spoken[1:]

    def __call__(self, row: SourceRow) -> str:
        return self.column(row)

    def others(self, row: SourceRow) -> dict[str, str]:
        """What it says in other languages."""
        return {language: text for column, language in self._others if (text := column(row))}


class _VendureGoods:
    """One file, and the columns that its rows are read from."""

    def __init__(self, conversion: Conversion) -> None:
        self.conversion = conversion
        self.width = len(conversion.header.names)
        self.texts = {name: _Texts(conversion, name) for name in (*_TRANSLATED, *_OF_VARIANTS)}
        column = conversion.header.column
        self.sku, self.price, self.stock = column("sku"), column("price"), column("stockOnHand")
        self.tracks, self.tax = column("trackInventory"), column("taxCategory")
        self.assets, self.variant_assets = column("assets"), column("variantAssets")
        self._of_product = list(conversion.header.starting_with("product:"))
        self._of_variant = list(conversion.header.starting_with("variant:"))

    def head(self, row: SourceRow) -> dict[str, Any]:
        """What the first row of a product says of all its variants."""
        name = self.texts["name"](row)
        return {
            "name": name,
            "slug": self.texts["slug"](row) or slug(name),
            "description": self.texts["description"](row),
            "groups": _list(self.texts["optionGroups"](row)),
            "assets": self.images(self.assets, row),
            "facets": _list(self.texts["facets"](row)),
            "translations": self.translations(_TRANSLATED, row),
            "custom": _custom(self._of_product, row),
        }

    def translations(self, names: tuple[str, ...], row: SourceRow) -> dict[str, dict[str, str]]:
        found: dict[str, dict[str, str]] = {}
        for name in names:
            for language, text in self.texts[name].others(row).items():
                found.setdefault(language, {})[name] = text
        return found

    def images(self, column: Column, row: SourceRow) -> list[str]:
        """The images of a cell; those without an address as the paths that they are."""
        image = self.conversion.targets.image
        return [image(path) or path for path in _list(column(row))]

    def metadata(
        self, row: SourceRow, head: Mapping[str, Any], values: list[str]
    ) -> dict[str, Any]:
        translations = {name: dict(texts) for name, texts in head["translations"].items()}
        for language, texts in self.translations(_OF_VARIANTS, row).items():
            translations.setdefault(language, {}).update(texts)
        custom = {"product": head["custom"], "variant": _custom(self._of_variant, row)}
        return compact(
            {
                "options": dict(zip(head["groups"], values, strict=False)),
                "product": compact({"handle": head["slug"], "title": head["name"]}),
                "facets": _facets([*head["facets"], *_list(self.texts["variantFacets"](row))]),
                "tax_category": self.tax(row),
                "custom_fields": compact(custom),
                "translations": translations,
            }
        )


def _convert(conversion: Conversion) -> None:
    products = _VendureGoods(conversion)
    head: dict[str, Any] | None = None
    for row in conversion.rows():
        if row.is_blank:
            continue
        if len(row.cells) != products.width:
            counts = (len(row.cells), products.width)
            conversion.fail_row(row, "", "", ErrorCode.TOO_MANY_CELLS, *counts)
            if products.texts["name"](row):
                head = None  # nobody knows what the rows behind it belong to
            continue
        if products.texts["name"](row):
            head = products.head(row)
        if head is None:
            conversion.fail_row(row, products.texts["name"].column.name, "", ErrorCode.BLANK)
            continue
        _emit_goods(products, row, head)


def _emit_goods(products: _VendureGoods, row: SourceRow, head: Mapping[str, Any]) -> None:
    conversion = products.conversion
    column = products.texts["optionValues"].column
    values, groups = _list(column(row)), head["groups"]
    failures = []
    if len(values) != len(groups):
        counts = (len(values), "optionGroups", len(groups))
        failures.append(
            CellFailure("metadata", column.name, column(row), ErrorCode.OTHER_COUNT, counts)
        )
    own = products.sku(row)
    code = own or made_code(head["slug"], values)
    images = [*products.images(products.variant_assets, row), *head["assets"]]
    address = next((each for each in images if "://" in each), "")
    sku = Sku(
        code=code,
        code_column=products.sku.name,
        is_made=not own,
        name=full_name(head["name"], values),
        description=head["description"],
        image_url=address,
        images=[each for each in dict.fromkeys(images) if each != address],
        do_not_track=is_false(products.tracks(row)),
        reference=head["slug"],
        reference_origin="vendure",
        metadata=products.metadata(row, head, values),
        failures=failures,
    )
    if not emit_sku(conversion, sku, row) or failures:
        return
    price = Cell(products.price.name, products.price(row))
    if price:
        emit_price(conversion, code, price, row, currency=conversion.targets.currency)
    emit_stock_item(conversion, code, Cell(products.stock.name, products.stock(row)), row)


def _list(text: str) -> list[str]:
    return [part for each in text.split("|") if (part := each.strip())]


def _facets(texts: list[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for text in texts:
        facet, _, value = text.rpartition(":")
        values = found.setdefault(facet.strip(), [])
        if value.strip() not in values:
            values.append(value.strip())
    return found


def _custom(columns: list[tuple[Column, str]], row: SourceRow) -> dict[str, str]:
    return {name: text for column, name in columns if (text := column(row))}


def _spoken(*names: str) -> tuple[str, ...]:
    return tuple(each for name in names for each in (name, f"{name}:*"))


DIALECT = Dialect(
    name="vendure",
    platform="vendure",
    title="Vendure products",
    made_from="Vendure 3",
    signatures=(
        HeaderSignature.of(
            _spoken("optionGroups"), _spoken("optionValues"), "variantAssets", _spoken("facets")
        ),
    ),
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": ("sku",),
            "name": _spoken("name"),
            "description": _spoken("description"),
            "image_url": ("variantAssets", "assets"),
            "do_not_track": ("trackInventory",),
            "reference": _spoken("slug"),
            "metadata": _spoken("optionValues"),
        },
        "prices": {"sku_code": ("sku",), "amount_cents": ("price",)},
        "stock_items": {"sku_code": ("sku",), "quantity": ("stockOnHand",)},
    },
    known=(
        *_spoken("slug", "facets", "optionGroups", "optionValues", "variantFacets"),
        *("assets", "variantAssets", "taxCategory", "trackInventory"),
        *("product:*", "variant:*"),
    ),
    options=GOODS_OPTIONS | {"image_base"},
    convert=_convert,
)
