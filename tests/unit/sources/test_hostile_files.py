"""Files that are small and want to be large, or are not what they seem, are refused or read.

All are read by one process of their own, whose memory is measured at the end; each says what is
wrong with it.
"""

import json
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pytest

from tests.unit.workbooks.building import archive, ods, xlsx

LARGE = 20 << 20
PEAK_BYTES_MAX = 256 << 20  # a row of CSV may have 64 MiB, and is looked at as bytes and text
ROWS_MAX = 5_000

READ = """
import json, sys
from pathlib import Path
from longshore.errors import RequestRefused
from longshore.sources import AttachmentStore, Source

folder = Path(sys.argv[1])
store = AttachmentStore(folder / "attachments")
said = {}
for path in sorted(folder.glob("files/*")):
    try:
        stored = store.write(Source.from_path(path), rows_max=int(sys.argv[2]))
    except RequestRefused as refused:
        said[path.name] = refused.message
    else:
        said[path.name] = f"{stored.rows_count} rows, {len(stored.layout.columns)} columns"
(line,) = (
    each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith("VmHWM")
)
print(json.dumps({"said": said, "peak": int(line.split()[1]) * 1024}))
"""

LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in pairwise("abcdefgh"))
    + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
TEXT = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'
VALUE = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'


def letters(index: int) -> str:
    index += 1
    found = ""
    while index:
        index, rest = divmod(index - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def row_of(cells: Iterable[str], number: int = 1) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def zipped(name: str, data: bytes) -> bytes:
    return archive({name: data}).getvalue()


def of_ods(cells: str) -> bytes:
    row = f"<table:table-row>{cells}</table:table-row>"
    return ods(f'<table:table table:name="T">{row}</table:table>').getvalue()


def of_entries(count: int) -> bytes:
    """An archive whose entries are all the same bytes under the same name."""
    name, data = b"a.csv", b"code,name\nA,Mug\n"
    sizes = struct.pack("<LLLHH", 0, len(data), len(data), len(name), 0)
    local = struct.pack("<4s5H", b"PK\3\4", 20, 0, 0, 0, 0) + sizes + name + data
    entry = struct.pack("<4s6H", b"PK\1\2", 20, 20, 0, 0, 0, 0) + sizes
    entry += struct.pack("<HHHLL", 0, 0, 0, 0, 0) + name
    end = struct.pack(
        "<4sHHHHLLH", b"PK\5\6", 0, 0, *[min(count, 0xFFFF)] * 2, len(entry) * count, len(local), 0
    )
    return local + entry * count + end


def with_password() -> bytes:
    data = bytearray(zipped("a.csv", b"code,name\nA,Mug\n"))
    data[6] |= 1
    data[data.index(b"PK\1\2") + 8] |= 1
    return bytes(data)


def files() -> dict[str, tuple[bytes, str]]:
    """The content of each file, and what is said of it."""
    long = "x" * (1 << 20)
    return {
        # Large ones.
        "cell.zip": (zipped("a.csv", b"code,name\n" + b"x" * (70 << 20)), "larger than"),
        "rows.zip": (
            zipped("a.csv", b"code,name\n" + b"A,Mug\n" * 200_000),
            "more than 5000 rows",
        ),
        "text.xlsx": (xlsx(TEXT.format("x" * LARGE)).getvalue(), "of more than"),
        "texts.xlsx": (
            xlsx(VALUE.format(1), strings=f"<si><t>{'x' * LARGE}</t></si>").getvalue(),
            "a cell of more than",
        ),
        "row.xlsx": (
            xlsx(
                row_of(f'<c r="{letters(each)}1" t="s"><v>0</v></c>' for each in range(16_384)),
                strings=f"<si><t>{long}</t></si>",
            ).getvalue(),
            "or a row of more than",
        ),
        "tag.xlsx": (xlsx(f'<row r="1" x="{"x" * LARGE}"/>').getvalue(), "of more than"),
        "tag-of-strings.xlsx": (
            xlsx(VALUE.format(1), strings=f'<si x="{"x" * LARGE}"/>').getvalue(),
            "a tag of more than",
        ),
        "text.ods": (
            of_ods(f"<table:table-cell><text:p>{'x' * LARGE}</text:p></table:table-cell>"),
            "a cell of more than",
        ),
        "row.ods": (
            of_ods(
                '<table:table-cell table:number-columns-repeated="16384" '
                'office:value-type="string">'
                f"<text:p>{long}</text:p></table:table-cell>"
            ),
            "or a row of more than",
        ),
        "paragraphs.ods": (
            of_ods(f"<table:table-cell>{'<text:p/>' * 500_000}</table:table-cell>"),
            "a cell of more than",
        ),
        "entries.zip": (of_entries(200_000), "the list of the files in the archive"),
        "entries.xlsx": (of_entries(60_000), "60000 files"),
        # Those that seem to be something else.
        "laughs.xlsx": (xlsx(TEXT.format("&h;"), head=LAUGHS).getvalue(), "document type"),
        "external.xlsx": (xlsx(TEXT.format("&a;"), head=EXTERNAL).getvalue(), "document type"),
        "external.ods": (
            archive({"content.xml": EXTERNAL.encode() + b"<x>&a;</x>"}).getvalue(),
            "document type",
        ),
        "absolute.zip": (zipped("/etc/hosts.csv", b"code,name\nA,Mug\n"), "1 rows, 2 columns"),
        "above.zip": (zipped("../../above.csv", b"code,name\nA,Mug\n"), "1 rows, 2 columns"),
        "in-one.zip": (zipped("b.zip", zipped("c.zip", zipped("d.csv", b"a\nb\n"))), "ZIP archive"),
        "password.zip": (with_password(), "encrypted with a password"),
        "password.xlsx": (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
            + bytes(512)
            + "EncryptedPackage".encode("utf-16-le"),
            "encrypted with a password",
        ),
        "old.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512), "old format .xls"),
        # Those that can be read.
        "columns.xlsx": (
            xlsx(
                row_of(
                    f'<c r="{letters(each)}1" t="str"><v>c{each}</v></c>' for each in range(16_384)
                )
                + row_of(
                    (f'<c r="{letters(each)}2"><v>{each}</v></c>' for each in range(16_384)), 2
                )
            ).getvalue(),
            "1 rows, 16384 columns",
        ),
        "empty-rows.xlsx": (
            xlsx(
                '<row r="1"><c r="A1" t="str"><v>code</v></c></row>'
                '<row r="2"><c r="A2"><v>1</v></c></row>'
                + "".join(f'<row r="{each}"/>' for each in range(3, 1_048_577))
            ).getvalue(),
            "1 rows, 1 columns",
        ),
        "empty-rows.ods": (
            ods(
                '<table:table table:name="T">'
                + "".join(
                    f'<table:table-row><table:table-cell office:value-type="string"><text:p>{each}'
                    "</text:p></table:table-cell></table:table-row>"
                    for each in ("code", "A")
                )
                + '<table:table-row table:number-rows-repeated="1048574"><table:table-cell '
                'table:number-columns-repeated="16384"/></table:table-row></table:table>'
            ).getvalue(),
            "1 rows, 1 columns",
        ),
    }


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of a process is read from /proc")
def test_hostile_files_are_refused_or_read_in_bounded_memory(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    wanted = files()
    for name, (content, _) in wanted.items():
        (tmp_path / "files" / name).write_bytes(content)
    told = subprocess.run(
        [sys.executable, "-c", READ, str(tmp_path), str(ROWS_MAX)],
        check=True,
        capture_output=True,
        text=True,
    )
    found = json.loads(told.stdout)
    said = found["said"]
    assert {name: said[name] for name, (_, each) in wanted.items() if each not in said[name]} == {}
    assert found["peak"] < PEAK_BYTES_MAX
    # Nothing was written beside the attachments that could be read.
    kept = [name for name, (_, each) in wanted.items() if each[0].isdigit() and "rows" in each]
    assert len(list((tmp_path / "attachments").iterdir())) == 3 * len(kept)
    assert not zipfile.is_zipfile(tmp_path / "above.csv")
