"""What the reference says of a single field, in words."""

from collections.abc import Iterable, Iterator

from longshore.catalogue.catalogue import ORGANIZATION_FLAGS
from longshore.catalogue.conditions import Condition
from longshore.catalogue.declarations import (
    Attribute,
    Computed,
    Constant,
    Count,
    Days,
    Derived,
    Form,
    Later,
    MoneyFloat,
    MoneyText,
    Naming,
    Product,
    Sum,
    Through,
    Total,
    Trigger,
)

_FORMS = {
    Form.EMAIL: "an e-mail address",
    Form.COUNTRY: "a country code (ISO 3166-1 alpha-2)",
    Form.CURRENCY: "a currency code (ISO 4217)",
    Form.REGEX: "a regular expression",
    Form.TAG_NAME: "letters, digits, `_`, `-` and `:`",
}


# What the rules of types and triggers do, in words.
RULES = {
    "line_item_item": (
        "A `sku_code` or `bundle_code` fills `item`. One that names nothing is an error, unless "
        "the row has both `name` and `unit_amount_cents`: then only the code is kept."
    ),
    "line_item_price": (
        "Without `unit_amount_cents` the price of the SKU or bundle is taken: from the price list "
        "of the order's market."
    ),
    "add_tags": "adds tags by their names, separated by commas",
    "remove_tags": "removes tags by their names, separated by commas",
    "balance_change": "adds to the balance",
    "bundle_price_amount": "the price becomes the sum of the prices of the SKUs",
    "bundle_compare_at_amount": "the price to compare with becomes the sum of those of the SKUs",
}


def rules_of(attribute: Attribute) -> Iterator[str]:
    if attribute.enum:
        yield f"one of {codes(attribute.enum)}"
    if attribute.form is not None:
        yield _FORMS[attribute.form]
    if attribute.minimum is not None:
        yield f"at least {_bound(attribute.minimum)}"
    if attribute.above is not None:
        yield f"greater than {_bound(attribute.above)}"
    if attribute.maximum is not None:
        yield f"at most {_bound(attribute.maximum)}"
    if attribute.nonzero:
        yield "other than 0"
    if attribute.length_min is not None:
        yield f"characters: at least {_bound(attribute.length_min)}"
    if attribute.length_max is not None:
        yield f"characters: at most {_bound(attribute.length_max)}"
    if attribute.names is not None:
        yield _naming(attribute.names)
    if attribute.generated:
        yield "made when not given"
    if attribute.fallback is not None:
        yield f"when not given: {_computation(attribute.fallback)}"
    if attribute.accepted_with:
        yield f"only together with `{attribute.accepted_with}`"
    if attribute.discarded:
        yield "checked and not stored"
    elif not attribute.fetchable:
        yield "never shown"
    if not attribute.updatable and attribute.creatable:
        yield "set when created, not changed later"


def _naming(naming: Naming) -> str:
    if naming.relationship is None:
        return f"one of the {words(naming.target)} must have it"
    made = ", created when there is none" if naming.create else ""
    field = "e-mail address" if naming.attribute == "email" else naming.attribute
    return f"{field} of the {words(naming.relationship)}{made}"


def effect_of(trigger: Trigger) -> str:
    effects = [f"`{name}` becomes `{literal(value)}`" for name, value in trigger.sets.items()]
    if trigger.stamps:
        effects.append(f"`{trigger.stamps}` becomes the time of the import")
    effects += [f"`{name}` becomes empty" for name in trigger.clears]
    if trigger.rule:
        effects.append(RULES[trigger.rule])
    return "; ".join(effects) or "accepted, without effect"


def computation_of(attribute: Attribute) -> str:
    return _computation(attribute.computed)


def _computation(computed: Computed | None) -> str:
    match computed:
        case Through(path=path):
            return _path(path)
        case MoneyFloat(cents=cents):
            return f"`{cents}` in units of the currency"
        case MoneyText(cents=cents):
            return f"`{cents}` as text"
        case Days(hours=path):
            return f"{_path(path)} in days"
        case Later(than=name, seconds=seconds):
            return f"{_duration(seconds)} after {code(name)}"
        case Product(factors=(first, second)):
            return f"`{first}` x `{second}`"
        case Sum(relationship=relationship, of=of, where=None):
            return f"sum of `{of}` of the {words(relationship)}"
        case Sum(relationship=relationship, of=of, where=(name, value)):
            return f"sum of `{of}` of the {words(relationship)} whose `{name}` is `{value}`"
        case Count(relationship=relationship):
            return f"number of {words(relationship)}"
        case Total(of=parts):
            return " + ".join(code(part) for part in parts)
        case Constant(value=None):
            return "always empty"
        case Constant(value=value):
            return f"always `{literal(value)}`"
        case Derived(inputs=inputs):
            return f"from {codes(inputs)}"
    return "set by longshore"


def _duration(seconds: int) -> str:
    hours = seconds // 3600
    number, unit = (hours // 24, "day") if hours % 24 == 0 else (hours, "hour")
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def when(condition: Condition | None) -> str:
    if condition is None:
        return ""
    return "yes" if condition.text == "true" else f"when `{condition.text}`"


def _path(path: tuple[str, ...]) -> str:
    *steps, last = path
    if not steps:
        return code(last)
    return f"`{last}` of " + " of ".join(f"the {words(step)}" for step in reversed(steps))


def _bound(bound: float | str) -> str:
    if isinstance(bound, str):
        return f"{ORGANIZATION_FLAGS[bound]} (`{bound}` of the organization)"
    return str(bound)


def literal(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value)


def words(name: str | None) -> str:
    return (name or "").replace("_", " ").replace("sku", "SKU")


def code(name: str) -> str:
    return f"`{name}`"


def codes(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)
