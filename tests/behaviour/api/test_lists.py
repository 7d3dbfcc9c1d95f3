from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.behaviour.api.site import HOST, Client, refusal
from tests.behaviour.reading.factory import Records


def add_skus(records: Records, *codes: str) -> list[int]:
    category = records.add("shipping_categories", name="Merchandise")
    rows = [{"code": code, "name": code, "shipping_category_id": category} for code in codes]
    return records.add_many("skus", rows)


def codes(client: Client, query: str) -> list[str]:
    document = client.document(f"/api/skus?{query}")
    return [each["attributes"]["code"] for each in document["data"]]


def test_a_list_has_pages_of_ten_in_the_order_of_creation(client: Client, records: Records) -> None:
    add_skus(records, *(f"{number:02}" for number in range(23)))
    document = client.document("/api/skus")
    assert [each["attributes"]["code"] for each in document["data"]] == [
        f"{number:02}" for number in range(10)
    ]
    assert document["meta"] == {"record_count": 23, "page_count": 3}


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ("", {"first": "1", "next": "2", "last": "3"}),
        ("page[number]=2", {"first": "1", "prev": "1", "next": "3", "last": "3"}),
        ("page[number]=3&page[size]=10", {"first": "1", "prev": "2", "last": "3"}),
        ("page[number]=9", {"first": "1", "prev": "3", "last": "3"}),
        ("page[size]=25", {"first": "1", "last": "1"}),
        ("filter[q][code_eq]=none", {"first": "1", "last": "1"}),
    ],
)
def test_links_lead_to_the_pages_that_there_are(
    client: Client, records: Records, query: str, pages: dict[str, str]
) -> None:
    add_skus(records, *(f"{number:02}" for number in range(23)))
    links = client.document(f"/api/skus?{query}")["links"]
    found = {name: dict(parse_qsl(urlsplit(url).query)) for name, url in links.items()}
    assert {name: parameters["page[number]"] for name, parameters in found.items()} == pages
    assert all(url.startswith(f"{HOST}/api/skus?") for url in links.values())


def test_links_repeat_the_rest_of_the_query_and_can_be_followed(
    client: Client, records: Records
) -> None:
    add_skus(records, "b c", "b&c", "x", "b+c")
    query = "page[size]=2&filter[q][code_start]=b&sort=-code&fields[skus]=code"
    first = client.document(f"/api/skus?{query}")
    following = client.document(first["links"]["next"])
    assert [each["attributes"] for each in first["data"]] == [{"code": "b+c"}, {"code": "b&c"}]
    assert [each["attributes"] for each in following["data"]] == [{"code": "b c"}]
    assert "next" not in following["links"]


def test_an_empty_list_has_no_pages(client: Client) -> None:
    document = client.document("/api/skus")
    assert document["data"] == []
    assert document["meta"] == {"record_count": 0, "page_count": 0}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("sort=code", ["A1", "A2", "B1"]),
        ("sort=-code", ["B1", "A2", "A1"]),
        ("sort=created_at,-code", ["B1", "A2", "A1"]),
        ("sort=created_at", ["B1", "A1", "A2"]),
        ("sort=-created_at", ["A2", "A1", "B1"]),
        ("sort=-created_at,id", ["B1", "A1", "A2"]),
        ("sort=-updated_at", ["B1", "A1", "A2"]),
        ("sort=", ["B1", "A1", "A2"]),
        ("sort=-id", ["A2", "A1", "B1"]),
        ("filter[q][code_start]=A", ["A1", "A2"]),
        ("filter%5Bq%5D%5Bcode_in%5D=A1%2CB1", ["B1", "A1"]),
        ("filter[q][code_or_name_eq]=B1", ["B1"]),
        ("filter[q][code_start]=A&filter[q][code_end]=2", ["A2"]),
        ("filter[q][shipping_category_name_eq]=Merchandise&filter[q][code_gt]=A1", ["B1", "A2"]),
        ("filter[codes]=A1,A2", ["A1", "A2"]),
        ("filter[code]=A1", ["A1"]),
        ("filter[created_at_from]=2024-01-31T00:00:00Z&filter[code]=B1", ["B1"]),
        ("filter[created_at_to]=2024-01-30T00:00:00Z", []),
        ("filter[q][reference_null]=true&page[size]=1", ["B1"]),
    ],
)
def test_lists_are_filtered_and_sorted(
    client: Client, records: Records, query: str, expected: list[str]
) -> None:
    add_skus(records, "B1", "A1", "A2")
    assert codes(client, query) == expected


def test_plain_filters_take_ids(client: Client, records: Records) -> None:
    first, second, _ = add_skus(records, "A", "B", "C")
    assert codes(client, f"filter[ids]={records.public(second)},{records.public(first)}") == [
        "A",
        "B",
    ]
    (category,) = client.document("/api/shipping_categories")["data"]
    assert codes(client, f"filter[shipping_category_id]={category['id']}") == ["A", "B", "C"]
    assert codes(client, "filter[shipping_category_id]=AAAAAAAAAA") == []


