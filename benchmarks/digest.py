"""What the digest of an import takes: of a few causes, and of as many values as errors."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from benchmarks.places import PLACES
from benchmarks.report import print_table
from benchmarks.shop import Shop
from longshore.error_codes import ErrorCode, message
from longshore.identifiers import ImportId
from longshore.imports import ImportRequest, NewError, log_errors
from longshore.readers import Format
from longshore.sources import Source

_GOAL = 1.0  # seconds, of a few causes
_CHUNK = 5_000
_FAILED = 9_000
_UNITS = ("g", "kilo", "stone")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Errors:
    what: str
    count: int
    values: int | None  # None: each error has its own


def measure_digest(*, rows: int, rounds: int) -> None:
    """The seconds of a digest, with suggestions, for each of the databases."""
    table = []
    sets = (
        _Errors(what=f"{_FAILED:,} errors of 3 causes", count=_FAILED, values=3),
        _Errors(what=f"{rows:,} errors of 3 causes", count=rows, values=3),
        _Errors(what=f"{rows:,} errors, each of its value", count=rows, values=None),
    )
    for make_place in PLACES.values():
        with make_place() as place:
            for errors in sets:
                installation = place.make()
                with installation.open() as shop:
                    import_id = _import(shop)
                    _log(shop, import_id, errors)
                place.settle(installation)
                with installation.open() as shop:
                    imports = shop.longshore.imports
                    import_ = imports.read(import_id)
                    seconds = []
                    for _ in range(rounds):
                        began = perf_counter()
                        digest = imports.digest(import_)
                        seconds.append(perf_counter() - began)
                assert digest.errors_count == errors.count
                assert len(digest.groups) == (errors.values or 1)
                assert not digest.rest_count
                table.append((errors.what, place.database, f"{median(seconds):.3f}"))
    print_table(
        f"The digest of an import; medians of {rounds} rounds", ("", "database", "seconds"), table
    )
    print(f"\nThe goal is less than {_GOAL:g} s for {_FAILED:,} errors of 3 causes.")


def _import(shop: Shop) -> ImportId:
    """An import without errors."""
    source = Source.from_stream(io.BytesIO(b'[{"name": "sale"}]'), name="rows", format=Format.JSON)
    longshore = shop.longshore
    request = ImportRequest(resource_type="skus", skip_errors=True)
    import_ = longshore.submissions.submit(shop.environment, source, request, to_run=True)
    return longshore.import_runs.run(import_.id).id


def _log(shop: Shop, import_id: ImportId, errors: _Errors) -> None:
    """Its errors, in place of those that it has, chunk by chunk."""
    with shop.longshore.database.write() as tx:
        for table in ("import_errors", "import_error_chunks"):
            tx.execute(f"DELETE FROM {table} WHERE import_id = ?", (import_id,))
    for first in range(1, errors.count + 1, _CHUNK):
        with shop.longshore.database.write() as tx:
            numbers = range(first, min(first + _CHUNK, errors.count + 1))
            log_errors(tx, import_id, list(_errors(numbers, errors)))


def _errors(numbers: range, errors: _Errors) -> Iterator[NewError]:
    said = message(ErrorCode.NOT_IN_LIST if errors.values else ErrorCode.NOT_A_NUMBER)
    for number in numbers:
        yield NewError(
            row_number=number,
            position=0,
            line=number + 1,
            identifier=f"SKU{number}",
            attribute="unit_of_weight" if errors.values else "weight",
            message=said,
            value=_UNITS[number % errors.values] if errors.values else f"{number} or so",
            code=said.code,
            source_column="unit_of_weight" if errors.values else "weight",
            pointer="/unit_of_weight" if errors.values else "/weight",
        )
