"""Transforms: what becomes of a text, and what is refused."""

from typing import Any

import pytest

from longshore.catalogue import load_catalogue
from longshore.mapping import TRANSFORMS, Destination, MappingRefused, TransformFailed

SKUS = load_catalogue().types["skus"]


def apply(name: str, text: str, **parameters: Any) -> str | None:
    transform = TRANSFORMS[name]
    destination = Destination(resource_type=SKUS, field="name")
    step = transform.step(transform.read(parameters, ()), destination)
    return step(text)


@pytest.mark.parametrize(
    ("name", "parameters", "text", "expected"),
    [
        ("trim", {}, "  A 1 \t", "A 1"),
        ("trim", {}, "\u00a0\u200bA1\u200b \ufeff", "A1"),
        ("collapse_blanks", {}, " Blue \n\u00a0 Mug ", "Blue Mug"),
        ("case", {"to": "upper"}, "straße ab-1", "STRASSE AB-1"),
        ("case", {"to": "lower"}, "AB-1", "ab-1"),
        ("case", {"to": "title"}, "the COOK's  big mug", "The Cook's  Big Mug"),
        ("replace", {"table": {"Ja": "true"}}, "Ja", "true"),
        ("replace", {"table": {"Ja": "true"}}, " Ja ", "true"),
        ("replace", {"table": {"Ja": "true"}}, "Jawohl", "Jawohl"),
        ("replace", {"table": {"Ja": "true"}, "otherwise": "blank"}, "Jawohl", ""),
        ("replace", {"table": {"": "none"}}, "", "none"),
        ("replace", {"table": {"a": "b"}, "otherwise": "error"}, " ", " "),
        ("split", {"separator": "|"}, "red| blue||", "red, blue"),
        ("split", {"separator": " / ", "part": 1}, "red / L", "red"),
        ("split", {"separator": "/", "part": -1}, "red / L", "L"),
        ("split", {"separator": "/", "part": 3}, "red / L", ""),
        ("strip_html", {}, "Mug", "Mug"),
        ("strip_html", {}, "<p>Blue <b>&amp;</b>\n warm</p><p>1 &lt; 2</p>", "Blue & warm\n1 < 2"),
        ("strip_html", {}, "<style>p {}</style><ul><li>a<li>b</ul>", "a\nb"),
        ("strip_html", {}, "a < b", "a < b"),
        ("regex", {"pattern": r"\d+"}, "size 42 cm", "42"),
        ("regex", {"pattern": r"(\d+) x (\d+)", "group": 2}, "12 x 30 cm", "30"),
        ("regex", {"pattern": r"(\d+) x (\d+)"}, "12 x 30 cm", "12"),
        ("regex", {"pattern": "(a)|b"}, "b", ""),
        ("regex", {"pattern": r"\d+", "otherwise": "keep"}, "none", "none"),
        ("regex", {"pattern": r"\d+", "otherwise": "blank"}, "none", ""),
        ("default", {"value": "EUR"}, "", "EUR"),
        ("number", {}, "1.234,50", "1234.50"),
        ("number", {"decimal": "comma"}, "1.234", "1234"),
        ("number", {"decimal": "point"}, "1.234", "1.234"),
        ("unit", {}, "0,35 kg", "350"),
        ("unit", {"from": "kg", "decimal": "comma"}, "1.250,5", "1250500"),
        ("unit", {"to": "kg"}, "350 g", "0.35"),
        ("unit", {}, "1 oz", "28.349523"),
        ("unit", {}, f"{'1' * 21} lb", "50399152222222222222171.82307"),
        ("date", {}, "01.12.2026", "2026-12-01"),
        ("date", {"order": "mdy"}, "03/04/2026", "2026-03-04"),
        ("boolean", {}, "Ja", "true"),
        ("boolean", {"true": ["lieferbar"], "false": ["aus"]}, "AUS", "false"),
        ("default", {"value": "EUR"}, " \u00a0", "EUR"),
        ("default", {"value": "EUR"}, "USD", "USD"),
    ],
)
def test_a_text_becomes_another(
    name: str, parameters: dict[str, Any], text: str, expected: str
) -> None:
    assert apply(name, text, **parameters) == expected


