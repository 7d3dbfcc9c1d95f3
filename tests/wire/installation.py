"""A whole installation behind its ASGI application, with some records to ask for."""

from pathlib import Path
from typing import Any

from longshore.api import create_asgi_application
from longshore.assembly import open_longshore
from longshore.settings import Settings
from tests.behaviour.api.site import Client, Observed, Site
from tests.behaviour.engine.examples import EXAMPLES
from tests.behaviour.engine.organization import Organization


class Installation(Site):
    """What `longshore serve` serves, without a socket and without a worker."""

    def __init__(self, folder: Path, **settings: Any) -> None:
        self.settings = Settings(data=folder, chunk_milliseconds=0, **settings)
        self.observed = Observed()
        self.longshore = open_longshore(self.settings, observer=self.observed)
        self.database = self.longshore.database
        self.services = self.longshore.services()
        self.tokens = self.services.tokens
        self.application = create_asgi_application(self.services)

    def close(self) -> None:
        self.longshore.close()

    def organization(self, client: Client) -> Organization:
        """The organization of a client, to be filled without HTTP."""
        return Organization(self.longshore, client.environment)

    def stock(self, client: Client) -> dict[str, str]:
        """Make a record of each type that there is an example of, and an import; ids by type."""
        organization = self.organization(client)
        ids = {name: organization.some(name) for name in EXAMPLES}
        done = organization.load("tags", [{"name": "sale"}, {"name": "not a tag"}, {"id": "none"}])
        ids["imports"] = self.longshore.public_ids.encode(done.import_.id)
        (event, *_) = client.document("/api/events")["data"]
        ids["events"] = event["id"]
        return ids
