"""Single writes make a statement for each set of fields, whatever order a request names them in."""

import re
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from longshore.assembly import open_longshore
from tests.behaviour.engine.organization import SOMEBODY, Organization

ROW = {"name": "a", "weight": 1.5, "do_not_ship": True, "description": "red", "reference": "r"}
CHANGED = {"name": "b", "weight": 2.5, "description": "green"}
# What libpq says of a statement that it sends to be prepared or run, and what SQLite shows in
# place of its parameters.
_PARSED = re.compile(r'\tParse\t "\w*" "(.*?)" \d', re.DOTALL)
_LITERAL = re.compile(r"'(?:[^']|'')*'|(?<![\w\"])-?\d+(?:\.\d+)?|\bNULL\b")


@pytest.fixture
def statements(tmp_path: Path) -> Iterator[Callable[[], set[str]]]:
    """The distinct texts of all statements on connections made from here on."""
    shown: list[str] = []
    traces: list[Any] = []

    def trace(driver: Any, _: object) -> None:
        if hasattr(driver, "set_trace_callback"):
            driver.set_trace_callback(shown.append)
        else:
            traces.append((tmp_path / f"trace {len(traces)}").open("w+b", buffering=0))
            driver.pgconn.trace(traces[-1].fileno())

    def texts() -> set[str]:
        parsed = []
        for file in traces:
            file.seek(0)
            parsed += _PARSED.findall(file.read().decode())
        return {_LITERAL.sub("?", text) for text in (*shown, *parsed)}

    event.listen(Engine, "connect", trace)
    yield texts
    event.remove(Engine, "connect", trace)
    for file in traces:
        file.close()


def test_order_of_attributes_makes_no_other_statement(
    shop: Organization, statements: Callable[[], set[str]]
) -> None:
    row = {**ROW, "shipping_category_id": shop.some("shipping_categories")}
    codes = count(1)
    with open_longshore(shop.longshore.settings) as longshore:
        writer = Organization(longshore, shop.environment).writer

        def write(names: list[str]) -> None:
            named = {name: row[name] for name in names}
            coded = {**named, "code": f"A{next(codes)}"}
            made = writer.create(shop.environment, "skus", coded, creator=SOMEBODY)
            assert made.record_id is not None
            changed = {name: CHANGED.get(name, value) for name, value in named.items()}
            done = writer.update(
                shop.environment, "skus", made.record_id, changed, creator=SOMEBODY
            )
            assert done.findings == ()

        names = [*row]
        for _ in range(12):  # a driver says anew what it prepares
            write(names)
        before = statements()
        assert any('"weight"' in text for text in before)
        for first in range(len(names)):
            turned = names[first:] + names[:first]
            write(turned)
            write(turned[::-1])
        assert statements() == before
        write([name for name in names if name != "description"])
        assert len(statements()) > len(before)
