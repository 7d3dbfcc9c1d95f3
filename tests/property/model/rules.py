"""The rules and generators that declarations refer to by name, as the naive model has them."""

from collections.abc import Callable, Mapping

from tests.property.model.draft import Draft, Journey
from tests.property.model.state import Record, State


def line_item_item(journey: Journey, draft: Draft) -> None:
    """A code names the item; one that names nothing must come with name and amount."""
    for code, item_type in (("sku_code", "skus"), ("bundle_code", "bundles")):
        if not draft.gives(code):
            continue
        record = draft.record
        record["item_type"] = item_type
        record["item"] = _code_holder(journey.state, item_type, draft.values[code])
        stands_alone = draft.gives("name") and record.get("unit_amount_cents") is not None
        if record["item"] is None and not stands_alone:
            draft.findings.add(item_type.removesuffix("s"), "must exist")
        return


def line_item_price(journey: Journey, draft: Draft) -> None:
    """Without an amount of its own the item costs what the market's price list says."""
    record = draft.record
    if record["unit_amount_cents"] is not None or "unit_amount_cents" in draft.findings.errors:
        return
    price_list = journey.state.read(record, ("order", "market", "price_list"))
    for _, price in journey.state.of_table(journey.state.catalogue.types["prices"]):
        is_of_item = record["item_type"] == "skus" and price["sku"] == record["item"]
        if is_of_item and price["price_list"] == price_list:
            record["unit_amount_cents"] = price["amount_cents"]
            return
    draft.findings.add("unit_amount_cents", "can't be blank")


def _code_holder(state: State, resource_type: str, code: object) -> int | None:
    for record_id, record in state.of_table(state.catalogue.types[resource_type]):
        if record["code"] == str(code).strip():
            return record_id
    return None


RULES: Mapping[str, Callable[[Journey, Draft], None]] = {
    "line_item_item": line_item_item,
    "line_item_price": line_item_price,
}

# Values nobody can foresee: a comparison asks only whether there is one.
GENERATED_UNFORESEEABLY = frozenset({"order_number", "uuid", "slug_of_name"})


def generate(generator: str, state: State) -> object:
    """A value for a created record whose row names none."""
    if generator in GENERATED_UNFORESEEABLY:
        return f"generated {state.next_id}"
    raise NotImplementedError(generator)


def run_rules(journey: Journey, draft: Draft) -> None:
    for rule in draft.declared.rules:
        RULES[rule](journey, draft)


def fill_generated(journey: Journey, draft: Draft) -> None:
    """Generated values for what the record does not have."""
    record: Record = draft.record
    for attribute in draft.declared.attributes:
        name = attribute.name
        if attribute.generated is None or name in draft.findings.errors:
            continue
        if record.get(name) is None:
            record[name] = generate(attribute.generated, journey.state)
