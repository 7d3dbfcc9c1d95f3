"""What all values of a column show of their spelling."""

import pytest

from longshore.spellings import ColumnEvidence, ColumnKind, ColumnVerdict, Spelling, VerdictKind


def verdict(
    kind: ColumnKind, *cells: str, asked: str | None = None, size: int = 2
) -> ColumnVerdict:
    evidence = ColumnEvidence(kind)
    for start in range(0, len(cells), size):
        evidence.take(cells[start : start + size], start + 1)
    return evidence.verdict(asked=None if asked is None else Spelling.of(asked))


DECIDED = [
    (ColumnKind.AMOUNT, ("50", "12,50", "1.234"), "decimal-comma"),
    (ColumnKind.AMOUNT, ("1.234,50 €", "7"), "decimal-comma"),
    (ColumnKind.AMOUNT, ("USD 1,234.50", "1,234"), "decimal-point"),
    (ColumnKind.AMOUNT, ("50", "60"), "decimal-point"),
    (ColumnKind.AMOUNT, ("0.750", "12.500"), "decimal-point"),
    (ColumnKind.AMOUNT, ("Summe", "12,5"), "decimal-comma"),
    (ColumnKind.NUMBER, ("0,35", "12", "1.234"), "decimal-comma"),
    (ColumnKind.NUMBER, ("1'234.5", "1.5", "-"), "decimal-point"),
    (ColumnKind.INTEGER, ("1 000", "5"), "decimal-point"),
    (ColumnKind.INTEGER, ("1.000", "250", "1.500"), "decimal-comma"),
    (ColumnKind.INTEGER, ("250", "1，500", "1,000"), "decimal-point"),
    (ColumnKind.INTEGER, ("0.000", "1.000", "5"), "decimal-point"),
    (ColumnKind.WEIGHT, ("0,35 kg", "1,5"), "kg,decimal-comma"),
    (ColumnKind.WEIGHT, ("0,35 kg", "900 g"), "gr,decimal-comma"),
    (ColumnKind.WEIGHT, ("12 oz", "1.5 oz"), "oz,decimal-point"),
    (ColumnKind.WEIGHT, ("0,35", "2"), "decimal-comma"),
    (ColumnKind.DATE, ("01.12.2026", ""), "dmy"),
    (ColumnKind.DATE, ("03/04/2026", "12/31/2026"), "mdy"),
    (ColumnKind.DATE, ("03/04/2026", "31/12/2026"), "dmy"),
    (ColumnKind.DATE, ("2026-12-01", "01.12.2026"), "dmy"),
    (ColumnKind.BOOLEAN, ("ja", "nein"), "words-de"),
    (ColumnKind.BOOLEAN, ("Oui", "non"), "words-fr"),
    (ColumnKind.BOOLEAN, ("si", "no"), "words-it"),
    (ColumnKind.BOOLEAN, ("x", ""), "words-cross"),
]


@pytest.mark.parametrize(("kind", "cells", "spelling"), DECIDED)
def test_values_decide_their_column(
    kind: ColumnKind, cells: tuple[str, ...], spelling: str
) -> None:
    found = verdict(kind, *cells)
    assert (found.kind, str(found.spelling)) == (VerdictKind.DECIDED, spelling)
    assert verdict(kind, *cells, size=100).spelling == found.spelling


OTHERS = [
    (ColumnKind.AMOUNT, ("1.234", "50"), VerdictKind.OPEN),
    (ColumnKind.AMOUNT, ("12,50", "12.50"), VerdictKind.CONTRADICTORY),
    (ColumnKind.NUMBER, ("1,234",), VerdictKind.OPEN),
    (ColumnKind.NUMBER, ("1.234", "12.5"), VerdictKind.WIRE),
    (ColumnKind.NUMBER, ("1.5", "1,5"), VerdictKind.CONTRADICTORY),
    (ColumnKind.NUMBER, ("1", "2", "x"), VerdictKind.WIRE),
    (ColumnKind.NUMBER, ("1,5", "many"), VerdictKind.WIRE),
    (ColumnKind.WEIGHT, ("1 kg", "2 lb"), VerdictKind.CONTRADICTORY),
    (ColumnKind.WEIGHT, ("1 kg", "2 g", "3"), VerdictKind.CONTRADICTORY),
    (ColumnKind.DATE, ("2026-12-01", "2026-12-01T08:30:00Z"), VerdictKind.WIRE),
    (ColumnKind.DATE, ("03/04/2026",), VerdictKind.OPEN),
    (ColumnKind.DATE, ("13/04/2026", "04/13/2026"), VerdictKind.CONTRADICTORY),
    (ColumnKind.BOOLEAN, ("true", "0"), VerdictKind.WIRE),
    (ColumnKind.BOOLEAN, ("ja", "oui"), VerdictKind.CONTRADICTORY),
    (ColumnKind.BOOLEAN, ("", ""), VerdictKind.WIRE),
]


