"""The worker's loop on PostgreSQL, from its first connection to its last."""

import socket
import threading
from collections.abc import Callable

from procrastinate import App

from longshore.jobs import Bell, QueueWorker, queue_of, worker_application
from longshore.observations import NullObserver


def test_a_worker_that_is_stopped_while_it_connects_ends() -> None:
    """Where the database has taken the connection, and has not answered yet."""
    bell = Bell.without_ringer()
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]

        def application(run: Callable[[], None]) -> App:
            threading.Thread(target=stop_when_connected).start()
            return worker_application(
                f"postgresql://longshore@127.0.0.1:{port}/longshore",
                application_name="longshore worker",
                tidied_in=queue_of("import"),
                run=run,
                tidy=lambda: None,
            )

        def stop_when_connected() -> None:
            taken.append(silent.accept()[0])
            bell.stop()

        taken: list[socket.socket] = []
        worker = QueueWorker(
            application=application,
            take_turn=lambda _is_stopping: None,
            bell=bell,
            observer=NullObserver(),
            name="longshore worker",
            queues=[queue_of("import")],
            heartbeat_seconds=3,
            silent_seconds=15,
        )
        working = threading.Thread(target=worker.work, daemon=True)
        working.start()
        working.join(timeout=60)  # as long as a machine with other work may take
        assert not working.is_alive()
        for each in taken:
            each.close()
