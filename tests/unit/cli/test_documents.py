"""JSON on standard output."""

import json

import pytest

from longshore.cli.documents import write_document, write_list

VALUES = [
    {"a": 1.5, "b": None, "c": [True, "ä 倉庫"]},
    {"lone surrogate": "\ud800", "big": 2**80},
    {"big": -(2**70)},
]


@pytest.mark.parametrize("values", [[], VALUES[:1], VALUES])
def test_a_list_is_one_document_with_an_element_per_line(values, capfdbinary) -> None:
    write_list(iter(values))
    out = capfdbinary.readouterr().out
    assert json.loads(out) == {"data": values}
    assert len(out.splitlines()) == (len(values) + 2 if values else 1)
    assert out.endswith(b"\n")


@pytest.mark.parametrize("value", VALUES)
def test_a_document_is_utf_8(value, capfdbinary) -> None:
    write_document(value)
    out = capfdbinary.readouterr().out
    assert json.loads(out.decode("utf-8")) == value
