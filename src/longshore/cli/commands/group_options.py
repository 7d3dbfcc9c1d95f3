"""Options that say what files of other systems leave open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from longshore.dialects import DialectOptions
    from longshore.spellings import DecimalMark

__all__ = ["CommandWithDialects", "DialectArguments", "group_options"]

_DECLARED = (
    click.option(
        "--as",
        "dialect",
        metavar="DIALECT",
        help="Of which system the file is, such as shopify or woocommerce.  [default: by its "
        "header]",
    ),
    click.option(
        "--currency",
        metavar="CODE",
        help="The currency of prices, where the file names none, such as EUR.",
    ),
    click.option(
        "--price-list",
        "price_lists",
        multiple=True,
        metavar="[CURRENCY=]CODE",
        help="The price list of prices in a currency, or of those that have another name in the "
        "file; may be given again.  [default: the only one of the currency, made where there is "
        "none]",
    ),
    click.option(
        "--stock-location",
        metavar="CODE",
        help="Where the stock is, where the file does not say.  [default: the only one]",
    ),
    click.option(
        "--shipping-category",
        metavar="CODE",
        help="The shipping category of SKUs.  [default: the only one, made where there is none]",
    ),
    click.option(
        "--market",
        "markets",
        multiple=True,
        metavar="[NAME=]CODE",
        help="The market of what belongs to one; with NAME= the price list that has the prices of "
        "a market of the file. May be given again.",
    ),
    click.option(
        "--weight-unit",
        type=click.Choice(["g", "kg", "oz", "lb"]),
        help="The unit of weights, where the file names none.",
    ),
    click.option(
        "--image-base",
        metavar="URL",
        help="What stands before images that the file names by a path.",
    ),
    click.option(
        "--same-code",
        type=click.Choice(["last", "error"]),
        help="Of rows with one SKU the last one counts, or all but the first fail.  [default: "
        "last]",
    ),
    click.option(
        "--keep-rest",
        is_flag=True,
        help="Keep columns that have no field of their own in metadata.",
    ),
    click.option(
        "--only-active", is_flag=True, help="Leave out what is a draft, archived or not for sale."
    ),
    click.option(
        "--round",
        "rounds",
        is_flag=True,
        help="Round amounts that have more decimals than their currency, in place of failing rows.",
    ),
    click.option(
        "--net", is_flag=True, help="Take net prices, where the file has both gross and net ones."
    ),
)


def group_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options from `--as` to `--net`."""
    for option in reversed(_DECLARED):
        command = option(command)
    return command


class CommandWithDialects(click.Command):
    """A command whose help lists these options apart from its own."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own: list[tuple[str, str]] = []
        others: list[tuple[str, str]] = []
        for parameter in self.get_params(ctx):
            # The usage above names the arguments.
            is_option = isinstance(parameter, click.Option)
            record = parameter.get_help_record(ctx) if is_option else None
            if record is not None:
                (others if parameter.name in _SPELLED else own).append(record)
        for title, records in (("Options", own), ("Options for files of other systems", others)):
            with formatter.section(title):
                formatter.write_dl(records)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialectArguments:
    """What was given."""

    dialect: str | None
    currency: str | None
    price_lists: tuple[str, ...]
    stock_location: str | None
    shipping_category: str | None
    markets: tuple[str, ...]
    weight_unit: str | None
    image_base: str | None
    same_code: str | None
    keep_rest: bool
    only_active: bool
    rounds: bool
    net: bool

    @classmethod
    def taken_from(cls, values: dict[str, Any]) -> DialectArguments:
        """Those among the arguments of a command, which are taken out of them."""
        return cls(**{each.name: values.pop(each.name) for each in fields(cls)})

    @property
    def first_given(self) -> str | None:
        """An option that was given, as it is typed; None: none was."""
        given = (name for name in _SPELLED if getattr(self, name))
        return next((_SPELLED[name] for name in given), None)

    def options(self, decimal: DecimalMark | None) -> DialectOptions:
        """What they ask for; raises an error of usage for what cannot be."""
        from longshore.dialects import DialectOptions

        markets = _named(self.markets, "--market")
        return DialectOptions(
            currency=None if self.currency is None else _currency(self.currency),
            price_lists=_by_currency(_named(self.price_lists, "--price-list")),
            stock_location=self.stock_location,
            shipping_category=self.shipping_category,
            market=markets.pop("", None),
            markets=markets,
            weight_unit=self.weight_unit,
            image_base=self.image_base,
            same_code=self.same_code or "last",
            keep_rest=self.keep_rest,
            only_active=self.only_active,
            rounds=self.rounds,
            decimal=decimal,
            net=self.net,
        )


# How each option is typed.
_SPELLED = {
    "dialect": "--as",
    "currency": "--currency",
    "price_lists": "--price-list",
    "stock_location": "--stock-location",
    "shipping_category": "--shipping-category",
    "markets": "--market",
    "weight_unit": "--weight-unit",
    "image_base": "--image-base",
    "same_code": "--same-code",
    "keep_rest": "--keep-rest",
    "only_active": "--only-active",
    "rounds": "--round",
    "net": "--net",
}


def _currency(text: str) -> str:
    from longshore.catalogue import CURRENCIES

    code = text.strip().upper()
    if code not in CURRENCIES:
        raise click.BadParameter(
            f"{text!r} is no currency: a code of ISO 4217 is expected, such as EUR",
            param_hint="'--currency'",
        )
    return code


def _named(given: Sequence[str], option: str) -> dict[str, str]:
    """Codes by what stands before the `=`, which is blank where nothing does; a code never has an
    `=`, a name of the file may."""
    found: dict[str, str] = {}
    for text in given:
        name, _, code = (part.strip() for part in text.rpartition("="))
        if not code:
            raise click.BadParameter(
                f"expected CODE or NAME=CODE, found {text!r}", param_hint=f"'{option}'"
            )
        if found.setdefault(name, code) != code:
            what = repr(name) if name else "the file"
            raise click.BadParameter(
                f"{what} is given both {found[name]!r} and {code!r}", param_hint=f"'{option}'"
            )
    return found


def _by_currency(codes: dict[str, str]) -> dict[str, str]:
    """The same with currencies in capitals, as the codes of ISO 4217 are."""
    from longshore.catalogue import CURRENCIES

    return {
        name.upper() if name.upper() in CURRENCIES else name: code for name, code in codes.items()
    }
