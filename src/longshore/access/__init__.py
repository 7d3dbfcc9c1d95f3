"""Who may come in: organizations and their environments.

Promises: an environment is made once and keeps its number for ever. Knows nothing of records.
"""

from longshore.access.environments import (
    DEFAULT_ORGANIZATION,
    Environment,
    Mode,
    ensure_environment,
    find_environment,
    read_environment,
)

__all__ = [
    "DEFAULT_ORGANIZATION",
    "Environment",
    "Mode",
    "ensure_environment",
    "find_environment",
    "read_environment",
]
