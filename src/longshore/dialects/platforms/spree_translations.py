"""Spree's file of translations: what products are called in other languages.

Facts: a row is a product, by its slug, in one language, and says only what is translated. The
products themselves are imported before, by `spree`; their SKUs are found by where they are from.
"""

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import compact
from longshore.dialects.grouped_rows import grouped_rows
from longshore.dialects.header import SourceRow
from longshore.error_codes import ErrorCode

_TRANSLATED = ("name", "description", "meta_title", "meta_description")


def _convert(conversion: Conversion) -> None:
    column = conversion.header.column
    slug, locale = column("slug"), column("locale")
    texts = {name: column(name) for name in _TRANSLATED}
    for rows in grouped_rows(conversion, slug, "product"):
        told, first = {}, None
        for row in rows:
            if row.is_blank:
                continue
            missing = next((each for each in (slug, locale) if not each(row)), None)
            if missing is not None:
                conversion.fail_row(row, missing.name, "", ErrorCode.BLANK)
                continue
            first = first or row
            told[locale(row)] = compact({name: each(row) for name, each in texts.items()})
        if first is not None:
            place = [first.number, first.line, list(first.cells)]
            conversion.work.put(f"texts:{slug(first).casefold()}", [place, told])
    for sku in conversion.records.skus("spree"):
        found = conversion.work.get(f"texts:{sku.reference.casefold()}")
        if found is None:
            continue
        place, told = found
        conversion.work.put(f"found:{sku.reference.casefold()}", True)
        earlier = sku.metadata.get("translations")
        translations = {**(earlier if isinstance(earlier, dict) else {}), **told}
        metadata = {**sku.metadata, "translations": translations}
        conversion.emit("skus", {"code": sku.code, "metadata": metadata}, SourceRow(*place))
    for row in conversion.peeked_rows():
        name = slug(row)
        if name and locale(row) and not conversion.work.get(f"found:{name.casefold()}"):
            conversion.fail_row(row, slug.name, name, ErrorCode.MUST_EXIST)


DIALECT = Dialect(
    name="spree-translations",
    platform="spree",
    title="Spree translations of products",
    made_from="Spree 5",
    signatures=(HeaderSignature.of("slug", "locale", ("name", "description")),),
    fields={"skus": ("code", "metadata")},
    sources={"skus": {"code": ("slug",), "metadata": ("locale",)}},
    known=_TRANSLATED,
    convert=_convert,
)
