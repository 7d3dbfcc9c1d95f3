"""The rules and generators that declarations refer to by name, as the naive model has them."""

from collections.abc import Callable, Mapping
from typing import Any

from tests.property.model.draft import Journey, RowDraft
from tests.property.model.state import Record, State
from tests.property.model.values import INTEGER_MAX, spelled

ITEM_CODES = (("sku_code", "skus", "sku"), ("bundle_code", "bundles", "bundle"))


def line_item_item(journey: Journey, draft: RowDraft) -> None:
    """A code names the item, which gives its name; one that names nothing must come with name
    and amount. A record whose code stays keeps its item."""
    record = draft.record
    if draft.id_of("item") is not None:
        return
    for code, item_type, item in ITEM_CODES:
        if not draft.gives(code):
            continue
        if record["item"] is not None and draft.old.get(code) == record[code]:
            continue
        found = _code_holder(journey.state, item_type, draft.values[code])
        if found is not None:
            record["item"], record["item_type"] = found, item_type
            if record["name"] is None:
                record["name"] = journey.state.records[found]["name"]
        elif record["name"] is None or record["unit_amount_cents"] is None:
            draft.findings.add(item, "must exist")
        else:
            record["item"] = None
            record["item_type"] = record["item_type"] or item_type


def line_item_price(journey: Journey, draft: RowDraft) -> None:
    """Without an amount of its own the item costs what the market's price list says."""
    record, findings = draft.record, draft.findings
    if record["unit_amount_cents"] is None and record["item_type"] == "skus":
        price_list = journey.state.read(record, ("order", "market", "price_list"))
        for _, price in journey.state.of_table(journey.state.catalogue.types["prices"]):
            if price["sku"] == record["item"] and price["price_list"] == price_list:
                record["unit_amount_cents"] = price["amount_cents"]
    amount: Any = record["unit_amount_cents"]
    quantity: Any = record["quantity"]
    if amount is None:
        has_reason = any(findings.concern(name) for name in ("unit_amount_cents", "sku", "bundle"))
        if not has_reason:
            findings.add("unit_amount_cents", "can't be blank")
        return
    is_number = isinstance(amount, int) and isinstance(quantity, int)
    if is_number and abs(amount * quantity) > INTEGER_MAX:
        findings.add("quantity", f"must be less than or equal to {INTEGER_MAX // amount}")


def _code_holder(state: State, resource_type: str, code: object) -> int | None:
    for record_id, record in state.of_table(state.catalogue.types[resource_type]):
        if spelled(str(record["code"])) == spelled(str(code)):
            return record_id
    return None


RULES: Mapping[str, Callable[[Journey, RowDraft], None]] = {
    "line_item_item": line_item_item,
    "line_item_price": line_item_price,
}

# Values nobody can foresee: a comparison asks only whether there is one.
GENERATED_UNFORESEEABLY = frozenset(
    {"order_number", "stock_transfer_number", "uuid", "slug_of_name"}
)


def generate(generator: str, state: State) -> object:
    """A value for a created record whose row names none."""
    if generator in GENERATED_UNFORESEEABLY:
        return f"generated {state.next_id}"
    raise NotImplementedError(generator)


def run_rules(journey: Journey, draft: RowDraft) -> None:
    for rule in draft.declared.rules:
        RULES[rule](journey, draft)


def fill_generated(journey: Journey, draft: RowDraft) -> None:
    """Generated values for what the record does not have."""
    record: Record = draft.record
    for attribute in draft.declared.attributes:
        name = attribute.name
        if attribute.generated is None or name in draft.findings.errors:
            continue
        if record.get(name) is None:
            record[name] = generate(attribute.generated, journey.state)
