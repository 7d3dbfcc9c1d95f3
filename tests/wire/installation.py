"""A whole installation behind its ASGI application, with records to ask for."""

from longshore.access import Tokens
from longshore.catalogue import ResourceType
from longshore.clock import now
from longshore.identifiers import PublicIds
from tests.behaviour.api.site import CATALOGUE, Client
from tests.behaviour.api_imports.site import ImportSite, submit
from tests.behaviour.engine.examples import EXAMPLES
from tests.behaviour.engine.organization import Organization
from tests.behaviour.reading.factory import Records

_HOURS = 3_600_000  # in milliseconds


class Installation(ImportSite):
    """What `longshore serve` serves, without a socket and without a worker process."""

    @property
    def public_ids(self) -> PublicIds:
        return self.database.public_ids

    def stock(self, client: Client) -> dict[str, str]:
        """Make a record of each type that there is an example of, and an import; ids by type."""
        organization = Organization(self.longshore, client.environment)
        ids = {name: organization.some(name) for name in EXAMPLES}
        return ids | self._import_something(client)

    def stock_barely(self, client: Client) -> dict[str, str]:
        """Make a record of every type, with nothing in it, and an import; ids by type."""
        ids = {
            declared.name: self.add_barely(client, declared)
            for declared in CATALOGUE.types.values()
            if declared.kept_by == "records" and declared.routed and not declared.is_abstract
        }
        for declared in CATALOGUE.types.values():
            if declared.is_abstract:
                ids[declared.name] = ids[declared.concrete[0]]
        return ids | self._import_something(client)

    def add_barely(self, client: Client, declared: ResourceType) -> str:
        """The id of a new record with nothing in it."""
        records = Records(self.database, client.environment)
        of_family = {} if declared.base is None else {"type": declared.name}
        return records.public(records.add(declared.table, **of_family))

    def expired(self, client: Client) -> Client:
        """The client, with a token that it was given long ago."""
        tokens = Tokens(self.database, domain=self.settings.domain, now=lambda: now() - 24 * _HOURS)
        token = tokens.sign(client.credentials.application).token
        return Client(self, client.environment, client.credentials, token)

    def _import_something(self, client: Client) -> dict[str, str]:
        rows = [{"name": "sale"}, {"name": "not a tag"}, {"id": "none"}]
        import_ = submit(client, rows, resource_type="tags", skip_errors=True)
        self.run_all()
        (event, *_) = client.document("/api/events")["data"]
        return {"imports": import_["id"], "events": event["id"]}
