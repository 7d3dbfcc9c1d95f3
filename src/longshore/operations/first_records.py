"""The first records of a source as it stands, for whoever looks before they are imported."""

import json
from typing import Any

from longshore.readers import Format, Layout
from longshore.sources import AttachmentStore

FIRST_RECORDS = 3


def first_records(attachments: AttachmentStore, name: str, layout: Layout) -> list[dict[str, Any]]:
    """The first rows of a stored source, as groups show examples: `row`, `line`, and the cells that
    hold anything, as `source` and as `fields`, which they name."""
    found: list[dict[str, Any]] = []
    for rows in attachments.open(name, layout):
        for index, row in enumerate(rows.values):
            if layout.format is Format.CSV:
                cells = dict(zip(layout.columns, row, strict=False)) if len(row) else {}
            else:
                cells = row if isinstance(row, dict) else {}
            source = {name: _text(cell) for name, cell in cells.items() if cell not in ("", None)}
            found.append(
                {
                    "row": rows.first + index,
                    "line": rows.lines[index],
                    "source": source,
                    "fields": source,
                }
            )
            if len(found) == FIRST_RECORDS:
                return found
    return found


def _text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
