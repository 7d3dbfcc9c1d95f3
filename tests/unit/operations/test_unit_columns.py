"""Numbers in another unit: exact, in the spelling of their column, or left alone."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from longshore.edits import ConversionEdit, ConversionLayer, Scalar
from longshore.operations.unit_columns import NumberColumn
from longshore.spellings import DecimalMark, read_number

_WIRE = NumberColumn(column="weight")
_COMMA = NumberColumn(column="weight", is_spelled=True, decimal=DecimalMark.COMMA)
_POINT = NumberColumn(column="weight", is_spelled=True, decimal=DecimalMark.POINT)
_OWN = NumberColumn(column="weight", is_spelled=True)


@pytest.mark.parametrize(
    ("column", "cell", "factor", "expected"),
    [
        (_WIRE, "2", "1000", "2000"),
        (_WIRE, " 4.1 ", "1000", "4100.0"),
        (_WIRE, "0.35", "1000", "350.0"),
        (_WIRE, "1.500", "1000", "1500"),
        (_WIRE, "1e3", "1000", "1000000"),
        (_WIRE, "1125", "0.001", "1.1250"),
        (_WIRE, "-0.5", "1000", "-500.0"),
        (_WIRE, "0", "1000", "0"),
        (_WIRE, "0,35", "1000", None),
        (_WIRE, "1,500", "1000", None),
        (_WIRE, "2 kg", "1000", None),
        (_WIRE, "about 2", "1000", None),
        (_WIRE, "1_000", "1000", None),
        (_WIRE, "nan", "1000", None),
        (_WIRE, "1e300", "1000", None),
        (_WIRE, "1" * 61, "1000", None),
        (_WIRE, 2, "1000", 2000),
        (_WIRE, 4.1, "1000", 4100),
        (_WIRE, 1.2345, "1000", 1234.5),
        (_WIRE, True, "1000", None),
        (_WIRE, float("inf"), "1000", None),
        (_COMMA, "0,35", "1000", "350,0"),
        (_COMMA, "1.500", "1000", "1500000,0"),
        (_COMMA, "1.234,5", "1000", "1234500,0"),
        (_COMMA, "1125", "0.001", "1,1250"),
        (_COMMA, "0.35", "1000", None),
        (_COMMA, "2 kg", "1000", None),
        (_POINT, "1,500", "1000", "1500000.0"),
        (_OWN, "0,35", "1000", "350,0"),
        (_OWN, "1.500", "1000", None),
    ],
)
def test_a_number_is_converted_as_its_column_is_read(
    column: NumberColumn, cell: Scalar, factor: str, expected: Scalar
) -> None:
    assert column.converted(cell, Decimal(factor)) == expected


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=6),
    st.sampled_from(("1000", "0.001", "1000000")),
    st.sampled_from(tuple(DecimalMark)),
)
def test_what_is_written_shows_its_mark_and_is_the_exact_product(
    value: Decimal, factor: str, mark: DecimalMark
) -> None:
    column = NumberColumn(column="weight", is_spelled=True, decimal=mark)
    text = f"{value:f}".replace(".", mark.sign)
    converted = column.converted(text, Decimal(factor))
    assert isinstance(converted, str)
    exact = value * Decimal(factor)
    assert Decimal(read_number(converted, mark) or "") == exact
    # No other mark reads it, so its column is not read otherwise because of it.
    assert Decimal(read_number(converted, None) or "") == exact


def test_a_row_is_converted_whole_or_not_at_all() -> None:
    def tenfold(cell: Scalar) -> Scalar:
        return str(int(cell) * 10) if isinstance(cell, str) and cell.isdigit() else None

    conversion = ConversionEdit(
        column="unit", old="kg", new="gr", converters={"least": tenfold, "most": tenfold}
    )
    table = ConversionLayer(conversion, ["most", "unit", "least"], is_tabular=True)
    assert table.apply(1, ["5", "kg", "2", "beyond"]) == ["50", "gr", "20", "beyond"]
    assert table.apply(2, ["5", "kg"]) == ["50", "gr"]
    assert table.apply(3, ["5", "kg", "x"]) == ["5", "kg", "x"]
    assert table.apply(4, ["5", "Kg", "2"]) == ["5", "Kg", "2"]
    objects = ConversionLayer(conversion, [], is_tabular=False)
    row = {"size": {"unit": "kg"}, "unit": "kg", "least": None, "most": "5"}
    assert objects.apply(1, row) == {**row, "unit": "gr", "most": "50"}
    assert objects.apply(2, {**row, "most": ["5"]}) == {**row, "most": ["5"]}
    assert objects.apply(3, "kg") == "kg"
    assert row["unit"] == "kg"


def test_a_unit_inside_an_object_is_converted_there() -> None:
    conversion = ConversionEdit(
        column="sku.unit", old="kg", new="gr", converters={"sku.weight": lambda _cell: 7}
    )
    layer = ConversionLayer(conversion, [], is_tabular=False)
    row = {"sku": {"unit": "kg", "weight": 1}}
    assert layer.apply(1, row) == {"sku": {"unit": "gr", "weight": 7}}
    assert row == {"sku": {"unit": "kg", "weight": 1}}
