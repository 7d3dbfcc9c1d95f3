"""One set of routes serves all types: what a declaration says can be asked for is answered."""

import pytest

from longshore.api import MEDIA_TYPE
from longshore.catalogue import Kind, ResourceType
from tests.behaviour.api.site import CATALOGUE, Client, Site
from tests.behaviour.reading.factory import Records

TYPES = [
    declared
    for declared in CATALOGUE.types.values()
    if declared.kept_by == "records" and declared.routed
]


def every_type(types: list[ResourceType]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("declared", types, ids=[each.name for each in types])


@every_type(TYPES)
def test_every_type_can_be_listed_sorted_and_filtered(
    client: Client, declared: ResourceType
) -> None:
    sortable = [each.name for each in declared.attributes if each.sortable]
    for start in range(0, len(sortable), 20):
        client.document(f"/api/{declared.name}?sort={','.join(sortable[start : start + 20])}")
    filterable = [each.name for each in declared.attributes if each.filterable]
    filterable += [f"{each.name}_id" for each in declared.relationships if each.filterable]
    for start in range(0, len(filterable), 50):
        query = "&".join(f"filter[q][{name}_null]=true" for name in filterable[start : start + 50])
        client.document(f"/api/{declared.name}?{query}")
    names = [each.name for each in declared.attributes]
    names += [each.name for each in declared.relationships]
    client.document(f"/api/{declared.name}?fields[{declared.name}]={','.join(names)}")


@every_type([each for each in TYPES if not each.is_abstract])
def test_a_bare_record_of_every_type_is_shown_with_all_that_it_leads_to(
    client: Client, records: Records, declared: ResourceType
) -> None:
    of_family = {} if declared.base is None else {"type": declared.name}
    id_ = records.public(records.add(declared.table, **of_family))
    relationships = [each for each in declared.relationships if each.includable]
    include = ",".join(each.name for each in relationships)
    document = client.document(f"/api/{declared.name}/{id_}?include={include}")
    resource = document["data"]
    assert (resource["type"], resource["id"]) == (declared.name, id_)
    shown = {each.name for each in declared.attributes if each.fetchable and each.name != "type"}
    assert set(resource["attributes"]) <= shown
    assert client.document(f"/api/{declared.table}/{id_}")["data"]["type"] == declared.name
    for relationship in relationships:
        linkage = resource["relationships"][relationship.name]["data"]
        related = client.document(f"/api/{declared.name}/{id_}/{relationship.name}")
        is_to_one = relationship.kind is Kind.TO_ONE
        assert linkage == related["data"] == (None if is_to_one else [])


@every_type([each for each in TYPES if "create" in each.actions])
def test_an_empty_document_of_every_type_is_judged_by_its_declaration(
    site: Site, client: Client, declared: ResourceType
) -> None:
    document = {"data": {"type": declared.name, "attributes": {}, "relationships": {}}}
    response = client.post(f"/api/{declared.name}", document)
    assert response.headers["content-type"] == MEDIA_TYPE
    assert response.status_code in (201, 422), response.text
    if response.status_code == 422:
        titles = {error["title"] for error in response.json()["errors"]}
        assert titles == {"can't be blank"}
    assert site.observed.observations == []
