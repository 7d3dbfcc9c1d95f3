"""Sales: whether the reduced price of a row counts, and the record of the price that does."""

import re
from datetime import UTC, datetime

from longshore.dialects.cell_failure import CellFailure
from longshore.dialects.conversion import Conversion
from longshore.dialects.goods import Cell, emit_price
from longshore.dialects.header import SourceRow
from longshore.error_codes import ErrorCode
from longshore.spellings import DateOrder, read_date

_UNIX_SECONDS = re.compile(r"[0-9]{9,11}", re.ASCII)
_DAY_MILLISECONDS = 86_400_000


class DateRefused(Exception):
    """A cell beside a reduced price that is no date."""

    def __init__(self, cell: Cell, field: str = "amount_cents") -> None:
        super().__init__()
        self.failure = CellFailure(field, cell.column, cell.text, ErrorCode.NOT_A_DATE)


def emit_price_or_sale(
    conversion: Conversion,
    code: str,
    regular: Cell,
    sale: Cell,
    row: SourceRow,
    *,
    currency: str | None,
    window: tuple[Cell, Cell],
) -> None:
    """Write the record of a price: the reduced one, with the regular one crossed out, while the
    sale is on, from the first cell of the window to the second; else the regular one."""
    failures: tuple[CellFailure, ...] = ()
    is_on = False
    if sale:
        try:
            is_on = is_on_sale(*window, conversion.now, DateOrder.YEAR_FIRST)
        except DateRefused as refused:
            failures = (refused.failure,)
    emit_price(
        conversion,
        code,
        sale if is_on or (failures and not regular) else regular,
        row,
        currency=currency,
        compare_at=regular if is_on else None,
        failures=failures,
    )


def is_on_sale(start: Cell, end: Cell, now: int, order: DateOrder = DateOrder.MONTH_FIRST) -> bool:
    """Whether a time in milliseconds lies between two dates; a blank one is no border. The day of
    the end counts as a whole. `order` is that of dates whose year comes last. Raises DateRefused.
    """
    if start.text and now < _milliseconds(start, order)[0]:
        return False
    if not end.text:
        return True
    until, is_day = _milliseconds(end, order)
    return now < until + _DAY_MILLISECONDS if is_day else now <= until


def _milliseconds(cell: Cell, order: DateOrder) -> tuple[int, bool]:
    """The moment that a date names, and whether it is a day without a time."""
    text = cell.text.strip().removeprefix("'")
    if _UNIX_SECONDS.fullmatch(text):
        return int(text) * 1000, False
    told = read_date(_with_century(text), order)
    if told is None:
        raise DateRefused(cell)
    moment = datetime.fromisoformat(told)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    is_midnight = moment.time() == datetime.min.time()
    return int(moment.timestamp() * 1000), is_midnight


_SHORT_YEAR = re.compile(r"(\d{1,2}[-/.]\d{1,2}[-/.])(\d\d)((?:\D.*)?)", re.ASCII)


def _with_century(text: str) -> str:
    """`7/4/26` is of this century."""
    found = _SHORT_YEAR.fullmatch(text)
    return f"{found[1]}20{found[2]}{found[3]}" if found else text
