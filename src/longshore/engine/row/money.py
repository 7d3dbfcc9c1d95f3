"""Amounts of a row: decimals become cents, in the currency of the record as it would become."""

from collections.abc import Sequence
from typing import Any

from longshore.engine.plan.nodes import MoneyStep, Node
from longshore.engine.row.chunk_state import ChunkState
from longshore.engine.row.draft import RowDraft
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import ValueRefused
from longshore.engine.values.outcomes import FoundAmount
from longshore.error_codes import ErrorCode, message
from longshore.spellings import Amount

NO_CURRENCY = message(ErrorCode.NO_CURRENCY)


def settle_amounts(draft: RowDraft) -> None:
    """Put cents in place of decimals, and report those that cannot be.

    The draft has its targets by now, from which most records have their currency.
    """
    fields = list(draft.fields)
    for step in draft.node.money:
        given = fields[step.slot]
        if given.__class__ is Amount:
            fields[step.slot] = _settle(draft, step, given)
        if draft.row.wants_amounts:
            _note(draft, step, given, fields[step.slot])
    draft.fields = fields


def report_unsettled(draft: RowDraft) -> None:
    """Report decimals without a currency, unless what it stands in has an error of its own."""
    failed = draft.failed
    for step, given in draft.unsettled:
        if step.depends_on.isdisjoint(failed):
            draft.report(step.name, NO_CURRENCY, given.text)


def cents_in_place(
    state: ChunkState, node: Node, values: Sequence[Any], fields: Sequence[Any]
) -> Sequence[Any]:
    """Fields with the cents that their amounts are in the currency of a record's values.

    None stands where an amount cannot be any.
    """
    given = [step for step in node.money if fields[step.slot].__class__ is Amount]
    if not given:
        return fields
    settled = list(fields)
    for step in given:
        settled[step.slot] = _cents(step, fields[step.slot], _currency(state, step, values))
    return settled


def _cents(step: MoneyStep, given: Amount, currency: str | None) -> Any:
    try:
        return None if currency is None else step.convert(given.cents(currency))
    except ValueRefused:
        return None


def _settle(draft: RowDraft, step: MoneyStep, given: Amount) -> int:
    """The cents of an amount, put into the draft's values; 0 where they have an error."""
    cents = 0
    currency = _currency(draft.row.state, step, draft.values)
    if currency is not None:
        try:
            cents = step.convert(given.cents(currency))
        except ValueRefused as refused:
            draft.report(step.name, refused.message, given.text)
    else:
        draft.unsettled.append((step, given))
    if step.column is not None and draft.values[step.column] is given:
        draft.values[step.column] = cents
    return cents


def _note(draft: RowDraft, step: MoneyStep, given: object, cents: Any) -> None:
    if given is ABSENT or not isinstance(cents, int):
        return
    draft.row.amounts.append(
        FoundAmount(
            field=draft.node.path + step.name,
            value=given.text if isinstance(given, Amount) else str(cents),
            cents=cents,
            currency=_currency(draft.row.state, step, draft.values),
        )
    )


def _currency(state: ChunkState, step: MoneyStep, values: Sequence[Any]) -> str | None:
    """The code of the first currency that one of the paths leads to."""
    for path in step.currencies:
        found: Sequence[Any] | None = values
        for column, table in path.hops:
            id = found[column] if found is not None else None
            record = state.find(state.tables[table], id) if id is not None else None
            found = None if record is None else record.values
        if found is not None and found[path.column]:
            return str(found[path.column])
    return None
