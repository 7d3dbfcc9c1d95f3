"""What a look at an import of a million failed rows takes, and a list of a million records.

A real server on this machine; requests of one client, one after the other. What is looked at is
made by SQL: the findings of a small import, and a record of one, again and again. Records have the
ids and times that imports give them.
"""

import io
import json
from collections.abc import Iterator, Sequence
from statistics import median
from typing import Final

from benchmarks.places import PLACES, Place
from benchmarks.report import print_table
from benchmarks.serving import figures, serve_folder
from benchmarks.shop import Shop
from longshore.database import Transaction
from longshore.identifiers import ImportId
from longshore.imports import ImportRequest
from longshore.readers import Format
from longshore.records import ZoneKeeper
from longshore.sources import Source

_GOAL_OF_IMPORTS = 0.02  # seconds, of the median
_GOAL_OF_RECORDS = 0.025
_FAILED_ROWS: Final = 20_000  # as many as the beginning of a log is made from
_CHUNK_ROWS = 2_000
_CHUNK_MILLISECONDS = 20

# From a row to so many more; both databases know it.
_NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count})"


def measure_lists(*, rows: int, rounds: int) -> None:
    """Requests for an import with `rows` failed rows, and for as many records."""
    table: list[tuple[str, ...]] = []
    for make_place in PLACES.values():
        with make_place() as place:
            table += _measure(place, rows, rounds)
    print_table(
        f"An import with {rows:,} failed rows, and lists of 25 of {rows:,} SKUs; milliseconds of "
        f"{rounds} requests",
        ("request", "database", "median", "95 %", "99 %", "slowest", "goal", ""),
        table,
    )


def _measure(place: Place, rows: int, rounds: int) -> Iterator[tuple[str, ...]]:
    installation = place.make()
    with installation.open() as shop:
        import_id = _fail_rows(shop, rows)
        last = _add_skus(shop, rows)
        name = shop.longshore.public_ids.encode(import_id)
        settings = {"LONGSHORE_DATABASE_URL": installation.database_url}
    place.settle(installation)
    with serve_folder(installation.folder, settings) as server:
        for what, path, goal in (*_of_import(name, rows), *_of_records(rows, last)):
            server.time(path)
            seconds = [server.time(path) for _ in range(rounds)]
            reached = "yes" if median(seconds) < goal else "no"
            yield what, place.database, *figures(seconds), f"< {goal * 1000:g}", reached


def _of_import(name: str, rows: int) -> Sequence[tuple[str, str, float]]:
    path, goal = f"/api/imports/{name}", _GOAL_OF_IMPORTS
    paged = f"{path}/{{}}?page%5Bsize%5D=25&page%5Bnumber%5D={rows // 25}"
    return (
        ("the import", path, goal),
        ("the list with it", "/api/imports", goal),
        ("the first page of its errors", f"{path}/errors?page%5Bsize%5D=25", goal),
        ("the last page of its errors", paged.format("errors"), goal),
        ("the last page of its rows", paged.format("rows"), goal),
    )


def _of_records(rows: int, last: str) -> Sequence[tuple[str, str, float]]:
    path, goal = "/api/skus?page%5Bsize%5D=25", _GOAL_OF_RECORDS
    last_page = f"&page%5Bnumber%5D={rows // 25}"
    return (
        ("a list", path, goal),
        ("its last page", f"{path}{last_page}", goal),
        ("the newest", f"{path}&sort=-created_at", goal),
        ("the last page of those", f"{path}&sort=-created_at{last_page}", goal),
        ("by code", f"{path}&filter%5Bq%5D%5Bcode_eq%5D={last}", goal),
        ("the newest by code", f"{path}&sort=-created_at&filter%5Bq%5D%5Bcode_eq%5D={last}", goal),
    )


def _fail_rows(shop: Shop, rows: int) -> ImportId:
    """An import with so many failed rows, and no others."""
    failing = [{"name": f"Shirt {number}"} for number in range(_FAILED_ROWS)]
    source = Source.from_stream(
        io.BytesIO(json.dumps(failing).encode()), name="rows", format=Format.JSON
    )
    request = ImportRequest(resource_type="skus", skip_errors=True)
    longshore = shop.longshore
    import_ = longshore.submissions.submit(shop.environment, source, request, to_run=True)
    import_ = longshore.import_runs.run(import_.id)
    assert import_.errors_count == _FAILED_ROWS, import_
    with longshore.database.write() as tx:
        for table in ("import_errors", "import_error_chunks", "import_ledger"):
            _repeat(tx, table, import_.id, rows // _FAILED_ROWS - 1)
        tx.execute(
            "UPDATE imports SET inputs_size = ?, errors_count = ?, checkpoint_row = ? WHERE id = ?",
            (rows, rows, rows, import_.id),
        )
    return import_.id


def _repeat(tx: Transaction, table: str, import_id: ImportId, times: int) -> None:
    """The rows of a table again, for the rows of the source behind them."""
    moved = {"row_number", "first_row", "line"}
    names = list(tx.connection.exec_driver_sql(f"SELECT * FROM {table} LIMIT 0").keys())
    values = [f"{name} + i * {_FAILED_ROWS}" if name in moved else name for name in names]
    tx.execute(
        f"INSERT INTO {table} ({', '.join(names)}) {_NUMBERS.format(count=times)}"
        f" SELECT {', '.join(values)} FROM n CROSS JOIN {table} WHERE import_id = ? ORDER BY i",
        (import_id,),
    )


def _add_skus(shop: Shop, rows: int) -> str:
    """So many SKUs; the code of the last one."""
    row = {
        "code": "SKU000000000",
        "name": "navy shirt",
        "description": "A navy shirt of 100 % cotton, item of this season",
        "shipping_category_id": shop.add_shipping_category(),
        "weight": 100,
        "unit_of_weight": "gr",
    }
    shop.add("skus", [row])
    longshore = shop.longshore
    with longshore.database.write() as tx:
        ids = tx.reserve_ids(shop.environment.number, rows)
        assert ids[-1] - ids[0] == rows - 1
        code = "'SKU' || substr(cast(i + 1000000000 AS text), 2)"
        changed = {
            "id": f"{ids[0] - 1} + i",
            "code": code,
            "code_key": f"replace(code_key, code, {code})",
            "created_at": f"created_at + i / {_CHUNK_ROWS} * {_CHUNK_MILLISECONDS}",
            "updated_at": f"updated_at + i / {_CHUNK_ROWS} * {_CHUNK_MILLISECONDS}",
        }
        names = list(tx.connection.exec_driver_sql("SELECT * FROM skus LIMIT 0").keys())
        values = [changed.get(name, name) for name in names]
        tx.execute(
            f"INSERT INTO skus ({', '.join(names)}) {_NUMBERS.format(count=rows)}"
            f" SELECT {', '.join(values)} FROM n CROSS JOIN skus"
        )
        # What created them would have done, chunk by chunk.
        keeper = ZoneKeeper(longshore.catalogue, shop.environment.number)
        while keeper.keep(tx, "skus", ids[-1], ids[-1]):
            pass
    return f"SKU{rows:09d}"
