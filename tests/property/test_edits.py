"""Failed rows with edits laid over them are the rows that somebody would have written."""

import csv
import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from longshore.assembly import Longshore, open_longshore
from longshore.edits import CellEdit, EditLayer, Edits, Replacement, SetEdit
from longshore.imports import Import, ImportRequest, errors_of
from longshore.operations.retried_rows import FailingRow, RetriedRows
from longshore.readers import CsvOptions, CsvRules, Format, LineWriter, TextForm
from longshore.settings import Settings
from longshore.sources import AttachmentStore, Source
from tests.behaviour.conftest import SqliteDatabases
from tests.ground import lay_ground

CELL = st.text(alphabet=" ab,;\t|\"'\\\n\réй", max_size=5)
COLUMNS = ("key", "a", "b")
NEW = "c"
Rows = Sequence[list[str]]


def edited(rows: Rows, edits: Edits) -> list[list[str]]:
    """The rows as a person would write them who reads the edits one by one; all cells of each."""
    names = [*COLUMNS, NEW]
    found = []
    for number, row in enumerate(rows, 1):
        cells = {name: row[at] if at < len(row) else "" for at, name in enumerate(COLUMNS)}
        cells[NEW] = ""
        before = dict(cells)
        # What is blank is "", unless its very blanks are replaced.
        for each in sorted(edits.replacements, key=lambda each: each.old):
            text = before[each.column]
            if each.old == text or (each.old == "" and not text.strip()):
                cells[each.column] = str(each.new)
        for set_ in edits.sets:
            cells[set_.column] = str(set_.value)
        for cell in edits.cells:
            if cell.row == number:
                cells[cell.column] = str(cell.value)
        found.append([*(cells[name] for name in names), *row[len(COLUMNS) :]])
    return found


@st.composite
def edits_of(draw: st.DrawFn, rows_count: int, values: st.SearchStrategy[str]) -> Edits:
    """Edits that do not contradict each other; the key stays."""
    column = st.sampled_from(["a", "b", NEW])
    sets = draw(st.dictionaries(column, values, max_size=2))
    replaced = draw(st.dictionaries(st.tuples(column, values), values, max_size=4))
    cells = draw(st.dictionaries(st.tuples(st.integers(1, rows_count), column), values, max_size=4))
    return Edits(
        sets=tuple(SetEdit(column=name, value=value) for name, value in sets.items()),
        replacements=tuple(
            Replacement(column=name, old=old, new=new)
            for (name, old), new in replaced.items()
            if name not in sets
        ),
        cells=tuple(
            CellEdit(row=row, column=name, value=value) for (row, name), value in cells.items()
        ),
    )


@st.composite
def tables(draw: st.DrawFn) -> tuple[list[list[str]], Edits]:
    rows = draw(st.lists(st.lists(CELL, max_size=4), min_size=1, max_size=6))
    keyed = [[f"k{number}", *cells] for number, cells in enumerate(rows)]
    return keyed, draw(edits_of(len(keyed), CELL))


@given(
    tables(),
    st.sampled_from([",", ";", "\t"]),
    st.sampled_from(["", "\\"]),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from(["utf-8", "utf-16-le", "cp1251"]),
)
def test_the_source_of_a_retry_has_the_edited_rows(
    table: tuple[list[list[str]], Edits], delimiter: str, escape: str, line_end: str, encoding: str
) -> None:
    """The rows are read from a source of any rules, edited, and read again from what is made."""
    rows, edits = table
    if encoding == "cp1251":
        rows = [[cell.replace("é", "e") for cell in row] for row in rows]
    rules = CsvRules(encoding="utf-8", delimiter=delimiter, escape=escape)
    lines = LineWriter(rules, TextForm(line_end=line_end))
    text = "".join(map(lines.of, [list(COLUMNS), *rows]))
    with tempfile.TemporaryDirectory() as folder:
        store = AttachmentStore(Path(folder))
        stream = io.BytesIO(text.encode(encoding))
        options = CsvOptions(delimiter=delimiter, quote='"', escape=escape, header_row=1)
        source = Source.from_stream(stream, format=Format.CSV, encoding=encoding, csv=options)
        stored = store.write(source)
        layer = EditLayer(edits, COLUMNS, is_tabular=True, added=(NEW,))
        failing: Any = [
            FailingRow(number, line, values)
            for batch in store.open(stored.name, stored.layout)
            for number, line, values in zip(batch.numbers, batch.lines, batch.values, strict=True)
        ]
        assert [row.values for row in failing] == rows
        form = TextForm(line_end=line_end)
        retried = RetriedRows(failing, layer, stored.layout, form, "utf-8", None)
        made = store.write(retried.source("made"))
        assert made.layout.columns == (*COLUMNS, NEW)
        found = [row for batch in store.open(made.name, made.layout) for row in batch.values]
    assert found == edited(rows, edits)
    assert list(retried.numbers) == list(range(1, len(rows) + 1))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> tuple[SqliteDatabases, Settings, str]:
    """An installation to be copied, and the id of its shipping category."""
    databases = SqliteDatabases(tmp_path_factory.mktemp("edits"))
    settings_ = databases.settings(tmp_path_factory.mktemp("edits-of") / "ground")
    return databases, settings_, lay_ground(settings_)["shipping_categories"]


