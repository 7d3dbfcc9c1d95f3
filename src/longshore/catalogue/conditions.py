"""When a field is required: a small expression over the fields of the same record.

    business != true
    item == null and sku_code == null
    country_uses_zip(country_code)
    organization.addresses_phone_required == true
    min_weight != null or max_weight != null

A term compares a field (an attribute, a relationship or a trigger), a flag of the organization
(`organization.NAME`) or a claim of the token (`token.NAME`, null outside HTTP) with a literal
(true, false, null or a 'text'). A field that is absent counts as null. Terms are joined by
`and`, such conditions by `or`.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

_LITERALS: Mapping[str, object] = {"true": True, "false": False, "null": None}
_COMPARISON = re.compile(r"([a-z_][a-z0-9_.]*) (==|!=) (true|false|null|'[^']*')")
_CALL = re.compile(r"([a-z_]+)\(([a-z_]+)\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One comparison, or one call of a named predicate on a field."""

    name: str  # the field, or `organization.FLAG` or `token.CLAIM`
    equal: bool = True  # compare with == (True) or != (False)
    literal: object = None  # True, False, None or a text
    predicate: str | None = None  # name of a predicate of the catalogue; the comparison is unused


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """Terms that must all hold, or alternatives of which one must; neither: always."""

    text: str  # as written in the declaration
    terms: tuple[Term, ...] = ()
    alternatives: tuple["Condition", ...] = ()  # without terms of its own

    @property
    def inputs(self) -> tuple[str, ...]:
        """The fields of the record that the condition reads, without flags and claims."""
        terms = (*self.terms, *(term for part in self.alternatives for term in part.terms))
        return tuple(term.name for term in terms if "." not in term.name)


ALWAYS = Condition(text="true")


def parse_condition(text: str) -> Condition:
    """The condition that `text` writes down; ValueError when it is none."""
    if text == "true":
        return ALWAYS
    if " or " in text:
        parts = tuple(parse_condition(part) for part in text.split(" or "))
        return Condition(text=text, alternatives=parts)
    return Condition(text=text, terms=tuple(_parse_term(part) for part in text.split(" and ")))


def holds(
    condition: Condition,
    value_of: Callable[[str], object],
    predicates: Mapping[str, Callable[[object], bool]],
) -> bool:
    """Whether the condition holds; `value_of` answers for fields, flags and claims alike."""
    if condition.alternatives:
        return any(holds(part, value_of, predicates) for part in condition.alternatives)
    return all(_term_holds(term, value_of, predicates) for term in condition.terms)


def _parse_term(text: str) -> Term:
    if match := _COMPARISON.fullmatch(text.strip()):
        name, operator, literal = match.groups()
        value = literal[1:-1] if literal.startswith("'") else _LITERALS[literal]
        return Term(name=name, equal=operator == "==", literal=value)
    if match := _CALL.fullmatch(text.strip()):
        return Term(name=match.group(2), predicate=match.group(1))
    raise ValueError(f"not a condition: {text!r}")


def _term_holds(
    term: Term,
    value_of: Callable[[str], object],
    predicates: Mapping[str, Callable[[object], bool]],
) -> bool:
    value = value_of(term.name)
    if term.predicate is not None:
        return predicates[term.predicate](value)
    same = value is None if term.literal is None else value is not None and value == term.literal
    return same == term.equal
