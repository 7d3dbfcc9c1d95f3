"""What every front end over HTTP needs of a request before it knows what is asked.

Promises: an address is what the client wrote, or what a trusted proxy says of it; nobody who
waits keeps others waiting. Knows nothing of tokens, sessions, documents or pages.
"""

from longshore.web.addresses import Address, client_of, read_address
from longshore.web.event_streams import (
    EVENT_STREAM,
    EventStream,
    EventStreams,
    TooManyStreams,
)
from longshore.web.growing_files import GrowingFile
from longshore.web.pools import Pools
from longshore.web.versions import API_PATH, api_path_of, asked_path, take_version

__all__ = [
    "API_PATH",
    "EVENT_STREAM",
    "Address",
    "EventStream",
    "EventStreams",
    "GrowingFile",
    "Pools",
    "TooManyStreams",
    "api_path_of",
    "asked_path",
    "client_of",
    "read_address",
    "take_version",
]
