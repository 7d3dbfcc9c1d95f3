"""The texts that several pages have, in one place; English."""

from types import MappingProxyType

TEXTS = MappingProxyType(
    {
        "product": "longshore",
        "new_import": "New import",
        "sign_out": "Sign out",
        "wrong_form": "this page was open too long, or the request comes from somewhere else",
        "wrong_form_hint": "open the page again, and repeat what you did",
    }
)
