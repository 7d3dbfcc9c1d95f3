"""The head and the table of figures, as they are put into docs/benchmarks.md."""

import os
import platform
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

_COLUMNS = ("", "database", "rows/s", "of raw", "of another", "by processor", "goal", "", "load")
_WIDTHS = (43, 10, 9, 6, 19, 12, 18, 3, 4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fraction:
    """A rate as a fraction of another one."""

    value: float
    by_processor: float  # by the time of the processors alone
    called: str  # what it is a fraction of
    goal: float | None  # at least this


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """What was measured of one case."""

    what: str
    database: str
    rate: float  # rows, or records, a second
    of_raw: Fraction
    of_other: Fraction | None
    load: float

    def cells(self) -> Sequence[str]:
        of_raw, of_other = self.of_raw, self.of_other
        judged = of_other if of_other is not None and of_other.goal is not None else of_raw
        shown = of_other if of_other is not None else of_raw
        goal = reached = ""
        if judged.goal is not None:
            goal = f"{judged.goal:g} of {judged.called}"
            # As it is printed, or a reader would see 0.75 that does not reach 0.75.
            reached = "yes" if round(judged.value, 2) >= judged.goal else "no"
        return (
            self.what,
            self.database,
            f"{self.rate:,.0f}",
            f"{of_raw.value:.2f}",
            "" if of_other is None else f"{of_other.value:.2f} of {of_other.called}",
            f"{shown.by_processor:.2f}",
            goal,
            reached,
            f"{self.load:.1f}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryLine:
    """The most memory that a process held."""

    what: str
    database: str
    bytes: int
    growth: float  # from 10,000 rows to all of them, as a factor
    load: float
    bytes_max: int | None = None  # the goal; None: it is about the growth

    growth_max = 1.15

    def cells(self) -> Sequence[str]:
        return (
            self.what,
            self.database,
            f"{self.bytes / 2**20:.0f} MiB",
            "",
            f"{self.growth:.2f} of 10,000 rows",
            "",
            f"at most {self.growth_max:g}"
            if self.bytes_max is None
            else f"below {self.bytes_max / 10**6:.0f} MB",
            "yes" if self._is_reached() else "no",
            f"{self.load:.1f}",
        )

    def _is_reached(self) -> bool:
        if self.bytes_max is not None:
            return self.bytes < self.bytes_max
        return round(self.growth, 2) <= self.growth_max


def print_head(databases: Sequence[str]) -> None:
    """What is measured, and on what; databases with their versions."""
    commit = _output("git", "rev-parse", "--short", "HEAD") or "unknown"
    changed = " with changes" if _output("git", "status", "--porcelain", "src") else ""
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    print(f"commit {commit}{changed}, {_processor()}, {os.cpu_count()} cores, load {load}")
    print(
        ", ".join(
            [
                f"Python {platform.python_version()}",
                *databases,
                f"SQLAlchemy {version('sqlalchemy')}",
                f"{platform.system()} {platform.machine()}",
            ]
        ),
        flush=True,
    )


def print_header() -> None:
    rules = ["-" * (_WIDTHS[0] + 2), *("-" * (width + 1) + ":" for width in _WIDTHS[1:])]
    print(f"\n{_row(_COLUMNS)}\n|{'|'.join(rules)}|", flush=True)


def print_line(line: Line | MemoryLine) -> None:
    print(_row(line.cells()), flush=True)


def print_table(title: str, columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a Markdown table: the first column to the left, figures to the right."""
    widths = [max(len(row[index]) for row in (columns, *rows)) for index in range(len(columns))]
    rules = ["-" * (widths[0] + 2), *("-" * (width + 1) + ":" for width in widths[1:])]
    print(f"\n{title}\n")
    print(_row(columns, widths))
    print(f"|{'|'.join(rules)}|")
    for row in rows:
        print(_row(row, widths), flush=True)


def _row(cells: Sequence[str], widths: Sequence[int] = _WIDTHS) -> str:
    first, *others = zip(cells, widths, strict=True)
    texts = [first[0].ljust(first[1]), *(text.rjust(width) for text, width in others)]
    return f"| {' | '.join(texts)} |"


def _processor() -> str:
    """Model and clock, where the system tells."""
    path = Path("/proc/cpuinfo")
    told = path.read_text() if path.exists() else ""
    model = re.search(r"^model name\s*: (.+)$", told, re.MULTILINE)
    clock = re.search(r"^cpu MHz\s*: ([0-9.]+)$", told, re.MULTILINE)
    name = model[1].strip() if model else platform.processor() or "unknown processor"
    return f"{name} at {float(clock[1]) / 1000:.1f} GHz" if clock else name


def _output(*command: str) -> str:
    """What a program prints; nothing where there is none, or it fails."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""
