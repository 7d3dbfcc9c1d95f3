"""Every page in both themes and at both ends of the widths: no violation that axe-core finds, no
message in the console, no request to another machine, nothing that has to be scrolled sideways."""

import json
import subprocess

import pytest
from playwright.sync_api import Browser

from tests.behaviour.serving.servers import Server, command, environment, run
from tests.clients.installing import find_node, install_clients
from tests.dashboard.chromium import Watched, opened, sign_in, upload
from tests.dashboard.conftest import Open, link

_ROWS = 30
_LONG_NAME = "Lieferantenpreisliste" * 8  # without a place at which a line breaks by itself


@pytest.fixture(scope="module", autouse=True)
def axe() -> None:
    """axe-core, from where the official clients are as well."""
    install_clients(find_node())


@pytest.fixture(scope="module")
def addresses(
    chromium: Browser, serving: Server, tmp_path_factory: pytest.TempPathFactory
) -> list[str]:
    """The pages of an installation in which something of everything has happened."""
    folder = tmp_path_factory.mktemp("files")
    run(serving.data, "setup", "--currency", "EUR", "--warehouse", "North")
    rows = [f"SKU-{number},Name {number},true" for number in range(_ROWS)]
    file = folder / f"goods <b> {_LONG_NAME}.csv"
    file.write_text("\n".join(["code,name,do_not_ship", *rows, "BAD,,true", "OTHER,x,perhaps"]))
    imports = [_document(serving, "import", "skus", str(file))["id"]]
    file.write_text("code,name\nSKU-1,Another name\nSKU-2,\n")
    imports.append(_document(serving, "import", "skus", str(file))["id"])
    plan = _document(serving, "plan", "skus", str(file))["id"]
    undo = _document(serving, "undo", imports[1])["id"]
    (group,) = json.loads(run(serving.data, "groups", "--json"))["data"]
    file.write_text("code,name,do_not_ship\nSKU-1,Another,true\nNEW,,true\n")
    with opened(chromium, serving.url) as watched:
        sign_in(watched, link(serving))
        upload(watched, file)
        draft = watched.page.url.rpartition("/")[0].removeprefix(serving.url)
        watched.page.goto(f"{draft}/check")
        watched.page.locator("p.lead").first.wait_for()  # until then it looks again by itself
    (sku,) = json.loads(run(serving.data, "records", "skus", "--json", "--limit", "1"))["data"]
    root = "/dashboard"
    return [
        root,
        f"{root}?status=failed",
        f"{root}?name={_LONG_NAME}",
        f"{root}/plots",
        f"{root}/new",
        f"{root}/imports/{imports[0]}",
        f"{root}/imports/{imports[0]}/rows",
        f"{root}/imports/{imports[0]}/errors",
        f"{root}/imports/{imports[0]}/history",
        f"{root}/imports/{imports[0]}/files",
        f"{root}/imports/{imports[1]}",
        f"{root}/imports/{imports[0]}/undo",
        f"{root}/imports/{imports[0]}/retry",
        f"{root}/plans",
        f"{root}/plans/{plan}",
        f"{root}/undos/{undo}",
        f"{root}/groups/{group['id']}",
        f"{root}/records",
        f"{root}/records/skus",
        f"{root}/records/skus?filter[q][code_start]=SKU",
        f"{root}/records/prices",
        f"{root}/records/skus/{sku['id']}",
        f"{root}/mappings",
        f"{root}/activity",
        f"{root}/system",
        f"{root}/keys",
        f"{draft}/file",
        f"{draft}/columns",
        f"{draft}/check",
        f"{root}/nothing-here",
    ]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_is_accessible_and_keeps_to_itself(
    window: Open, addresses: list[str], scheme: str
) -> None:
    watched = window(color_scheme=scheme)
    watched.expected = ("404",)
    found = {each: wrong for each in addresses if (wrong := _wrong(watched, each))}
    assert found == {}


@pytest.mark.parametrize("width", [320, 2560])
def test_no_page_has_to_be_scrolled_sideways(
    window: Open, addresses: list[str], width: int
) -> None:
    watched = window(viewport={"width": width, "height": 700})
    watched.expected = ("404",)
    wide = []
    for each in addresses:
        watched.page.goto(each)
        if watched.page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            wide.append(each)
    assert wide == []


def test_the_way_in_is_accessible(window: Open) -> None:
    for scheme in ("light", "dark"):
        watched = window(signs_in=False, color_scheme=scheme)
        assert _wrong(watched, "/dashboard/sign-in") == []
        assert _wrong(watched, "/dashboard/sign-in/0000") == []


def _wrong(watched: Watched, address: str) -> list[str]:
    answer = watched.page.goto(address)
    assert answer is not None
    is_there = not address.endswith("/nothing-here")
    assert answer.status == (200 if is_there else 404), address
    return watched.violations()


def _document(server: Server, *arguments: str) -> dict[str, str]:
    done = subprocess.run(
        command(server.data, *arguments, "--json"),
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    document: dict[str, str] = json.loads(done.stdout)["data"]
    return document
