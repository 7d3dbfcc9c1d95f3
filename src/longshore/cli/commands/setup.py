"""`longshore setup`: what the first catalogue needs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from longshore.cli.commands.options import json_option
from longshore.cli.documents import write_document
from longshore.cli.endings import Exit
from longshore.cli.import_work import Work
from longshore.cli.messages import fail, say, warn
from longshore.cli.places import Place, open_place, takes_place
from longshore.cli.stops import watch_for_stops
from longshore.errors import RequestRefused

if TYPE_CHECKING:
    from longshore.access import Environment
    from longshore.assembly import Longshore
    from longshore.imports import ImportGroup
    from longshore.records import RecordView

__all__ = ["setup"]

_PRICE_LISTS, _LOCATIONS, _CATEGORIES = "price_lists", "stock_locations", "shipping_categories"
_NOUNS = {
    _CATEGORIES: "shipping category",
    _PRICE_LISTS: "price list",
    _LOCATIONS: "stock location",
}
_TO_FILL_IN = "to be filled in"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What is to be there; None: nobody asks for it."""

    currency: str | None
    warehouse: str | None
    shipping_category: str | None
    address: Mapping[str, str]


@click.command("setup", short_help="Make what the first catalogue needs.")
@click.option("--currency", metavar="CODE", help="Of the prices, such as EUR: makes a price list.")
@click.option("--warehouse", metavar="NAME", help="Where the stock lies: makes a stock location.")
@click.option(
    "--shipping-category", metavar="NAME", help="Of the goods: makes a shipping category."
)
@click.option(
    "--address",
    "address",
    multiple=True,
    metavar="KEY=VALUE",
    help="Of the warehouse, such as city=Hamburg or country_code=DE; may be given again.  "
    "[default: one that is to be filled in]",
)
@json_option
@takes_place
def setup(
    place: Place,
    currency: str | None,
    warehouse: str | None,
    shipping_category: str | None,
    address: tuple[str, ...],
    as_json: bool,
) -> Exit:
    """Make a price list, a stock location and a shipping category, so that files with SKUs, prices
    and stock can be imported.

    On a terminal it asks three questions; with options it makes what these name, and asks nothing.
    What is there already is left as it is, so it can be repeated; --address changes the address of
    a warehouse that is there. All is one import group, which longshore undo takes back.
    """
    has_options = bool(currency or warehouse or shipping_category or address)
    if address and warehouse is None:
        raise click.UsageError("--address is that of the warehouse, and needs --warehouse NAME")
    if not has_options and not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise RequestRefused(
            "standard input is no terminal, so nobody can be asked; nothing was made",
            hint="longshore setup --currency EUR --warehouse Main --shipping-category Default",
        )
    given = _address(address)
    currency = None if currency is None else _currency(currency)
    with open_place(place) as longshore:
        environment = place.environment(longshore)
        known = {name: _known(longshore, environment, name) for name in _NOUNS}
        if has_options:
            wanted = _Wanted(
                currency=currency,
                warehouse=_name(warehouse, "--warehouse"),
                shipping_category=_name(shipping_category, "--shipping-category"),
                address=given,
            )
        else:
            wanted = _asked(known)
        rows = _rows(wanted, known)
        group = _made(longshore, environment, place, rows)
        return _told(longshore, environment, wanted, known, group, as_json=as_json)


def _asked(known: Mapping[str, Sequence[RecordView]]) -> _Wanted:
    lists, places, kinds = known[_PRICE_LISTS], known[_LOCATIONS], known[_CATEGORIES]
    currency = click.prompt(
        "In which currency are your prices (such as EUR)?",
        default=str(lists[0].attributes["currency_code"]) if lists else None,
        value_proc=_typed_currency,
        err=True,
    )
    warehouse = click.prompt(
        "What is the place called where your stock lies?",
        default=_called(places[0]) if places else "Warehouse",
        err=True,
    )
    shipping_category = click.prompt(
        "Which shipping category do your goods belong to?",
        default=_called(kinds[0]) if kinds else "Default",
        err=True,
    )
    return _Wanted(
        currency=currency,
        warehouse=warehouse,
        shipping_category=shipping_category,
        address={},
    )


