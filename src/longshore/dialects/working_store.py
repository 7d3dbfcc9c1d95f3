"""What has to be remembered of the rows of a file, on the disk: a file may have millions.

Heads are what a product is, for rows that come later and do not say it again; claims are the codes
that rows have taken; deferred rows wait until the rest of the file was read; groups are the keys of
rows that belong together, with how often such rows begin.
"""

import json
import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from longshore.dialects.header import SourceRow

_CACHE_KIB = 16_384
_CLAIMS_AT_ONCE = 1_000
# Of ten million codes one in two is asked for in vain, of a million one in two hundred.
_SEEN_BITS = 24
_SEEN_MASK = (1 << _SEEN_BITS) - 1


class _Seen:
    """Says of texts that they were surely not seen before, in a fixed amount of memory (a Bloom
    filter): most codes come once, and the database needs not be asked for them."""

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_SEEN_BITS - 3))

    def add(self, text: str) -> bool:
        """Whether it is surely new; False: it may have been seen."""
        bits = self._bits
        code = hash(text)
        is_new = False
        for place in (code, code >> 20, code >> 40):
            place &= _SEEN_MASK
            byte, bit = place >> 3, 1 << (place & 7)
            if not bits[byte] & bit:
                bits[byte] |= bit
                is_new = True
        return is_new


# A temporary database of SQLite's own: what its cache has no room for is written into the folder
# for temporary files. It has no name there, so nothing is left of it when the process is killed
# (https://www.sqlite.org/inmemorydb.html, "Temporary Databases").
_NO_NAME = ""


class WorkingStore:
    """A temporary database; it is gone after the block, or when its process dies."""

    def __init__(self) -> None:
        self._database = sqlite3.connect(_NO_NAME, isolation_level=None)
        run = self._database.execute
        run("PRAGMA journal_mode = OFF")  # nobody will miss it after a crash
        run("PRAGMA synchronous = OFF")
        run("PRAGMA locking_mode = EXCLUSIVE")
        run(f"PRAGMA cache_size = -{_CACHE_KIB}")
        run("CREATE TABLE heads (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID")
        run(
            "CREATE TABLE claims (code TEXT PRIMARY KEY, row INTEGER NOT NULL,"
            " is_made INTEGER NOT NULL) WITHOUT ROWID"
        )
        run("CREATE TABLE superseded (code TEXT, row INTEGER, PRIMARY KEY (code, row))")
        run("CREATE TABLE deferred (key TEXT, number INTEGER, line INTEGER, cells TEXT)")
        run("CREATE TABLE groups (key TEXT PRIMARY KEY, count INTEGER NOT NULL) WITHOUT ROWID")
        run("BEGIN")
        self.superseded_count = 0
        self.knows_scattered = False  # which keys have rows that do not follow each other
        self._codes = _Seen()
        self._claims: list[tuple[str, int, bool]] = []  # that are not in the database yet

    def __enter__(self) -> "WorkingStore":
        return self

    def __exit__(self, *_error: object) -> None:
        self._database.close()

    def begin_again(self) -> None:
        """Forget all but which rows belong together, for a file that is converted once more."""
        for table in ("heads", "claims", "superseded", "deferred"):
            self._database.execute(f"DELETE FROM {table}")
        self.superseded_count = 0
        self._codes = _Seen()
        self._claims = []
        self.knows_scattered = True

    # Heads

    def put(self, key: str, value: Any) -> None:
        """Remember something JSON-safe under a key, in place of what is there."""
        self._database.execute(
            "INSERT OR REPLACE INTO heads VALUES (?, ?)", (key, json.dumps(value))
        )

    def get(self, key: str) -> Any:
        """What is remembered under a key; None: nothing."""
        found = self._database.execute("SELECT value FROM heads WHERE key = ?", (key,)).fetchone()
        return None if found is None else json.loads(found[0])

    # Codes

    def claim(self, code: str, row: int, *, is_made: bool) -> tuple[int, bool] | None:
        """Have a row take a code. None: it was free; else the row that had it, and whether that
        code was made of other cells. The later row has it then."""
        run = self._database.execute
        if self._codes.add(code):
            self._claims.append((code, row, is_made))
            if len(self._claims) >= _CLAIMS_AT_ONCE:
                self._write_claims()
            return None
        self._write_claims()
        claimed = run("INSERT OR IGNORE INTO claims VALUES (?, ?, ?)", (code, row, is_made))
        if claimed.rowcount == 1:
            return None
        earlier, was_made = run(
            "SELECT row, is_made FROM claims WHERE code = ?", (code,)
        ).fetchone()
        return earlier, bool(was_made)

    def _write_claims(self) -> None:
        self._database.executemany("INSERT INTO claims VALUES (?, ?, ?)", self._claims)
        self._claims = []

    def supersede(self, code: str, row: int, by: int, *, is_made: bool) -> None:
        """Have the records that a row makes of a code count no more: a later row has it. Of two
        rows the later one may come first, where the other one waited."""
        run = self._database.execute
        run("INSERT OR IGNORE INTO superseded VALUES (?, ?)", (code, min(row, by)))
        if by > row:
            run("UPDATE claims SET row = ?, is_made = ? WHERE code = ?", (by, is_made, code))
        self.superseded_count += 1

    def is_superseded(self, code: str, row: int) -> bool:
        """Whether a later row has the code of a record that this row has made."""
        query = "SELECT 1 FROM superseded WHERE code = ? AND row = ?"
        return self._database.execute(query, (code, row)).fetchone() is not None

    # Rows that wait

    def defer(self, row: SourceRow, key: str = "") -> None:
        """Keep a row until the rest of the file was read, beside the others of its key."""
        self._database.execute(
            "INSERT INTO deferred VALUES (?, ?, ?, ?)",
            (key, row.number, row.line, json.dumps(list(row.cells))),
        )

    def deferred(self) -> Iterator[SourceRow]:
        """The rows that were kept, by key and in their order; they are kept no more."""
        query = "SELECT number, line, cells FROM deferred ORDER BY key, number"
        rows = self._database.execute(query)
        while batch := rows.fetchmany(1000):
            for number, line, cells in batch:
                yield SourceRow(number, line, json.loads(cells))
        self._database.execute("DELETE FROM deferred")

    # Rows that belong together

    def note_groups(self, keys: Iterable[str]) -> None:
        """Note the keys of rows that follow each other, once for each place where such begin."""
        self._database.executemany(
            "INSERT INTO groups VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1",
            [(key,) for key in keys],
        )

    def forget_groups(self) -> None:
        """Note them from the beginning."""
        self._database.execute("DELETE FROM groups")

    def has_scattered(self) -> bool:
        """Whether rows of any key begin more than once."""
        query = "SELECT EXISTS (SELECT 1 FROM groups WHERE count > 1)"
        return bool(self._database.execute(query).fetchone()[0])

    def is_scattered(self, key: str) -> bool:
        """Whether those of this key do."""
        query = "SELECT 1 FROM groups WHERE key = ? AND count > 1"
        return self._database.execute(query, (key,)).fetchone() is not None
