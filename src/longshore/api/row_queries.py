"""The query of a list of rows: a page, and filters by outcome."""

from collections.abc import Sequence

from longshore.api.errors import ApiError
from longshore.api.queries import ListPage, parse_page_query
from longshore.imports import ALL_OUTCOMES, RowOutcome

# The filters that there are: name in brackets -> whether the value is a list, and whether rows
# that have such an outcome are left out.
OUTCOME_FILTERS = {
    "outcome_eq": (False, False),
    "outcome_in": (True, False),
    "outcome_not_eq": (False, True),
    "outcome_not_in": (True, True),
}
_WORDS = {outcome.word: outcome for outcome in RowOutcome}


def parse_row_query(
    pairs: Sequence[tuple[str, str]], *, size_max: int
) -> tuple[ListPage, frozenset[RowOutcome]]:
    """The page that is asked for, and the outcomes that its rows have; raises ApiError."""
    outcomes = ALL_OUTCOMES
    rest = []
    for key, value in pairs:
        if key.partition("[")[0] == "filter":
            outcomes &= _outcomes(key, value)
        elif key == "page[after]":
            raise ApiError("PARAM_NOT_ALLOWED", param=key, parameter=key)
        else:
            rest.append((key, value))
    return parse_page_query(rest, size_max=size_max).page, outcomes


def _outcomes(key: str, value: str) -> frozenset[RowOutcome]:
    name = key.removeprefix("filter[q][").removesuffix("]")
    if key == "filter[outcome]":
        name = "outcome_in"
    elif key != f"filter[q][{name}]":
        raise ApiError("INVALID_FILTERS_SYNTAX", filter=key, parameter=key)
    if name not in OUTCOME_FILTERS:
        reason = f"rows are filtered by {', '.join(OUTCOME_FILTERS)}"
        raise ApiError("FILTER_NOT_ALLOWED", filter=name, parameter=key, meta={"reason": reason})
    is_list, is_negated = OUTCOME_FILTERS[name]
    words = [word.strip() for word in value.split(",")] if is_list else [value.strip()]
    for word in words:
        if word not in _WORDS:
            reason = f"not one of {', '.join(_WORDS)}: {word!r}"
            raise ApiError(
                "INVALID_FILTER_VALUE",
                filter=name,
                value=word,
                parameter=key,
                meta={"reason": reason},
            )
    asked = frozenset(_WORDS[word] for word in words)
    return ALL_OUTCOMES - asked if is_negated else asked
