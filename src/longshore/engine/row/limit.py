"""Rows that an import with `--only` is not to have: those that create a record, or all others."""

from collections.abc import Iterable

from longshore.engine.plan.nodes import Node, Plan
from longshore.engine.plan.table_plans import KeyPlan
from longshore.engine.row.chunk_state import Record
from longshore.engine.values.candidate import Finding
from longshore.imports import Only


class Limit:
    """The rows that one plan is limited to."""

    def __init__(self, plan: Plan) -> None:
        self._only = plan.only
        self._names = frozenset(_names_of_match(plan.root))

    def leaves_out(
        self,
        record: Record | None,
        key: KeyPlan | None,
        findings: Iterable[Finding],
        *,
        is_created: bool,
    ) -> bool:
        """Whether a row is skipped, whatever else is wrong with it.

        `record` is the one that it has found or would create, None where it means none; `key` the
        one that it names in full. Where it names none, an error of what it could be matched by
        leaves open which record it means.
        """
        if self._only is None or record is None:
            return False
        if not is_created:
            return self._only is Only.CREATE
        if self._only is Only.CREATE:
            return False
        return key is not None or not any(
            name in self._names or name.partition(".")[0] in self._names for name, _, _ in findings
        )


def _names_of_match(root: Node) -> Iterable[str]:
    """The names under which errors of what rows are matched by are told, also where no column of
    the file gives it."""
    declared = root.resource_type
    parts = {part for key in declared.keys if key.matches for part in key.parts}
    yield from parts
    for attribute in declared.attributes:
        if attribute.names is not None and attribute.names.relationship in parts:
            yield attribute.name
            yield attribute.names.error_field or attribute.name
    for part in parts:
        yield from root.keyed.get(part, ())