def test_a_list_of_an_abstract_type_shows_concrete_ones(client: Client, records: Records) -> None:
    records.add("tax_calculators", type="manual_tax_calculators", name="Manual")
    records.add("tax_calculators", type="avalara_accounts", name="Avalara")
    document = client.document("/api/tax_calculators?sort=name&filter[q][name_cont]=A")
    assert [(each["type"], each["links"]["self"].split("/")[-2]) for each in document["data"]] == [
        ("avalara_accounts", "avalara_accounts"),
        ("manual_tax_calculators", "manual_tax_calculators"),
    ]
    (one,) = client.document("/api/tax_calculators?filter[q][type_eq]=avalara_accounts")["data"]
    assert one["attributes"]["name"] == "Avalara"
    (one,) = client.document("/api/manual_tax_calculators")["data"]
    assert one["attributes"]["name"] == "Manual"


def test_attributes_of_retrieval_are_not_in_a_list(client: Client, records: Records) -> None:
    id_ = records.public(records.add("price_lists", name="EU", currency_code="EUR"))
    (listed,) = client.document("/api/price_lists")["data"]
    retrieved = client.document(f"/api/price_lists/{id_}")["data"]
    assert "rules" in retrieved["attributes"]
    assert "rules" not in listed["attributes"]


@pytest.mark.parametrize(
    ("query", "attributes", "relationships"),
    [
        ("fields[skus]=code", {"code"}, None),
        ("fields[skus]=code,prices", {"code"}, {"prices"}),
        ("fields[skus]=id,code", {"code"}, None),
        ("fields[skus]=prices", set(), {"prices"}),
        ("fields[skus]=", set(), None),
        ("fields[skus]=code&fields[skus]=name", {"code", "name"}, None),
        ("fields[skus]=code&fields[sku]=nothing&fields[coupon]=x", {"code"}, None),
    ],
)
def test_sparse_fields_drop_what_they_do_not_name(
    client: Client,
    records: Records,
    query: str,
    attributes: set[str],
    relationships: set[str] | None,
) -> None:
    add_skus(records, "A")
    (sku,) = client.document(f"/api/skus?{query}")["data"]
    assert set(sku["attributes"]) == attributes
    assert (set(sku["relationships"]) if "relationships" in sku else None) == relationships
    assert set(sku) >= {"id", "type", "links", "meta"}


def test_fields_of_an_abstract_type_hold_for_its_concrete_ones(
    client: Client, records: Records
) -> None:
    records.add("promotions", type="percentage_discount_promotions", name="Sale", percentage=10)
    (promotion,) = client.document(
        "/api/promotions?fields[promotions]=id,name,coupon_codes_promotion_rule"
        "&fields[coupon_codes_promotion_rule]=id"
    )["data"]
    assert promotion["type"] == "percentage_discount_promotions"
    assert promotion["attributes"] == {"name": "Sale"}
    assert list(promotion["relationships"]) == ["coupon_codes_promotion_rule"]


