"""Pictures of the dashboard and of the terminal: `make screenshots`.

All pages, in both themes and two widths, go to `build/screenshots`, to be looked at; the three that
the README shows to `docs/pictures`. What is shown is made anew each time: a supplier's price list
with three causes of errors, imported and mended.
"""

import io
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.text import Text

from tests.behaviour.serving.servers import Server, command, environment, run
from tests.dashboard.chromium import find_chromium, start_chromium

_ROOT = Path(__file__).parents[1]
_ALL = _ROOT / "build" / "screenshots"
_SHOWN = _ROOT / "docs" / "pictures"
_BYTES_MAX = 150_000  # of a picture that the README shows
_THEMES: Sequence[Literal["light", "dark"]] = ("light", "dark")
_WIDTHS = (1280, 360)
_ROWS = 3_000

# What the picture of the terminal shows, one command after another.
_COMMANDS = (
    ("inspect", "supplier.csv"),
    ("import", "skus", "supplier.csv"),
)


def main() -> None:
    program = find_chromium()
    if program is None:
        sys.exit("error: no Chromium on this machine\nhint: install `chromium`")
    for made in (_ALL, _SHOWN):
        made.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        work = Path(folder)
        browser = start_chromium(playwright, program)
        _write_terminal(browser.new_page(viewport={"width": 1100, "height": 500}), work)
        with _server(work / "data") as server:
            file = work / "Preisliste 2026.csv"
            file.write_text(_price_list(), encoding="cp1252")
            context = browser.new_context(
                base_url=server.url,
                viewport={"width": 1280, "height": 860},
                locale="en-GB",
                timezone_id="UTC",
            )
            page = context.new_page()
            _sign_in(page, server)
            _photograph(page, _journey(page, file, server))
            context.close()
        browser.close()
    for each in sorted(_SHOWN.glob("*.png")):
        size = each.stat().st_size
        print(f"{each.relative_to(_ROOT)}: {size:,} bytes")
        if size > _BYTES_MAX:
            sys.exit(f"error: {each.name} has {size:,} bytes, at most {_BYTES_MAX:,} may be")


def _journey(page: Page, file: Path, server: Server) -> list[str]:
    """Go through an import as somebody would; the addresses of all pages then."""
    page.goto("/dashboard")
    seen = ["/dashboard/new"]
    page.goto("/dashboard/new")
    page.locator('input[type="file"]').first.set_input_files(file)
    page.wait_for_url("**/file")
    draft = page.url.rpartition("/")[0]
    seen += [f"{draft}/file", f"{draft}/columns", f"{draft}/check"]
    page.goto(f"{draft}/columns")
    page.goto(f"{draft}/check")
    page.get_by_role("heading", name="By cause").wait_for()
    page.screenshot(path=_SHOWN / "check.png")
    done = _imported(server, file)
    sku = _first(run(server.data, "records", "skus", "--json", "--limit", "1"))
    root = "/dashboard"
    page.goto(f"{root}/imports/{done}")
    page.screenshot(path=_SHOWN / "result.png")
    undo = _undone(server, done)
    group = _first(run(server.data, "groups", "--json"))
    return [
        root,
        f"{root}/plots",
        f"{root}/plans",
        *seen,
        f"{root}/imports/{done}",
        *(
            f"{root}/imports/{done}/{part}"
            for part in ("errors", "rows", "history", "files", "retry", "undo", "again", "delete")
        ),
        f"{root}/undos/{undo}",
        f"{root}/groups/{group}",
        f"{root}/records",
        f"{root}/records/skus",
        f"{root}/records/skus/{sku}",
        f"{root}/mappings",
        f"{root}/activity",
        f"{root}/system",
        f"{root}/keys",
        f"{root}/sign-in/0",
    ]


def _photograph(page: Page, addresses: list[str]) -> None:
    for old in _ALL.glob("*.png"):
        old.unlink()
    for theme in _THEMES:
        page.emulate_media(color_scheme=theme)
        for width in _WIDTHS:
            page.set_viewport_size({"width": width, "height": 860})
            for number, address in enumerate(addresses, 1):
                page.goto(address)
                last = address.rstrip("/").rpartition("/")[2]
                page.screenshot(
                    path=_ALL / f"{number:02}-{last}-{theme}-{width}.png", full_page=True
                )
    print(f"{_ALL.relative_to(_ROOT)}: {len(addresses) * len(_THEMES) * len(_WIDTHS)} pictures")


def _write_terminal(page: Page, work: Path) -> None:
    """A picture of commands and what they write."""
    data = work / "terminal"
    run(data, "setup", "--currency", "EUR", "--warehouse", "North", "--shipping-category", "Goods")
    (work / "supplier.csv").write_text(_small_list(), encoding="utf-8")
    console = Console(record=True, width=120, file=io.StringIO(), force_terminal=True)
    imported = ""
    for arguments in _COMMANDS:
        said = _said(work, data, arguments)
        found = re.search(r"^import +(\w+)", said, re.MULTILINE)
        imported = found[1] if found is not None else imported
        _show(console, arguments, said)
    _show(console, ("undo", imported), _said(work, data, ("undo", imported)))
    page.set_content(f"<body style='margin:0'>{console.export_svg(title='longshore')}</body>")
    page.locator("svg").screenshot(path=_SHOWN / "terminal.png")


def _said(work: Path, data: Path, arguments: tuple[str, ...]) -> str:
    done = subprocess.run(
        command(data, *arguments),
        cwd=work,
        env=environment() | {"COLUMNS": "118"},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def _show(console: Console, arguments: tuple[str, ...], said: str) -> None:
    console.print(Text("$ longshore " + " ".join(arguments), style="bold green"))
    console.print(Text(said.rstrip() + "\n"))


def _sign_in(page: Page, server: Server) -> None:
    told = run(server.data, "dashboard", "--no-open", "--url", server.url)
    page.goto(next(word for word in told.split() if "/sign-in/" in word))
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/dashboard")


@contextmanager
def _server(data: Path) -> Iterator[Server]:
    server = Server(data)
    try:
        run(
            data, "setup", "--currency", "EUR", "--warehouse", "Nord", "--shipping-category", "Ware"
        )
        yield server
    finally:
        server.stop()


def _imported(server: Server, file: Path) -> str:
    """The id of an import of the file, with a few rows that fail."""
    done = subprocess.run(
        command(server.data, "import", "skus", str(file), "--skip-errors", "--json"),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    return _first(done.stdout)


def _undone(server: Server, import_id: str) -> str:
    return _first(run(server.data, "undo", import_id, "--json"))


def _first(document: str) -> str:
    found = re.search(r'"id": ?"(\w+)"', document)
    assert found is not None, document
    return found[1]


def _price_list() -> str:
    lines = ["code;name;shipping_category.name;weight;unit_of_weight;description"]
    for n in range(_ROWS):
        unit = "kg" if n in (12, 340, 341, 2200) else "gr"
        weight = "about 2 kg" if n == 57 else str(80 + n % 700)
        name = "" if n in (9, 1400) else f"Becher Größe {n % 40}, Dekor {n // 40}"
        lines.append(f"BE-{n:05};{name};Ware;{weight};{unit};Steingut, spülmaschinenfest")
    return "\n".join(lines) + "\n"


def _small_list() -> str:
    lines = ["code,name,shipping_category.name,weight,unit_of_weight"]
    for n in range(3_000):
        unit, name = ("kg" if n == 12 else "gr"), ("" if n == 9 else f"Mug {n}")
        lines.append(f"MUG-{n:04},{name},Goods,{'about 2 kg' if n == 57 else 300},{unit}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