VALUE = st.sampled_from(["", "5", "heavy", "gr", "gram", "Name", "A0", "A1"])
FIELDS = ("name", "weight", "unit_of_weight", "description")
ROW = st.tuples(st.sampled_from(["A0", "A1", "A2", "A3"]), VALUE, VALUE, VALUE)


@settings(max_examples=12)
@given(st.lists(ROW, min_size=1, max_size=8), st.data())
def test_a_retry_does_what_an_import_of_the_edited_rows_does(
    ground: tuple[SqliteDatabases, Settings, str],
    rows: list[tuple[str, str, str, str]],
    data: st.DataObject,
) -> None:
    """Both after the same import, whose failed rows the one takes and a person the other."""
    databases, like, category = ground
    with tempfile.TemporaryDirectory() as folder:
        ours = databases.settings(Path(folder) / "ours", like=like)
        theirs = databases.settings(Path(folder) / "theirs", like=like)
        header = ["code", *FIELDS[:3]]
        with open_longshore(ours) as longshore, open_longshore(theirs) as other:
            first = _import(longshore, header, rows, category)
            _import(other, header, rows, category)
            failed = sorted({error.row for error in _errors(longshore, first)})
            if not failed:
                return
            edits = data.draw(_edits(failed, rows))
            environment = longshore.organizations.environment("default", "test")
            retry = longshore.retries.retry(environment, first, edits).import_
            retry = longshore.import_runs.run(retry.id)
            written = [_edited_row(rows[number - 1], number, edits) for number in failed]
            expected = _import(other, ["code", *FIELDS], written, category)
            assert _accounts(retry) == _accounts(expected)
            assert [
                (each.row, each.attribute, each.message, each.value)
                for each in _errors(longshore, retry)
            ] == [
                (failed[each.row - 1], each.attribute, each.message, each.value)
                for each in _errors(other, expected)
            ]
            assert _skus(longshore) == _skus(other)


@st.composite
def _edits(draw: st.DrawFn, failed: list[int], rows: list[tuple[str, str, str, str]]) -> Edits:
    sets = draw(st.dictionaries(st.sampled_from(FIELDS), VALUE, max_size=2))
    cells = draw(
        st.dictionaries(
            st.tuples(st.sampled_from(failed), st.sampled_from(FIELDS)), VALUE, max_size=3
        )
    )
    # Of values that some row has: the others are refused.
    held = sorted(
        {
            (name, rows[number - 1][at])
            for number in failed
            for at, name in enumerate(FIELDS[:3], 1)
            if name not in sets
        }
    )
    chosen = draw(st.lists(st.sampled_from(held), unique=True, max_size=3)) if held else []
    return Edits(
        sets=tuple(SetEdit(column=name, value=value) for name, value in sets.items()),
        replacements=tuple(
            Replacement(column=name, old=old, new=draw(VALUE)) for name, old in chosen
        ),
        cells=tuple(
            CellEdit(row=row, column=name, value=value) for (row, name), value in cells.items()
        ),
    )


def _edited_row(row: Sequence[str], number: int, edits: Edits) -> list[str]:
    cells = dict(zip(("code", *FIELDS), [*row, ""], strict=True))
    before = dict(cells)
    for each in edits.replacements:
        if before[each.column] == each.old:
            cells[each.column] = str(each.new)
    cells |= {each.column: str(each.value) for each in edits.sets}
    cells |= {each.column: str(each.value) for each in edits.cells if each.row == number}
    return list(cells.values())


def _import(
    longshore: Longshore, header: Sequence[str], rows: Sequence[Sequence[str]], category: str
) -> Import:
    text = io.StringIO()
    csv.writer(text).writerows([header, *rows])
    source = Source.from_stream(io.BytesIO(text.getvalue().encode()), format=Format.CSV)
    environment = longshore.organizations.environment("default", "test")
    request = ImportRequest(resource_type="skus", parent=category, skip_errors=True)
    import_ = longshore.submissions.submit(environment, source, request)
    return longshore.import_runs.run(import_.id)


def _accounts(import_: Import) -> tuple[int, ...]:
    return (
        import_.inputs_size,
        import_.created_count,
        import_.updated_count,
        import_.unchanged_count,
        import_.errors_count,
        import_.warnings_count,
    )


def _errors(longshore: Longshore, import_: Import) -> list[Any]:
    with longshore.database.read() as tx:
        return list(errors_of(tx, import_.id))


def _skus(longshore: Longshore) -> list[tuple[Any, ...]]:
    with longshore.database.read() as tx:
        return tx.fetch(
            "SELECT code, name, weight, unit_of_weight, description FROM skus ORDER BY code"
        )
