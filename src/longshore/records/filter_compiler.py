"""Filters compiled to SQL conditions.

A record without the related record that a filter asks about answers as if the field were null,
which is what the outer joins of the wire's own server give.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, FromClause, and_, false, not_, or_, select, true

from longshore.catalogue import (
    Catalogue,
    Key,
    Relationship,
    ResourceType,
    ValueType,
    keys_of_text,
)
from longshore.identifiers import PublicIds, environment_range
from longshore.records.containment import holds_json
from longshore.records.expressions import Expressions
from longshore.records.filters import (
    INVALID_FILTER_VALUE,
    FieldPath,
    Filter,
    FilterCondition,
    FilterRefused,
    Step,
    target_families,
)
from longshore.records.matchers import ID, FieldKind, Matcher, Over, Question
from longshore.records.patterns import fits_pattern

# Each is a parameter of the statement, beside the values that are asked for.
_KEYS_MAX = 4_000

# Whether an attribute that is made when it is read holds a JSON value: of a row of the source.
Holds = Callable[[FromClause, object], ColumnElement[bool]]


class FilterCompiler:
    """Turns filters into conditions on one environment's records."""

    def __init__(
        self,
        catalogue: Catalogue,
        expressions: Expressions,
        public_ids: PublicIds,
        environment: int,
        held: Mapping[tuple[str, str], Holds],
    ) -> None:
        self._catalogue = catalogue
        self._expressions = expressions
        self._public_ids = public_ids
        self._held = held
        self._environment = environment
        self._first, self._last = environment_range(environment)

    def compile(
        self, declared: ResourceType, filter_: Filter, source: FromClause
    ) -> ColumnElement[bool]:
        """What the filter asks of the rows of `source`; raises `FilterRefused` for a wrong id.

        Any of no conditions holds for no row.
        """
        conditions = [
            self._condition(declared, condition, source, filter_.key)
            for condition in filter_.conditions
        ]
        return or_(false(), *conditions) if filter_.any_suffices else and_(true(), *conditions)

    def of_environment(self, source: FromClause) -> ColumnElement[bool]:
        """Whether a record belongs to the environment."""
        return source.c.id.between(self._first, self._last)

    def _condition(
        self, declared: ResourceType, condition: FilterCondition, source: FromClause, key: str
    ) -> ColumnElement[bool]:
        asked = _Asked(condition.matcher, self._comparable(condition, key))
        return or_(
            *(self._alternative(declared, path, asked, source) for path in condition.alternatives)
        )

    def _comparable(self, condition: FilterCondition, key: str) -> Sequence[object]:
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

    def _alternative(
        self, declared: ResourceType, path: FieldPath, asked: "_Asked", source: FromClause
    ) -> ColumnElement[bool]:
        """What is asked of the field that a path leads to, as a condition on `source`."""
        steps = [each for step in path.steps for each in self._spelled_out(step)]
        if any(step.target is None for step in steps):
            return true() if asked.finds_null else false()
        if path.kind == ID and steps and self._keeps_id(steps[-1]):
            # The record before it knows the id; the one that bears it need not be read.
            column = f"{steps.pop().relationship.name}_id"
            return self._related(steps, asked, path, source, lambda last: last.c[column])
        holds = self._held.get((path.owner, path.attribute))
        if holds is not None and asked.matcher.question is Question.HOLDS_JSON:
            assert not steps, f"nothing leads to {path.owner}"
            return and_(*(holds(source, value) for value in asked.values))
        owner = self._catalogue.types[path.owner]
        return self._related(
            steps,
            asked,
            path,
            source,
            lambda last: self._expressions.path(owner, (path.attribute,), last),
            lambda last: self._has_key(owner, path, asked, last),
        )

    def _has_key(
        self, owner: ResourceType, path: FieldPath, asked: "_Asked", source: FromClause
    ) -> ColumnElement[bool]:
        """Whether a record has the key that follows from what is asked, where the attribute is one:
        the key has an index, the attribute has none."""
        matcher = asked.matcher
        key = Key(parts=(path.attribute,)).column
        if (
            not path.is_key_text
            or matcher.question is not Question.EQUAL
            or matcher.negated
            or matcher.or_null
            or not any(each.parts == (path.attribute,) for each in owner.keys)
        ):
            return true()
        keys = [keys_of_text(self._environment, str(value)) for value in asked.values]
        sought = sorted(set[str]().union(*keys))
        if not all(keys) or len(sought) > _KEYS_MAX:
            return true()  # a blank text is no key
        return source.c[key].in_(sought)

    @staticmethod
    def _keeps_id(step: Step) -> bool:
        return step.relationship.has_column and not step.relationship.polymorphic

    def _related(
        self,
        steps: Sequence[Step],
        asked: "_Asked",
        path: FieldPath,
        source: FromClause,
        field_of: Callable[[FromClause], ColumnElement[Any]],
        by_index: Callable[[FromClause], ColumnElement[bool]] = lambda _last: true(),
    ) -> ColumnElement[bool]:
        """Whether the steps lead to a record with what is asked, or to none when null will do.

        The related records are found first, in a subquery of their own, so a question about few
        of them does not read all records of the filtered type. It is one subquery however many
        the steps, because the stack of SQLite's parser holds few within each other. `by_index` is
        what follows from what is asked, unless null will do.
        """
        if not steps:
            return and_(by_index(source), asked.of(field_of(source), path))
        first, *others = steps
        last = self._target(first)
        link = self._expressions.link(first.relationship, source, last, first.types)
        reached: FromClause = last
        if link.between is not None:
            reached = last.join(link.between, link.tie)
        known = and_(self.of_environment(last), *link.conditions)
        for step in others:
            before, last = last, self._target(step)
            onward = self._expressions.link(step.relationship, before, last, step.types)
            condition = onward.here == onward.there
            if onward.between is not None:
                reached = reached.join(onward.between, condition, isouter=asked.finds_null)
                condition = onward.tie
            condition = and_(condition, *onward.conditions)
            reached = reached.join(last, condition, isouter=asked.finds_null)
        linked = select(link.there).select_from(reached).where(known)
        if not asked.finds_null:
            found = linked.where(by_index(last), asked.of(field_of(last), path))
            return link.here.in_(found)
        # Most records answer, so each is asked, by the index of the link. PostgreSQL would compare
        # each with all that a list holds, once the list is too long to be hashed.
        linked = linked.where(link.there == link.here).correlate(source)
        return or_(linked.where(asked.of(field_of(last), path)).exists(), not_(linked.exists()))

    def _target(self, step: Step) -> FromClause:
        assert step.target is not None
        return self._expressions.table(step.target).alias()

    def _spelled_out(self, step: Step) -> list[Step]:
        """The step, or those of its path when it is one; of the type that declares it."""
        if not step.relationship.path:
            return [step]
        owner = self._catalogue.types[step.owner]
        spelled = self._expressions.spelled_out(owner, [step.relationship.name])
        steps = [self._plain_step(step.owner, each) for each in spelled[:-1]]
        last = replace(step, relationship=spelled[-1])
        return [*steps, last]

    def _plain_step(self, owner: str, relationship: Relationship) -> Step:
        families = target_families(self._catalogue, relationship)
        if not families:
            return Step(owner=owner, relationship=relationship, target=None, types=())
        assert len(families) == 1, f"{relationship.name} leads to several tables"
        ((table, types),) = families.items()
        counted = () if table in types else types
        return Step(owner=owner, relationship=relationship, target=table, types=counted)


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
        if not values:
            # Even null is in no empty list, as SQL has it, but it answers no question here.
            return false() if matcher.over is Over.ANY else field.is_not(None)
        if matcher.question is Question.EQUAL:
            # One operator, not one comparison per value: lists of ids are long.
            return field.not_in(values) if matcher.negated else field.in_(values)
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
                answer = fits_pattern(field, question, value)
        return not_(answer) if self.matcher.negated else answer


_EMPTY: Mapping[FieldKind, tuple[str, ...]] = {
    ValueType.STRING: ("",),
    ValueType.OBJECT: ("{}", ""),
    ValueType.ARRAY: ("[]", ""),
}
