"""Texts that may not be spelled as keys are, found by the database: few of all there are.

Which of them are not is for whoever reads them to say. The databases have different patterns, so
each has its condition here: nothing but blanks, something else than printable ASCII, or a blank at
one of the ends.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from longshore.database import Transaction

_PAGE = 1000

_CONDITIONS = {
    "sqlite": "\"{0}\" = '' OR \"{0}\" GLOB '*[^ -~]*' OR \"{0}\" GLOB ' *' OR \"{0}\" GLOB '* '",
    "postgresql": "\"{0}\" = '' OR \"{0}\" ~ '[^ -~]' OR \"{0}\" LIKE ' %' OR \"{0}\" LIKE '% '",
}


def oddly_spelled(
    tx: Transaction, table: str, columns: Sequence[str], *, among: Sequence[str]
) -> Iterator[list[tuple[Any, ...]]]:
    """Pages of rows, id and columns, in ascending order of ids, with such a text in one `among`."""
    condition = " OR ".join(_CONDITIONS[tx.connection.dialect.name].format(name) for name in among)
    names = "".join(f', "{column}"' for column in columns)
    after = 0
    while True:
        page = tx.fetch(
            f'SELECT id{names} FROM "{table}" WHERE id > ? AND ({condition})'
            f" ORDER BY id LIMIT {_PAGE}",
            (after,),
        )
        if page:
            yield page
        if len(page) < _PAGE:
            return
        after = page[-1][0]
