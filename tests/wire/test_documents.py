"""Golden documents: what the API answers, to the letter.

Each file in `documents/` is one request and its answer, with the reason why it is looked at.
`make golden` accepts what the API answers as expected; the difference is reviewed as code.
"""

import difflib
import json
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from longshore.api.openapi import describe_api
from tests.behaviour.api.site import CATALOGUE
from tests.wire.conversation import Conversation, asked_too_often
from tests.wire.documents import Masks, rendered, resources_in
from tests.wire.installation import Installation

FOLDER = Path(__file__).parent / "documents"
NAMES = sorted(path.stem for path in FOLDER.glob("*.http"))
DESCRIPTION = describe_api(CATALOGUE)


@pytest.fixture(scope="session")
def said(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mapping[str, tuple[str, Any]]]:
    """The documents as they are answered, by name: as text, and decoded."""
    installation = Installation(tmp_path_factory.mktemp("documents") / "data")
    limited = Installation(tmp_path_factory.mktemp("limited") / "data", rate_limit_requests=1)
    masks = Masks()
    answered: dict[str, tuple[str, Any]] = {}
    conversation = chain(Conversation(installation, masks).held(), asked_too_often(limited))
    for name, why, response in conversation:
        assert name not in answered, f"two documents of one name: {name}"
        document = response.json() if response.content else None
        answered[name] = (rendered(response, why, masks), document)
    answered["openapi_excerpt"] = (excerpt("tags", "Tag"), None)
    yield answered
    installation.close()
    limited.close()


def excerpt(resource_type: str, name: str) -> str:
    """What the description says of one type."""
    components = DESCRIPTION["components"]
    parts = {
        "paths": {
            path: operations
            for path, operations in DESCRIPTION["paths"].items()
            if path.split("/")[1:3] == ["api", resource_type]
        },
        "schemas": {
            key: schema
            for key, schema in components["schemas"].items()
            if key in (name, f"{name}Document", f"{name}Page", f"{name}Create", f"{name}Update")
        },
        "parameters": {
            key: parameter
            for key, parameter in components["parameters"].items()
            if key.startswith(f"{resource_type}.")
        },
    }
    return f"# What the description says of {resource_type}\n\n{json.dumps(parts, indent=2)}\n"


def test_every_document_is_in_a_file(
    said: Mapping[str, tuple[str, Any]], accepts_documents: bool
) -> None:
    if accepts_documents:
        FOLDER.mkdir(exist_ok=True)
        for name in NAMES:
            (FOLDER / f"{name}.http").unlink()
        for name, (text, _) in said.items():
            (FOLDER / f"{name}.http").write_text(text)
    assert sorted(path.stem for path in FOLDER.glob("*.http")) == sorted(said)


@pytest.mark.parametrize("name", NAMES)
def test_the_document_is_the_expected_one(
    said: Mapping[str, tuple[str, Any]], name: str, accepts_documents: bool
) -> None:
    if accepts_documents:
        return
    expected, (answered, _) = (FOLDER / f"{name}.http").read_text(), said[name]
    difference = difflib.unified_diff(
        expected.splitlines(), answered.splitlines(), "expected", "answered", lineterm=""
    )
    assert answered == expected, "\n".join([*difference, "hint: make golden"])


def test_no_document_holds_what_the_description_lacks(
    said: Mapping[str, tuple[str, Any]],
) -> None:
    components = DESCRIPTION["components"]["schemas"]
    by_type = {
        schema["properties"]["type"]["const"]: schema["properties"]
        for schema in components.values()
        if "const" in schema.get("properties", {}).get("type", {})
    }
    for name, (_, document) in said.items():
        for resource in resources_in(document):
            if resource["type"] in by_type:
                described = by_type[resource["type"]]
                for part in ("attributes", "relationships"):
                    known = described.get(part, {}).get("properties", {})
                    unknown = resource.get(part, {}).keys() - known.keys()
                    assert not unknown, f"{name}: {part} {unknown}"
