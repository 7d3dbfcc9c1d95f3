"""Workers on hosts of their own, one of which is cut off from the network while it imports."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from longshore.imports import Import
from tests.chaos.fleet import Fleet
from tests.chaos.hosts import Hosts, on, several_hosts, why_not
from tests.chaos.installation import Installation, sku_rows
from tests.postgresql import PostgresServer

ROWS = 60_000


@pytest.fixture
def hosts() -> Iterator[Hosts]:
    reason = why_not()
    if reason is not None:
        pytest.skip(reason)
    with several_hosts() as hosts:
        yield hosts


def test_a_host_that_is_cut_off_is_replaced_and_writes_nothing_when_it_returns(
    hosts: Hosts, tmp_path: Path
) -> None:
    server = PostgresServer(listen=hosts.address, network=hosts.network)
    installation = Installation(server.url(), tmp_path / "data")
    fleet = Fleet(installation.url, installation.data)
    try:
        first_host, second_host = hosts.add(), hosts.add()
        first = fleet.start(prefix=on(first_host))
        import_ = installation.submit("default", sku_rows(0, ROWS))
        begun = installation.wait_for(import_, lambda current: current.processed_count > 0)
        second = fleet.start(prefix=on(second_host))
        hosts.cut_off(first_host)
        cut_off_at = time.monotonic()
        taken = installation.wait_for(import_, lambda current: current.run.fence > begun.run.fence)
        assert time.monotonic() - cut_off_at < 60
        hosts.reconnect(first_host)
        ended = installation.finish(import_)
        assert ended.run.fence == taken.run.fence
        assert (ended.status, ended.created_count, ended.errors_count) == ("completed", ROWS, 0)
        assert installation.scalar("SELECT count(DISTINCT code) FROM skus") == ROWS
        # The one that was cut off is a worker like any other again.
        second.terminate()
        assert second.wait(20) == 0
        later: Import = installation.submit("default", sku_rows(0, 100))
        assert installation.finish(later).unchanged_count == 100
        first.terminate()
        assert first.wait(20) == 0
    finally:
        fleet.kill_all()
        installation.close()
        server.close()
