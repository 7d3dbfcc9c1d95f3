"""What files of other systems leave open, as fields of a form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from longshore.catalogue import CURRENCIES
from longshore.dashboard.request import PageRequest
from longshore.dialects import StoreNames
from longshore.errors import RequestRefused

_TEXT_CHARACTERS_MAX = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class OptionField:
    """One option: `kind` is text, lines, choice or check."""

    name: str  # of the field of DialectOptions
    key: str  # in a document of options
    title: str
    about: str
    kind: str = "text"
    choices: Sequence[tuple[str, str]] = ()
    offers: str = ""  # the type of which existing records are offered
    value: str = ""
    offered: Sequence[str] = ()
    is_needed: bool = False

    def filled(
        self, given: Mapping[str, Any], names: StoreNames, *, needed: Sequence[str]
    ) -> "OptionField":
        """The field with what was given, and what the store has to offer."""
        records = getattr(names, self.offers) if self.offers else ()
        offered = [each.code or each.name or "" for each in records]
        there = {each.currency for each in names.price_lists if each.currency}
        if self.name == "currency":
            offered = [*sorted(there), *sorted(set(CURRENCIES) - there)]
        field = replace(
            self,
            value=_shown(given.get(self.key)),
            offered=offered,
            is_needed=self.name in needed or self.key in needed,
        )
        if self.name == "currency" and field.is_needed and not field.value and len(there) == 1:
            # Filled in and not taken: somebody sees it before prices are read in it.
            only = offered[0]
            about = f"{self.about} Filled in is that of all price lists here."
            field = replace(field, value=only, about=about)
        return field


OPTION_FIELDS = (
    OptionField(
        name="currency",
        key="currency",
        title="Currency",
        about="Of prices, where the file names none.",
    ),
    OptionField(
        name="price_lists",
        key="price_list",
        title="Price lists",
        about="Of prices in a currency, or of those that have another name in the file: one "
        "CURRENCY=CODE a line. Otherwise the only one of the currency, made where there is none.",
        kind="lines",
        offers="price_lists",
    ),
    OptionField(
        name="stock_location",
        key="stock_location",
        title="Stock location",
        about="Where the stock is, where the file does not say. Otherwise the only one.",
        offers="stock_locations",
    ),
    OptionField(
        name="shipping_category",
        key="shipping_category",
        title="Shipping category",
        about="Of SKUs. Otherwise the only one, made where there is none.",
        offers="shipping_categories",
    ),
    OptionField(
        name="market",
        key="market",
        title="Market",
        about="Of what belongs to one.",
        offers="markets",
    ),
    OptionField(
        name="markets",
        key="markets",
        title="Price lists of markets",
        about="The price list that has the prices of a market of the file: one NAME=CODE a line.",
        kind="lines",
        offers="price_lists",
    ),
    OptionField(
        name="weight_unit",
        key="weight_unit",
        title="Unit of weights",
        about="Where the file names none.",
        kind="choice",
        choices=[("", "as the file says"), *((each, each) for each in ("g", "kg", "oz", "lb"))],
    ),
    OptionField(
        name="image_base",
        key="image_base",
        title="Address before images",
        about="What stands before images that the file names by a path.",
    ),
    OptionField(
        name="same_code",
        key="same_code",
        title="Several rows with one SKU",
        about="Which of them counts.",
        kind="choice",
        choices=[("", "the last one"), ("error", "the first one; the others fail")],
    ),
    OptionField(
        name="decimal",
        key="decimal",
        title="Decimal mark",
        about="Before decimals, where values do not show it.",
        kind="choice",
        choices=[("", "as the values show"), ("comma", "comma: 12,50"), ("point", "point: 12.50")],
    ),
    OptionField(
        name="keep_rest",
        key="keep_rest",
        title="Keep the rest in metadata",
        about="Columns that have no field of their own.",
        kind="check",
    ),
    OptionField(
        name="only_active",
        key="only_active",
        title="Only what is for sale",
        about="Leave out what is a draft, archived or not for sale.",
        kind="check",
    ),
    OptionField(
        name="rounds",
        key="round",
        title="Round amounts",
        about="That have more decimals than their currency, in place of failing rows.",
        kind="check",
    ),
    OptionField(
        name="net",
        key="net",
        title="Net prices",
        about="Where the file has both gross and net ones.",
        kind="check",
    ),
)


def options_of(request: PageRequest) -> dict[str, Any]:
    """The options that a form gives, as a document of them; raises RequestRefused."""
    options: dict[str, Any] = {}
    for each in OPTION_FIELDS:
        text = (request.value(f"option.{each.name}") or "").strip()[:_TEXT_CHARACTERS_MAX]
        if not text:
            continue
        if each.kind == "check":
            options[each.key] = True
        elif each.kind == "choice":
            _check_choice(each, text)
            options[each.key] = text
        elif each.kind == "lines":
            options[each.key] = _named(text, each.title)
        elif each.name == "currency":
            options[each.key] = _currency(text)
        else:
            options[each.key] = text
    return options


def _check_choice(field: OptionField, text: str) -> None:
    if text not in [value for value, _ in field.choices]:
        raise RequestRefused(f"{field.title}: {text[:60]!r} is none of the choices")


def _named(text: str, title: str) -> dict[str, str]:
    """Codes by what stands before the `=`, which is blank where nothing does."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        name, _, code = (part.strip() for part in line.rpartition("="))
        if not code:
            raise RequestRefused(f"{title}: expected CODE or NAME=CODE, found {line.strip()!r}")
        name = name.upper() if name.upper() in CURRENCIES else name
        if found.setdefault(name, code) != code:
            what = repr(name) if name else "the file"
            raise RequestRefused(f"{title}: {what} is given both {found[name]!r} and {code!r}")
    return found


def _currency(text: str) -> str:
    code = text.upper()
    if code not in CURRENCIES:
        raise RequestRefused(
            f"{text[:60]!r} is no currency: a code of ISO 4217 is expected, such as EUR"
        )
    return code


def _shown(value: object) -> str:
    if isinstance(value, Mapping):
        return "\n".join(f"{name}={code}" if name else str(code) for name, code in value.items())
    if value is True:
        return "on"
    return "" if value is None else str(value)
