"""Memory does not grow with a workbook: `make long` imports one of 200,000 rows of 11 columns."""

import subprocess
import sys
from pathlib import Path

import pytest
import xlsxwriter

PEAK_BYTES_MAX = 200 * 10**6
COLUMNS = (
    *("code", "name", "description", "image_url", "pieces_per_pack", "weight", "unit_of_weight"),
    *("hs_tariff_number", "do_not_ship", "do_not_track", "reference"),
)

IMPORT = """
import sys
from pathlib import Path
from longshore.__main__ import main

try:
    main()
finally:
    (line,) = (
        each
        for each in Path("/proc/self/status").read_text().splitlines()
        if each.startswith("VmHWM")
    )
    print(int(line.split()[1]) * 1024, file=sys.stderr)
"""


def write_skus(path: Path, rows: int) -> None:
    """Each text but a few is another one, and cells share them as programs write them."""
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet("SKUs")
        sheet.write_row(0, 0, COLUMNS)
        for number in range(1, rows + 1):
            texts = (f"SKU{number:09}", f"Mug no. {number}", f"A mug, machine washable: {number}")
            image = f"img.example.com/{number % 1000}/mug-{number}.png"
            sheet.write_row(number, 0, (*texts, image, 1 + number % 12, 100.25 + number % 900))
            sheet.write_row(number, 6, ("gr", "61091000", False, number % 10 == 0, f"R-{number}"))


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_large_workbook_is_imported_in_bounded_memory(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    rows = int(request.config.getoption("--workbook-rows"))
    file = tmp_path / "skus.xlsx"
    write_skus(file, rows)
    categories = tmp_path / "categories.csv"
    categories.write_text("name\nAll\n")
    data = ("--data", str(tmp_path / "data"))
    first = ("import", "shipping_categories", str(categories), *data)
    subprocess.run([sys.executable, "-m", "longshore", *first], check=True, capture_output=True)
    words = ("import", "skus", str(file), "--parent", "All", "--json", *data)
    ended = subprocess.run(
        [sys.executable, "-c", IMPORT, *words], check=True, capture_output=True, text=True
    )
    assert f'"processed_count": {rows}' in ended.stdout
    assert int(ended.stderr.splitlines()[-1]) < PEAK_BYTES_MAX