def test_a_text_that_no_table_has_is_refused_with_the_nearest() -> None:
    with pytest.raises(TransformFailed) as failed:
        apply("replace", "Aktic", table={"Aktiv": "true", "Inaktiv": "false"}, otherwise="error")
    assert str(failed.value) == "is none of those that the mapping replaces: Aktiv, Inaktiv"
    assert failed.value.message.code == "not_in_table"
    assert failed.value.suggestion == "Aktiv"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("none", r"does not match \d+"),
        ("1" * 2_001, "is too long (maximum is 2000 characters)"),
    ],
)
def test_a_text_without_what_a_pattern_looks_for_is_refused(text: str, message: str) -> None:
    with pytest.raises(TransformFailed) as failed:
        apply("regex", text, pattern=r"\d+")
    assert str(failed.value) == message


@pytest.mark.parametrize(
    ("name", "parameters", "message", "hint"),
    [
        ("case", {}, "case needs 'to'", "to: Which of them."),
        (
            "case",
            {"to": "uper"},
            "to: 'uper' is no choice: expected upper or lower or title",
            "did you mean upper?",
        ),
        ("trim", {"to": "x"}, "'to' is no parameter of trim", "trim has none"),
        ("replace", {"tabel": {}}, "'tabel' is no parameter", "did you mean table?"),
        ("replace", {"table": ["a"]}, "table: expected a table of texts by texts", None),
        ("replace", {"table": {"a": 1}}, "table.a: expected a text, found 1", None),
        ("split", {"separator": ""}, "separator: is empty", None),
        ("split", {"separator": ",", "part": 0}, "part: is 0", None),
        ("split", {"separator": ",", "part": "1"}, "part: expected an integer", None),
        (
            "regex",
            {"pattern": "a", "group": 1},
            "group: the pattern has no group 1: it has 0",
            None,
        ),
        ("default", {"value": "x" * 10_001}, "value: has 10,001 characters", None),
        ("default", {"value": "\ud800"}, "value: has half of a surrogate pair", None),
    ],
)
def test_parameters_that_cannot_be_are_refused(
    name: str, parameters: dict[str, Any], message: str, hint: str | None
) -> None:
    with pytest.raises(MappingRefused) as refused:
        apply(name, "x", **parameters)
    assert refused.value.message.startswith(message)
    assert refused.value.hint == hint


@pytest.mark.parametrize("name", TRANSFORMS)
def test_every_transform_is_explained(name: str) -> None:
    transform = TRANSFORMS[name]
    assert transform.name == name
    assert transform.about.endswith(".")
    assert transform.example is not None
    for parameter in transform.parameters:
        assert parameter.about.endswith(".")
        assert bool(parameter.choices) == (parameter.kind == "choice")


@pytest.mark.parametrize(
    ("name", "parameters", "text", "code"),
    [
        ("number", {}, "1.234", "ambiguous_amount"),
        ("number", {"decimal": "comma"}, "12.50", "not_a_number"),
        ("number", {}, "12 EUR", "not_a_number"),
        ("unit", {}, "12", "not_a_number"),
        ("unit", {"from": "kg"}, "1.234", "not_a_number"),
        ("date", {}, "03/04/2026", "invalid"),
        ("date", {"order": "ymd"}, "31/12/2026", "invalid"),
        ("boolean", {}, "vielleicht", "not_in_list"),
        ("boolean", {"true": ["y"]}, "ja", "not_in_list"),
    ],
)
def test_a_text_that_is_no_such_value_is_refused(
    name: str, parameters: dict[str, Any], text: str, code: str
) -> None:
    with pytest.raises(TransformFailed) as failed:
        apply(name, text, **parameters)
    assert failed.value.message.code == code


def test_money_is_left_to_those_who_know_the_currency() -> None:
    money = TRANSFORMS["money"]
    left = [
        money.unit_left(money.read(parameters, ()))
        for parameters in ({}, {"decimal": "comma"}, {"currency": "EUR", "round": "half_even"})
    ]
    assert left == ["decimal", "decimal-comma", "decimal+EUR+half_even"]
    with pytest.raises(MappingRefused, match="no currency"):
        money.unit_left({"currency": "EURO"})
