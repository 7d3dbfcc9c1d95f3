"""What is set on the connections of a server."""

import socket

from longshore.cli.http_server import listen


def test_a_response_does_not_wait_until_the_client_acknowledges_its_headers():
    with (
        listen("127.0.0.1", 0, tls=None, tls_key=None) as listener,
        socket.create_connection(listener.socket.getsockname()),
    ):
        accepted, _ = listener.socket.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
