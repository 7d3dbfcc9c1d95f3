"""Packages are imported through their `__init__`, so every public name has one import path; and
front ends leave transactions to the operations that they call."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "src"
FRONT_ENDS = ("api", "cli", "dashboard", "server.py")


def imported_modules(tree: ast.AST, package: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """The modules that import statements name, relative ones made absolute."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield base + tuple(node.module.split(".") if node.module else ())


def private_imports(text: str, module: Path) -> list[str]:
    """Imports in the text of a module that reach inside another package of longshore."""
    here = module.parent.parts
    return [
        ".".join(name)
        for name in imported_modules(ast.parse(text), here)
        if name[0] == "longshore" and len(name) > 2 and name[:2] != here[:2]
    ]


def test_no_module_reaches_inside_another_package() -> None:
    found = {
        str(module): imports
        for module in (path.relative_to(SOURCE) for path in (SOURCE / "longshore").rglob("*.py"))
        if (imports := private_imports((SOURCE / module).read_text(encoding="utf-8"), module))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("from longshore.readers import read_rows", []),
        ("from longshore import readers", []),
        ("from longshore.engine.plan.nodes import bind", []),
        ("from .plan import bind", []),
        ("import csv", []),
        ("from longshore.readers.csv import read_cells", ["longshore.readers.csv"]),
        ("import longshore.readers.csv", ["longshore.readers.csv"]),
        ("from ..readers.csv import read_cells", ["longshore.readers.csv"]),
    ],
)
def test_only_imports_that_pass_by_the_entry_of_another_package_are_refused(
    statement: str, refused: list[str]
) -> None:
    assert private_imports(statement, Path("longshore/engine/apply.py")) == refused


def opened_transactions(text: str) -> list[str]:
    """Where the text of a module opens a transaction, or has one in hand that somebody opened."""
    found = []
    for node in ast.walk(ast.parse(text)):
        match node:
            case ast.Call(func=ast.Attribute(value=of, attr="read" | "write" as what)):
                opener = ast.unparse(of)
                if opener.rpartition(".")[2].strip("_") == "database":
                    found.append(f"{opener}.{what}")
            case ast.ImportFrom(module="longshore.database", names=names):
                found += [each.name for each in names if each.name == "Transaction"]
    return found


def test_front_ends_open_no_transaction() -> None:
    modules = [
        path
        for name in FRONT_ENDS
        for path in (SOURCE / "longshore").glob(name if name.endswith(".py") else f"{name}/**/*.py")
    ]
    assert {path.parts[-2] for path in modules} >= {"api", "cli", "commands", "longshore"}
    found = {
        str(path.relative_to(SOURCE)): opened
        for path in modules
        if (opened := opened_transactions(path.read_text(encoding="utf-8")))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("statement", "refused"),
    [
        ("with longshore.database.read() as tx: pass", ["longshore.database.read"]),
        ("with self._database.write(locks) as tx: pass", ["self._database.write"]),
        ("with database.read(seconds=1) as tx: pass", ["database.read"]),
        ("from longshore.database import StorageFull, Transaction", ["Transaction"]),
        ("longshore.imports.errors(import_)", []),
        ("file.write(line)", []),
        ("from longshore.database import StorageFull", []),
    ],
)
def test_only_what_opens_or_takes_a_transaction_is_refused(
    statement: str, refused: list[str]
) -> None:
    assert opened_transactions(statement) == refused
