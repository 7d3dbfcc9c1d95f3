"""Imports at a glance: how many rows there were, what became of them, and why they failed."""

from datetime import UTC, datetime, timedelta

from starlette.responses import Response

from longshore.access import Action
from longshore.dashboard.answers import page
from longshore.dashboard.endpoint import Page
from longshore.dashboard.plots import OUTCOMES, Bar, lying_bars, standing_bars
from longshore.dashboard.request import DASHBOARD_PATH, PageRequest
from longshore.imports import ListedCriteria

_DAYS = 30
_IMPORTS = 20
_CAUSES = 10


def _plots(request: PageRequest) -> Response:
    """GET /plots"""
    request.require(Action.READ, "imports")
    lists, asker = request.operations.import_lists, request.asker
    today = datetime.now(UTC).date()
    first = today - timedelta(days=_DAYS - 1)
    begin = round(datetime(first.year, first.month, first.day, tzinfo=UTC).timestamp() * 1000)
    by_day = lists.rows_by_day(asker, begin)
    days = [
        Bar(
            name=f"{day:%m-%d}",
            parts=dict(zip(OUTCOMES, by_day.get(day.isoformat(), (0, 0, 0, 0)), strict=True)),
        )
        for day in (first + timedelta(days=number) for number in range(_DAYS))
    ]
    listed = lists.page(asker, ListedCriteria(), offset=0, limit=_IMPORTS)
    encode = request.services.public_ids.encode
    lines = [
        (
            Bar(
                name=line.source_name or "rows without a file",
                parts={
                    "created": line.created_count,
                    "updated": line.updated_count,
                    "unchanged": line.unchanged_count + line.skipped_count,
                    "failed": line.errors_count,
                },
            ),
            f"{DASHBOARD_PATH}/{'groups' if line.is_group else 'imports'}/{encode(line.id)}",
        )
        for line in listed.lines
    ]
    causes = [
        Bar(name=f"{attribute}: {code}", parts={"failed": count})
        for attribute, code, count in lists.causes(asker, since=begin, limit=_CAUSES)
    ]
    return page(
        request,
        "plots.html",
        title="Imports at a glance",
        days=days,
        rows_over_time=standing_bars(days, title=f"Rows of the last {_DAYS} days, by day"),
        lines=lines,
        outcomes=lying_bars([bar for bar, _ in lines], title="What became of the last imports"),
        causes=causes,
        failures=lying_bars(causes, title="Why rows failed"),
        kinds=OUTCOMES,
        days_count=_DAYS,
    )


PAGES = [("/plots", Page(handlers={"GET": _plots}))]
