"""What the endpoints work with, made once per process and given to all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from longshore.access import Permissions, RateLimits, Tokens
from longshore.api.waiting_room import WaitingRoom
from longshore.catalogue import Catalogue
from longshore.identifiers import PublicIds
from longshore.observations import NullObserver, Observer
from longshore.operations import Operations
from longshore.settings import Settings
from longshore.sources import AttachmentStore
from longshore.web import EventStreams, Pools


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that endpoints use; what they need beyond it does not exist for them."""

    settings: Settings
    public_ids: PublicIds
    catalogue: Catalogue
    attachments: AttachmentStore
    operations: Operations
    tokens: Tokens
    permissions: Permissions
    rate_limits: RateLimits
    pools: Pools
    streams: EventStreams  # of whoever looks on at imports
    # For requests with a key that another one has.
    waiting_room: WaitingRoom = field(default_factory=WaitingRoom)
    observer: Observer = field(default_factory=NullObserver)
    # Told after an import was created or stopped, so that what waits starts at once.
    wake: Callable[[], None] = lambda: None
