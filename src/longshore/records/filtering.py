"""Filters compiled to SQL conditions.

A record without the related record that a filter asks about answers as if the field were null,
which is what the outer joins of the wire's own server give.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, not_, or_, select

from longshore.catalogue import Catalogue, ResourceType, ValueType
from longshore.identifiers import PublicIds, environment_range
from longshore.records.containment import holds_json
from longshore.records.expressions import Expressions
from longshore.records.filters import (
    INVALID_FILTER_VALUE,
    Condition,
    FieldPath,
    Filter,
    FilterRefused,
    Step,
    target_families,
)
from longshore.records.matchers import ID, FieldKind, Matcher, Over, Question
from longshore.records.patterns import glob_pattern


class FilterCompiler:
    """Turns filters into conditions on one environment's records."""

    def __init__(
        self,
        catalogue: Catalogue,
        expressions: Expressions,
        public_ids: PublicIds,
        environment: int,
    ) -> None:
        self._catalogue = catalogue
        self._expressions = expressions
        self._public_ids = public_ids
        self._first, self._last = environment_range(environment)

    def compile(
        self, declared: ResourceType, filter_: Filter, source: FromClause
    ) -> ColumnElement[bool]:
        """What the filter asks of the rows of `source`; raises `FilterRefused` for a wrong id."""
        conditions = [
            self._condition(declared, condition, source, filter_.key)
            for condition in filter_.conditions
        ]
        return or_(*conditions) if filter_.any_suffices else and_(*conditions)

    def of_environment(self, source: FromClause) -> ColumnElement[bool]:
        """Whether a record belongs to the environment."""
        return source.c.id.between(self._first, self._last)

    def _condition(
        self, declared: ResourceType, condition: Condition, source: FromClause, key: str
    ) -> ColumnElement[bool]:
        asked = _Asked(condition.matcher, self._comparable(condition, key))
        return or_(
            *(
                self._related(declared, path.steps, path, asked, source)
                for path in condition.alternatives
            )
        )

    def _comparable(self, condition: Condition, key: str) -> Sequence[object]:
        """The values as they are stored: public ids become ids, and those of nothing are -1."""
        if condition.alternatives[0].kind != ID or condition.matcher.takes_switch:
            return condition.values
        ids = [self._public_ids.decode(str(value)) for value in condition.values]
        if None in ids and condition.matcher.question is not Question.EQUAL:
            wrong = str(condition.values[ids.index(None)])
            raise FilterRefused(
                f"not an id: {wrong!r}, the value of {key}",
                code=INVALID_FILTER_VALUE,
                key=key,
                value=wrong,
                hint="only ids that were given can be put in order",
            )
        return [-1 if id_ is None else id_ for id_ in ids]

    def _related(
        self,
        declared: ResourceType,
        steps: Sequence[Step],
        path: FieldPath,
        asked: "_Asked",
        source: FromClause,
    ) -> ColumnElement[bool]:
        """What is asked of the field behind the steps, as a condition on `source`."""
        if not steps:
            owner = self._catalogue.types[path.owner]
            return asked.of(self._expressions.attribute(owner, path.attribute, source), path)
        step, *others = self._spelled_out(declared, steps[0]) + list(steps[1:])
        if step.target is None:
            return and_(True) if asked.finds_null else false()
        relationship = step.relationship
        if relationship.has_column and not others and path.attribute == ID and not step.types:
            return asked.of(source.c[f"{relationship.name}_id"], path)
        return self._membership(step, others, path, asked, source)

    def _membership(
        self,
        step: Step,
        others: Sequence[Step],
        path: FieldPath,
        asked: "_Asked",
        source: FromClause,
    ) -> ColumnElement[bool]:
        """Whether the step leads to a record with what is asked, or to none when null will do.

        The related records are found first, in subqueries of their own: so a question about few
        of them does not read all records of the filtered type.
        """
        assert step.target is not None
        target = self._expressions.table(step.target).alias()
        inner = self._related(self._catalogue.types[step.target], others, path, asked, target)
        link = self._expressions.link(step.relationship, source, target, step.types)
        linked = select(link.there).where(self.of_environment(target), *link.conditions)
        exists = link.here.in_(linked.where(inner))
        if not asked.finds_null:
            return exists
        known = linked.where(link.there.is_not(None))
        return or_(exists, link.here.is_(None), link.here.not_in(known))

    def _spelled_out(self, declared: ResourceType, step: Step) -> list[Step]:
        """The step, or those of its path when it is one."""
        if not step.relationship.path:
            return [step]
        spelled = self._expressions.spelled_out(declared, [step.relationship.name])
        steps = [self._plain_step(each) for each in spelled[:-1]]
        return [*steps, Step(relationship=spelled[-1], target=step.target, types=step.types)]

    def _plain_step(self, relationship: Any) -> Step:
        families = target_families(self._catalogue, relationship)
        if not families:
            return Step(relationship=relationship, target=None, types=())
        assert len(families) == 1, f"{relationship.name} leads to several tables"
        ((table, types),) = families.items()
        return Step(relationship=relationship, target=table, types=() if table in types else types)


