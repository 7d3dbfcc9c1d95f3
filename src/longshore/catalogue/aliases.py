"""What other systems call the fields that are declared here.

For suggestions only: nothing is ever read by an alias. A phrase stands in lower case, its words
separated by single blanks; the first of its fields that a resource type has is the one to suggest.
"""

from collections.abc import Mapping

_CODE = ("sku_code", "code")
_NAME = ("name",)
_PRICE = ("amount_cents", "price_amount_cents", "unit_amount_cents")

ALIASES: Mapping[str, tuple[str, ...]] = {
    "sku": _CODE,
    "sku number": _CODE,
    "stock code": _CODE,
    "article": _CODE,
    "article number": _CODE,
    "article code": _CODE,
    "item number": _CODE,
    "item code": _CODE,
    "part number": _CODE,
    "product code": _CODE,
    "product number": _CODE,
    "title": _NAME,
    "label": _NAME,
    "designation": _NAME,
    "body": ("description",),
    "details": ("description",),
    "long description": ("description",),
    "qty": ("quantity",),
    "on hand": ("quantity",),
    "stock": ("quantity",),
    "stock level": ("quantity",),
    "inventory": ("quantity",),
    "inventory quantity": ("quantity",),
    "inventory qty": ("quantity",),
    "price": _PRICE,
    "cost": _PRICE,
    "unit price": ("unit_amount_cents", "amount_cents"),
    "compare at price": ("compare_at_amount_cents",),
    "balance": ("balance_cents",),
    "mail": ("email", "customer_email"),
    "e mail": ("email", "customer_email"),
    "email address": ("email", "customer_email"),
    "email": ("email", "customer_email"),
    "picture": ("image_url",),
    "image": ("image_url",),
    "image src": ("image_url",),
    "currency": ("currency_code",),
    "country": ("country_code",),
    "state": ("state_code",),
    "province": ("state_code",),
    "zip": ("zip_code",),
    "postcode": ("zip_code",),
    "postal code": ("zip_code",),
    "street": ("line_1",),
    "address 1": ("line_1",),
    "address 2": ("line_2",),
    "telephone": ("phone",),
    "tel": ("phone",),
    "order number": ("number",),
    "valid from": ("starts_at",),
    "valid until": ("expires_at",),
    "hs code": ("hs_tariff_number",),
    "tariff number": ("hs_tariff_number",),
}
