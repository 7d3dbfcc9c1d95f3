"""Applications and their secrets, as the terminal shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from longshore.cli.messages import say
from longshore.cli.tables import write_facts

if TYPE_CHECKING:
    from longshore.access import Application, Credentials
    from longshore.assembly import Longshore

__all__ = [
    "application_document",
    "credentials_document",
    "show_credentials",
]


def show_credentials(longshore: Longshore, credentials: Credentials, *, organization: str) -> None:
    """Write what an application needs to ask for tokens, for people."""
    application = credentials.application
    write_facts(
        [
            ("organization", organization),
            ("application", longshore.public_ids.encode(application.id)),
            ("name", application.name),
            ("kind", application.kind),
            ("mode", application.mode),
            ("client id", application.client_id),
            ("client secret", credentials.secret),
        ]
    )
    if credentials.secret is not None:
        say("the secret is shown only now: keep it where secrets are kept")


def credentials_document(longshore: Longshore, credentials: Credentials) -> dict[str, Any]:
    """An application with its secret, which is null for one that has none."""
    document = application_document(longshore, credentials.application)
    document["client_secret"] = credentials.secret
    return document


def application_document(longshore: Longshore, application: Application) -> dict[str, Any]:
    """What is known of an application at any time."""
    from longshore.clock import format_datetime

    return {
        "id": longshore.public_ids.encode(application.id),
        "kind": str(application.kind),
        "mode": str(application.mode),
        "name": application.name,
        "client_id": application.client_id,
        "public": application.is_public,
        "scopes": application.scopes,
        "created_at": format_datetime(application.created_at),
        "updated_at": format_datetime(application.updated_at),
    }
