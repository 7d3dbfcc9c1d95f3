"""The tags of a record: a set replaced, added to or taken from."""

from collections.abc import Iterator, Sequence
from typing import Any

from longshore.engine.plan.nodes import TagSlots
from longshore.engine.row.chunk_state import Record
from longshore.engine.row.draft import RowDraft
from longshore.engine.row.targets import Save
from longshore.engine.values.candidate import ABSENT
from longshore.engine.values.converters import MUST_EXIST, given_twice
from longshore.engine.values.named_ids import NamedId
from longshore.engine.values.tag_lists import names_in
from longshore.error_codes import ErrorCode, message


def tag(draft: RowDraft, slots: TagSlots, record: Record, save: Save) -> None:
    """Give a record the tags that its row asks for.

    A set replaces the tags, and its unknown names are created; names to add or to take away are
    discarded with a warning when no tag has them.
    """
    fields, state = draft.fields, draft.row.state
    replaced = [fields[slot] for slot in slots.set_slots if fields[slot] is not ABSENT]
    if (
        len(replaced) > 1
        and slots.whole_slot is not None
        and fields[slots.whole_slot] is not ABSENT
    ):
        draft.report("tags", given_twice("tags", "tags.name"))
        return
    added = names_in(fields[slots.add_slot]) if slots.add_slot is not None else ()
    removed = names_in(fields[slots.remove_slot]) if slots.remove_slot is not None else ()
    if not replaced and not added and not removed:
        return
    before = state.tags_of(record)
    tags = set(before)
    if replaced:
        wanted = [each for tags_of_slot in replaced for each in tags_of_slot or ()]
        found = (_wanted_tag(draft, slots, part, value, save) for part, value in wanted)
        tags = {each for each in found if each is not None}
    tags.update(_known_tags(draft, slots, added, "_add_tags"))
    tags.difference_update(_known_tags(draft, slots, removed, "_remove_tags"))
    if tags == set(before):
        return
    if len(tags) > slots.count_max:
        draft.report("tags", message(ErrorCode.TOO_MANY_TAGS, slots.count_max), len(tags))
    else:
        state.retag(record, tuple(sorted(tags)))


def report_wrong_tags(draft: RowDraft, slots: TagSlots) -> None:
    """Tell what is wrong with the values of tags, for a row that means no record to tag."""
    for slot in slots.set_slots:
        wanted = draft.fields[slot]
        if wanted is ABSENT:
            continue
        for part, value in wanted or ():
            if part == "refused":
                draft.report(*value)


def _wanted_tag(draft: RowDraft, slots: TagSlots, part: str, value: Any, save: Save) -> int | None:
    state = draft.row.state
    if part == "refused":
        draft.report(*value)
        return None
    if part == "id":
        record = state.find(state.tables[slots.table.name], value)
        if record is None:
            draft.report("tags", MUST_EXIST, NamedId(value))
    else:
        record = save(slots.node, ([value], ()), None)
    return None if record is None else record.id


def _known_tags(
    draft: RowDraft, slots: TagSlots, names: Sequence[str], trigger: str
) -> Iterator[int]:
    state = draft.row.state
    table = state.tables[slots.table.name]
    index = slots.node.match_keys[0]
    for name in names:
        key = slots.table.keys[index].of_text(name)
        record = state.find_by_key(table, index, key) if key is not None else None
        if record is not None:
            yield record.id
        else:
            draft.row.warnings.append(f"{trigger}: there is no tag {name[:64]!r}, it was discarded")
