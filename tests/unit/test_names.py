"""A name means one thing: a class in the whole project, a file in its package."""

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "src" / "longshore"


def modules() -> list[Path]:
    """The modules of longshore, from its package on."""
    return sorted(path.relative_to(PACKAGE) for path in PACKAGE.rglob("*.py"))


def defined_twice(texts: Mapping[Path, str]) -> dict[str, list[Path]]:
    """The names that more than one class has, also inside functions and classes, and where."""
    found: dict[str, list[Path]] = defaultdict(list)
    for module, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                found[node.name].append(module)
    return {name: places for name, places in found.items() if len(places) > 1}


def standing_twice(paths: Iterable[Path]) -> dict[tuple[str, str], list[Path]]:
    """The file names that stand more than once in a package with all that is below it."""
    found: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for path in paths:
        if path.name != "__init__.py":
            found[path.parts[0], path.name].append(path)
    return {key: same for key, same in found.items() if len(same) > 1}


def hidden_names(text: str, package: str, siblings: Iterable[str]) -> set[str]:
    """The names that the `__init__` of a package takes from one module and that are the name of
    another one, which hides them once it is imported."""
    return {
        alias.name
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ImportFrom) and node.module != package
        for alias in node.names
        if alias.name in siblings and node.module != f"{package}.{alias.name}"
    }


def test_no_class_name_means_two_things() -> None:
    texts = {module: (PACKAGE / module).read_text(encoding="utf-8") for module in modules()}
    assert defined_twice(texts) == {}


def test_no_file_name_stands_twice_in_a_package() -> None:
    assert standing_twice(modules()) == {}


def test_no_module_hides_what_its_package_offers() -> None:
    found = {}
    for path in PACKAGE.rglob("__init__.py"):
        package = ".".join(path.parent.relative_to(PACKAGE.parent).parts)
        siblings = {each.stem for each in path.parent.iterdir()}
        if hidden := hidden_names(path.read_text(encoding="utf-8"), package, siblings):
            found[package] = hidden
    assert found == {}


@pytest.mark.parametrize(
    ("one", "other", "twice"),
    [
        ("class Place: ...", "class Row: ...", []),
        ("class Place: ...", "class Place: ...", ["Place"]),
        ("class _Counter: ...", "class _Counter: ...", ["_Counter"]),
        ("class Place: ...\nclass Place: ...", "", ["Place"]),
        ("class Server: ...", "def serve():\n    class Server: ...", ["Server"]),
    ],
)
def test_a_class_name_is_seen_wherever_it_is_defined(
    one: str, other: str, twice: list[str]
) -> None:
    assert list(defined_twice({Path("one.py"): one, Path("other.py"): other})) == twice


@pytest.mark.parametrize(
    ("one", "other", "is_twice"),
    [
        ("cli/report.py", "cli/remote/report.py", True),
        ("engine/row/money.py", "engine/values/money.py", True),
        ("cli/report.py", "api/report.py", False),
        ("cli/__init__.py", "cli/remote/__init__.py", False),
    ],
)
def test_files_of_one_name_are_refused_only_within_a_package(
    one: str, other: str, is_twice: bool
) -> None:
    assert bool(standing_twice([Path(one), Path(other)])) == is_twice


@pytest.mark.parametrize(
    ("statement", "hidden"),
    [
        ("from a.store import waiting", {"waiting"}),
        ("from a.waiting import waiting", set()),
        ("from a.waiting import unfinished", set()),
        ("from a import waiting", set()),
    ],
)
def test_a_name_is_hidden_by_another_module_than_its_own(statement: str, hidden: set[str]) -> None:
    assert hidden_names(statement, "a", {"store", "waiting"}) == hidden
