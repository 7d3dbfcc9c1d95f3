"""What rows of a dialect point at: found in the store, made on the way, or refused.

A price list of a currency and a shipping category are made where the store has none; a stock
location and a market need what no file says, so the line that makes one is named.
"""

from collections.abc import Callable, Sequence

from longshore.catalogue import CURRENCIES
from longshore.dialects.header import SourceRow
from longshore.dialects.options import DialectOptions
from longshore.dialects.store_names import NamedRecord, StoreNames
from longshore.errors import RequestRefused
from longshore.spellings import weight_unit_of

DEFAULT_SHIPPING_CATEGORY = "default"


_CHARACTERS_SHOWN = 100  # of a text of the file


class DialectRefused(RequestRefused):
    """The file cannot be made rows of as it was asked for; nothing of it is imported."""

    def of_cell(self, row: SourceRow, column: str) -> "DialectRefused":
        """The same, with the place of the cell for which it is said."""
        place = f"row {row.number:,} (line {row.line:,}), column {shown(column)}"
        return DialectRefused(f"{place}: {self.message}", hint=self.hint)


def shown(text: str) -> str:
    """A text of the file as messages quote it: cut where it is long."""
    is_long = len(text) > _CHARACTERS_SHOWN
    return repr(text[: _CHARACTERS_SHOWN - 1] + "…" if is_long else text)


