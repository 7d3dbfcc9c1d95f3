"""How well CSV files of all kinds are read without a hint: the files of the Pollock benchmark.

    python -m benchmarks.pollock PATH

PATH is a checkout of HPI-Information-Systems/Pollock. Its folder `polluted_files` has 2,290 files
and a clean version of each, and `pollock_weights.json` says how frequent each kind is among files
of public portals. Each file is surveyed and read as an import does it, while no name of a column is
known, and what is read is compared with the clean version: success, and precision, recall and F1 of
the header, of the records and of the cells, which are ten measures of at most 1 each. The simple
score is their mean over the files, the weighted score one by the weights.

A file of which the survey tells that it has no rows is read as a table without rows; one that is
refused otherwise earns nothing. A row that cannot be read is left out of the table.
"""

import argparse
import csv
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from benchmarks.report import print_table
from longshore.readers import EmptySource, Unreadable, UnreadableSource, read_rows, survey

Table = list[list[str]]  # the header first

_MEASURES = 10  # of at most 1 each
_GROUPS_MAX = 40
# What a kind's files differ by: a row, a column, or both.
_NUMBERS = re.compile(r"(?<=row)\d+|(?<=col)\d+|(?<=quote)\d+|(?<=field_delimiter_)\d+(?=_)")
_VALUE = re.compile(r"\d+(?:[/:-]\d+)+|\$\d+(?:\.\d+)?")  # dates, times and amounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one file has earned."""

    name: str
    weight: float  # share of all files
    points: float  # of ten
    refusal: str  # "" where it was read


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the scores of all files, and where points are lost."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0] if __doc__ else None)
    parser.add_argument("path", type=Path, help="a checkout of HPI-Information-Systems/Pollock")
    parser.add_argument("--only", default="", help="files whose names have this in them")
    asked = parser.parse_args(arguments)
    scores = measure(asked.path, only=asked.only)
    if not scores:
        sys.exit(f"there are no such files: {asked.path / 'polluted_files/csv'}")
    _print_losses(scores)
    print(f"simple score    {sum(each.points for each in scores) / len(scores):.3f} of 10")
    total = sum(each.weight for each in scores)
    weighted = sum(each.points * each.weight for each in scores) / total
    print(f"weighted score  {weighted:.3f} of 10")


def measure(path: Path, *, only: str = "") -> list[Score]:
    """The scores of the files in a checkout of the benchmark."""
    weights = json.loads((path / "pollock_weights.json").read_text())
    total = sum(weights.values())
    scores = []
    for polluted in sorted((path / "polluted_files/csv").glob("*.csv")):
        if only not in polluted.name:
            continue
        loaded, refusal = read(polluted.read_bytes())
        clean = path / "polluted_files/clean" / polluted.name
        scores.append(
            Score(
                name=polluted.name,
                weight=weights.get(polluted.name, 0) / total,
                points=0.0 if loaded is None else points(_read_clean(clean), loaded),
                refusal=refusal,
            )
        )
    return scores


def read(data: bytes) -> tuple[Table | None, str]:
    """The table that is read from a file, or None and why it is refused."""
    try:
        layout = survey([data]).layout
    except EmptySource as empty:
        return [list(empty.header)] if empty.header else [], ""
    except UnreadableSource as refusal:
        return None, str(refusal)
    table = [list(layout.header)]
    for rows in read_rows([data], layout):
        table.extend(list(cells) for cells in rows.values if not isinstance(cells, Unreadable))
    return table, ""


def points(clean: Table, loaded: Table) -> float:
    """Success and the nine measures of a file that was read, of ten together."""
    if not clean:
        return float(_MEASURES)
    header = _measures(map(_normal, clean[0]), map(_normal, loaded[0] if loaded else ()))
    records = _measures(map(_record, clean[1:]), map(_record, loaded[1:]))
    cells = _measures(
        (cell for row in clean for cell in row), (cell for row in loaded for cell in row)
    )
    return 1.0 + header + records + cells


def _measures(clean: Iterable[str], loaded: Iterable[str]) -> float:
    """Precision, recall and F1, summed, as the benchmark computes them."""
    expected, found = Counter(clean), Counter(loaded)
    if not expected:
        return 3.0
    common = (expected & found).total()
    if not common:
        return 0.0
    precision, recall = common / expected.total(), common / found.total()
    return precision + recall + 2 * precision * recall / (precision + recall)


def _record(cells: Sequence[str]) -> str:
    return "".join(map(_normal, cells))


@cache
def _normal(cell: str) -> str:
    """A cell as it is compared: the benchmark compares numbers, dates, times and amounts as such.

    In a record cells are joined, where those are others than texts of the same characters.
    """
    text = cell.strip()
    if _VALUE.fullmatch(text):
        return f"<{text}>"
    for kind in (int, float):
        try:
            return str(kind(text))
        except ValueError:
            pass
    return cell.lower()


def _read_clean(path: Path) -> Table:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def _print_losses(scores: Sequence[Score]) -> None:
    """The kinds of files by what they lose, most of the weighted score first."""
    kinds: dict[tuple[str, str], list[Score]] = defaultdict(list)
    for each in scores:
        if each.points < _MEASURES - 1e-9:
            kinds[_NUMBERS.sub("*", each.name), each.refusal].append(each)
    total = sum(each.weight for each in scores)
    lines = []
    for (kind, refusal), files in kinds.items():
        simple = sum(_MEASURES - each.points for each in files) / len(scores)
        weighted = sum((_MEASURES - each.points) * each.weight for each in files) / total
        lines.append((weighted, simple, kind, len(files), refusal))
    lines.sort(reverse=True)
    print_table(
        "points lost",
        ("files", "how many", "simple", "weighted", "refused"),
        [
            (kind, str(count), f"{simple:.4f}", f"{weighted:.4f}", refusal[:80])
            for weighted, simple, kind, count, refusal in lines[:_GROUPS_MAX]
        ],
    )


if __name__ == "__main__":
    main()
