"""Records of older releases that would have one key, if the keys of all were spelled alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from longshore.access import read_environment
from longshore.catalogue import Catalogue
from longshore.database import Database
from longshore.engine import meetings


@dataclass(frozen=True, slots=True, kw_only=True)
class MeetingRecord:
    """One of several records that would have one key."""

    id: str  # public
    values: Sequence[object]  # the fields of the key, as they are stored; ids are public
    referrers: Mapping[str, int]  # how many records refer to it, by their type


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyMeeting:
    """Records that would have one key."""

    organization: str
    mode: str
    resource_type: str
    fields: Sequence[str]  # of the key
    records: Sequence[MeetingRecord]


def find_meetings(database: Database, catalogue: Catalogue) -> Iterator[KeyMeeting]:
    """The records that would have one key, of all organizations."""
    encode = database.public_ids.encode
    for found in meetings(database, catalogue):
        with database.read() as tx:
            environment = read_environment(tx, found.environment)
        links = {link.relationship.name for link in catalogue.tables[found.table].links}
        yield KeyMeeting(
            organization=environment.organization,
            mode=str(environment.mode),
            resource_type=found.table,
            fields=found.fields,
            records=[
                MeetingRecord(
                    id=encode(id),
                    values=[
                        encode(value) if field in links and isinstance(value, int) else value
                        for field, value in zip(found.fields, values, strict=True)
                    ],
                    referrers=found.referrers[id],
                )
                for id, values in found.records
            ],
        )
