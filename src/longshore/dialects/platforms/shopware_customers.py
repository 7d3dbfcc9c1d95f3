"""Shopware's file of customers, with the columns of the profile that it comes with.

Facts: a row has the customer and two addresses, `billing_` and `shipping_`, which are often the
same. Of several rows with one e-mail address the last counts. Countries are ISO codes.
"""

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import compact
from longshore.dialects.header import Column, SourceRow
from longshore.dialects.people import (
    PEOPLE_FIELDS,
    PEOPLE_OPTIONS,
    PostalAddress,
    emit_address,
    emit_customer,
    has_email,
)
from longshore.dialects.texts import is_false, unprotected

_KINDS = ("billing", "shipping")
# As `PostalAddress` calls them, and as the file does.
_PARTS = {
    "first_name": "first_name",
    "last_name": "last_name",
    "company": "company",
    "line_1": "street",
    "line_2": "additional_address_line1",
    "city": "city",
    "zip_code": "zipcode",
    "state_code": "country_state",
    "country_code": "country",
    "phone": "phone_number",
}
_PROTECTED = ("zip_code", "phone")
# In metadata, by their own names.
_KEPT = (
    *("salutation", "title", "first_name", "last_name", "customer_group", "language"),
    *("sales_channel", "payment_method", "guest", "account_type"),
)


def _convert(conversion: Conversion) -> None:
    column = conversion.header.column
    email, number, active = column("email"), column("customer_number"), column("active")
    kept = {name: column(name) for name in _KEPT}
    parts = {
        kind: {name: column(f"{kind}_{told}") for name, told in _PARTS.items()} for kind in _KINDS
    }
    for row in conversion.rows():
        if row.is_blank:
            continue
        if conversion.options.only_active and is_false(active(row)):
            conversion.leave_out("customers that are not active", row)
            continue
        if not has_email(conversion, email(row), row):
            continue
        metadata = {name: each(row) for name, each in kept.items()}
        metadata["status"] = {"1": "active", "0": "inactive"}.get(active(row), active(row))
        written = emit_customer(
            conversion,
            email(row),
            row,
            origin="shopware",
            reference=number(row),
            metadata=compact(metadata),
        )
        addresses = dict.fromkeys(_address(parts[kind], row) for kind in _KINDS)
        for address in addresses:
            if address.is_there:
                emit_address(conversion, written, address, row, origin="shopware")


def _address(parts: dict[str, Column], row: SourceRow) -> PostalAddress:
    text = {
        name: unprotected(column(row)) if name in _PROTECTED else column(row)
        for name, column in parts.items()
    }
    return PostalAddress(**text | {"country_code": text["country_code"].upper()})


DIALECT = Dialect(
    name="shopware-customers",
    platform="shopware",
    title="Shopware customers",
    made_from="Shopware 6",
    signatures=(HeaderSignature.of("customer_number", "billing_street"),),
    fields=PEOPLE_FIELDS,
    sources={
        "customers": {"email": ("email",), "reference": ("customer_number",)},
        "customer_addresses": {
            "customer_email": ("email",),
            **{f"address.{name}": (f"billing_{told}",) for name, told in _PARTS.items()},
        },
    },
    known=(
        *("active", *_KEPT),
        *(f"{kind}_{told}" for kind in _KINDS for told in _PARTS.values()),
    ),
    options=PEOPLE_OPTIONS,
    convert=_convert,
)
