"""What is told of the source of an import over HTTP, on both databases."""

from tests.behaviour.api.site import Client
from tests.behaviour.api_imports.site import ImportSite, submit

SPOILT = "M\u00c3\u00bcller"


def test_texts_that_were_encoded_twice_are_stored_as_they_are_and_told(
    site: ImportSite, client: Client
) -> None:
    rows = [
        {"code": "A", "name": "Müller", "do_not_ship": True},
        {"code": "B", "name": SPOILT, "do_not_ship": True},
    ]
    table = "code,name,do_not_ship\nC,Müller,true\nD," + SPOILT + ",true\n"
    for inputs, format, line in ((rows, "json", 1), (table, "csv", 3)):
        created = submit(client, inputs, format=format)
        (warning,) = created["meta"]["warnings"]
        assert warning["code"] == "twice_encoded"
        assert warning["count"] == 1
        assert [dict(each, line=line) for each in warning["first"]] == [
            {"row": 2, "line": line, "text": SPOILT, "meant": "Müller"}
        ]
    site.run_all()
    listed = client.document("/api/skus")["data"]
    names = sorted(each["attributes"]["name"] for each in listed)
    assert names == sorted(["Müller", SPOILT] * 2)
    for import_ in client.document("/api/imports")["data"]:
        assert import_["attributes"]["errors_count"] == 0
        assert len(import_["meta"]["warnings"]) == 1
