"""Over HTTP rows are an array of objects, whatever shapes a file may have."""

from typing import Any

import pytest

from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, document, findings, skus, submit


@pytest.mark.parametrize(
    "inputs",
    [
        {"data": skus(1)},
        skus(1)[0],
        {"data": {"type": "skus", "attributes": skus(1)[0]}},
        '{"data": []}',
        '{"code": "A"}\n{"code": "B"}',
        '[{"code": "A"}]',
    ],
)
def test_inputs_of_another_shape_than_an_array_are_refused(client: Client, inputs: Any) -> None:
    response = client.post("/api/imports", document(inputs))
    assert list(findings(response)) == ["/data/attributes/inputs"]
    assert client.document("/api/imports")["data"] == []


@pytest.mark.parametrize(
    "inputs",
    [
        [{"size": 1}, {"colour": 2}],
        [{"type": "skus", "attributes": skus(1)[0]}],
        [{"data": skus(1)}],
    ],
)
def test_inputs_of_which_no_key_is_a_field_are_refused(
    site: ImportSite, client: Client, inputs: Any
) -> None:
    response = client.post("/api/imports", document(inputs))
    assert findings(response) == {"/data/attributes/inputs": "is invalid"}
    reason = response.json()["errors"][0]["meta"]["reason"]
    assert reason.startswith("none of the keys is a field of skus: ")
    assert client.document("/api/imports")["data"] == []
    assert site.attachments() == []


def test_elements_that_are_no_objects_are_errors_of_their_rows(
    site: ImportSite, client: Client
) -> None:
    submit(client, [1, "a", None], skip_errors=True)
    site.run_all()
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["errors_count"] == 3
    assert listed["attributes"]["errors_log"] == {"unknown": {"base": ["is not an object"]}}


def test_rows_that_say_their_type_are_rows_as_before(site: ImportSite, client: Client) -> None:
    submit(client, [{**row, "type": "orders"} for row in skus(2)])
    site.run_all()
    (listed,) = client.document("/api/imports")["data"]
    assert listed["attributes"]["processed_count"] == 2
