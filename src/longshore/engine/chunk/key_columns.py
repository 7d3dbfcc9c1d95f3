"""The keys of many rows at once, and which rows touch one."""

from collections.abc import Iterable, Sequence
from typing import Any

from longshore.engine.plan.table_plans import KeyPlan


def key_column(plan: KeyPlan, values: Sequence[Sequence[Any]], count: int) -> Sequence[str | None]:
    """The key of each row with these values (by column of the table); None where it has none."""
    if len(plan.parts) == 1 and not plan.parts[0].is_target:
        part = plan.parts[0]
        return keys_of_texts(plan, values[part.column], folds=part.folds)
    if all(part.is_target for part in plan.parts):
        return _of_ids(plan, [values[part.column] for part in plan.parts])
    cells = [values[part.column] for part in plan.parts]
    columns = [part.column for part in plan.parts]
    return [plan.of(dict(zip(columns, row, strict=True))) for row in zip(*cells, strict=True)]


def keys_of_texts(plan: KeyPlan, texts: Sequence[Any], *, folds: bool) -> Sequence[str | None]:
    """The keys of texts, for a key of one part; None for null and for a blank one."""
    prefix = plan.prefix
    if set(map(type, texts)) == {str} and "".join(texts).isascii():
        spelled = map(str.strip, texts)
        keys: Sequence[str | None] = [
            prefix + text for text in (map(str.casefold, spelled) if folds else spelled)
        ]
        if prefix not in keys:
            return keys
    of_text = plan.of_text
    return [None if text is None else of_text(text, folds=folds) for text in texts]


def _of_ids(plan: KeyPlan, cells: Sequence[Sequence[Any]]) -> Sequence[str | None]:
    """Of parts that are ids all of them, whose spelling `KeyPlan.of` gives."""
    prefix, joint = plan.prefix, "\x1f"
    if not any(None in column for column in cells):
        return [prefix + joint.join(map(str, row)) for row in zip(*cells, strict=True)]
    columns = [part.column for part in plan.parts]
    return [plan.of(dict(zip(columns, row, strict=True))) for row in zip(*cells, strict=True)]


def repeated(keys: Sequence[Any]) -> set[Any]:
    """The values that stand more than once; null is none."""
    if len(set(keys)) == len(keys):
        return set()
    seen: set[Any] = set()
    twice: set[Any] = set()
    for key in keys:
        if key in seen:
            twice.add(key)
        elif key is not None:
            seen.add(key)
    return twice


def rows_with(keys: Sequence[Any], wanted: set[Any]) -> Iterable[int]:
    """The rows whose key is one of these."""
    if not wanted:
        return ()
    return [row for row, key in enumerate(keys) if key in wanted]
