"""Keys of older releases: rewritten once, and those told that cannot be."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from longshore.access import read_environment
from longshore.catalogue import Catalogue, load_catalogue
from longshore.database import Database, read_installation
from longshore.engine import Respelled, meetings, respell_keys
from longshore.observations import KeysRespelled, Observer
from longshore.records import record_tables


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


def respell(database: Database, observer: Observer) -> Respelled:
    """Rewrite what older releases have stored; may be ended and repeated."""
    record_tables()  # declared, so that their columns can be spelled in bulk
    done = respell_keys(database, load_catalogue())
    if done.changed or done.met:
        observer.observe(KeysRespelled(records=done.changed, left=done.met))
    return done


def respell_once(database: Database, observer: Observer) -> None:
    """Rewrite what older releases have stored, if that was never done to its end."""
    with database.read() as tx:
        if read_installation(tx).keys_spelled_at is not None:
            return
    respell(database, observer)


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
