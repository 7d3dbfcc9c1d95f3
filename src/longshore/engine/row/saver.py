"""One record of a row, and everything nested in it, created or updated in the chunk's state."""

from collections.abc import Sequence
from typing import Any

from longshore.engine.plan.nodes import Collection, Node
from longshore.engine.plan.table_plans import KeyPlan
from longshore.engine.row.behaviour import behave, has_behaviour
from longshore.engine.row.chunk_state import Record
from longshore.engine.row.draft import (
    AlikeChildren,
    ElementAtHand,
    ElementPlace,
    RowAtHand,
    RowDraft,
)
from longshore.engine.row.judgement import check_keys, check_presence, generate
from longshore.engine.row.match import (
    NO_KEY,
    REFUSED,
    match_by_id,
    match_by_key,
    match_by_nested,
    match_by_signature,
    pair_equals,
)
from longshore.engine.row.money import report_unsettled, settle_amounts
from longshore.engine.row.object_keys import fill_keys
from longshore.engine.row.tags import report_wrong_tags, tag
from longshore.engine.row.targets import Targets, assign_targets, find_targets, save_deferred
from longshore.engine.values.candidate import ABSENT, Candidate, Finding
from longshore.engine.values.converters import BLANK


class Saver:
    """Saves candidates; what is wrong with them is reported to the row at hand."""

    def __init__(self, row: RowAtHand, root: Node) -> None:
        self._row = row
        self._root = root

    def save(self, node: Node, candidate: Candidate, forced: Record | None = None) -> Record | None:
        """Create or update the record that a candidate means; None when there is none to save.

        `forced` is the record that it means whatever it says.
        """
        return self._save(node, candidate, forced=forced)

    def _save(
        self,
        node: Node,
        candidate: Candidate,
        *,
        forced: Record | None = None,
        place: ElementPlace | None = None,
    ) -> Record | None:
        row = self._row
        fields, findings = candidate
        draft = RowDraft(row, node, fields, len(row.findings))
        if findings:
            row.take_over(node, findings)
            if findings[0][0] == "base":
                return None
        record: Any = forced or match_by_id(draft, place)
        if record is not NO_KEY and record is not REFUSED:
            draft.record = record
            if findings:
                _forget_what_is_stored(draft, record)
        targets = find_targets(draft, self.save)
        if record is NO_KEY:
            record = self._match(draft, targets, place)
            if node is self._root:
                row.key = draft.key
        if record is REFUSED:
            if node.tags is not None:
                report_wrong_tags(draft, node.tags)
            return None
        if record is not None:
            draft.record = record
            self._fill(draft, node.update_assigns, record.values)
            if draft.key is not None:
                _keep_key(draft, draft.key, record)
            assign_targets(draft, targets)
        elif node.type_column is not None and draft.values[node.type_column] is None:
            draft.report("type", BLANK)
        for keys in node.objects:
            fill_keys(draft, keys)
        if node.money:
            settle_amounts(draft)
        if node.deferred:
            save_deferred(draft, self.save)
        if has_behaviour(draft):
            behave(draft)
        saved = self._finish(draft)
        if draft.unsettled:
            report_unsettled(draft)
        if place is not None:
            place.taken.add(saved.id)
        if node.tags is not None:
            tag(draft, node.tags, saved, self.save)
        for inside in node.collections:
            if fields[inside.slot] is not ABSENT:
                self._save_collection(inside, fields[inside.slot], saved)
        return saved

    def _match(self, draft: RowDraft, targets: Targets, place: ElementPlace | None) -> Any:
        """Draft a record to be created, and find the one that has its key; None: there is none."""
        node, fields = draft.node, draft.fields
        self._fill(draft, node.create_assigns, node.blank)
        if node.type_slot is not None and fields[node.type_slot] not in (ABSENT, None):
            assert node.type_column is not None
            draft.values[node.type_column] = fields[node.type_slot]
        assign_targets(draft, targets)
        if place is not None:
            draft.values[place.collection.owner_column] = place.owner.id

        record = match_by_key(draft)
        if record is not NO_KEY:
            return record
        if node.nested_keys and (record := match_by_nested(draft)) is not None:
            return record
        if place is None:
            return None
        if place.equal is not None and place.equal.id not in place.taken:
            return place.equal
        return match_by_signature(draft, place)

    def _fill(
        self, draft: RowDraft, assigns: tuple[tuple[int, int], ...], values: Sequence[Any]
    ) -> None:
        """Let a row's fields stand over the values that the record has without them."""
        fields = draft.fields
        draft.values = filled = list(values)
        for slot, column in assigns:
            value = fields[slot]
            if value is not ABSENT:
                filled[column] = value

    def _finish(self, draft: RowDraft) -> Record:
        """Judge the draft and put it into the chunk's state, also where the row will fail."""
        state, values = self._row.state, draft.values
        if draft.record is None:
            generate(draft)
            check_presence(draft)
            check_keys(draft)
            return state.create(draft.table, values)
        if values != draft.record.values:
            check_presence(draft)
            check_keys(draft)
            state.replace(draft.record, values)
        return draft.record

    def _save_collection(
        self, collection: Collection, elements: list[Candidate], owner: Record
    ) -> None:
        state = self._row.state
        pairs = pair_equals(collection, elements, owner, state)
        reserved = {each.id for each in pairs if each is not None}
        taken: set[int] = set()
        table = state.tables[collection.node.table.name]
        alike = AlikeChildren(table, collection.owner_column, owner.id)
        outer = self._row.element
        for index, (element, equal) in enumerate(zip(elements, pairs, strict=True)):
            self._row.element = ElementAtHand(outer, collection.node.path, index)
            place = ElementPlace(
                collection=collection,
                owner=owner,
                alike=alike,
                taken=taken,
                equal=equal,
                reserved=reserved,
            )
            self._save(collection.node, element, place=place)
        self._row.element = outer


def _forget_what_is_stored(draft: RowDraft, record: Record) -> None:
    """Drop findings about values that the record has already: only what is new is judged.

    So an export imports again, whatever older releases took for an e-mail address.
    """
    index, path = draft.table.plan.index, draft.node.path

    def is_of_row(finding: Finding) -> bool:
        name, _, value = finding
        return (
            value.__class__ is not str
            or (column := index.get(name.removeprefix(path))) is None
            or record.values[column] != value
        )

    draft.row.keep(draft.start, is_of_row)


def _keep_key(draft: RowDraft, key: KeyPlan, record: Record) -> None:
    """Leave the texts by which a record was found as they are: only an id renames."""
    for part in key.parts:
        if not part.is_target:
            draft.values[part.column] = record.values[part.column]
