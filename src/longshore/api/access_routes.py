"""The routes of who may come in, and of what a server says about itself.

They answer under every host: the official clients ask for tokens at `auth.DOMAIN`, older ones at
`SLUG.DOMAIN`, and whoever has no names for them at the server's own address.
"""

from starlette.routing import BaseRoute, Route

from longshore.api.endpoints import Endpoint, Handler
from longshore.api.health import Health, Readiness
from longshore.api.oauth import describe_token, issue_token, list_public_keys, revoke_token
from longshore.api.openapi import retrieve_description
from longshore.api.services import Services
from longshore.api.singletons import retrieve_application, retrieve_organization


def access_routes(services: Services) -> list[BaseRoute]:
    """Tokens, the singletons, and health; to stand before the routes of the resources."""

    def plain(path: str, method: str, handler: Handler, *, asks_for_token: bool = False) -> Route:
        return Route(
            path,
            Endpoint(
                services=services,
                handlers={method: handler},
                asks_for_token=asks_for_token,
                is_json_api=False,
            ),
        )

    return [
        plain("/oauth/token", "POST", issue_token),
        plain("/oauth/revoke", "POST", revoke_token),
        plain("/oauth/tokeninfo", "GET", describe_token, asks_for_token=True),
        plain("/.well-known/jwks.json", "GET", list_public_keys),
        Route("/health", Health()),
        Route("/ready", Readiness(services)),
        plain("/openapi.json", "GET", retrieve_description),
        Route(
            "/api/organization",
            Endpoint(services=services, handlers={"GET": retrieve_organization}),
        ),
        Route(
            "/api/application",
            Endpoint(services=services, handlers={"GET": retrieve_application}),
        ),
    ]
