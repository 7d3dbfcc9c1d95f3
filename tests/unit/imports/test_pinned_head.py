"""What is decided before the first row is compared, and what differs is named."""

import json
from dataclasses import replace
from typing import Any

import pytest

from longshore.imports import PinnedHead

HEAD = PinnedHead(
    resource_type="skus",
    parent_id=None,
    skip_errors=False,
    stop_rules={"after": 5},
    only=None,
    flags={"imports_skip_errors": False},
    column_map={"Name": "name"},
    mapping=None,
    layout={"format": "csv"},
    limits={"chunk_records": 20_000},
    release="1.0",
    revision="0031",
)


def test_it_comes_back_from_json_as_it_was() -> None:
    again = PinnedHead.from_dict(json.loads(json.dumps(HEAD.to_dict())))
    assert again == HEAD
    assert HEAD.changes(again) == []


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"release": "1.1"}, 'the release was "1.0", and is "1.1"'),
        ({"parent_id": 7}, "the parent was not set, and is 7"),
        ({"skip_errors": True}, "the option skip_errors was false, and is true"),
        ({"stop_rules": {}}, "the stop rule after was 5, and is not set"),
        (
            {"flags": {"imports_skip_errors": True}},
            "the flag imports_skip_errors of the organization was false, and is true",
        ),
        ({"limits": {"chunk_records": 5}}, "the setting chunk_records was 20000, and is 5"),
        ({"column_map": {}}, 'the field of the column Name was "name", and is not set'),
        ({"mapping": {"version": 1}}, "the mapping has changed"),
        ({"layout": {"format": "json"}}, "how the source is read has changed"),
    ],
)
def test_what_differs_is_named(changed: dict[str, Any], told: str) -> None:
    assert HEAD.changes(replace(HEAD, **changed)) == [told]
