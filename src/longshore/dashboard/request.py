"""A request as pages see it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode

from starlette.datastructures import Headers

from longshore.access import Action, Session
from longshore.dashboard.refusals import PageRefused
from longshore.dashboard.services import DashboardServices
from longshore.dashboard.whole_numbers import NUMBER_MAX, whole_number
from longshore.operations import Asker, Operations
from longshore.web import Address

DASHBOARD_PATH = "/dashboard"
TOKEN_FIELD = "form_token"  # of a form, against forged ones


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """Who asks for what; pages run in a thread of their own, without `await`."""

    services: DashboardServices
    address: Address
    client: str  # the machine that asks
    method: str
    path: str
    parameters: Mapping[str, str]  # of the path
    query: Sequence[tuple[str, str]]
    form: Sequence[tuple[str, str]]  # of a body that a form has sent
    headers: Headers
    session: Session | None  # None: nobody has signed in
    body: bytes = b""  # of a request that no form has sent, such as JSON
    stream: Iterator[bytes] = field(default_factory=lambda: iter(()))

    @property
    def operations(self) -> Operations:
        """What can be asked of the installation."""
        return self.services.operations

    @property
    def signed_in(self) -> Session:
        """The session; only of pages that ask for one."""
        assert self.session is not None, "the page asks for no session"
        return self.session

    @property
    def asker(self) -> Asker:
        """Who asks, for operations."""
        application = self.signed_in.application
        return Asker(
            environment=self.signed_in.environment,
            application_id=None if application is None else application.id,
            base_url=self.address.base_url,
        )

    @property
    def is_unlimited(self) -> bool:
        """Whether everything may be seen and done: by somebody at a terminal, or applications of
        some kinds."""
        application = self.signed_in.application
        return application is None or self.services.permissions.is_unlimited(application.kind)

    def may(self, action: Action, resource_type: str) -> bool:
        """Whether the session may do this to resources of a type."""
        application = self.signed_in.application
        if application is None:
            return True
        return self.services.permissions.allows(application.kind, action, resource_type)

    def may_read(self, resource_type: str) -> bool:
        """Whether the session may read resources of a type."""
        return self.may(Action.READ, resource_type)

    def require(self, action: Action, resource_type: str) -> None:
        """Refuse what the session may not do; raises PageRefused."""
        if not self.may(action, resource_type):
            raise PageRefused(403, f"this session may not {action} {resource_type}")

    def value(self, name: str) -> str | None:
        """The last value of a field of the form; None: it has none."""
        return dict(self.form).get(name)

    def values(self, name: str) -> list[str]:
        """All values of a field of the form."""
        return [value for key, value in self.form if key == name]

    def asked(self, name: str) -> str | None:
        """The last value of a parameter of the query; None: it has none."""
        return dict(self.query).get(name)

    def asked_number(self, name: str, number_max: int = NUMBER_MAX) -> int | None:
        """The whole number that a parameter of the query is, at most `number_max`; None: none."""
        return whole_number(self.asked(name), number_max)

    @property
    def media_type(self) -> str:
        """Of the body, without its parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def wants_json(self) -> bool:
        """Whether a module of JavaScript asks, which reads documents and shows no page."""
        return "application/json" in self.headers.get("accept", "")

    def address_with(self, **changes: str | int | None) -> str:
        """The path of this page with parameters of its query changed; None takes one away."""
        query = [(name, value) for name, value in self.query if name not in changes]
        query += [(name, str(value)) for name, value in changes.items() if value is not None]
        return f"{self.path}?{urlencode(query)}" if query else self.path
