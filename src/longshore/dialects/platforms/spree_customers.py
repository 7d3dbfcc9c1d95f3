"""Spree's file of customers.

Facts: a row is a customer, known by the e-mail address in lower case. It has an address where it
has a street, a city or a country. Tags are a list with commas.
"""

from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect, HeaderSignature
from longshore.dialects.goods import compact
from longshore.dialects.people import (
    PEOPLE_FIELDS,
    PEOPLE_OPTIONS,
    PostalAddress,
    emit_address,
    emit_customer,
    has_email,
)
from longshore.dialects.texts import is_true, unprotected


def _convert(conversion: Conversion) -> None:
    column = conversion.header.column
    email, tags, accepts = column("email"), column("tags"), column("accepts_email_marketing")
    first_name, last_name, company = column("first_name"), column("last_name"), column("company")
    line_1, line_2, city = column("address1"), column("address2"), column("city")
    province, country, zip_code = column("province_code"), column("country_code"), column("zip")
    phone = column("phone")
    for row in conversion.rows():
        if row.is_blank or not has_email(conversion, email(row), row):
            continue
        metadata = {
            "first_name": first_name(row),
            "last_name": last_name(row),
            "phone": unprotected(phone(row)),
            "accepts_email_marketing": is_true(accepts(row)) if accepts(row) else None,
        }
        written = emit_customer(
            conversion,
            email(row),
            row,
            origin="spree",
            tags=tags(row).split(","),
            metadata=compact(metadata),
        )
        address = PostalAddress(
            first_name=first_name(row),
            last_name=last_name(row),
            company=company(row),
            line_1=line_1(row),
            line_2=line_2(row),
            city=city(row),
            zip_code=unprotected(zip_code(row)),
            state_code=province(row),
            country_code=country(row).upper(),
            phone=unprotected(phone(row)),
        )
        if address.is_there:
            emit_address(conversion, written, address, row, origin="spree")


DIALECT = Dialect(
    name="spree-customers",
    platform="spree",
    title="Spree customers",
    made_from="Spree 5",
    signatures=(HeaderSignature.of("email", "accepts_email_marketing", "province_code"),),
    fields=PEOPLE_FIELDS,
    sources={
        "customers": {"email": ("email",), "tags": ("tags",)},
        "customer_addresses": {
            "customer_email": ("email",),
            "address.first_name": ("first_name",),
            "address.last_name": ("last_name",),
            "address.company": ("company",),
            "address.line_1": ("address1",),
            "address.line_2": ("address2",),
            "address.city": ("city",),
            "address.zip_code": ("zip",),
            "address.state_code": ("province_code",),
            "address.country_code": ("country_code",),
            "address.phone": ("phone",),
        },
    },
    known=("accepts_email_marketing",),
    options=PEOPLE_OPTIONS,
    convert=_convert,
)
