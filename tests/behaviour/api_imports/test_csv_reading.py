"""Tables over HTTP are read by the rules of those in the terminal."""

from tests.behaviour.api_imports.site import document, submit

HEADER = "code,name,do_not_ship\n"


def ended(site, client, inputs):
    """An import of the table, run to its end."""
    created = submit(client, inputs, format="csv", skip_errors=True)
    site.run_all()
    return client.document(f"/api/imports/{created['id']}")["data"]


def test_row_of_broken_quoting_counts_once_and_is_shown(site, client):
    long = "x" * 2000
    rows = f'A1,"Mug,yes\nA2,"Cup",yes\nA3,Pan,yes\n,,\nA4,"{long}" y,yes\n'
    shown = ended(site, client, HEADER + rows)
    attributes = shown["attributes"]
    assert attributes["inputs_size"] == 3
    assert (attributes["processed_count"], attributes["errors_count"]) == (1, 2)
    first, second, third = attributes["inputs"]
    assert first == {"unreadable": 'A1,"Mug,yes\nA2,"Cup",yes'}
    assert second == {"code": "A3", "name": "Pan", "do_not_ship": "yes"}
    assert third == {"unreadable": f'A4,"{long}" y,yes'[:1000]}
    assert len(attributes["errors_log"]["unknown"]["base"]) == 2


def test_what_is_to_be_known_of_a_table_stands_in_meta(site, client):
    inputs = "Price list\n,code,Notes,Notes,name,do_not_ship\n0,A1,x,y,Mug,yes\n1,A2,x,y\n"
    shown = ended(site, client, inputs)
    assert [each["code"] for each in shown["meta"]["warnings"]] == [
        "lines_above_header",
        "short_rows",
    ]
    assert shown["meta"]["ignored_columns"][:2] == ["column 1 has no name", "Notes"]
    assert shown["attributes"]["inputs"][0] == {
        "column 1": "0",
        "code": "A1",
        "Notes": "x",
        "Notes (column 4)": "y",
        "name": "Mug",
        "do_not_ship": "yes",
    }


def test_table_of_blank_rows_is_none(site, client):
    for inputs in (",,\n \n", HEADER + ',,\n"",""\n'):
        response = client.post("/api/imports", document(inputs, format="csv"))
        assert response.status_code == 422
        assert response.json()["errors"][0]["title"] == "can't be blank"


def test_large_table_is_read_by_what_all_of_it_is_consistent_with(site, client):
    rows = "".join(f'A{number},"{"x" * 200} \\"{number}\\"",yes\n' for number in range(3000))
    shown = ended(site, client, HEADER + rows)
    assert (shown["attributes"]["inputs_size"], shown["attributes"]["errors_count"]) == (3000, 0)
    (stored,) = client.document("/api/skus?filter[q][code_eq]=A0")["data"]
    assert stored["attributes"]["name"] == f'{"x" * 200} "0"'
    # One row that is no backslash's makes every such row broken, and those are too many.
    response = client.post(
        "/api/imports", document(HEADER + rows + 'B1,"y" z,yes\n', format="csv", skip_errors=True)
    )
    assert response.status_code == 422
    assert "line 2, column 4" in response.json()["errors"][0]["detail"]
