"""What pages work with, made once per process and given to all of them."""

from collections.abc import Callable
from dataclasses import dataclass

from longshore.access import Permissions, RateLimits
from longshore.catalogue import Catalogue
from longshore.identifiers import PublicIds
from longshore.observations import Observer
from longshore.operations import Operations
from longshore.settings import Settings
from longshore.sources import AttachmentStore
from longshore.web import EventStreams, Pools


@dataclass(frozen=True, slots=True, kw_only=True)
class DashboardServices:
    """Everything that pages use; what they need beyond it does not exist for them."""

    settings: Settings
    public_ids: PublicIds
    catalogue: Catalogue
    attachments: AttachmentStore
    operations: Operations
    permissions: Permissions
    rate_limits: RateLimits
    pools: Pools
    streams: EventStreams  # of whoever looks on at imports
    observer: Observer
    wake: Callable[[], None]  # told after something was created that a worker runs
