"""One case: its import, the raw upsert of what that wrote, and the import it is compared with.

They take turns, and who goes first changes with every round; a figure is the median of the rounds,
a fraction that of the fractions of each round. So a machine that is slower for a while slows all.
"""

import gc
import os
import pickle
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from benchmarks.cases import Case, Ground
from benchmarks.places import Installation, Place
from benchmarks.raw import RawTable, read_raw
from benchmarks.report import Fraction, Line
from benchmarks.shop import Shop, Timing
from longshore.imports import Import


class Grounds:
    """What imports find in a place, made when it is asked for the first time."""

    def __init__(self, place: Place, rows: int) -> None:
        self.place = place
        self._rows = rows
        self._made: dict[str, Installation] = {}

    def __getitem__(self, ground: Ground) -> Installation:
        if ground.name not in self._made:
            installation = self.place.make()
            with installation.open() as shop:
                ground.prepare(shop, self.place.folder, self._rows)
            self.place.settle(installation)
            self._made[ground.name] = installation
        return self._made[ground.name]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Timings:
    """Those of one contestant, by round."""

    found: list[Timing]
    records: int

    @property
    def rate(self) -> float:
        return self.records / median(each.seconds for each in self.found)


def measure_case(case: Case, grounds: Grounds, *, rows: int, rounds: int) -> Line:
    """Import the case's file so many times; its line of the table."""
    place = grounds.place
    with tempfile.TemporaryDirectory(dir=place.folder) as name:
        import_ = _ImportContestant(case, grounds, Path(name), rows)
        raw = import_.rehearse(Path(name) / "raw")
        contestants: dict[str, Callable[[], Timing]] = {"import": import_.time, "raw": raw.time}
        if case.against is not None:
            opponent = _ImportContestant(case.against.case, grounds, Path(name), rows)
            contestants["opponent"] = opponent.time
        found: dict[str, list[Timing]] = {called: [] for called in contestants}
        loads = []
        for number in range(rounds):
            for called in _order([*contestants], number):
                gc.collect()
                found[called].append(contestants[called]())
            loads.append(os.getloadavg()[0])
    imported = _Timings(found=found["import"], records=import_.records)
    of_raw = _fraction(
        _Timings(found=found["raw"], records=import_.records),
        imported,
        goal=case.raw_goals.get(place.database),
    )
    of_other = None
    if case.against is not None:
        goal = case.against.goal if place.database in case.against.databases else None
        other = _Timings(found=found["opponent"], records=opponent.records)
        of_other = _fraction(other, imported, goal=goal, called=case.against.called)
    return Line(
        what=case.what,
        database=place.database,
        rate=imported.rate,
        of_raw=of_raw,
        of_other=of_other,
        load=median(loads),
    )


def _order(names: Sequence[str], number: int) -> Sequence[str]:
    """Who follows whom in a round: every one is the first and the last as often as the others."""
    first = number % len(names)
    turned = [*names[first:], *names[:first]]
    return turned if number // len(names) % 2 == 0 else turned[::-1]


def _fraction(
    base: _Timings, other: _Timings, *, goal: float | None, called: str = "raw"
) -> Fraction:
    """The rate of the other as a fraction of the base's, round by round."""
    share = other.records / base.records
    pairs = [*zip(base.found, other.found, strict=True)]
    return Fraction(
        value=median(share * a.seconds / b.seconds for a, b in pairs),
        # The system counts the processor's time in hundredths of a second.
        by_processor=median(share * max(a.processor, 0.01) / b.processor for a, b in pairs),
        called=called,
        goal=goal,
    )


class _ImportContestant:
    """Imports a file again and again, each time into a new copy of the ground."""

    def __init__(self, case: Case, grounds: Grounds, folder: Path, rows: int) -> None:
        self._case = case
        self._ground = grounds[case.ground]
        self._place = grounds.place
        self._rows = case.rows(rows)
        self._source = folder / f"{case.name}.{case.format}"
        with self._place.copied(self._ground) as installation, installation.open() as shop:
            case.write(self._source, shop, self._rows)

    @property
    def records(self) -> int:
        return self._rows * self._case.records

    def rehearse(self, path: Path) -> "_RawContestant":
        """Import once, and keep what was written in a file."""
        with self._place.copied(self._ground) as installation, installation.open() as shop:
            import_, _ = self._import(shop)
            creator = None if self._case.is_repeated else int(import_.id)
            tables = read_raw(shop, creator, self._case.type)
            counts = shop.counts()
        path.write_bytes(pickle.dumps(tables, protocol=pickle.HIGHEST_PROTOCOL))
        return _RawContestant(self._place, self._ground, path, counts)

    def time(self) -> Timing:
        with self._place.copied(self._ground) as installation, installation.open() as shop:
            return self._import(shop)[1]

    def _import(self, shop: Shop) -> tuple[Import, Timing]:
        case = self._case
        parent = None if case.parent is None else shop.only_id(case.parent)
        import_, timing = shop.import_(case.type, self._source, parent=parent)
        bad = 0 if case.bad_in is None else self._rows // case.bad_in
        found = (import_.status, import_.processed_count, import_.errors_count)
        assert found == ("completed", self._rows - bad, bad), import_
        return import_, timing


class _RawContestant:
    """Upserts the same rows by the bare driver."""

    def __init__(
        self, place: Place, ground: Installation, path: Path, counts: dict[str, int]
    ) -> None:
        self._place = place
        self._ground = ground
        self._path = path
        self._counts = counts  # of rows after the import, by table

    def time(self) -> Timing:
        with self._place.copied(self._ground) as installation:
            # Read here and forgotten, so that an import does not run beside them in memory.
            tables: list[RawTable] = pickle.loads(self._path.read_bytes())
            timing = self._place.time_raw(installation, tables)
            with installation.open() as shop:
                assert shop.counts() == self._counts  # or the comparison would mean nothing
            return timing
