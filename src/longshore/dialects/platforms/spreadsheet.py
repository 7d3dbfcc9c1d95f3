"""Lists of articles that people and suppliers keep in spreadsheets, with prices or stock in them.

No platform writes such a file: its columns are known by what other systems and people call the
fields, and its values are read as all values of their column show.
"""

from dataclasses import dataclass

from longshore.catalogue import CURRENCIES, CURRENCY_SIGNS, load_catalogue
from longshore.dialects.conversion import Conversion
from longshore.dialects.dialect import Dialect
from longshore.dialects.goods import (
    GOODS_FIELDS,
    GOODS_OPTIONS,
    Cell,
    Sku,
    barcode_of,
    compact,
    emit_price,
    emit_sku,
    emit_stock_item,
)
from longshore.dialects.header import Column, Header, SourceRow
from longshore.dialects.targets import DialectRefused
from longshore.dialects.texts import is_false
from longshore.error_codes import ErrorCode
from longshore.mapping import name_keys, words_of
from longshore.spellings import (
    WEIGHT_UNITS,
    ColumnEvidence,
    ColumnKind,
    DecimalMark,
    ValueRefused,
    VerdictKind,
    amount_of,
    is_blank_token,
    looks_like_total,
    read_number,
)

_BARCODES = ("ean", "ean13", "ean code", "gtin", "upc", "barcode", "strichcode", "isbn", "jan")
_STATES = ("active", "aktiv", "actif", "attivo", "activo", "published", "status", "online")
_ENGLISH = ("weight", "net weight", "gross weight", "shipping weight", "item weight")


def _names_of(resource_type: str, field: str, *own: str) -> tuple[str, ...]:
    """What people call a field, its own name first."""
    attributes = load_catalogue().types[resource_type].attributes
    declared = next(each for each in attributes if each.name == field)
    return (*own, *declared.aliases)


_CODES = _names_of("skus", "code", "code", "sku code")
_NAMES = _names_of("skus", "name", "name")
_DESCRIPTIONS = _names_of("skus", "description", "description")
_IMAGES = _names_of("skus", "image_url", "image url", "image")
_WEIGHTS = _names_of("skus", "weight", "weight")
_TARIFFS = _names_of("skus", "hs_tariff_number", "hs tariff number")
_PRICES = _names_of("prices", "amount_cents")
_COMPARED = _names_of("prices", "compare_at_amount_cents")
_QUANTITIES = _names_of("stock_items", "quantity", "quantity")


@dataclass(frozen=True, slots=True, kw_only=True)
class _ArticleColumns:
    """The columns of one list."""

    code: Column
    name: Column
    description: Column
    image: Column
    weight: Column
    tariff: Column
    price: Column
    compared: Column
    quantity: Column
    barcode: Column
    state: Column

    @classmethod
    def of(cls, header: Header) -> "_ArticleColumns":
        return cls(
            code=header.column_like(*_CODES),
            name=header.column_like(*_NAMES),
            description=header.column_like(*_DESCRIPTIONS),
            image=header.column_like(*_IMAGES),
            weight=header.column_like(*_WEIGHTS),
            tariff=header.column_like(*_TARIFFS),
            price=header.column_like(*_PRICES),
            compared=header.column_like(*_COMPARED),
            quantity=header.column_like(*_QUANTITIES),
            barcode=header.column_like(*_BARCODES),
            state=header.column_like(*_STATES),
        )


def _looks_like(header: Header) -> tuple[str, ...] | None:
    columns = _ArticleColumns.of(header)
    worth = [each.name for each in (columns.price, columns.quantity) if each]
    if not columns.code or not columns.name or not worth:
        return None
    return (columns.code.name, columns.name.name, *worth)


class _ArticleValues:
    """What all values of the columns show: marks, units and currencies."""

    def __init__(self, conversion: Conversion, columns: _ArticleColumns) -> None:
        self._conversion = conversion
        self._columns = columns
        kinds = {
            columns.price: ColumnKind.AMOUNT,
            columns.compared: ColumnKind.AMOUNT,
            columns.quantity: ColumnKind.INTEGER,
            columns.weight: ColumnKind.WEIGHT,
        }
        self._evidence = {each: ColumnEvidence(kind) for each, kind in kinds.items() if each}
        self._marks: set[str] = set()
        self.first_weight: SourceRow | None = None
        self.weights_count = 0
        self.has_small_weights = False  # below 1
        for row in conversion.peeked_rows():
            if _is_total(columns, row):
                continue
            for column, evidence in self._evidence.items():
                if cell := column(row):
                    evidence.take([cell], row.number)
            self._note_currency(columns.price(row))
            self._note_weight(columns.weight(row), row)
        self.of = {column: self._decided(column) for column in self._evidence}

    def cell(self, column: Column, row: SourceRow) -> Cell:
        """A cell with what is decided of its column."""
        mark = self.of[column][0] if column in self.of else None
        return Cell(column.name, column(row), mark)

    @property
    def currency(self) -> str:
        """That of the prices: asked for, of the header, or of all cells that name one."""
        options, price = self._conversion.options, self._columns.price
        if options.currency is not None:
            return self._conversion.targets.currency
        for word in (*words_of(price.name), *price.name.split()):
            found = _currencies(word.strip("()[]"))
            if len(found) == 1:
                return next(iter(found))
        named = {code for mark in self._marks for code in _currencies(mark)}
        if len(named) == 1:
            return named.pop()
        if named:
            raise DialectRefused(
                f"the prices name several currencies: {', '.join(sorted(self._marks))}",
                hint="import those of each currency by themselves, or give the one that is meant "
                "with --currency",
            )
        return self._conversion.targets.currency

    def weight_unit(self) -> str | None:
        """The unit of weights: asked for, or of the header, or of the cells; None: nothing names
        one."""
        asked, weight = self._conversion.options.weight_unit, self._columns.weight
        if asked is not None:
            return asked
        named = [word.lower() for word in words_of(weight.name) if word.lower() in WEIGHT_UNITS]
        if named:
            return named[-1]
        return self.of[weight][1] if weight in self.of else None

    def _note_currency(self, cell: str) -> None:
        if not cell or (cell[-1].isdigit() and cell[0].isdigit()):
            return
        try:
            found = amount_of(cell, self._conversion.options.decimal)
        except ValueRefused:
            return
        if found is not None:
            self._marks |= set(found.marks)

    def _note_weight(self, cell: str, row: SourceRow) -> None:
        if not cell or is_blank_token(cell):
            return
        self.weights_count += 1
        self.first_weight = self.first_weight or row
        number = read_number(cell, self._conversion.options.decimal)
        if number is not None and 0 < float(number) < 1:
            self.has_small_weights = True

    def _decided(self, column: Column) -> tuple[DecimalMark | None, str | None]:
        """The decimal mark of a column, and its unit."""
        asked = self._conversion.options.decimal
        verdict = self._evidence[column].verdict(decimal=asked)
        if verdict.kind is VerdictKind.OPEN and asked is None:
            shown = ", ".join(each.text for each in verdict.examples[:3])
            raise DialectRefused(
                f"the values of {column.name!r} may mean two things, as {shown}",
                hint="say what stands before decimals with --decimal comma or --decimal point",
            )
        spelling = verdict.spelling
        if spelling is None:
            return asked, None
        return spelling.decimal, spelling.unit


