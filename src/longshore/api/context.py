"""What is known of a request before it is answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from longshore.access import Action, Environment, TokenClaims
from longshore.api.documents import Origin
from longshore.api.errors import ApiError
from longshore.api.services import Services
from longshore.operations import Asker, Operations
from longshore.request_keys import KeyClaim
from longshore.web import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestContext:
    """Who asks, in which environment, and what answers."""

    services: Services
    address: Address
    claims: TokenClaims | None  # of the token; None: the endpoint asks for none
    claim: KeyClaim | None = None  # of the request's key, if it has one

    @property
    def proven(self) -> TokenClaims:
        """What the token proves; only where one is asked for."""
        assert self.claims is not None, "the endpoint asks for no token"
        return self.claims

    @property
    def caller(self) -> object:
        """Whose requests these are, for what is shared out; None: somebody without a token."""
        return None if self.claims is None else self.claims.application.id

    @property
    def environment(self) -> Environment:
        """The environment of the token, the border of everything that is read and written."""
        return self.proven.environment

    @property
    def origin(self) -> Origin:
        """What documents say about where they come from."""
        environment = self.environment
        return Origin(
            mode=environment.mode,
            organization_id=environment.organization_id,
            api_url=self.address.api_url,
        )

    @property
    def asker(self) -> Asker:
        """Who asks, for operations."""
        return Asker(
            environment=self.environment,
            application_id=self.proven.application.id,
            base_url=self.address.base_url,
            claim=self.claim,
        )

    def may_read(self, resource_type: str) -> bool:
        """Whether the application may read resources of a type."""
        kind = self.proven.application.kind
        return self.services.permissions.allows(kind, Action.READ, resource_type)

    def require(self, action: Action, resource_type: str) -> None:
        """Refuse what the application may not do to resources of a type."""
        kind = self.proven.application.kind
        if not self.services.permissions.allows(kind, action, resource_type):
            raise ApiError("UNAUTHORIZED")


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiRequest:
    """A request as handlers see it; they run in a thread of their own, without `await`."""

    context: RequestContext
    method: str
    path: str  # as the client wrote it, decoded
    parameters: Mapping[str, str]  # of the path
    query: Sequence[tuple[str, str]]  # decoded, in their order
    headers: Mapping[str, str]  # by names in small letters
    client: str = "local"  # address of the machine that asks
    body: bytes = b""  # empty where the endpoint streams
    stream: Iterator[bytes] = field(default_factory=lambda: iter(()))  # the body as it comes in

    @property
    def services(self) -> Services:
        return self.context.services

    @property
    def operations(self) -> Operations:
        """What may be asked of the installation."""
        return self.context.services.operations

    @property
    def asker(self) -> Asker:
        return self.context.asker

    @property
    def url(self) -> str:
        """The address of what was asked for, without its query."""
        return self.context.address.base_url + self.path
