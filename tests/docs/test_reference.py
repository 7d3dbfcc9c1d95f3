"""The generated pages agree with the code, and the docs name all that a user can type."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from docs.error_messages import REASONS, WARNINGS, texts_in_code
from docs.generate import drift
from longshore.cli import program
from longshore.settings import CREDENTIAL_VARIABLES, settings_reference
from tests import postgresql
from tests.docs.pages import ROOT, blocks, name, pages, prose

INLINE = re.compile(r"`(?P<text>longshore [^`]+)`")
MAKE = re.compile(r"^(?:`|\$ )?make(?: (?P<target>[a-z-]+))?\b", re.MULTILINE)
TARGET = re.compile(r"^(?P<name>[a-z-]+):", re.MULTILINE)
PLACEHOLDER = re.compile(r"^[A-Z]+$")


def commands(group: click.Group = program, above: str = "") -> dict[str, click.Command]:
    """Every command by what is typed after `longshore`, those within groups too."""
    context = click.Context(group)
    found: dict[str, click.Command] = {}
    for word in group.list_commands(context):
        command = group.get_command(context, word)
        if command is None or command.hidden:
            continue
        found[above + word] = command
        if isinstance(command, click.Group):
            found |= commands(command, f"{above}{word} ")
    return found


def options(command: click.Command) -> set[str]:
    return {
        spelling
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden
        for spelling in (*parameter.opts, *parameter.secondary_opts)
    }


def written_by_people() -> list[Path]:
    return [page for page in pages() if not page.is_relative_to(ROOT / "docs/reference")]


def command_lines(page: Path) -> Iterator[list[str]]:
    """Every use of longshore on a page, in a console block or within a sentence, as words."""
    texts = [match["text"] for match in INLINE.finditer(prose(page))]
    texts += [
        line.removeprefix("$ ")
        for block in blocks(page)
        if block.info == "console"
        for line in block.lines
        if line.startswith("$ longshore")
    ]
    for text in texts:
        yield shlex.split(re.split(r" [|>] ", text)[0])


def test_generated_pages_agree_with_the_code() -> None:
    assert [name(path) for path in drift()] == []


@pytest.mark.parametrize("command_name", sorted(commands()))
def test_every_command_is_in_a_guide_and_its_first_word_in_the_readme(command_name: str) -> None:
    text = "\n".join(page.read_text("utf-8") for page in written_by_people())
    assert f"longshore {command_name}" in text
    readme = (ROOT / "README.md").read_text("utf-8")
    assert re.search(rf"`(?:longshore )?{command_name.split()[0]}\b", readme)


@pytest.mark.parametrize("command_name", sorted(commands()))
def test_every_option_of_a_command_is_in_the_reference(command_name: str) -> None:
    text = (ROOT / "docs/reference/commands.md").read_text("utf-8")
    assert [option for option in options(commands()[command_name]) if option not in text] == []


@pytest.mark.parametrize("variable", [row.variable for row in settings_reference()])
def test_every_setting_is_in_the_reference(variable: str) -> None:
    assert f"`{variable}`" in (ROOT / "docs/reference/settings.md").read_text("utf-8")


def test_every_setting_that_a_page_names_exists() -> None:
    known = {row.variable for row in settings_reference()}
    named = {
        variable
        for page in written_by_people()
        for variable in re.findall(r"\bLONGSHORE_[A-Z_]+\b", page.read_text("utf-8"))
    }
    of_tests = {postgresql.VARIABLE}
    assert named - known - CREDENTIAL_VARIABLES - of_tests == set()


@pytest.mark.parametrize("page", written_by_people(), ids=name)
def test_every_command_line_of_a_page_can_be_typed(page: Path) -> None:
    """Commands and options exist; arguments are whatever the page says."""
    known = commands()
    wrong = []
    for words in command_lines(page):
        given = {word.partition("=")[0] for word in words[1:] if re.match(r"--?[a-z]", word)}
        typed = re.sub(r"^(?:--(?:organization|mode|data) \S+ )+", "", shlex.join(words[1:]))
        named = [name for name in known if f"{typed} ".startswith(f"{name} ")]
        allowed = options(program) | {"--help"}
        if named:
            allowed |= options(known[max(named, key=len)])
        is_known = bool(named) or typed.startswith("-") or PLACEHOLDER.match(typed.split()[0])
        if not is_known or given - allowed:
            wrong.append(shlex.join(words))
    assert wrong == []


def test_every_make_target_of_readme_and_contributing_exists() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = {target["name"] for target in TARGET.finditer(makefile)}
    for page in ("README.md", "CONTRIBUTING.md"):
        text = (ROOT / page).read_text("utf-8")
        named = {
            match["target"] for match in re.finditer(r"(?:^|`)make (?P<target>[a-z-]+)", text, re.M)
        }
        assert named - targets == set()
    assert {"demo", "test"} <= set(
        re.findall(r"^make ([a-z]+)$", (ROOT / "README.md").read_text(), re.M)
    )


def test_every_explained_warning_and_reason_can_be_said() -> None:
    explained = {message.text for message in (*WARNINGS, *REASONS)}
    rooms = ("engine", "imports", "runs", "sources")
    said = set().union(*map(texts_in_code, rooms))
    assert explained - said == set()