class Targets:
    """Finds them; each is looked for once."""

    def __init__(
        self,
        store: StoreNames,
        options: DialectOptions,
        make: Callable[[str, dict[str, str]], None],
    ) -> None:
        """`make` hears of a record that is made on the way: its type and its fields."""
        self._store = store
        self._options = options
        self._make = make
        self._lists: dict[tuple[str, bool | None], dict[str, str]] = {}
        self._found: dict[tuple[str, str], dict[str, str]] = {}

    @property
    def currency(self) -> str:
        """The currency of amounts for which the file names none."""
        currency = self._options.currency
        if currency is None:
            raise DialectRefused(
                "the file does not say in which currency its prices are",
                hint=self._currencies_there(),
            )
        return self.known_currency(currency)

    def _currencies_there(self) -> str:
        there = sorted({each.currency for each in self._store.price_lists if each.currency})
        if not there:
            return "give it with --currency, such as --currency EUR"
        return f"give it with --currency; there are price lists in {', '.join(there[:10])}"

    @staticmethod
    def known_currency(text: str) -> str:
        """The code of a currency; raises DialectRefused for what is none."""
        code = text.strip().upper()
        if code not in CURRENCIES:
            raise DialectRefused(
                f"{shown(text)} is no currency", hint="a code of ISO 4217 is expected, such as EUR"
            )
        return code

    def weight_unit(self, default: str) -> str:
        """The unit of weights for which the file names none."""
        given = self._options.weight_unit
        unit = default if given is None else weight_unit_of(given)
        if unit is None:
            raise DialectRefused(
                f"{given!r} is no unit of weight", hint="there are g, kg, mg, t, oz and lb"
            )
        return unit

    def image(self, path: str) -> str:
        """The address of an image that the file gives as a path; "" where nothing says it."""
        if not path or "://" in path:
            return path
        base = self._options.image_base
        return "" if base is None else f"{base.rstrip('/')}/{path.lstrip('/')}"

    def price_list(self, currency: str, *, tax_included: bool | None = None) -> dict[str, str]:
        """How a row names the price list of a currency; `tax_included` where the file says whether
        its prices have tax in them."""
        found = self._lists.get((currency, tax_included))
        if found is None:
            found = self._price_list(currency, tax_included)
            self._lists[currency, tax_included] = found
        return found

    def images(self, paths: Sequence[str]) -> tuple[str, list[str]]:
        """The address of the first image that has one, and the others; what has none stays what it
        is."""
        addresses = [self.image(path) for path in paths]
        first = next((index for index, address in enumerate(addresses) if address), None)
        others = [address or path for address, path in zip(addresses, paths, strict=True)]
        return ("", others) if first is None else (addresses[first], _without(others, first))

    def price_list_called(self, name: str, *, currency: str | None = None) -> dict[str, str] | None:
        """The price list that `--price-list NAME=CODE` or `--market NAME=CODE` gives to a name of
        the file; None: neither does. It is made on the way where the file says its currency."""
        code = self._options.price_lists.get(name) or self._options.markets.get(name)
        if code is None:
            return None
        key = f"={code}={currency or ''}"
        return self._once("price_list", key, lambda: self._listed(code, currency, None))

    def currency_of(self, name: str) -> str | None:
        """The currency of the price list of such a name, where the store knows it."""
        code = self._options.price_lists.get(name) or self._options.markets.get(name)
        found = [each for each in self._store.price_lists if code and each.is_called(code)]
        return found[0].currency if found else None

    def shipping_category(self) -> dict[str, str]:
        """How a row names the shipping category."""
        return self._once("shipping_category", "", self._shipping_category)

    def stock_location(self, name: str | None = None) -> dict[str, str]:
        """How a row names the stock location: one that the file names by code or name, or the one
        that was asked for, or the only one."""
        return self._once("stock_location", name or "", lambda: self._stock_location(name))

    def market(self) -> dict[str, str]:
        """How a row names the market."""
        return self._market().fields("market")

    def market_currency(self) -> str | None:
        """The currency of the prices of the market; None: it has no price list."""
        return self._market().currency

    def _once(self, kind: str, key: str, find: Callable[[], dict[str, str]]) -> dict[str, str]:
        found = self._found.get((kind, key))
        if found is None:
            found = self._found[(kind, key)] = find()
        return found

    def _price_list(self, currency: str, tax_included: bool | None) -> dict[str, str]:
        given = self._options.price_lists.get(currency) or self._options.price_lists.get("")
        if given is not None:
            return self._listed(given, currency, tax_included)
        found = [
            each
            for each in self._store.price_lists
            if each.currency == currency and each.fits(tax_included)
        ]
        if len(found) == 1:
            return found[0].fields("price_list")
        if found:
            raise DialectRefused(
                f"several price lists are in {currency}: {_names(found)}",
                hint=f"say which one with --price-list {currency}={_name(found[0])}",
            )
        net = "-net" if tax_included is False else ""
        code = currency.lower() + net
        if any(each.is_called(code) for each in self._store.price_lists):
            raise DialectRefused(
                f"the price list {code!r} is of another kind, and there is none in {currency}"
                + {None: "", True: " with tax", False: " without tax"}[tax_included],
                hint=f"make one, and give it with --price-list {currency}=CODE",
            )
        self._make_list(code, f"{currency} net" if net else currency, currency, tax_included)
        return {"price_list.code": code}

    def _listed(
        self, given: str, currency: str | None, tax_included: bool | None
    ) -> dict[str, str]:
        found = _called(self._store.price_lists, given)
        if found is None:
            if currency is None:
                raise _unknown("price list", given, self._store.price_lists, "--price-list")
            self._make_list(given, given, currency, tax_included)
            return {"price_list.code": given}
        if currency is not None and found.currency != currency:
            raise DialectRefused(
                f"the price list {given!r} is in {found.currency}, and the prices are in "
                f"{currency}",
                hint=self._other_list(currency, tax_included),
            )
        if not found.fits(tax_included):
            told = ("without", "with") if tax_included else ("with", "without")
            raise DialectRefused(
                f"the prices of the price list {given!r} are {told[0]} tax, and those of the file "
                f"{told[1]} it",
                hint=self._other_list(currency or found.currency, tax_included),
            )
        return found.fields("price_list")

    def _other_list(self, currency: str | None, tax_included: bool | None) -> str:
        """What to give in place of a price list of another kind."""
        fitting = [
            each
            for each in self._store.price_lists
            if each.currency == currency and each.fits(tax_included)
        ]
        if fitting:
            return f"name one that is there, with --price-list {currency}={_name(fitting[0])}"
        return f"give a code that no list has with --price-list {currency}=CODE, and one is made"

    def _make_list(self, code: str, name: str, currency: str, tax_included: bool | None) -> None:
        fields = {"code": code, "name": name, "currency_code": currency}
        if tax_included is not None:
            fields["tax_included"] = "true" if tax_included else "false"
        self._make("price_lists", fields)

    def _shipping_category(self) -> dict[str, str]:
        known, given = self._store.shipping_categories, self._options.shipping_category
        if given is not None:
            found = _called(known, given)
            if found is not None:
                return found.fields("shipping_category")
        elif len(known) == 1:
            return known[0].fields("shipping_category")
        elif known:
            raise DialectRefused(
                f"there are several shipping categories: {_names(known)}",
                hint=f"say which one with --shipping-category {_name(known[0])}",
            )
        code = given or DEFAULT_SHIPPING_CATEGORY
        self._make("shipping_categories", {"code": code, "name": given or "Default"})
        return {"shipping_category.code": code}

    def _stock_location(self, name: str | None) -> dict[str, str]:
        known = self._store.stock_locations
        given = name or self._options.stock_location
        if given is not None:
            found = _called(known, given)
            if found is None:
                hint = _WAREHOUSE
                if name and self._options.stock_location is not None:
                    hint = f"--stock-location only says where a file of one location is; {hint}"
                raise _unknown("stock location", given, known, "--stock-location", hint)
            return found.fields("stock_location")
        if len(known) == 1:
            return known[0].fields("stock_location")
        if known:
            raise DialectRefused(
                f"there are several stock locations: {_names(known)}",
                hint=f"say where the stock is with --stock-location {_name(known[0])}",
            )
        raise DialectRefused(
            "the file says how much is in stock, and there is no stock location", hint=_WAREHOUSE
        )

    def _market(self) -> NamedRecord:
        known, given = self._store.markets, self._options.market
        if given is not None:
            found = _called(known, given)
            if found is None:
                raise _unknown("market", given, known, "--market")
            return found
        if len(known) == 1:
            return known[0]
        raise DialectRefused(
            f"there are several markets: {_names(known)}"
            if known
            else "the file has records that belong to a market, and there is none",
            hint="say which one with --market CODE"
            if known
            else "import one with `longshore import markets`, then give it with --market CODE",
        )


_WAREHOUSE = "`longshore setup --warehouse NAME` makes one"


def _without(values: Sequence[str], index: int) -> list[str]:
    return [*values[:index], *values[index + 1 :]]


def _called(known: Sequence[NamedRecord], text: str) -> NamedRecord | None:
    by_code = next((each for each in known if each.code == text), None)
    return by_code or next((each for each in known if each.name == text), None)


def _unknown(
    what: str, given: str, known: Sequence[NamedRecord], option: str, hint: str | None = None
) -> DialectRefused:
    there = f"there are {_names(known)}" if known else f"there is no {what} at all"
    return DialectRefused(
        f"there is no {what} {shown(given)}; {there}",
        hint=hint or f"name one that there is with {option}",
    )


def _names(known: Sequence[NamedRecord]) -> str:
    return ", ".join(sorted(map(_name, known))[:10])


def _name(record: NamedRecord) -> str:
    return record.code or record.name or ""
