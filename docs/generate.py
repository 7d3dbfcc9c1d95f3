"""Writes the reference pages that are made from the code, or compares them with it.

`python -m docs.generate` writes; with `--check` it writes nothing, names every page that differs
from the code and ends with exit status 1. Whoever changes the catalogue, a setting, a command, a
message, a matcher or the table of statuses runs `make docs` and commits the pages with the code.
"""

import sys
from collections.abc import Iterator
from pathlib import Path

from docs.api_errors import api_errors_page
from docs.commands import commands_page
from docs.error_messages import error_messages_page
from docs.filters import filters_page
from docs.statuses import statuses_page
from docs.transforms import transforms_page
from longshore.catalogue import reference_pages
from longshore.settings import settings_reference

REFERENCE = Path(__file__).with_name("reference")


def main() -> None:
    if sys.argv[1:] == ["--check"]:
        differing = drift()
        for path in differing:
            print(f"error: {path} differs from the code", file=sys.stderr)
        if differing:
            sys.exit("hint: make docs")
    elif sys.argv[1:]:
        print("usage: python -m docs.generate [--check]", file=sys.stderr)
        sys.exit(2)
    else:
        write()


def pages() -> dict[str, str]:
    """Path below `docs/reference` -> text of every generated page."""
    return {
        "api-errors.md": api_errors_page(),
        "commands.md": commands_page(),
        "error-messages.md": error_messages_page(),
        "filters.md": filters_page(),
        "import-status.md": statuses_page(),
        "settings.md": settings_page(),
        "transforms.md": transforms_page(),
        **reference_pages(),
    }


def drift() -> list[Path]:
    """The generated pages that are missing, differ from the code, or have no source any more."""
    expected = pages()
    differing = [
        REFERENCE / name
        for name, text in expected.items()
        if not (REFERENCE / name).is_file() or (REFERENCE / name).read_text("utf-8") != text
    ]
    return sorted([*differing, *_left_over(expected)])


def write() -> None:
    """Brings the folder to exactly the generated pages."""
    expected = pages()
    for path in _left_over(expected):
        path.unlink()
    for name, text in expected.items():
        path = REFERENCE / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def settings_page() -> str:
    lines = [
        "# Settings",
        "",
        "Settings are environment variables, read when a command starts. A value that does not",
        "fit, or a variable of this prefix that is no setting, is refused, and every such variable",
        "is named at once. `--data` wins over `LONGSHORE_DATA`, and `--database` over",
        "`LONGSHORE_DATABASE_URL`.",
        "",
        "| variable | default | unit | from, to | meaning |",
        "|---|---|---|---|---|",
    ]
    for row in settings_reference():
        default = f"`{row.default}`" if row.default else "none"
        lines.append(f"| `{row.variable}` | {default} | {row.unit} | {row.bounds} | {row.reason} |")
    return "\n".join(lines) + "\n"


def _left_over(expected: dict[str, str]) -> Iterator[Path]:
    """Pages in the folder that nothing generates; the whole folder is generated."""
    for path in REFERENCE.rglob("*.md"):
        if path.relative_to(REFERENCE).as_posix() not in expected:
            yield path


if __name__ == "__main__":
    main()
