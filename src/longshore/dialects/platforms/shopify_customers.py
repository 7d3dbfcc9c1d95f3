"""Shopify's file of customers.

Facts: a row is a customer with the default address; the columns of that are called `Default
Address ...` since 2023. Phone numbers and zip codes have an apostrophe before them. Customers
without an e-mail address are known by their phone number to Shopify. An address may have no more
than a country.
"""

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import compact
from longshore.dialects.header import Column, Header, SourceRow
from longshore.dialects.people import (
    PEOPLE_FIELDS,
    PEOPLE_OPTIONS,
    PostalAddress,
    emit_address,
    emit_customer,
    has_email,
)
from longshore.dialects.texts import unprotected

_ORIGIN = "shopify"


class _CustomerColumns:
    """The columns of a file, by the names of 2023 and those before."""

    def __init__(self, header: Header) -> None:
        column = header.column

        def of_address(name: str) -> Column:
            return column(f"Default Address {name}", name)

        self.id = column("Customer ID", "Id")
        self.email = column("Email")
        self.first_name, self.last_name = column("First Name"), column("Last Name")
        self.tags, self.note = column("Tags"), column("Note")
        self.phone = column("Phone")
        self.tax_exempt = column("Tax Exempt")
        self.accepts = column("Accepts Email Marketing", "Accepts Marketing")
        self.accepts_sms = column("Accepts SMS Marketing")
        self.spent, self.orders = column("Total Spent"), column("Total Orders")
        self.company = of_address("Company")
        self.line_1, self.line_2 = of_address("Address1"), of_address("Address2")
        self.city, self.zip_code = of_address("City"), of_address("Zip")
        self.state_code = of_address("Province Code")
        self.country_code = of_address("Country Code")
        self.address_phone = of_address("Phone")


def _convert(conversion: Conversion) -> None:
    columns = _CustomerColumns(conversion.header)
    for row in conversion.rows():
        if not has_email(conversion, columns.email(row), row):
            continue
        email = emit_customer(
            conversion,
            columns.email(row),
            row,
            origin=_ORIGIN,
            reference=unprotected(columns.id(row)),
            tags=columns.tags(row).split(","),
            metadata=_metadata(columns, row),
        )
        address = _address(columns, row)
        if address.line_1:
            emit_address(conversion, email, address, row, origin=_ORIGIN)
        elif address.is_there:
            conversion.tell(
                "addresses_left_out",
                "{count} rows have an address without a street: it is left out",
                row,
            )


def _metadata(columns: _CustomerColumns, row: SourceRow) -> dict[str, str]:
    return compact(
        {
            "first_name": columns.first_name(row),
            "last_name": columns.last_name(row),
            "phone": unprotected(columns.phone(row)),
            "note": columns.note(row),
            "tax_exempt": columns.tax_exempt(row),
            "accepts_email_marketing": columns.accepts(row),
            "accepts_sms_marketing": columns.accepts_sms(row),
            "total_spent": columns.spent(row),
            "total_orders": columns.orders(row),
        }
    )


def _address(columns: _CustomerColumns, row: SourceRow) -> PostalAddress:
    return PostalAddress(
        first_name=columns.first_name(row),
        last_name=columns.last_name(row),
        company=columns.company(row),
        line_1=columns.line_1(row),
        line_2=columns.line_2(row),
        city=columns.city(row),
        zip_code=unprotected(columns.zip_code(row)),
        state_code=columns.state_code(row),
        country_code=columns.country_code(row).upper(),
        phone=unprotected(columns.address_phone(row) or columns.phone(row)),
    )


def _names(name: str) -> tuple[str, str]:
    return f"Default Address {name}", name


DIALECT = Dialect(
    name="shopify-customers",
    platform="shopify",
    title="Shopify customers",
    made_from="the customer CSV of 2026, and that before 2023",
    signatures=(
        HeaderSignature.of("Accepts Email Marketing", "Default Address Address1"),
        HeaderSignature.of("Email", "Accepts Marketing", "Address1"),
    ),
    fields=PEOPLE_FIELDS,
    sources={
        "customers": {"email": ("Email",), "tags": ("Tags",), "reference": ("Customer ID", "Id")},
        "customer_addresses": {
            "customer_email": ("Email",),
            "address.first_name": ("First Name",),
            "address.last_name": ("Last Name",),
            "address.company": _names("Company"),
            "address.line_1": _names("Address1"),
            "address.line_2": _names("Address2"),
            "address.city": _names("City"),
            "address.zip_code": _names("Zip"),
            "address.state_code": _names("Province Code"),
            "address.country_code": _names("Country Code"),
            "address.phone": _names("Phone"),
        },
    },
    known=(
        *("Phone", "Note", "Tax Exempt", "Accepts Email Marketing", "Accepts Marketing"),
        *("Accepts SMS Marketing", "Total Spent", "Total Orders"),
        *("Province", "Country"),  # their codes stand beside them
    ),
    options=PEOPLE_OPTIONS - {"only_active"},
    convert=_convert,
)
