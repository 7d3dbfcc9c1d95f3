from typing import Any

from longshore.api import Origin, record_document, resource_document
from longshore.catalogue import load_catalogue
from longshore.identifiers import ImportId, PublicIdKeys, PublicIds, RecordId
from longshore.imports import Import, Status, StopRules
from longshore.notices import Notice, NoticeCode
from longshore.operations import echo_inputs
from longshore.operations.import_attributes import import_attributes, import_meta
from longshore.readers import Format, Layout, Position, Rows
from longshore.records import RecordView
from tests.claiming import waiting_run

CATALOGUE = load_catalogue()
PUBLIC_IDS = PublicIds(PublicIdKeys(key=bytes(32), secret=12_345_678_901_234_567))
ORIGIN = Origin(mode="test", organization_id="AaBbCcDdEe")
IMPORT_ID = ImportId((1 << 40) + 7)

# Deprecated by the wire contract, and those that are only ever sent.
NOT_SHOWN = {"destroyed_count", "cleanup_records", "once", "part_of", "all_or_nothing"}


def layout(*columns: str, format_: Format = Format.CSV) -> Layout:
    first = Position(1, 2, 10)
    return Layout(format=format_, encoding="utf-8", delimiter=",", columns=columns, first=first)


def an_import(**changes: Any) -> Import:
    values: dict[str, Any] = {
        "id": IMPORT_ID,
        "environment": 1,
        "resource_type": "skus",
        "format": "csv",
        "application_id": None,
        "parent_resource_id": None,
        "parent_id": None,
        "skip_errors": False,
        "reference": None,
        "reference_origin": None,
        "metadata": {},
        "source_name": "skus.csv",
        "attachment_name": "x.gz",
        "taken_back_row": None,
        "moved": None,
        "layout": layout("code", "name"),
        "column_map": {},
        "ignored_columns": (),
        "first_amounts": (),
        "stop_rules": StopRules(),
        "only": None,
        "mapping": None,
        "mapping_reference": None,
        "notices": (),
        "inputs_size": 2,
        "status": Status.PENDING,
        "started_at": None,
        "completed_at": None,
        "interrupted_at": None,
        "interruption_reason": None,
        "stopped_by": None,
        "processed_count": 0,
        "errors_count": 0,
        "warnings_count": 0,
        "created_count": 0,
        "updated_count": 0,
        "unchanged_count": 0,
        "skipped_count": 0,
        "checkpoint": None,
        "retry_of": None,
        "same_content_as": None,
        "is_plan": False,
        "all_or_nothing": False,
        "stage": None,
        "plan_id": None,
        "expires_at": None,
        "group_id": None,
        "group_position": None,
        "source_columns": None,
        "attachment_expired_at": None,
        "created_at": 1_706_696_430_123,
        "updated_at": 1_706_696_430_123,
        "deleted_at": None,
    }
    return Import(**{**values, "run": waiting_run(5), **changes})


def rows(*values: Any) -> list[Rows]:
    return [
        Rows(
            first=1,
            lines=range(1, len(values) + 1),
            offsets=range(len(values)),
            values=list(values),
            end_line=len(values) + 1,
            end_offset=len(values),
        )
    ]


def document(import_: Import, **changes: Any) -> dict[str, Any]:
    parts: dict[str, Any] = {
        "errors_log": {},
        "warnings_log": {},
        "inputs": None,
        "attachment_url": None,
    }
    return resource_document(
        CATALOGUE.types["imports"],
        PUBLIC_IDS.encode(import_.id),
        import_attributes(import_, **{**parts, **changes}),
        ORIGIN,
        meta=import_meta(import_, None, None, retry_of=None, undos={}),
    )


def test_a_record_is_shown_with_links_of_all_its_relationships() -> None:
    view = RecordView(
        record_id=RecordId(1),
        type="shipping_categories",
        id="XBgGphKLQE",
        attributes={"name": "Merchandise", "code": None},
        to_one={},
    )
    shown = record_document(view, CATALOGUE.types["shipping_categories"], ORIGIN)
    address = "http://127.0.0.1:8000/api/shipping_categories/XBgGphKLQE"
    assert shown["links"] == {"self": address}
    assert shown["attributes"] == {"name": "Merchandise", "code": None}
    assert shown["relationships"]["skus"] == {
        "links": {"self": f"{address}/relationships/skus", "related": f"{address}/skus"}
    }
    assert shown["meta"] == {"mode": "test", "organization_id": "AaBbCcDdEe"}


