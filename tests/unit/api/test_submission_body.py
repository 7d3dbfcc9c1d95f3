"""Bodies that create imports are cut where the rows are, however the bytes arrive."""

import io
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.api.submission_body import (
    ENVELOPE_BYTES_MAX,
    Envelope,
    InputsKind,
    MalformedBody,
    SubmissionBody,
    UnwritableText,
)


def cut(body: bytes, step: int = 1 << 16) -> tuple[Envelope, bytes]:
    """The envelope and the rows of a body that arrives `step` bytes at a time."""
    file = io.BytesIO()
    parts = SubmissionBody(file)
    for start in range(0, len(body), step):
        parts.feed(body[start : start + step])
    return parts.finish(), file.getvalue()


def document(inputs: Any, **attributes: Any) -> dict[str, Any]:
    return {"data": {"type": "imports", "attributes": {"inputs": inputs, **attributes}}}


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


@given(
    rows=st.lists(JSON, max_size=5),
    before=st.dictionaries(TEXTS, JSON, max_size=3),
    after=st.dictionaries(TEXTS, JSON, max_size=3),
    step=st.integers(1, 40),
    ascii_only=st.booleans(),
    indent=st.sampled_from([None, 2]),
)
def test_an_array_of_rows_is_copied_as_it_was_sent(
    rows: list[Any],
    before: dict[str, Any],
    after: dict[str, Any],
    step: int,
    ascii_only: bool,
    indent: int | None,
) -> None:
    attributes = {**before, "inputs": rows, **after}
    attributes["inputs"] = rows
    sent = {"data": {"type": "imports", "attributes": attributes, "relationships": {}}}
    body = json.dumps(sent, ensure_ascii=ascii_only, indent=indent).encode()
    envelope, copied = cut(body, step)
    assert json.loads(copied) == rows
    assert copied in body
    assert envelope.inputs is InputsKind.ARRAY
    attributes["inputs"] = None
    assert json.loads(envelope.text) == sent


@given(text=TEXTS, step=st.integers(1, 40), ascii_only=st.booleans())
def test_a_string_of_rows_is_unescaped(text: str, step: int, ascii_only: bool) -> None:
    body = json.dumps(document(text, format="csv"), ensure_ascii=ascii_only).encode()
    envelope, copied = cut(body, step)
    assert copied.decode() == text
    assert json.loads(envelope.text) == document(None, format="csv")
    assert (envelope.inputs, envelope.as_linkage) == (InputsKind.TEXT, False)


def test_rows_that_a_client_took_for_linkage_are_rows() -> None:
    rows = [{"type": "price_volume_tiers", "id": "abc", "up_to": 3}]
    body = {"data": {"type": "imports", "relationships": {"inputs": {"data": rows}}}}
    envelope, copied = cut(json.dumps(body).encode())
    assert json.loads(copied) == rows
    assert json.loads(envelope.text)["data"]["relationships"] == {"inputs": {"data": None}}
    assert envelope.as_linkage


@pytest.mark.parametrize(
    "body",
    [
        b'{"inputs": [1]}',
        b'{"data": {"inputs": [1]}}',
        b'{"data": [{"attributes": {"inputs": [1]}}]}',
        b'{"data": {"attributes": {"metadata": {"inputs": [1]}}}}',
        b'{"data": {"attributes": {"inputs": {"a": [1]}}}}',
        b'{"data": {"attributes": {"inputs": 12}}}',
    ],
)
def test_what_stands_elsewhere_or_is_something_else_is_no_rows(body: bytes) -> None:
    envelope, copied = cut(body, step=3)
    assert (envelope.text, envelope.inputs, copied) == (body, None, b"")


def test_an_escaped_key_is_the_key_that_it_spells() -> None:
    envelope, copied = cut(rb'{"data": {"attributes": {"inp\u0075ts": [{"a": "]"}]}}}', step=1)
    assert (envelope.inputs, copied) == (InputsKind.ARRAY, b'[{"a": "]"}]')


@pytest.mark.parametrize("step", [1, 7, 1 << 16])
@pytest.mark.parametrize(
    "body",
    [
        b'{"data": {"attributes": {"inputs": [{"a": 1}',
        b'{"data": {"attributes": {"inputs": "a',
        b'{"data": {"attributes": {"inputs": "a\nb"}}}',
        rb'{"data": {"attributes": {"inputs": "a\x"}}}',
        rb'{"data": {"attributes": {"inputs": "a\u12"}}}',
        b'{"data": {"attributes": {"inputs": "\xff"}}}',
        b'{"data": {"attributes": {"inputs": [1], "inputs": [2]}}}',
        b'{"data": {"attributes": {"inputs": [1]}, "relationships": {"inputs": {"data": []}}}}',
        b'{"\xff": 1}',
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b"[" * 100_000,
    ],
)
def test_a_body_that_cannot_be_cut_is_refused(body: bytes, step: int) -> None:
    with pytest.raises(MalformedBody):
        cut(body, step)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"", b""),
        (b"nonsense", b"nonsense"),
        (b'{"data": {"attributes": {"inputs" [1]}}}', b'{"data": {"attributes": {"inputs" null}}}'),
        (b'{"data": {"attributes": {"inputs": [1]}', b'{"data": {"attributes": {"inputs": null}'),
    ],
)
def test_a_document_that_is_broken_stays_broken(body: bytes, text: bytes) -> None:
    envelope, _ = cut(body, step=1)
    assert envelope.text == text


def test_half_a_character_is_refused_as_text_of_rows() -> None:
    for step in (1, 1 << 16):
        with pytest.raises(UnwritableText):
            cut(rb'{"data": {"attributes": {"inputs": "a\ud83d,b"}}}', step)


def test_what_surrounds_the_rows_is_bounded_and_the_rows_are_not() -> None:
    padding = "x" * ENVELOPE_BYTES_MAX
    with pytest.raises(MalformedBody):
        cut(json.dumps(document([1], reference=padding)).encode())
    _, copied = cut(json.dumps(document([padding, padding, padding])).encode())
    assert len(copied) > 3 * ENVELOPE_BYTES_MAX
