"""Who may come in: organizations, their environments and applications, tokens, limits.

Promises: an environment is made once and keeps its number for ever; a secret is known only to
whom it was shown; a token proves nothing once it is expired, revoked, or its application deleted.
Knows nothing of records.
"""

from longshore.access.applications import (
    Application,
    ApplicationKind,
    Credentials,
    authenticate,
    create_application,
    delete_application,
    find_client,
    get_application,
    list_applications,
    oldest_application,
    revoke_tokens,
    rotate_secret,
)
from longshore.access.environments import (
    DEFAULT_ORGANIZATION,
    Environment,
    Mode,
    add_environment,
    check_environment,
    ensure_environment,
    environment_numbers,
    find_environment,
    forget_environment,
    next_served,
    note_served,
    open_environment,
    read_environment,
    unknown_organization,
)
from longshore.access.organizations import (
    Organization,
    create_organization,
    find_organization,
    forget_organization,
    has_organizations,
    list_organizations,
    set_organization,
    shut_organization,
)
from longshore.access.permissions import Action, Permissions
from longshore.access.rate_limits import Allowance, CountedRequest, RateLimits
from longshore.access.refresh_tokens import issue_refresh_token, take_refresh_token
from longshore.access.signing_keys import (
    RetiringKey,
    Rotation,
    forget_retired_keys,
    rotate_signing_key,
)
from longshore.access.tokens import (
    LIFETIME_SECONDS_MAX,
    AccessToken,
    InvalidToken,
    TokenClaims,
    Tokens,
    lifetime_seconds,
)

__all__ = [
    "DEFAULT_ORGANIZATION",
    "LIFETIME_SECONDS_MAX",
    "AccessToken",
    "Action",
    "Allowance",
    "Application",
    "ApplicationKind",
    "CountedRequest",
    "Credentials",
    "Environment",
    "InvalidToken",
    "Mode",
    "Organization",
    "Permissions",
    "RateLimits",
    "RetiringKey",
    "Rotation",
    "TokenClaims",
    "Tokens",
    "add_environment",
    "authenticate",
    "check_environment",
    "create_application",
    "create_organization",
    "delete_application",
    "ensure_environment",
    "environment_numbers",
    "find_client",
    "find_environment",
    "find_organization",
    "forget_environment",
    "forget_organization",
    "forget_retired_keys",
    "get_application",
    "has_organizations",
    "issue_refresh_token",
    "lifetime_seconds",
    "list_applications",
    "list_organizations",
    "next_served",
    "note_served",
    "oldest_application",
    "open_environment",
    "read_environment",
    "revoke_tokens",
    "rotate_secret",
    "rotate_signing_key",
    "set_organization",
    "shut_organization",
    "take_refresh_token",
    "unknown_organization",
]
