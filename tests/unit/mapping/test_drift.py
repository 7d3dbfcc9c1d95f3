"""What has changed in a file since a mapping was made for it."""

import pytest

from longshore.mapping import (
    ColumnLook,
    Drift,
    ShapeColumn,
    SourceShape,
    ValueKind,
    drift_of,
    read_mapping,
)

DOCUMENT = read_mapping(
    {
        "version": 1,
        "ignore": ["EAN"],
        "fields": {
            "sku_code": "Artikel-Nr",
            "amount_cents": {"column": "Preis", "unit": "decimal"},
            "reference": {"template": "{Artikel-Nr}-{Farbe}"},
            "currency_code": {"constant": "EUR"},
        },
    }
)
BEFORE = {
    "Artikel-Nr": ValueKind.CODE,
    "Preis": ValueKind.DECIMAL_COMMA,
    "Farbe": ValueKind.TEXT,
    "EAN": ValueKind.INTEGER,
    "Bestand": ValueKind.INTEGER,
}
SHAPE = SourceShape(
    columns=tuple(ShapeColumn(name=name, kind=kind) for name, kind in BEFORE.items())
)


def look(name: str, kind: ValueKind) -> ColumnLook:
    return ColumnLook(
        number=1,
        name=name,
        samples=(),
        values=(),
        blanks_count=0,
        filled_count=1,
        kind=kind,
        kinds={},
    )


def test_nothing_has_changed() -> None:
    looks = [look(name, kind) for name, kind in BEFORE.items()]
    drift = drift_of(DOCUMENT, SHAPE, list(BEFORE), looks)
    assert (drift, bool(drift), drift.refusal) == (Drift(), False, None)


def test_a_needed_column_that_is_gone_is_named_with_its_fields_and_the_nearest() -> None:
    names = ["artikel nr", "Preis (EUR)", "EAN", "Bestand"]
    drift = drift_of(DOCUMENT, SHAPE, names)
    assert drift.refusal == (
        "3 columns are gone: 'Artikel-Nr' (sku_code, reference), 'Preis' (amount_cents), "
        "'Farbe' (reference)"
    )
    assert drift.hint == "'artikel nr' may be 'Artikel-Nr', 'Preis (EUR)' may be 'Preis'"
    assert drift.new == ()  # they are told already


def test_what_the_file_looked_like_is_not_needed_for_that() -> None:
    drift = drift_of(DOCUMENT, None, ["Artikel-Nr", "Farbe", "Preis neu", "Lager"])
    assert drift.refusal == "1 column is gone: 'Preis' (amount_cents)"
    assert drift.hint == "'Preis neu' may be 'Preis'"
    assert list(drift.notices()) == []


def test_new_columns_are_told_and_those_left_out_before_are_not() -> None:
    drift = drift_of(DOCUMENT, SHAPE, [*BEFORE, "Rabatt", ""])
    assert drift.refusal is None
    assert list(drift.notices()) == [
        "1 column is new, and the mapping says nothing of it: 'Rabatt'"
    ]


def test_many_columns_are_counted() -> None:
    drift = drift_of(DOCUMENT, SHAPE, [*BEFORE, *(f"c{number}" for number in range(1_200))])
    (told,) = drift.notices()
    assert told.startswith("1,200 columns are new")
    assert told.endswith("'c9' and 1,190 more")


@pytest.mark.parametrize(
    ("after", "is_told"),
    [
        (ValueKind.DECIMAL_COMMA, False),
        (ValueKind.INTEGER, False),
        (ValueKind.SEPARATED, False),
        (ValueKind.BLANK, False),
        (ValueKind.DECIMAL_POINT, True),
        (ValueKind.TEXT, True),
        (ValueKind.DATE, True),
    ],
)
def test_values_that_look_otherwise_are_told(after: ValueKind, is_told: bool) -> None:
    drift = drift_of(DOCUMENT, SHAPE, list(BEFORE), [look("Preis", after)])
    assert drift.refusal is None
    assert bool(drift.changed) == is_told
    if after is ValueKind.DECIMAL_POINT:
        assert list(drift.notices()) == [
            "the column 'Preis' held decimals with a comma, and now holds decimals with a point"
        ]


def test_a_text_may_become_anything() -> None:
    assert not drift_of(DOCUMENT, SHAPE, list(BEFORE), [look("Farbe", ValueKind.INTEGER)])
