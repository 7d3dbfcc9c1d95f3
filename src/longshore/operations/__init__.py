"""What anybody may ask of an installation; the API, the terminal and a dashboard call it.

Promises: each operation is whole: it opens the transactions that it needs, and what it answers was
read in one of them. Knows nothing of HTTP, of options of a command, nor of how answers are shown.
"""

from longshore.operations.applications import ApplicationChoice, Applications
from longshore.operations.grants import Grant, Grants
from longshore.operations.operations import Operations
from longshore.operations.organizations import Organizations

__all__ = [
    "ApplicationChoice",
    "Applications",
    "Grant",
    "Grants",
    "Operations",
    "Organizations",
]
