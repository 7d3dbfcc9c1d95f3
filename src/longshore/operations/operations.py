"""All operations of one opened installation, made once and given to its front ends."""

from dataclasses import dataclass

from longshore.operations.applications import Applications
from longshore.operations.grants import Grants
from longshore.operations.organizations import Organizations


@dataclass(frozen=True, slots=True, kw_only=True)
class Operations:
    """What can be asked, by subject."""

    organizations: Organizations
    applications: Applications
    grants: Grants
