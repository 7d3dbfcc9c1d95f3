"""The transforms of numbers, amounts, weights, dates and truth values, as people write them.

What a text means by itself is read; what may mean two things is read only under a decimal mark or
an order of day and month that is given, or was decided over all rows (`auto`).
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal

from longshore.catalogue import EXPONENTS, TRUTHS
from longshore.error_codes import ErrorCode, message
from longshore.mapping.mapping_refused import MappingRefused, unknown_name
from longshore.mapping.transform import (
    Destination,
    Parameter,
    ParameterKind,
    Parameters,
    Step,
    Transform,
    TransformFailed,
    TransformUse,
)
from longshore.spellings import (
    BOOLEAN_WORDS,
    WEIGHT_UNITS,
    DateOrder,
    DecimalMark,
    Spelling,
    ValueRefused,
    amount_of,
    clear_date,
    clear_number,
    plain_decimal,
    read_date,
    weight_of,
)

AUTO = "auto"
_DECIMAL_PLACES = Decimal("0.000001")  # of a weight that is converted
_WIDE = Context(prec=100)  # digits, more than a number of a cell has beside its decimals
_GRAM = "gr"
_GRAMS = {
    _GRAM: Decimal(1),
    "kg": Decimal(1000),
    "oz": Decimal("28.349523125"),
    "lb": Decimal("453.59237"),
}
_INVALID = message(ErrorCode.INVALID)
_NOT_A_NUMBER = message(ErrorCode.NOT_A_NUMBER)
_NOT_IN_LIST = message(ErrorCode.NOT_IN_LIST)

_DECIMAL = Parameter(
    name="decimal",
    about="What stands before the decimals; `auto` decides it over all rows of the column.",
    kind=ParameterKind.CHOICE,
    choices=(AUTO, *DecimalMark),
    default=AUTO,
)


def is_left_open(use: TransformUse, decimal: DecimalMark | None) -> bool:
    """Whether the values of its column have to show how a transform reads them; `decimal` is what
    the document says of all decimals."""
    names = {each.name for each in use.transform.parameters}
    if "order" in names:
        return bool(use.parameters.get("order", AUTO) == AUTO)
    given = use.parameters.get("decimal", AUTO if decimal is None else decimal)
    return "decimal" in names and given == AUTO


def _mark(parameters: Parameters) -> DecimalMark | None:
    given = parameters.get("decimal", AUTO)
    return None if given == AUTO else DecimalMark(given)


def _make_number(parameters: Parameters, _destination: Destination) -> Step:
    mark = _mark(parameters)

    def step(text: str) -> str:
        try:
            amount = amount_of(text, mark)
        except ValueRefused as refused:
            raise TransformFailed(refused.message) from None
        if amount is None or amount.marks:
            raise TransformFailed(_NOT_A_NUMBER, suggestion=clear_number(text))
        return f"{amount.value:f}"

    return step


def _make_money(_parameters: Parameters, _destination: Destination) -> Step:
    return lambda text: text  # the engine makes cents of it, which knows the currency of the record


def _money_left(parameters: Parameters) -> str:
    mark, currency = _mark(parameters), parameters.get("currency")
    words = ["decimal" if mark is None else f"decimal-{mark}"]
    if currency is not None:
        if currency not in EXPONENTS:
            raise unknown_name("currency", currency, EXPONENTS, path=("currency",))
        words.append(currency)
    if parameters.get("round") == "half_even":
        words.append("half_even")
    return "+".join(words)


def _make_unit(parameters: Parameters, _destination: Destination) -> Step:
    mark, given, to = _mark(parameters), parameters["from"], parameters["to"]

    def step(text: str) -> str:
        value, unit = weight_of(text, mark, given) or ("", None)
        if unit is None:
            raise TransformFailed(_NOT_A_NUMBER)
        return value if unit == to else _converted(Decimal(value), unit, to)

    return step


def _unit_made(parameters: Parameters) -> str:
    made = Spelling(is_number=True, decimal=DecimalMark.POINT, unit=parameters.get("to", _GRAM))
    return str(made)


def _converted(value: Decimal, unit: str, to: str) -> str:
    grams = _WIDE.divide(_WIDE.multiply(value, _GRAMS[unit]), _GRAMS[to])
    return plain_decimal(grams.quantize(_DECIMAL_PLACES, ROUND_HALF_EVEN, context=_WIDE))


def _make_date(parameters: Parameters, _destination: Destination) -> Step:
    order = parameters["order"]

    def step(text: str) -> str:
        found = clear_date(text) if order == AUTO else read_date(text, DateOrder(order))
        if found is None:
            raise TransformFailed(_INVALID)
        return found

    return step


def _make_boolean(parameters: Parameters, _destination: Destination) -> Step:
    own = {
        word.strip().lower(): value
        for name, value in (("true", True), ("false", False))
        for word in parameters[name]
    }
    both = {word.strip().lower() for word in parameters["true"]} & {
        word.strip().lower() for word in parameters["false"]
    }
    if both:
        raise MappingRefused(f"{min(both)!r} is both true and false", path=("false",))
    known = own or {
        word: value for words in (TRUTHS, *BOOLEAN_WORDS.values()) for word, value in words.items()
    }

    def step(text: str) -> str:
        value = known.get(text.strip().lower())
        if value is None:
            raise TransformFailed(_NOT_IN_LIST)
        return "true" if value else "false"

    return step


VALUE_TRANSFORMS = (
    Transform(
        name="number",
        about="Reads a number as people write it: with a decimal comma or point and separators of "
        "thousands.",
        make=_make_number,
        parameters=(_DECIMAL,),
        example=("1.234,50", "1234.50"),
    ),
    Transform(
        name="money",
        about="Reads an amount as people write it, and makes cents of it by the currency of the "
        "record; a sign or code beside the amount must be of that currency.",
        make=_make_money,
        parameters=(
            Parameter(
                name="currency",
                about="The currency of the amounts, where it does not stand beside them: it must "
                "be that of the record.",
                default=None,
            ),
            _DECIMAL,
            Parameter(
                name="round",
                about="What becomes of an amount with more decimals than its currency has: an "
                "error of the row, or it is rounded, halves to the even cent.",
                kind=ParameterKind.CHOICE,
                choices=("error", "half_even"),
                default="error",
            ),
        ),
        makes_cents=True,
        example=("€ 12,50", "1250"),
        unit_left=_money_left,
    ),
    Transform(
        name="unit",
        about="Reads a weight with its unit, or in the unit that is given, and converts it. A "
        "record's `unit_of_weight` becomes that of the result (of kg: grams); a row that gives "
        "another one fails.",
        make=_make_unit,
        unit_made=_unit_made,
        parameters=(
            Parameter(
                name="to",
                about="The unit of the result.",
                kind=ParameterKind.CHOICE,
                choices=tuple(_GRAMS),
                default=_GRAM,
            ),
            Parameter(
                name="from",
                about="The unit of numbers that have none of their own.",
                kind=ParameterKind.CHOICE,
                choices=tuple(WEIGHT_UNITS),
                default=None,
            ),
            _DECIMAL,
        ),
        example=("0,35 kg", "350"),
    ),
    Transform(
        name="date",
        about="Reads a date as people write it, with its time where there is one.",
        make=_make_date,
        parameters=(
            Parameter(
                name="order",
                about="In which order day, month and year stand where the date does not show it; "
                "`auto` decides it over all rows of the column.",
                kind=ParameterKind.CHOICE,
                choices=(AUTO, *DateOrder),
                default=AUTO,
            ),
        ),
        example=("01.12.2026", "2026-12-01"),
    ),
    Transform(
        name="boolean",
        about="Reads a truth value: by words of yours, or by those of English, German, French, "
        "Italian, Spanish, Portuguese, Dutch and Polish.",
        make=_make_boolean,
        parameters=(
            Parameter(
                name="true",
                about="The words that mean true.",
                kind=ParameterKind.TEXTS,
                default=(),
            ),
            Parameter(
                name="false",
                about="The words that mean false.",
                kind=ParameterKind.TEXTS,
                default=(),
            ),
        ),
        example=("ja", "true"),
    ),
)
