"""What longshore fetches from addresses that somebody names.

Promises: no connection is made to an address inside of a network unless the operator allows it,
whatever the address looks like and wherever its name leads; nothing follows a redirect, asks a
proxy, or sends credentials of the environment; size and time are bounded; no message has what an
address keeps secret. Knows nothing of what the bytes are for.
"""

from longshore.outgoing.allowed import Allowed
from longshore.outgoing.download import Download, DownloadLimits, open_download
from longshore.outgoing.guarded_backend import Resolver
from longshore.outgoing.internal_networks import Address
from longshore.outgoing.refusals import InternalHost, OutgoingFailed, OutgoingRefused
from longshore.outgoing.urls import OutgoingUrl

__all__ = [
    "Address",
    "Allowed",
    "Download",
    "DownloadLimits",
    "InternalHost",
    "OutgoingFailed",
    "OutgoingRefused",
    "OutgoingUrl",
    "Resolver",
    "open_download",
]
