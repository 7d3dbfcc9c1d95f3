"""Rows that give ids of another installation or environment, told in one notice."""

import shlex
from collections.abc import Mapping, Sequence

from longshore.engine.plan.nodes import Plan
from longshore.engine.values.outcomes import ChunkResult
from longshore.imports import Origins
from longshore.notices import Notice, NoticeCode
from longshore.readers import Rows

_FIRST_MAX = 5  # rows that the notice names; more where they are of other columns


def with_foreign_ids(
    before: Notice | None, plan: Plan, rows: Rows, result: ChunkResult, origins: Origins
) -> Notice:
    """The notice as it was, with the rows of a chunk."""
    first: list[Mapping[str, object]] = [] if before is None else list(before.first)
    seen = {each["column"] for each in first}
    for index, fields in result.foreign_ids:
        for field in fields:
            column = plan.column_names.get(field, field)
            if len(first) < _FIRST_MAX or column not in seen:
                row, line = origins.place(rows.first + index, rows.lines[index])
                first.append({"row": row, "line": line, "column": column})
                seen.add(column)
    count = len(result.foreign_ids) + (0 if before is None else before.count or 0)
    return _notice(count, first)


def _notice(count: int, first: Sequence[Mapping[str, object]]) -> Notice:
    columns = [str(column) for column in dict.fromkeys(each["column"] for each in first)]
    rows = "1 row gives ids" if count == 1 else f"{count:,} rows give ids"
    options = " ".join(f"--ignore {shlex.quote(column)}" for column in columns)
    return Notice(
        code=NoticeCode.FOREIGN_IDS,
        message=f"{rows} that are not of this environment, in {', '.join(columns)}",
        hint=f"ids of another installation or environment mean nothing here: {options}",
        count=count,
        first=tuple(first),
    )
