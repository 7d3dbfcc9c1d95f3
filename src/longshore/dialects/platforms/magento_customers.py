"""Magento's file of customers with their addresses.

Facts: a customer's first row has the e-mail address; rows that follow without one are further
addresses of the same customer. `_address_street` has its lines on lines of their own. Regions are
names, and groups numbers. `__EMPTY__VALUE__` clears a value.
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
)
from longshore.dialects.texts import unprotected
from longshore.error_codes import ErrorCode

_EMPTY = "__EMPTY__VALUE__"
# In metadata: as they are there, and as the file has them.
_KEPT = {
    "first_name": "firstname",
    "middle_name": "middlename",
    "last_name": "lastname",
    "date_of_birth": "dob",
    "gender": "gender",
    "group": "group_id",
    "tax_number": "taxvat",
    "website": "_website",
    "store": "_store",
}


def _convert(conversion: Conversion) -> None:
    column = conversion.header.column
    email = column("email")
    kept = {name: column(told) for name, told in _KEPT.items()}
    parts = {
        name: column(f"_address_{name}")
        for name in (
            *("firstname", "lastname", "company", "street", "city", "postcode", "region"),
            *("country_id", "telephone"),
        )
    }
    written = ""
    for row in conversion.rows():
        if row.is_blank:
            continue
        if email(row):
            written = emit_customer(
                conversion,
                email(row),
                row,
                origin="magento",
                metadata=compact({name: _text(each, row) for name, each in kept.items()}),
            )
        elif not written:
            conversion.fail_row(row, email.name, "", ErrorCode.BLANK)
            continue
        address = _address(parts, row)
        if address.is_there:
            emit_address(conversion, written, address, row, origin="magento")


def _address(parts: dict[str, Column], row: SourceRow) -> PostalAddress:
    text = {name: _text(column, row) for name, column in parts.items()}
    street = [line for each in text["street"].splitlines() if (line := each.strip())]
    return PostalAddress(
        first_name=text["firstname"],
        last_name=text["lastname"],
        company=text["company"],
        line_1=street[0] if street else "",
        line_2=", ".join(street[1:]),
        city=text["city"],
        zip_code=unprotected(text["postcode"]),
        state_code=text["region"],
        country_code=text["country_id"].upper(),
        phone=unprotected(text["telephone"]),
    )


def _text(column: Column, row: SourceRow) -> str:
    text = column(row)
    return "" if text == _EMPTY else text


DIALECT = Dialect(
    name="magento-customers",
    platform="magento",
    title="Magento customers",
    made_from="Magento 2.4",
    signatures=(HeaderSignature.of("email", "firstname", "lastname", "_address_*"),),
    fields=PEOPLE_FIELDS,
    sources={
        "customers": {"email": ("email",)},
        "customer_addresses": {
            "customer_email": ("email",),
            "address.first_name": ("_address_firstname",),
            "address.last_name": ("_address_lastname",),
            "address.company": ("_address_company",),
            "address.line_1": ("_address_street",),
            "address.line_2": ("_address_street",),
            "address.city": ("_address_city",),
            "address.zip_code": ("_address_postcode",),
            "address.state_code": ("_address_region",),
            "address.country_code": ("_address_country_id",),
            "address.phone": ("_address_telephone",),
        },
    },
    known=tuple(_KEPT.values()),
    options=PEOPLE_OPTIONS,
    convert=_convert,
)