def _rows(
    wanted: _Wanted, known: Mapping[str, Sequence[RecordView]]
) -> dict[str, list[dict[str, Any]]]:
    """What is to be imported of each type."""
    rows: dict[str, list[dict[str, Any]]] = {}
    currency, category, warehouse = wanted.currency, wanted.shipping_category, wanted.warehouse
    if currency is not None and _price_list(known, currency) is None:
        code = currency.lower()
        if _found(known[_PRICE_LISTS], code) is not None:
            raise RequestRefused(
                f"the price list {code!r} is in another currency than {currency}",
                hint=f"import one of another code with `longshore import {_PRICE_LISTS}`",
            )
        rows[_PRICE_LISTS] = [{"code": code, "name": currency, "currency_code": currency}]
    if category is not None and _found(known[_CATEGORIES], category) is None:
        # The code of what nobody has named is the one that files of other systems are given.
        code = "default" if category == "Default" else category
        rows[_CATEGORIES] = [{"code": code, "name": category}]
    if warehouse is not None:
        place = _found(known[_LOCATIONS], warehouse)
        if place is None:
            address = _with_defaults(wanted.address, warehouse, currency)
            rows[_LOCATIONS] = [{"code": warehouse, "name": warehouse, "address": address}]
        elif wanted.address:
            rows[_LOCATIONS] = [{"id": place.id, "address": dict(wanted.address)}]
    return rows


def _with_defaults(
    given: Mapping[str, str], warehouse: str, currency: str | None
) -> dict[str, object]:
    """An address that can be stored; what is missing says that it is."""
    from longshore.catalogue import COUNTRIES

    # The first letters of most currencies are their country (ISO 4217).
    country = (currency or "")[:2]
    is_person = "last_name" in given and "company" not in given
    return {
        **({} if is_person else {"business": True, "company": warehouse}),
        "line_1": _TO_FILL_IN,
        "city": _TO_FILL_IN,
        "zip_code": "00000",
        "country_code": country if country in COUNTRIES else "DE",
        "phone": "0000000000",
        **given,
    }


def _made(
    longshore: Longshore,
    environment: Environment,
    place: Place,
    rows: Mapping[str, Sequence[Mapping[str, Any]]],
) -> ImportGroup | None:
    """The group of imports that has made what is missing; None: nothing is."""
    from longshore.operations import GroupRequest

    if not rows:
        return None
    source = longshore.group_forms.of_inputs(rows, name="longshore setup")
    with watch_for_stops() as stops:
        group = longshore.group_submissions.submit(environment, source, GroupRequest(), to_run=True)
        work = Work(longshore, environment, stops)
        for member in group.members:
            work.run(member)
    return longshore.import_groups.read(group.id)


def _told(
    longshore: Longshore,
    environment: Environment,
    wanted: _Wanted,
    known: Mapping[str, Sequence[RecordView]],
    group: ImportGroup | None,
    *,
    as_json: bool,
) -> Exit:
    there = _there(wanted, {name: _known(longshore, environment, name) for name in _NOUNS})
    before = {view.id for views in known.values() for view in views}
    changed = set() if group is None else {each.resource_type for each in group.members}
    group_id = None if group is None else longshore.public_ids.encode(group.id)
    if as_json:
        data = [_document(view, is_made=view.id not in before) for view in there.values()]
        write_document({"data": data, "meta": {"group_id": group_id}})
    else:
        for name, view in there.items():
            state = "there" if view.id in before else "made"
            say(_line(name, view, "changed" if state == "there" and name in changed else state))
    if group is not None and (group.total("errors_count") or not _is_completed(group)):
        for member in group.members:
            for error in longshore.imports.errors(member, limit=10):
                fail(f"{_NOUNS[member.resource_type]}: {error.attribute}: {error.message}")
        return Exit.HAD_ERRORS
    if _LOCATIONS in there and there[_LOCATIONS].id not in before and not _says_where(wanted):
        warn(
            f"the address of {wanted.warehouse!r} is {_TO_FILL_IN}",
            hint=f"longshore setup --warehouse {wanted.warehouse!r} --address line_1=... "
            "--address zip_code=... --address city=... --address country_code=... "
            "--address phone=...",
        )
    if group_id is not None and not as_json:
        say(f"longshore undo {group_id} takes it back")
    return Exit.DONE


