import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, literal, select

from longshore.records.containment import holds_json

KEYS = st.sampled_from(["a", "b", 'quo"te', "$.a", "", "é"])
SCALARS = st.sampled_from([None, True, False, 0, 1, 1.0, 1.5, -7, "", "1", "true", "a", "é"])
DOCUMENTS = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=6,
)
ENGINE = create_engine("sqlite://")


def holds(document: Any, value: Any) -> bool:
    """PostgreSQL's containment, as its manual words it."""
    if isinstance(document, dict) and isinstance(value, dict):
        return all(key in document and inside(document[key], value[key]) for key in value)
    if isinstance(document, list):
        elements = value if isinstance(value, list) else [value]
        if isinstance(value, dict):
            return False
        return all(any(inside(mine, each) for mine in document) for each in elements)
    return False


def inside(document: Any, value: Any) -> bool:
    """Containment within a document: there a scalar is held by its equal only."""
    if isinstance(document, dict) or isinstance(value, dict):
        return isinstance(document, dict) and isinstance(value, dict) and holds(document, value)
    if isinstance(document, list) or isinstance(value, list):
        return isinstance(document, list) and isinstance(value, list) and holds(document, value)
    if isinstance(document, bool) or isinstance(value, bool):
        return document is value
    return bool(document == value)


def held(document: Any, value: Any) -> bool:
    with ENGINE.connect() as connection:
        text = literal(json.dumps(document, ensure_ascii=False))
        return bool(connection.execute(select(holds_json(text, value))).scalar_one())


@given(
    document=st.dictionaries(KEYS, DOCUMENTS, max_size=3) | st.lists(DOCUMENTS, max_size=3),
    value=DOCUMENTS,
)
def test_containment_is_that_of_a_naive_walk(document: Any, value: Any) -> None:
    assert held(document, value) is holds(document, value)


@given(document=st.dictionaries(KEYS, DOCUMENTS, max_size=3))
def test_every_object_holds_itself_and_each_of_its_members(document: dict[str, Any]) -> None:
    assert held(document, document)
    assert all(held(document, {key: value}) for key, value in document.items())