@pytest.mark.parametrize(("kind", "cells", "expected"), OTHERS)
def test_values_that_do_not_decide(
    kind: ColumnKind, cells: tuple[str, ...], expected: VerdictKind
) -> None:
    assert verdict(kind, *cells).kind is expected


def test_contradiction_names_the_first_value_of_each_kind_with_its_row() -> None:
    found = verdict(ColumnKind.AMOUNT, "1", "12,50", "13,50", "12.50")
    assert [tuple(each) for each in found.examples] == [(2, "12,50"), (4, "12.50")]


def test_unit_that_is_asked_for_is_that_of_bare_numbers() -> None:
    found = verdict(ColumnKind.WEIGHT, "0,35", "900 g", asked="kg")
    assert str(found.spelling) == "kg,decimal-comma"
    assert verdict(ColumnKind.WEIGHT, "1.234", asked="kg").kind is VerdictKind.OPEN


@pytest.mark.parametrize("cells", [("1.000", "2.000"), ("1.000", "250"), ("1.000", "2.500")])
def test_whole_numbers_that_may_have_three_decimals_are_not_taken_in_silence(
    cells: tuple[str, ...],
) -> None:
    assert verdict(ColumnKind.INTEGER, *cells).kind is VerdictKind.OPEN


def test_values_for_nothing_are_counted() -> None:
    found = verdict(ColumnKind.AMOUNT, "12,5", "-", "#N/V", "#REF!")
    assert (found.blanks_count, found.first_blank) == (3, (2, "-"))


def test_column_of_the_wire_is_known_before_its_end() -> None:
    def is_wire(kind: ColumnKind, *cells: str) -> bool:
        evidence = ColumnEvidence(kind)
        evidence.take(cells, 1)
        return evidence.is_wire()

    assert is_wire(ColumnKind.NUMBER, "12.5", "3")
    assert is_wire(ColumnKind.NUMBER, "", "")
    assert not is_wire(ColumnKind.NUMBER, "12,5", "3.5")
    assert not is_wire(ColumnKind.NUMBER, "12.5", "-")
    assert is_wire(ColumnKind.DATE, "2026-12-01", "")
    assert is_wire(ColumnKind.BOOLEAN, "true", "")
    assert not is_wire(ColumnKind.BOOLEAN, "true", "ja")


@pytest.mark.parametrize("kind", [ColumnKind.AMOUNT, ColumnKind.NUMBER, ColumnKind.WEIGHT])
def test_point_of_a_number_is_no_separator_because_texts_have_commas(kind: ColumnKind) -> None:
    def found(*cells: str) -> ColumnVerdict:
        evidence = ColumnEvidence(kind)
        evidence.take(cells, 1)
        return evidence.verdict(has_numbers=True)

    assert found("0,5", "1.234").kind is VerdictKind.OPEN
    assert [each.text for each in found("0,5", "1.234").examples] == ["1.234"]
    assert found("0,5", "1,234").kind is VerdictKind.DECIDED
    assert found("0.5", "1.234").kind is not VerdictKind.OPEN


@pytest.mark.parametrize(("cells", "expected"), [(("350", "2 kg"), None), (("1 kg", "2 kg"), "kg")])
def test_a_unit_of_some_weights_is_not_that_of_the_others_where_a_column_says_theirs(
    cells: tuple[str, ...], expected: str | None
) -> None:
    evidence = ColumnEvidence(ColumnKind.WEIGHT, has_unit_beside=True)
    evidence.take(cells, 1)
    found = evidence.verdict()
    assert (found.spelling and found.spelling.unit) == expected
    assert (found.kind is VerdictKind.CONTRADICTORY) == (expected is None)
