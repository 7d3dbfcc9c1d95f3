"""Which servers are reached in a way that others can read."""

import pytest

from longshore.cli.remote import Server


@pytest.mark.parametrize(
    ("url", "is_overheard"),
    [
        ("http://127.0.0.1:8000", False),
        ("http://127.8.9.1", False),
        ("http://[::1]:8000", False),
        ("http://localhost", False),
        ("http://LOCALHOST:8000/api", False),
        ("http://acme.localhost:8000", False),
        ("https://192.0.2.1", False),
        ("https://acme.example.com", False),
        ("http://192.0.2.1", True),
        ("http://[2001:db8::1]:8000", True),
        ("http://acme.example.com", True),
        ("http://localhost.example.com", True),
        ("http://127.0.0.1.example.com", True),
        ("http://0.0.0.0:8000", True),
    ],
)
def test_a_server_is_overheard_when_it_is_another_machine_and_not_https(
    url: str, is_overheard: bool
) -> None:
    assert Server.at(url, ca_file=None).is_overheard is is_overheard
