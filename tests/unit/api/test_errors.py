import string

import pytest

from longshore.api.errors import ERROR_CODES, ApiError, error_document, from_findings
from longshore.catalogue import load_catalogue
from longshore.error_codes import CODES, ErrorCode, message

SKUS = load_catalogue().types["skus"]

# Messages whose validation has no name in the framework that the others come from.
_NAMELESS = {
    ErrorCode.SEVERAL_RECORDS,
    ErrorCode.TOO_DEEP,
    ErrorCode.NOT_AN_OBJECT,
    ErrorCode.TOO_MANY_CELLS,
    ErrorCode.OTHER_COUNT,
    ErrorCode.TOO_MANY_ELEMENTS,
    ErrorCode.BROKEN_QUOTING,
    ErrorCode.NOT_STORED,
    ErrorCode.OTHER_TYPE,  # of a resource object, which only sources in a terminal hold
    ErrorCode.TOO_MANY_DECIMALS,
    ErrorCode.AMBIGUOUS_AMOUNT,
    ErrorCode.NOT_A_DATE,
    ErrorCode.GIVEN_TWICE,
    ErrorCode.OTHER_CURRENCY,
    ErrorCode.NO_CURRENCY,
    ErrorCode.CELL_ERROR,
    ErrorCode.NOT_CALCULATED,
    ErrorCode.NO_MATCH,
    ErrorCode.AMBIGUOUS,
    ErrorCode.DIFFERENT_RECORDS,
    ErrorCode.LOOKS_LIKE_TOTAL,
    ErrorCode.CUT_CODE,
    ErrorCode.INVALID,
}


def meta(text: str, value: object = None) -> dict[str, object]:
    (error,) = from_findings(SKUS, [("code", text, value)], {}).errors
    assert error.meta is not None
    return dict(error.meta)


@pytest.mark.parametrize("code", [code for code in CODES if code not in _NAMELESS])
def test_every_message_of_the_engine_has_the_name_of_its_validation(code: ErrorCode) -> None:
    assert meta(message(code, 5, 5, 5))["error"] != "invalid"


@pytest.mark.parametrize(
    ("message", "value", "expected"),
    [
        ("can't be blank", None, {"error": "blank"}),
        ("has already been taken", "A", {"error": "taken", "value": "A"}),
        (
            "must be less than or equal to 10",
            100,
            {"error": "less_than_or_equal_to", "count": 10, "value": 100},
        ),
        ("must be greater than 0.5", 0, {"error": "greater_than", "count": 0.5, "value": 0}),
        (
            "is too short (minimum is 8 characters)",
            "x",
            {"error": "too_short", "count": 8, "value": "x"},
        ),
        ("is invalid", {"a": 1}, {"error": "invalid"}),
        ("something else", True, {"error": "invalid", "value": True}),
    ],
)
def test_a_finding_tells_check_limit_and_value(
    message: str, value: object, expected: dict[str, object]
) -> None:
    assert meta(message, value) == expected


@pytest.mark.parametrize(
    ("finding", "given", "title", "pointer"),
    [
        (("code", "is invalid", 1), {}, "is invalid", "/data/attributes/code"),
        (("tags.name", "is invalid", 1), {}, "is invalid", "/data/relationships/tags"),
        (("base", "matches 2 records", None), {}, "matches 2 records", "/data"),
        (
            ("shipping_category", "must exist", None),
            {},
            "can't be blank",
            "/data/relationships/shipping_category",
        ),
        (
            ("shipping_category", "must exist", None),
            {"shipping_category": "AAAAAAAAAA"},
            "must exist",
            "/data/relationships/shipping_category",
        ),
    ],
)
def test_a_finding_points_at_what_was_sent(
    finding: tuple[str, str, object], given: dict[str, object], title: str, pointer: str
) -> None:
    (error,) = from_findings(SKUS, [finding], given).errors
    assert (error.title, error.pointer) == (title, pointer)
    assert error.detail == f"{finding[0]} - {title}"


@pytest.mark.parametrize("code", ERROR_CODES)
def test_every_code_makes_a_whole_error(code: str) -> None:
    declared = ERROR_CODES[code]
    parts = string.Formatter().parse(declared.title + declared.detail)
    words = {name: "{x}" for _, name, _, _ in parts if name}
    (shown,) = error_document([ApiError(code, **words)])["errors"]  # type: ignore[arg-type]
    assert shown["status"] == str(declared.status)
    assert shown["title"]
    assert shown["detail"]


def test_what_a_client_sent_is_not_sent_back_beyond_a_length() -> None:
    long = "x" * 100_000
    errors = [ApiError("PARAM_NOT_ALLOWED", param=long, pointer=f"/{long}")] * 1000
    document = error_document(errors)
    assert len(document["errors"]) == 100
    assert len(str(document)) < 200_000
    assert len(str(meta("is invalid", long))) < 300
