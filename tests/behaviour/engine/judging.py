"""Rows judged over an organization, range by range."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from longshore.engine import DryRunSource, RangeJudged, field_test, judge, nested_paths, prepare
from longshore.imports import StopRules
from longshore.readers import Format, read_rows, survey
from tests.behaviour.engine.organization import Organization

RANGE_ROWS = 2  # so that a few rows are several ranges


def source_of(shop: Organization, resource_type: str, rows: Sequence[object]) -> DryRunSource:
    """Rows of JSON, ready to be gone through once."""
    longshore = shop.longshore
    catalogue, type_ = longshore.catalogue, longshore.catalogue.types[resource_type]
    source = json.dumps(rows).encode()
    found = survey(
        [source],
        format=Format.JSON,
        descend=nested_paths(catalogue, type_),
        is_field=field_test(catalogue, type_, {}),
    )
    prepared = prepare(
        type_,
        found.layout,
        {},
        catalogue=catalogue,
        public_ids=longshore.public_ids,
        parent=None,
        environment=shop.environment.number,
        flags=shop.environment.flags,
        cell_bytes_max=longshore.settings.cell_bytes_max,
        elements_max=longshore.settings.nested_elements_max,
    )
    return DryRunSource(
        prepared=prepared,
        batches=read_rows([source], found.layout),
        inputs_size=found.rows_count,
    )


def judged(
    shop: Organization,
    resource_type: str,
    rows: Sequence[object],
    *,
    on_range: Callable[[RangeJudged], object] = lambda _judged: True,
    range_rows: int = RANGE_ROWS,
    skip_errors: bool = True,
    disk_bytes_max: int = 1 << 30,
    **settings: Any,
) -> list[RangeJudged]:
    """The ranges of these rows; `on_range` that gives False says that no more are wanted."""
    longshore = shop.working(**settings).longshore
    source = source_of(shop, resource_type, rows)
    ranges: list[RangeJudged] = []

    def keep(each: RangeJudged) -> bool:
        ranges.append(each)
        return on_range(each) is not False

    judge(
        longshore.database,
        longshore.settings,
        source.prepared,
        batches=source.batches,
        inputs_size=source.inputs_size,
        skip_errors=skip_errors,
        stop_rules=StopRules(),
        disk_bytes_max=disk_bytes_max,
        on_range=keep,
        range_rows=range_rows,
    )
    return ranges