def _currencies(mark: str) -> frozenset[str]:
    if mark.upper() in CURRENCIES:
        return frozenset((mark.upper(),))
    return CURRENCY_SIGNS.get(mark.lower(), frozenset())


def _is_total(columns: _ArticleColumns, row: SourceRow) -> bool:
    """Whether a row is the total below a list: it names no article."""
    return not columns.name(row) and looks_like_total(row.cells)


def _convert(conversion: Conversion) -> None:
    columns = _ArticleColumns.of(conversion.header)
    values = _ArticleValues(conversion, columns)
    currency = values.currency if columns.price else ""
    unit = _unit(conversion, columns, values) if columns.weight else None
    for row in conversion.rows():
        if _is_total(columns, row):
            conversion.fail_row(row, columns.code.name, columns.code(row), _TOTAL)
            continue
        if conversion.options.only_active and is_false(columns.state(row)):
            conversion.leave_out("not active", row)
            continue
        sku = _sku(conversion, columns, values, unit, row)
        if not emit_sku(conversion, sku, row):
            continue
        price = values.cell(columns.price, row)
        if price:
            compared = values.cell(columns.compared, row)
            emit_price(conversion, sku.code, price, row, currency=currency, compare_at=compared)
        quantity = values.cell(columns.quantity, row)
        if quantity:
            emit_stock_item(conversion, sku.code, quantity, row)


_TOTAL = ErrorCode.LOOKS_LIKE_TOTAL


def _sku(
    conversion: Conversion,
    columns: _ArticleColumns,
    values: _ArticleValues,
    unit: str | None,
    row: SourceRow,
) -> Sku:
    code = columns.code(row)
    state = columns.state(row)
    return Sku(
        code=code,
        code_column=columns.code.name,
        name=columns.name(row),
        description=columns.description(row),
        image_url=columns.image(row),
        weight=values.cell(columns.weight, row) if unit is not None else None,
        weight_unit=unit or "gr",
        hs_tariff_number=columns.tariff(row),
        reference_origin="spreadsheet",
        metadata=compact(
            {"barcode": barcode_of(conversion, columns.barcode(row), row), "status": state}
        ),
    )


def _unit(conversion: Conversion, columns: _ArticleColumns, values: _ArticleValues) -> str | None:
    """The unit of weights. Where nothing names one, a list in a language of a metric country that
    has weights below 1 means kilograms, and says so; others leave weights out."""
    named = values.weight_unit()
    if named is not None or values.first_weight is None:
        return named
    name = columns.weight.name
    is_english = name_keys(name)[0] in {key for each in _ENGLISH for key in name_keys(each)}
    if values.has_small_weights and not is_english:
        conversion.tell(
            "weights_in_kilograms",
            f"{{count}} rows have a weight as {name!r} without a unit, which is read as kilograms, "
            "as some are below 1",
            values.first_weight,
            hint="--weight-unit says which unit is meant",
            count=values.weights_count,
        )
        return "kg"
    conversion.tell(
        "weights_left_out",
        f"{{count}} rows have a weight as {name!r} without a unit: it is left out",
        values.first_weight,
        hint="say which unit is meant with --weight-unit, such as --weight-unit kg",
        count=values.weights_count,
    )
    return None


DIALECT = Dialect(
    name="spreadsheet",
    platform="spreadsheet",
    title="a list of articles",
    made_from="lists of suppliers in eight languages",
    signatures=(),
    looks_like=_looks_like,
    fields=GOODS_FIELDS,
    sources={
        "skus": {
            "code": _CODES,
            "name": _NAMES,
            "description": _DESCRIPTIONS,
            "image_url": _IMAGES,
            "weight": _WEIGHTS,
            "hs_tariff_number": _TARIFFS,
        },
        "prices": {
            "sku_code": _CODES,
            "amount_cents": _PRICES,
            "compare_at_amount_cents": _COMPARED,
        },
        "stock_items": {"sku_code": _CODES, "quantity": _QUANTITIES},
    },
    known=(*_BARCODES, *_STATES),
    options=GOODS_OPTIONS | {"weight_unit"},
    convert=_convert,
)
