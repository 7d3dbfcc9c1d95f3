"""How often the encoding of short columns of names is found: by the readers, and by others.

A hit is the right text, whatever the encoding is called: many short files are the same text in two.
It needs no database, and has its own number of names.
"""

from collections.abc import Callable, Sequence

from benchmarks.names import cases, columns
from benchmarks.report import print_table
from longshore.readers.charsets import CHARSETS, find_charset

LENGTHS = (1, 5, 50)

Finder = Callable[[bytes], str | None]


def measure_encodings(*, rows: int, rounds: int) -> None:
    """Print the hit rate of each finder for each language and encoding."""
    finders: dict[str, Finder] = {"longshore": _longshore}
    try:
        from charset_normalizer import from_bytes
    except ImportError:
        pass
    else:
        codecs = [charset.codec for charset in CHARSETS]
        finders["charset-normalizer"] = lambda data: (
            best.encoding if (best := from_bytes(data, cp_isolation=codecs).best()) else None
        )
    for title, finder in finders.items():
        _measure(title, finder)


def _measure(title: str, finder: Finder) -> None:
    rows: list[Sequence[str]] = []
    totals = [[0, 0] for _ in LENGTHS]
    for language, codec in cases():
        row = [language, codec]
        for total, length in zip(totals, LENGTHS, strict=True):
            files = _unambiguous(columns(language, codec, length))
            hits = sum(_is_hit(data, codec, finder) for data in files)
            total[0] += hits
            total[1] += len(files)
            row.append(f"{hits / len(files):.0%}" if files else "-")
        rows.append(row)
    rows.append(["all", "", *(f"{hits / count:.1%}" for hits, count in totals)])
    print_table(title, ("", "", *(f"{length} names" for length in LENGTHS)), rows)


def _unambiguous(files: Sequence[bytes]) -> list[bytes]:
    """Those that are not UTF-8 by chance: these are read as UTF-8, and nobody could tell."""
    return [data for data in files if not _is_utf_8(data)]


def _is_utf_8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def _is_hit(data: bytes, codec: str, finder: Finder) -> bool:
    found = finder(data)
    try:
        return found is not None and data.decode(found) == data.decode(codec)
    except (UnicodeDecodeError, LookupError):
        return False


def _longshore(data: bytes) -> str | None:
    found = find_charset(data.splitlines())
    return found.codec if found else None