@pytest.mark.parametrize(
    ("query", "code", "parameter"),
    [
        ("page[size]=26", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[size]=0", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[size]=ten", "INVALID_PAGE_VALUE", "page[size]"),
        ("page[number]=-1", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[number]=1.5", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[number]=", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[number]=99999999999999999999", "INVALID_PAGE_VALUE", "page[number]"),
        ("page[number]=²", "INVALID_PAGE_VALUE", "page[number]"),
        ("page=2", "INVALID_PAGE_OBJECT", "page"),
        ("page[offset]=2", "PARAM_NOT_ALLOWED", "page[offset]"),
        ("page[after]=x", "PARAM_NOT_ALLOWED", "page[after]"),
        ("sort=nothing", "INVALID_SORT_CRITERIA", "sort"),
        ("sort=description", "INVALID_SORT_CRITERIA", "sort"),
        ("sort=shipping_category.name", "INVALID_SORT_CRITERIA", "sort"),
        ("sort=--code", "INVALID_SORT_CRITERIA", "sort"),
        ("sort=" + "code," * 21, "INVALID_SORT_CRITERIA", "sort"),
        ("fields=code", "INVALID_FIELD_FORMAT", "fields"),
        ("fields[]=code", "INVALID_FIELD_FORMAT", "fields[]"),
        ("fields[skus]=code,nothing", "INVALID_FIELD", "fields[skus]"),
        ("filter[q][nothing_eq]=1", "FILTER_NOT_ALLOWED", "filter[q][nothing_eq]"),
        ("filter[q][weight_eq]=1", "FILTER_NOT_ALLOWED", "filter[q][weight_eq]"),
        ("filter[q][code_true]=1", "FILTER_NOT_ALLOWED", "filter[q][code_true]"),
        ("filter[q][code]=1", "INVALID_FILTERS_SYNTAX", "filter[q][code]"),
        ("filter[q]=1", "INVALID_FILTERS_SYNTAX", "filter[q]"),
        ("filter=1", "INVALID_FILTERS_SYNTAX", "filter"),
        ("filter[q][code_in][]=1", "INVALID_FILTERS_SYNTAX", "filter[q][code_in][]"),
        ("filter[q[code_in]]=1", "INVALID_FILTERS_SYNTAX", "filter[q[code_in]]"),
        ("filter[nothing]=1", "FILTER_NOT_ALLOWED", "filter[nothing]"),
        ("filter[created_at_from]=x", "INVALID_FILTER_VALUE", "filter[created_at_from]"),
        ("filter[q][created_at_gt]=then", "INVALID_FILTER_VALUE", "filter[q][created_at_gt]"),
        ("filter[q][id_gt]=nobody", "INVALID_FILTER_VALUE", "filter[q][id_gt]"),
        ("filter[q][code_eq]=%00", "INVALID_FILTER_VALUE", "filter[q][code_eq]"),
        ("&".join(["filter[q][code_eq]=A"] * 51), "INVALID_FILTERS_SYNTAX", "filter"),
        ("include=nothing", "INVALID_INCLUDE", "include"),
        ("include=shipping_category.nothing", "INVALID_INCLUDE", "include"),
        ("include=event_stores", "INVALID_INCLUDE", "include"),
        ("include=prices..sku", "INVALID_INCLUDE", "include"),
        ("include=" + ".".join(["prices", "sku"] * 5), "INVALID_INCLUDE", "include"),
        ("include=" + "prices," * 51, "INVALID_INCLUDE", "include"),
        ("include[]=prices", "PARAM_NOT_ALLOWED", "include[]"),
        ("q=1", "PARAM_NOT_ALLOWED", "q"),
        ("=1", "PARAM_NOT_ALLOWED", ""),
        ("[x]=1", "PARAM_NOT_ALLOWED", "[x]"),
        ("code_eq[=1", "PARAM_NOT_ALLOWED", "code_eq["),
    ],
)
def test_a_query_that_is_not_understood_is_refused(
    client: Client, query: str, code: str, parameter: str
) -> None:
    assert refusal(client.get(f"/api/skus?{query}")) == (400, code, parameter)


def test_refused_values_are_named(client: Client) -> None:
    (error,) = client.get("/api/skus?page[size]=26").json()["errors"]
    assert error["detail"] == "size exceeds maximum page size of 25."
    (error,) = client.get("/api/skus?page[number]=x").json()["errors"]
    assert error["detail"] == "x is not a valid value for number page parameter."
    (error,) = client.get("/api/skus?filter[q][cod_eq]=x").json()["errors"]
    assert error["detail"] == "cod_eq is not allowed."
    assert error["meta"]["reason"].endswith("(did you mean code_eq?)")


@pytest.mark.parametrize("parameter", ["page[number]=1", "sort=code", "filter[q][code_eq]=A"])
def test_one_resource_is_not_filtered_sorted_or_paged(
    client: Client, records: Records, parameter: str
) -> None:
    (sku,) = add_skus(records, "A")
    response = client.get(f"/api/skus/{records.public(sku)}?{parameter}")
    assert refusal(response)[:2] == (400, "PARAM_NOT_ALLOWED")


def test_plain_filters_ask_what_q_cannot(client: Client, records: Records) -> None:
    def found(query: str) -> list[str]:
        return [each["id"] for each in client.document(f"/api/{query}")["data"]]

    year = 1_704_067_200_000  # 2024-01-01T00:00:00Z
    early, late = records.add_many(
        "prices", [{"amount_cents": 1, "processed_at": year + days * 86_400_000} for days in (0, 9)]
    )
    assert found("prices?filter[processed_at_from]=2024-01-02") == [records.public(late)]
    assert found("prices?filter[processed_at_to]=2024-01-02") == [records.public(early)]
    records.add("tax_calculators", type="vertex_accounts", name="V")
    assert found("vertex_accounts?filter[token_expires_at_from]=2024-01-02") == []
    assert found("vertex_accounts?filter[token_expires_at_to]=2024-01-02") == []
    there = []
    for country in ("IT", "US"):
        address = records.add("addresses", country_code=country)
        there.append(records.public(records.add("customer_addresses", address_id=address)))
    assert found("customer_addresses?filter[country_code]=US") == there[1:]
    assert found("customer_addresses?filter[country_code]=US,IT") == there
    records.add("shipping_methods", name="Standard")
    assert found("shipping_methods?filter[shipment_id]=XBgGphKLQE") == []
    for key in ("processed_at", "processed_at_from_to"):
        response = client.get(f"/api/prices?filter[{key}]=2024-01-02")
        assert refusal(response) == (400, "FILTER_NOT_ALLOWED", f"filter[{key}]")
    response = client.get("/api/prices?filter[processed_at_from]=soon")
    assert refusal(response) == (400, "INVALID_FILTER_VALUE", "filter[processed_at_from]")
