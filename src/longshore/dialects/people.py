"""Who buys, as records: customers and their addresses."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from longshore.dialects.conversion import Conversion
from longshore.dialects.goods import tags_of
from longshore.dialects.header import SourceRow

CUSTOMER_FIELDS = ("email", "reference", "reference_origin", "tags", "metadata")
_PARTS = (
    *("business", "first_name", "last_name", "company", "line_1", "line_2"),
    *("city", "zip_code", "state_code", "country_code", "phone"),
)
CUSTOMER_ADDRESS_FIELDS = (
    *("customer_email", "reference", "reference_origin"),
    *(f"address.{part}" for part in _PARTS),
)
PEOPLE_FIELDS: Mapping[str, tuple[str, ...]] = {
    "customers": CUSTOMER_FIELDS,
    "customer_addresses": CUSTOMER_ADDRESS_FIELDS,
}
PEOPLE_OPTIONS = frozenset(("keep_rest", "only_active"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PostalAddress:
    """Where somebody lives; blank is not known."""

    first_name: str = ""
    last_name: str = ""
    company: str = ""
    line_1: str = ""
    line_2: str = ""
    city: str = ""
    zip_code: str = ""
    state_code: str = ""
    country_code: str = ""
    phone: str = ""

    @property
    def is_there(self) -> bool:
        """Whether it says where that is, and not only who."""
        return bool(self.line_1 or self.city or self.country_code)

    @property
    def is_business(self) -> bool:
        """Whether nobody is named but a company; one beside a name is where that person works."""
        return bool(self.company) and not (self.first_name or self.last_name)


def has_email(conversion: Conversion, email: str, row: SourceRow) -> bool:
    """Whether a row has what a customer is known by. One without it, as shops have many of, is left
    out and counted: it is nothing that somebody could mend."""
    if not email:
        conversion.leave_out("customers without an e-mail address", row)
    return bool(email)


def emit_customer(
    conversion: Conversion,
    email: str,
    row: SourceRow,
    *,
    origin: str,
    reference: str = "",
    tags: Sequence[str] = (),
    metadata: Mapping[str, Any],
) -> str:
    """Write the record of a customer, and return the e-mail address as it is written. Of several
    rows with one address the last counts."""
    email = email.lower()
    earlier = conversion.work.claim(email, row.number, is_made=False) if email else None
    if earlier is not None and earlier[0] != row.number:
        conversion.work.supersede(email, earlier[0], row.number, is_made=False)
        conversion.tell(
            "emails_repeated",
            "{count} rows have the e-mail address of an earlier row: the last one counts",
            row,
            named="rows {earlier:,} and {row:,}",
            earlier=earlier[0],
        )
    conversion.emit(
        "customers",
        {
            "email": email,
            "reference": reference,
            "reference_origin": origin,
            "tags": tags_of(conversion, tags, row),
            "metadata": {**metadata, **conversion.rest(row)},
        },
        row,
    )
    return email


def emit_address(
    conversion: Conversion, email: str, address: PostalAddress, row: SourceRow, *, origin: str
) -> None:
    """Write an address of a customer; one that the customer has is found by what it says. Where the
    store takes none without a phone number, those that have none are left out: most shops never ask
    for one, and the customer is to be imported nevertheless."""
    if conversion.records.needs_phones and not address.phone:
        conversion.tell(
            "addresses_without_phone",
            "{count} records are left out: addresses without a phone number, which the "
            "organization requires",
            row,
            hint="`longshore organizations set SLUG addresses_phone_required=false` takes them",
        )
        return
    told = {f"address.{each.name}": getattr(address, each.name) for each in fields(address)}
    conversion.emit(
        "customer_addresses",
        {
            "customer_email": email,
            "reference_origin": origin,
            "address.business": "true" if address.is_business else "",
            **told,
        },
        row,
    )
