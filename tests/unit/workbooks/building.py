"""Workbooks written part by part, such as no library writes them."""

import io
import zipfile
from collections.abc import Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def xlsx(
    rows: str,
    *,
    strings: str | None = None,
    styles: str = "",
    workbook: str = '<sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets>',
    prefix: str = "",
    head: str = '<?xml version="1.0" encoding="UTF-8"?>',
    encoding: str = "utf-8",
    parts: Mapping[str, bytes] | None = None,
) -> io.BytesIO:
    """A workbook whose only sheet has these rows, as XML."""
    colon = f"{prefix}:" if prefix else ""
    name = f"xmlns:{prefix}" if prefix else "xmlns"
    sheet = (
        f'{head}<{colon}worksheet {name}="{MAIN}"><{colon}sheetData>{rows}</{colon}sheetData>'
        f"</{colon}worksheet>"
    )
    targets = [("rId1", "worksheet", "worksheets/sheet1.xml"), ("rId2", "styles", "styles.xml")]
    if strings is not None:
        targets.append(("rId3", "sharedStrings", "sharedStrings.xml"))
    relations = "".join(
        f'<Relationship Id="{id}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for id, kind, target in targets
    )
    written = {
        "[Content_Types].xml": b"<Types/>",
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" '
            f'Type="{RELATIONSHIPS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ).encode(),
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{RELATIONSHIPS}">{workbook}</workbook>'
        ).encode(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}">{relations}</Relationships>'
        ).encode(),
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}">{styles}</styleSheet>'.encode(),
        "xl/worksheets/sheet1.xml": sheet.encode(encoding),
    }
    if strings is not None:
        written["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'.encode()
    return archive(written | dict(parts or {}))


def ods(tables: str, *, styles: str = "", parts: Mapping[str, bytes] | None = None) -> io.BytesIO:
    """A workbook of OpenDocument with these tables, as XML."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text", "style")
    )
    content = (
        f'<office:document-content {spaces} xmlns:calcext="urn:calcext">'
        f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f"<office:spreadsheet>{tables}</office:spreadsheet></office:body>"
        "</office:document-content>"
    )
    return archive({"content.xml": content.encode()} | dict(parts or {}))


def archive(parts: Mapping[str, bytes]) -> io.BytesIO:
    """A zip archive of these files."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, data in parts.items():
            opened.writestr(name, data)
    file.seek(0)
    return file