def _there(wanted: _Wanted, known: Mapping[str, Sequence[RecordView]]) -> dict[str, RecordView]:
    """The records that are there of what was asked for, by their types."""
    category, currency, warehouse = wanted.shipping_category, wanted.currency, wanted.warehouse
    found = {
        _CATEGORIES: None if category is None else _found(known[_CATEGORIES], category),
        _PRICE_LISTS: None if currency is None else _price_list(known, currency),
        _LOCATIONS: None if warehouse is None else _found(known[_LOCATIONS], warehouse),
    }
    return {name: view for name, view in found.items() if view is not None}


def _is_completed(group: ImportGroup) -> bool:
    from longshore.imports import Status

    return group.status is Status.COMPLETED


def _says_where(wanted: _Wanted) -> bool:
    return {"line_1", "city", "country_code"} <= set(wanted.address)


def _line(name: str, view: RecordView, state: str) -> str:
    currency = view.attributes.get("currency_code")
    called = f"the {_NOUNS[name]} {_called(view)!r}" + (f" in {currency}" if currency else "")
    ends = {
        "made": "was made",
        "changed": "was there already, and has the address",
        "there": "was there already",
    }
    return f"{called} {ends[state]}"


def _document(view: RecordView, *, is_made: bool) -> dict[str, Any]:
    return {
        "type": view.type,
        "id": view.id,
        "attributes": dict(view.attributes),
        "meta": {"created": is_made},
    }


def _known(longshore: Longshore, environment: Environment, name: str) -> list[RecordView]:
    fields = ["code", "name"] + ["currency_code"] * (name == _PRICE_LISTS)
    with longshore.records.found(environment, name, fields=fields) as found:
        return list(found.views)


def _price_list(known: Mapping[str, Sequence[RecordView]], currency: str) -> RecordView | None:
    lists = known[_PRICE_LISTS]
    return next((each for each in lists if each.attributes["currency_code"] == currency), None)


def _found(views: Sequence[RecordView], name: str) -> RecordView | None:
    by_code = (each for each in views if each.attributes["code"] == name)
    by_name = (each for each in views if each.attributes["name"] == name)
    return next(by_code, None) or next(by_name, None)


def _called(view: RecordView) -> str:
    return str(view.attributes["code"] or view.attributes["name"])


def _currency(text: str) -> str:
    from longshore.catalogue import CURRENCIES

    code = text.strip().upper()
    if code not in CURRENCIES:
        raise RequestRefused(
            f"{text!r} is no currency", hint="a code of ISO 4217 is expected, such as EUR"
        )
    return code


def _typed_currency(text: str) -> str:
    try:
        return _currency(text)
    except RequestRefused as refused:
        raise click.UsageError(f"{refused.message}: {refused.hint}") from refused


def _name(text: str | None, option: str) -> str | None:
    if text is None or text.strip():
        return None if text is None else text.strip()
    raise click.UsageError(f"{option} needs a name")


def _address(pairs: Sequence[str]) -> dict[str, str]:
    from longshore.catalogue import load_catalogue

    names = [each.name for each in load_catalogue().types["addresses"].attributes if each.creatable]
    values: dict[str, str] = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or key not in names:
            raise RequestRefused(
                f"expected KEY=VALUE with a field of an address, found {pair!r}",
                hint=f"fields are {', '.join(names[:11])}",
            )
        values[key] = value
    return values