def test_an_import_is_shown_with_exactly_the_attributes_of_the_wire_contract() -> None:
    declared = {each.name for each in CATALOGUE.types["imports"].attributes}
    shown = document(an_import(status=Status.COMPLETED, started_at=1, completed_at=1_500))
    assert set(shown["attributes"]) == declared - NOT_SHOWN
    assert shown["attributes"]["status"] == "completed"
    assert shown["attributes"]["completed_at"] == "1970-01-01T00:00:01.500Z"
    assert shown["attributes"]["interrupted_at"] is None
    assert shown["attributes"]["created_at"] == "2024-01-31T10:20:30.123Z"
    assert shown["id"] == PUBLIC_IDS.encode(IMPORT_ID)
    assert set(shown["relationships"]) == {"events", "event_stores"}


def test_an_import_tells_in_its_meta_what_the_wire_contract_has_no_word_for() -> None:
    notice = Notice(
        code=NoticeCode.ENCODING_GUESSED, message="no UTF-8", count=2, first=({"row": 7},)
    )
    shown = document(
        an_import(created_count=3, updated_count=2, ignored_columns=("colour",), notices=(notice,))
    )
    assert shown["meta"] == {
        "mode": "test",
        "organization_id": "AaBbCcDdEe",
        "group_id": None,
        "created_count": 3,
        "updated_count": 2,
        "unchanged_count": 0,
        "skipped_count": 0,
        "stop_rules": None,
        "mapping": None,
        "saved_mapping": None,
        "only": None,
        "all_or_nothing": False,
        "stage": None,
        "kept_log": None,
        "stopped_by": None,
        "plan_id": None,
        "moved": None,
        "ignored_columns": ["colour"],
        "warnings": [
            {
                "code": "encoding_guessed",
                "message": "no UTF-8",
                "hint": None,
                "count": 2,
                "first": [{"row": 7}],
            }
        ],
        "first_amounts": [],
        "retry_of": None,
        "waits_for": None,
        "same_content_as": None,
    }


def test_a_parent_is_shown_by_its_public_id() -> None:
    shown = document(an_import(parent_id=(1 << 40) + 1, parent_resource_id="AaBbCcDdEe"))
    assert shown["attributes"]["parent_resource_id"] == "AaBbCcDdEe"


def test_rows_of_csv_are_echoed_as_objects_of_texts() -> None:
    batches = rows(["A", "Tee"], ["B"], ["C", "Cap", "beyond"])
    assert echo_inputs(an_import(), batches, CATALOGUE, rows_max=10) == [
        {"code": "A", "name": "Tee"},
        {"code": "B"},
        {"code": "C", "name": "Cap"},
    ]


def test_rows_of_json_are_echoed_as_they_are() -> None:
    import_ = an_import(layout=layout("code", format_=Format.JSON))
    batches = rows({"code": "A", "metadata": {"a": [1]}}, "not an object", {})
    assert echo_inputs(import_, batches, CATALOGUE, rows_max=10) == [
        {"code": "A", "metadata": {"a": [1]}},
        "not an object",
        {},
    ]


def test_too_many_rows_are_not_even_read() -> None:
    assert echo_inputs(an_import(inputs_size=11), iter(()), CATALOGUE, rows_max=10) is None


def test_what_nobody_may_see_is_masked_under_whatever_name_it_came() -> None:
    import_ = an_import(
        resource_type="customers",
        layout=layout("email", "password", "Kennwort"),
        column_map={"Kennwort": "password"},
    )
    batches = rows(["jane@example.com", "secret", "geheim"], ["joe@example.com", "", ""])
    assert echo_inputs(import_, batches, CATALOGUE, rows_max=10) == [
        {"email": "jane@example.com", "password": "********", "Kennwort": "********"},
        {"email": "joe@example.com", "password": "", "Kennwort": ""},
    ]


def test_what_nobody_may_see_is_masked_in_nested_elements() -> None:
    inputs = {"customer": {"email": "jane@example.com", "password": "secret"}}
    nested = an_import(
        resource_type="customer_addresses", layout=layout("customer", format_=Format.JSON)
    )
    assert echo_inputs(nested, rows(inputs), CATALOGUE, rows_max=10) == [
        {"customer": {"email": "jane@example.com", "password": "********"}}
    ]
    dotted = an_import(
        resource_type="customer_addresses", layout=layout("customer.email", "customer.password")
    )
    assert echo_inputs(dotted, rows(["jane@example.com", "s"]), CATALOGUE, rows_max=10) == [
        {"customer.email": "jane@example.com", "customer.password": "********"}
    ]