class _Asked:
    """A matcher with its values, to be asked of any expression."""

    def __init__(self, matcher: Matcher, values: Sequence[object]) -> None:
        self.matcher = matcher
        self.values = values

    @property
    def finds_null(self) -> bool:
        """Whether a field that is null is what was asked for."""
        if self.matcher.question in (Question.IS_NULL, Question.IS_BLANK):
            return self._applies
        return self.matcher.or_null

    @property
    def _applies(self) -> bool:
        """Of a switch: whether its question, and not the opposite, was asked."""
        return bool(self.values[0]) != self.matcher.negated

    def of(self, field: ColumnElement[Any], path: FieldPath) -> ColumnElement[bool]:
        """The condition on one field."""
        if self.matcher.takes_switch:
            return self._switched(field, path)
        found = self._compared(field)
        return or_(found, field.is_(None)) if self.matcher.or_null else found

    def _switched(self, field: ColumnElement[Any], path: FieldPath) -> ColumnElement[bool]:
        match self.matcher.question:
            case Question.IS_NULL:
                return field.is_(None) if self._applies else field.is_not(None)
            case Question.IS_BLANK:
                empty = _EMPTY.get(path.kind, ())
                if self._applies:
                    return or_(field.is_(None), field.in_(empty)) if empty else field.is_(None)
                # Not in a list is null, and so not true, where the field is null.
                return field.not_in(empty) if empty else field.is_not(None)
            case question:
                return field == ((question is Question.IS_TRUE) == self._applies)

    def _compared(self, field: ColumnElement[Any]) -> ColumnElement[bool]:
        matcher, values = self.matcher, self.values
        if matcher.question is Question.EQUAL:
            # A list of one statement, not one comparison per value: lists of ids are long.
            return field.not_in(values) if matcher.negated else field.in_(values)
        if not values:
            return false() if matcher.over is Over.ANY else field.is_not(None)
        answers = [self._answer(field, value) for value in values]
        return and_(*answers) if matcher.over is Over.ALL else or_(*answers)

    def _answer(self, field: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
        answer: ColumnElement[bool]
        match self.matcher.question:
            case Question.LESS:
                answer = field < value
            case Question.LESS_OR_EQUAL:
                answer = field <= value
            case Question.GREATER:
                answer = field > value
            case Question.GREATER_OR_EQUAL:
                answer = field >= value
            case Question.HOLDS_JSON:
                answer = holds_json(field, value)
            case question:
                pattern = glob_pattern(question, value)
                answer = field.op("GLOB", is_comparison=True)(pattern)
        return not_(answer) if self.matcher.negated else answer


_EMPTY: Mapping[FieldKind, tuple[str, ...]] = {
    ValueType.STRING: ("",),
    ValueType.OBJECT: ("{}", ""),
    ValueType.ARRAY: ("[]", ""),
}
